"""Example + tokenizer → ids and labels, by the tokenizer's own chat template; and the picture of both.

Only what the assistant says is learned: its text and the token that ends its turn. Everything else is masked with
`IGNORED`, the label that PyTorch's cross-entropy skips. Plain text is learned whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from core.errors import LabError
from core.records import TEXT, Dataset, Example, Message

IGNORED = -100


@dataclass(frozen=True)
class Rendered:
    """One row as the model sees it: `ids` and `labels` of equal length, and how many tokens it had before the cut."""

    row: int
    ids: list[int]
    labels: list[int]
    full_length: int

    @property
    def trained(self) -> int:
        """How many tokens carry loss."""
        return sum(label != IGNORED for label in self.labels)


@dataclass(frozen=True)
class Formatted:
    """A rendered dataset: the rows to train on, and the source rows that were cut or have nothing left to learn."""

    rows: list[Rendered]
    cut: list[int]
    left_out: list[int]

    @property
    def tokens(self) -> int:
        """All tokens of all rows."""
        return sum(len(row.ids) for row in self.rows)

    @property
    def trained(self) -> int:
        """Tokens that carry loss."""
        return sum(row.trained for row in self.rows)


def prompt_ids(tokenizer: Any, messages: Sequence[Message]) -> list[int]:
    """The ids of a chat up to the point where the assistant begins to speak.

    Raises:
        LabError: the tokenizer's template refuses this order of roles.
    """
    text = _template(tokenizer, messages, True)
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


def render(tokenizer: Any, example: Example, max_tokens: int) -> Rendered:
    """Ids and labels of one row, cut to `max_tokens` at the end. Raises `LabError` like `prompt_ids`."""
    if example.messages and example.messages[0].role == TEXT:
        return _plain(tokenizer, example, max_tokens)
    text = _template(tokenizer, example.messages, False)
    spans = [_answer_span(tokenizer, example, index, text) for index in _assistant_turns(example)]
    encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    ids: list[int] = list(encoded["input_ids"])
    labels = [
        token if any(start <= begin and end <= stop for start, stop in spans) and end > begin else IGNORED
        for token, (begin, end) in zip(ids, encoded["offset_mapping"], strict=True)
    ]
    return Rendered(example.row, ids[:max_tokens], labels[:max_tokens], len(ids))


def _plain(tokenizer: Any, example: Example, max_tokens: int) -> Rendered:
    """Plain text is continued, not answered: no template, and every token is learned, the end of the text too."""
    ids = [*tokenizer(example.answer, add_special_tokens=False)["input_ids"], tokenizer.eos_token_id]
    labels = ids if example.answer.strip() else [IGNORED] * len(ids)
    return Rendered(example.row, ids[:max_tokens], labels[:max_tokens], len(ids))


def format_dataset(tokenizer: Any, dataset: Dataset, max_tokens: int) -> Formatted:
    """Render every row. Rows in which no answer is left to learn are left out, and both they and cut rows are named."""
    rendered = [render(tokenizer, example, max_tokens) for example in dataset]
    return Formatted(
        rows=[row for row in rendered if row.trained],
        cut=[row.row for row in rendered if row.trained and row.full_length > len(row.ids)],
        left_out=[row.row for row in rendered if not row.trained],
    )


def picture(tokenizer: Any, rendered: Rendered) -> list[tuple[str, bool]]:
    """The text of a row in pieces, each with whether it is learned: what the page shows before Start."""
    learned = [label != IGNORED for label in rendered.labels]
    edges = [0, *(i for i in range(1, len(learned)) if learned[i] != learned[i - 1]), len(learned)]
    return [
        (tokenizer.decode(rendered.ids[start:stop]), learned[start]) for start, stop in pairwise(edges) if stop > start
    ]


def _assistant_turns(example: Example) -> Iterable[int]:
    return (index for index, message in enumerate(example.messages) if message.role == "assistant" and message.content)


def _answer_span(tokenizer: Any, example: Example, index: int, text: str) -> tuple[int, int]:
    """Characters of one answer in the rendered text: from after the generation prompt to the end of its turn."""
    before = _template(tokenizer, example.messages[:index], True)
    through = _template(tokenizer, example.messages[: index + 1], False)
    if not (text.startswith(through) and through.startswith(before)):
        raise LabError(
            f"Row {example.row} cannot be trained with this model: its chat template rewrites earlier turns, "
            "so the answer's place is not certain. Use single-turn rows or another model."
        )
    # The newline that many templates write after the end-of-turn token is never generated, so it is not learned.
    return len(before), len(through.rstrip("\n"))


def _template(tokenizer: Any, messages: Sequence[Message], open_answer: bool) -> str:
    from jinja2.exceptions import TemplateError

    chat = [message.as_dict() for message in messages]
    try:
        return str(tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=open_answer))
    except TemplateError as error:
        raise LabError(
            f"The model's chat template refuses this chat: {error}. Check the order of its roles."
        ) from error
