"""What three sides answer to held-out prompts, and what the right answers cost them: all that needs the model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from core.errors import LabError
from core.evaluate.answers import Given
from core.evaluate.askable import askable, last_answers
from core.evaluate.choices import FEWEST_ROWS, countable, drawn, shares
from core.evaluate.scores.labels import has_labels
from core.few_shot import Shots, with_fitting
from core.format import Rendered, prompt_ids
from core.records import Example, Message
from core.settings import EvaluateSettings

if TYPE_CHECKING:
    from core.evaluate.subject import SideName, Subject

Who = Literal["base", "few_shot", "tuned"]
NAMES: dict[Who, str] = {
    "base": "the base model",
    "few_shot": "the base model with examples",
    "tuned": "the tuned model",
}
FEWEST = 2
ROOM_FACTOR, MORE_ROOM = 1.5, 8  # an answer may be so much longer than the longest right one, and so many tokens more
TOO_FEW = (
    "No score can be made: fewer than {} held-out rows have an answer that this model can read. Hold out more rows."
)


@dataclass(frozen=True)
class Asked:
    """The rows that were asked, with the answers and losses of each side, in the order of the rows.

    `answers` has no sides where the rows are plain text, which nothing asks for; no side is "few_shot" where there was
    no example to show. `losses` are (2, rows): the sum (nats) over the tokens of the row's last answer, and how many
    they are, 0 where the loss is not a number. `left_out` are the row numbers of those that cannot be asked: they do
    not fit into the model's context with an answer, its chat template refuses them, or they are plain text among chats.
    `chosen` says of each row whether the base model finds the right label the likeliest of all (1 or 0, nan where it
    was not asked); None where the rows have no labels, or too many. `bad` is how many rows are answers rated bad, which
    nobody should give.
    """

    rows: Sequence[Example]
    answers: Mapping[str, Sequence[Given]]
    losses: Mapping[str, np.ndarray]
    shots: float  # examples in a prompt of "few_shot", on average
    most_tokens: int
    left_out: Sequence[int]
    chosen: np.ndarray | None = None
    bad: int = 0


def ask(subject: "Subject", held_out: Sequence[Example], train: Sequence[Example], settings: EvaluateSettings) -> Asked:
    """Ask all sides. An answer may have half as many tokens again as the longest right one, `most_tokens` at most.

    Costs three readings for each row, those of prompts with examples being the longest, and a greedy answer where the
    reading does not show that it would be the right one. Where the rows have labels, also a reading of each label with
    the prompt (`core.evaluate.choices`).

    Raises:
        LabError: fewer than `FEWEST` rows can be asked.
        Stopped: the end was asked for; the answers given until then are kept.
    """
    rows = _many(askable(subject, held_out))
    longest = max(row.trained for row in last_answers(subject, "base", rows))
    most_tokens = min(settings.most_tokens, int(ROOM_FACTOR * longest) + MORE_ROOM)
    plain = not rows[0].prompt
    rows = rows if plain else _many(askable(subject, rows, most_tokens))
    read = {side: last_answers(subject, side, rows) for side in ("base", "tuned")}
    chats: dict[Who, list[list[Message]]] = {"base": [list(row.prompt) for row in rows]}
    shown = [] if plain else _with_shots(subject, rows, train, settings, max(longest, most_tokens))
    examples = [(len(long) - len(short)) / 2 for long, short in zip(shown, chats["base"], strict=bool(shown))]
    if any(examples):
        chats["few_shot"] = shown
        read["few_shot"] = last_answers(subject, "base", _behind(shown, rows))
    chats["tuned"] = chats["base"]
    losses: dict[str, np.ndarray] = {who: _losses(subject, who, read[who], most_tokens) for who in chats}
    return Asked(
        rows,
        {} if plain else {who: _answers(subject, who, asked, most_tokens) for who, asked in chats.items()},
        losses,
        float(np.mean(examples)) if examples else 0.0,
        most_tokens,
        _left_out(held_out, rows),
        _chosen(subject, rows, train, settings.seed) if has_labels(rows) and not plain else None,
        sum(row.good is False for row in held_out),
    )


def _left_out(held_out: Sequence[Example], rows: Sequence[Example]) -> list[int]:
    """Row numbers of good answers that were not asked for."""
    good = {row.row for row in held_out if row.answer.strip() and row.good is not False}
    return sorted(good - {row.row for row in rows})


def _many(rows: list[Example]) -> list[Example]:
    """The rows, if they are enough."""
    if len(rows) < FEWEST:
        raise LabError(TOO_FEW.format(FEWEST))
    return rows


def _chosen(subject: "Subject", rows: Sequence[Example], train: Sequence[Example], seed: int) -> np.ndarray | None:
    asked = drawn(countable(rows, train), seed)
    if len(asked) < FEWEST_ROWS:
        return None
    found = zip(asked, shares(subject, "base", asked), strict=True)
    right = {row: float(options[likely.argmax()] == row.answer) for (row, options), likely in found}
    return np.array([right.get(row, np.nan) for row in rows])


def _side(who: Who) -> "SideName":
    return "tuned" if who == "tuned" else "base"


def _with_shots(
    subject: "Subject", rows: Sequence[Example], train: Sequence[Example], settings: EvaluateSettings, room: int
) -> list[list[Message]]:
    """Each prompt with as many examples before it as fit into the context with `room` tokens to answer."""
    shots = Shots(train, settings.few_shot_choice, settings.seed)
    tokenizer, most = subject.tokenizers["base"], subject.context - room

    def fits(chat: list[Message]) -> bool:
        return len(prompt_ids(tokenizer, chat)) <= most

    return [with_fitting(shots.for_chat(row.prompt, settings.few_shot), row.prompt, fits) for row in rows]


def _behind(chats: Sequence[Sequence[Message]], rows: Sequence[Example]) -> list[Example]:
    return [replace(row, messages=(*chat, row.messages[-1])) for chat, row in zip(chats, rows, strict=True)]


def _answers(subject: "Subject", who: Who, chats: Sequence[Sequence[Message]], most_tokens: int) -> list[Given]:
    return subject.answers(_side(who), chats, most_tokens, what=f"Answers of {NAMES[who]}")


def _losses(subject: "Subject", who: Who, rows: Sequence[Rendered], most_tokens: int) -> np.ndarray:
    """Of each row; the right answers that this side would write by itself are remembered as its own."""
    read = subject.read(_side(who), rows, f"Losses of {NAMES[who]}")
    subject.remember(_side(who), rows, read, most_tokens)
    found = [each.losses for each in read]
    sums = np.array([float(each.sum(dtype=np.float64)) for each in found])
    return np.stack([np.nan_to_num(sums, posinf=0, neginf=0), np.where(np.isfinite(sums), [*map(len, found)], 0)])
