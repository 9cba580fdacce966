"""Rows of a set as both sides of a run read them, a sample that is quick to read. Imports torch."""

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.evaluate.subject import Read, SideName, Subject
from core.format import IGNORED, Rendered
from core.records import Example

MOST_ROWS = 50
MOST_TOKENS = 4_000  # of all rows of a sample together, for each side
MOST_OF_A_ROW = 384  # tokens
MOST_BEFORE = 192  # tokens of a prompt that is too long: its last ones
_SIDES: tuple[SideName, SideName] = ("base", "tuned")


@dataclass(frozen=True)
class Looked:
    """A row with its last answer as both sides read it, and how often it stands in its set."""

    example: Example
    copies: int
    base: Read
    tuned: Read

    @property
    def learned(self) -> float:
        """By how much its loss went down in tuning, nats per token."""
        return float(self.base.losses.mean() - self.tuned.losses.mean())


def distinct(rows: Sequence[Example]) -> list[tuple[Example, int]]:
    """The different rows with how often each stands there, in their order."""
    keys = [(tuple(row.messages), row.rejected) for row in rows]
    copies = Counter(keys)
    first = dict(zip(reversed(keys), reversed(rows), strict=True))
    return [(first[key], copies[key]) for key in dict.fromkeys(keys)]


def look(subject: Subject, rows: Sequence[tuple[Example, int]], seed: int, what: str) -> list[Looked]:
    """At most `MOST_ROWS` of the rows, drawn by the seed, with `MOST_TOKENS` together; rows without an answer are none.

    Raises:
        Stopped: the end was asked for.
    """
    drawn = random.Random(seed).sample(list(rows), min(len(rows), 2 * MOST_ROWS))
    examples = [row for row, _ in drawn]
    written = [[_last_answer(row) for row in subject.rendered(side, examples)] for side in _SIDES]
    chosen = _chosen(list(zip(*written, strict=True)))
    base, tuned = (
        subject.read(side, [rows[place] for place in chosen], what) for side, rows in zip(_SIDES, written, strict=True)
    )
    found = [Looked(*drawn[place], *pair) for place, *pair in zip(chosen, base, tuned, strict=True)]
    return [row for row in found if math.isfinite(row.learned)]  # broken weights have no losses


def _chosen(rows: Sequence[tuple[Rendered, ...]]) -> list[int]:
    """Places of rows that have labels on both sides, the first ones that are within the bounds together."""
    chosen: list[int] = []
    tokens = 0
    for place, pair in enumerate(rows):
        size = max(len(row.ids) for row in pair)
        if all(row.trained for row in pair) and len(chosen) < MOST_ROWS and tokens + size <= MOST_TOKENS:
            chosen.append(place)
            tokens += size
    return chosen


def _last_answer(row: Rendered) -> Rendered:
    """The row with labels on its last answer alone, cut before it and behind."""
    places = [place for place, label in enumerate(row.labels) if label != IGNORED]
    start = next((place for place in reversed(places) if not place or row.labels[place - 1] == IGNORED), len(row.ids))
    front = max(0, start - MOST_BEFORE)
    labels = [IGNORED] * (start - front) + list(row.labels[start:])
    return replace(row, ids=row.ids[front:][:MOST_OF_A_ROW], labels=labels[:MOST_OF_A_ROW])
