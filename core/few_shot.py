"""Few-shot examples: rows shown in a prompt, so that a model that was not tuned can be asked fairly."""

import random
from collections.abc import Callable, Sequence
from typing import Any, Literal

import regex

from core.records import Example, Message

Choice = Literal["nearest", "random"]
MOST_CHARACTERS = 2_000  # of a row that is shown, about 500 tokens: four of them fit where a model reads 4,096
# One sign is a word where words are not divided by spaces; vowel signs and accents belong to the letter before them.
WORD = regex.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[\p{L}\p{N}_][\p{L}\p{N}\p{M}_]*")


class Shots:
    """Training rows to choose examples from, looked through once: those that are one question and one answer.

    Rows longer than `MOST_CHARACTERS` are never shown, nor bad answers, nor a row with the very prompt that is asked.
    "nearest" are the rows whose prompts share the most words with the prompt (cosine of TF-IDF), whatever their labels;
    "random" are the same rows for every prompt, drawn by `seed`.
    """

    def __init__(self, rows: Sequence[Example], how: Choice, seed: int = 42) -> None:
        self.rows = list({(_asked(row.prompt), row.answer): row for row in rows if _can_be_shown(row)}.values())
        self.how = how
        random.Random(seed).shuffle(self.rows)  # among equally near ones, too, the seed decides
        self._texts = [_asked(row.prompt) for row in self.rows]
        self._index = _Index(self._texts) if how == "nearest" and self.rows else None

    def for_chat(self, chat: Sequence[Message], count: int) -> list[Example]:
        """At most `count` examples for a chat, the nearest last, where a model heeds it most; [] where none is."""
        asked = _asked(chat)
        order = self._index.nearest(asked) if self._index else range(len(self.rows))
        chosen = [self.rows[place] for place in order if self._texts[place] != asked]
        return chosen[:count][::-1]


def with_examples(shots: Sequence[Example], chat: Sequence[Message]) -> list[Message]:
    """The chat with the examples before it, as turns that were already answered, behind its own system prompt."""
    opening = [message for message in chat[:1] if message.role == "system"]
    shown = [message for shot in shots for message in shot.messages if message.role != "system"]
    return [*opening, *shown, *chat[len(opening) :]]


def with_fitting(
    shots: Sequence[Example], chat: Sequence[Message], fits: Callable[[list[Message]], bool]
) -> list[Message]:
    """`with_examples`, without the first examples where the whole would not fit; the chat alone where none does."""
    for first in range(len(shots)):
        if fits(asked := with_examples(shots[first:], chat)):
            return asked
    return list(chat)


def words(text: str) -> list[str]:
    """The words of a text in lower case; where it has none, as emoji and operators, what stands between its spaces."""
    plain = text.casefold()
    found: list[str] = WORD.findall(plain)
    return found or plain.split()


class _Index:
    """Texts as TF-IDF vectors of their words, of length 1."""

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
        from sklearn.pipeline import make_pipeline

        counted = HashingVectorizer(tokenizer=words, token_pattern=None, alternate_sign=False, norm=None)
        self._vectorizer: Any = make_pipeline(counted, TfidfTransformer(sublinear_tf=True))
        self._vectors = self._vectorizer.fit_transform(texts)

    def nearest(self, text: str) -> list[int]:
        """The positions of all texts, the nearest first."""
        scores = (self._vectors @ self._vectorizer.transform([text]).T).toarray().ravel()
        return [int(place) for place in (-scores).argsort(kind="stable")]


def _can_be_shown(row: Example) -> bool:
    roles = [message.role for message in row.messages if message.role != "system"]
    length = sum(len(message.content) for message in row.messages)
    return roles == ["user", "assistant"] and row.good is not False and length <= MOST_CHARACTERS


def _asked(chat: Sequence[Message]) -> str:
    """The last thing the user said, in lower case with single spaces."""
    said = [message.content for message in chat if message.role == "user"]
    return " ".join(said[-1].casefold().split()) if said else ""
