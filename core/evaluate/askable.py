"""Held-out rows as a side reads them, and which of them both sides can be asked."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from core.format import IGNORED, Rendered, encode_all
from core.records import Example

if TYPE_CHECKING:
    from core.evaluate.subject import SideName, Subject


def askable(subject: "Subject", held_out: Sequence[Example], room: int = 0) -> list[Example]:
    """Rows whose answer both sides can read whole, with a prompt that leaves `room` tokens for an answer of their own.

    Without bad answers; rows without a prompt (plain text) only where no row has one.
    """
    answered = [row for row in held_out if row.answer.strip() and row.good is not False]
    rows = [row for row in answered if row.prompt] or answered
    sides = [last_answers(subject, side, rows) for side in ("base", "tuned")]
    most = subject.context - room
    return [row for row, *read in zip(rows, *sides, strict=True) if all(_fits(each, most) for each in read)]


def last_answers(subject: "Subject", side: "SideName", rows: Sequence[Example]) -> list[Rendered]:
    """The rows with labels on their last answers alone; those that are too long or refused have no labels."""
    return [_last_answer(row.rendered(subject.context)) for row in encode_all(subject.tokenizers[side], rows)]


def prompt_length(row: Rendered) -> int:
    """Tokens before the first label."""
    return next((at for at, label in enumerate(row.labels) if label != IGNORED), len(row.ids))


def _fits(row: Rendered, most: int) -> bool:
    return row.trained > 0 and prompt_length(row) <= most


def _last_answer(row: Rendered) -> Rendered:
    """Labels on the last stretch of labelled tokens alone, and on none in a row that was cut."""
    labels = list(row.labels)
    end = max((place + 1 for place, label in enumerate(labels) if label != IGNORED), default=0)
    start = max((place + 1 for place, label in enumerate(labels[:end]) if label == IGNORED), default=0)
    labels[:start] = [IGNORED] * start
    return replace(row, labels=labels if row.full_length == len(row.ids) else [IGNORED] * len(row.ids))
