"""Rows laid out in one line: what several of them begin with stands there once, as the trunk of a tree."""

from collections.abc import Sequence
from dataclasses import dataclass, field

WORTH = 8  # tokens that a segment of its own must save: its calls cost a model of 30 layers as much as two or three


@dataclass(frozen=True)
class Segment:
    """A piece of the line: the tokens `start` to `end`, which see themselves and the pieces `before`.

    A row is a segment with those before it. All tokens from `end` to `last` belong to rows that begin with it.
    """

    start: int
    end: int
    last: int
    before: tuple[slice, ...]

    @property
    def reach(self) -> int:
        """How many tokens the last one of the segment sees, itself among them."""
        seen: int = self.end - self.start + sum(part.stop - part.start for part in self.before)
        return seen


@dataclass
class Line:
    """Rows in one line: its `ids` with their `positions` in a row, and `places`: where each token of each row stands.

    `segments` stand in the order of the line, each followed by those that go on from it.
    """

    rows: Sequence[Sequence[int]]
    ids: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    places: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.places = [[] for _ in self.rows]
        self._grow(list(range(len(self.rows))), 0, ())

    def _grow(self, rows: list[int], depth: int, before: tuple[slice, ...]) -> None:
        """Add the tokens from `depth` on of rows that have the ones before it in common."""
        common = self._in_common(rows, depth)
        if (common - depth) * (len(rows) - 1) < WORTH:
            for group in self._groups(rows, common):
                self._apart(group, depth, before)
            return
        own, index = self._laid(rows, depth, common), len(self.segments)
        for group in self._groups(rows, common):
            if len(self.rows[group[0]]) > common:
                self._apart(group, common, (*before, own))
        self.segments.insert(index, Segment(own.start, own.stop, len(self.ids), before))

    def _apart(self, group: list[int], depth: int, before: tuple[slice, ...]) -> None:
        """Add rows that go on alike; one of its own, and one that ends where others go on, has nothing to share."""
        if len(group) > 1:
            self._grow(group, depth, before)
            return
        own = self._laid(group, depth, len(self.rows[group[0]]))
        self.segments.append(Segment(own.start, own.stop, own.stop, before))

    def _laid(self, rows: list[int], depth: int, end: int) -> slice:
        start = len(self.ids)
        self.ids += self.rows[rows[0]][depth:end]
        self.positions += range(depth, end)
        for row in rows:
            self.places[row] += range(start, len(self.ids))
        return slice(start, len(self.ids))

    def _groups(self, rows: list[int], common: int) -> list[list[int]]:
        """The rows by how they go on after what they have in common; each that ends there apart."""
        groups: dict[tuple[bool, int], list[int]] = {}
        for row in rows:
            ends = len(self.rows[row]) == common
            groups.setdefault((ends, row if ends else self.rows[row][common]), []).append(row)
        return list(groups.values())

    def _in_common(self, rows: list[int], depth: int) -> int:
        """How many tokens the rows have in common from their beginning, at least `depth`."""
        shortest = min(len(self.rows[row]) for row in rows)
        columns = zip(*(self.rows[row][depth:shortest] for row in rows), strict=True)
        return next((place for place, tokens in enumerate(columns, depth) if len(set(tokens)) > 1), shortest)
