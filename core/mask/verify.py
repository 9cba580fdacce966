"""Verify a masked version as it was written: is every masked value gone, and everything else the same?"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import polars as pl

from core.mask.compared import ComparedRow, LeftPlace, Pairs, compared, paired
from core.mask.known import KnownSearch
from core.mask.left import Left
from core.mask.plan import MaskedRow
from core.mask.second import FindRows, SecondSearch
from core.mask.verification import MOST_ROWS_NAMED, Verification
from core.mask.watch import Progress, Stop, Watch
from core.records import Dataset, Example

STOPPED = "The check of the written rows was stopped. Nothing says yet that they are clean."
BATCH = 256
COUNTED = ("left_alone", "roles_changed", "fences_changed", "texts_changed", "facts_changed")

_FENCE = re.compile(r"^[ \t]{0,3}(?:```|~~~)", re.MULTILINE)


def verify(
    original: Dataset,
    written: Dataset,
    changes: Mapping[str, MaskedRow],
    find_rows: FindRows,
    masked_kinds: frozenset[str],
    left: Mapping[str, Sequence[LeftPlace]] | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Verification:
    """Compare `written`, as read back from disk, with `original` and with what was to be masked in it.

    `changes` has what was done to each row, by its id. `find_rows` is the detector, asked about every written row; its
    places count if they are of `masked_kinds`. `left` are places, by row id, that a person chose to leave. `progress`
    is told the share done, 0 to 1; `stop` is asked every few hundred rows. The places of the leftovers are in `left` of
    the result, as long as it is in memory.

    Raises:
        LabError: `stop` said yes.
    """
    left, pairs = left or {}, paired(original, written, changes)
    check, second = _Check(changes), SecondSearch(find_rows, masked_kinds)
    watch, done = Watch(progress, stop, STOPPED), 0
    while batch := list(islice(pairs.rows, BATCH)):
        watch.tell(done / len(written))
        rows = [compared(before, after, changes.get(after.id), left.get(after.id, ())) for before, after in batch]
        for row, found in zip(rows, second.left(rows), strict=True):
            check.look(row, found)
        done += len(batch)
    return check.result(len(written), pairs)


def left_places(places: pl.DataFrame) -> dict[str, list[LeftPlace]]:
    """Places (columns row_id, message, start, end) by row id, as `verify` takes those that a person chose to leave."""
    left: dict[str, list[LeftPlace]] = {}
    for row_id, message, start, end in places.select("row_id", "message", "start", "end").iter_rows():
        left.setdefault(row_id, []).append((message, start, end))
    return left


class _Check:
    """Counts what is wrong in the written rows, one after the other."""

    def __init__(self, changes: Mapping[str, MaskedRow]) -> None:
        values = {value for change in changes.values() for value in change.values}
        self._values = len(values)
        self._removed = sum(change.removed for change in changes.values())
        self._known = KnownSearch(values)
        self._found: list[Left] = []
        self._wrong: Counter[str] = Counter()
        self._damaged: list[int] = []

    def look(self, row: ComparedRow, found: Sequence[Left]) -> None:
        """Count what is left or damaged in a row; `found` is what the detector found."""
        self._known.look(row.with_gaps(), row.change.values if row.change else (), row.after)
        wrong = _damage(row)
        self._found += found
        self._wrong.update([*wrong, *("left_alone" for places in row.left for _ in places)])
        if wrong:
            self._damaged.append(row.after.row)

    def result(self, rows: int, pairs: Pairs) -> Verification:
        """The verification, once every row was looked at."""
        known, namesakes = self._known.left()
        left = tuple(sorted([*known, *self._found], key=lambda one: (one.row, one.row_id, one.message, one.start)))
        counts: dict[str, Any] = {name: self._wrong[name] for name in COUNTED}
        found = Verification(
            rows=rows,
            rows_removed=self._removed,
            rows_missing=pairs.missing,
            rows_unexpected=pairs.unexpected,
            is_in_order=pairs.is_in_order,
            values=self._values,
            namesakes=namesakes,
            damaged_rows=tuple(sorted(set(self._damaged))[:MOST_ROWS_NAMED]),
            left=left,
            **counts,
        )
        return found.with_left((one.kind, one.is_known, one.row) for one in left)


def _damage(row: ComparedRow) -> list[str]:
    """What of a row is different though it was not to be masked."""
    before, after = row.before, row.after
    if before is None:
        return []
    same = {
        "roles_changed": [role for role, _ in before.texts] == [role for role, _ in after.texts],
        "fences_changed": _fences(before) == _fences(after),
        "texts_changed": row.texts_are_as_planned,
        "facts_changed": row.facts_are_as_planned and (before.good, before.split) == (after.good, after.split),
    }
    return [name for name, is_same in same.items() if not is_same]


def _fences(example: Example) -> list[int]:
    return [len(_FENCE.findall(text)) for _, text in example.texts]
