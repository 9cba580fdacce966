"""The check on a split: rows that belong together and yet are on different sides."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.records import Dataset
from core.select.groups import Edges, Groups, links
from core.words import counted


@dataclass(frozen=True)
class Crossing:
    """Two rows that belong together and are on two sides; rows by their number in the source file."""

    row: int
    split: str
    other: int
    other_split: str
    why: str


def crossing(dataset: Dataset, pairs: Sequence[tuple[str, str]] = ()) -> list[Crossing]:
    """Rows that belong together and are on different sides of the split, each with one that it belongs to.

    `pairs` are ids of near-duplicate rows. Rows without a side are not looked at. A good split gives an empty list.
    """
    return list(find_crossing(dataset, links(dataset, pairs)))


def find_crossing(dataset: Dataset, tied: Mapping[str, Edges]) -> Iterator[Crossing]:
    """As `crossing`, by links that are known already."""
    sides, rows = dataset.table["split"].to_numpy(), dataset.table["row"].to_numpy()
    for why, (left, right) in tied.items():
        apart = np.flatnonzero(sides[left] != sides[right])
        for one, other in zip(left[apart].tolist(), right[apart].tolist(), strict=True):
            if sides[one] and sides[other]:
                yield Crossing(int(rows[one]), sides[one], int(rows[other]), sides[other], why)


def crossing_sentence(found: Sequence[Crossing], groups: Groups) -> str:
    """What the check found, with an example; or how many rows it found together."""
    if found:
        pairs = (
            "1 pair of rows that belong together crosses"
            if len(found) == 1
            else (f"{len(found):,} pairs of rows that belong together cross")
        )
        first = found[0]
        return (
            f"{pairs} the split: rows {first.row} ({first.split}) and {first.other} ({first.other_split}), {first.why}."
        )
    several = groups.size[groups.size > 1]
    if not len(several):
        return "Checked: nothing crosses the split; every row stands for itself."
    where = f"{counted(int(several.sum()), 'row')} in {counted(len(several), 'group')}"
    return f"Checked: nothing crosses the split; {where} stay together."
