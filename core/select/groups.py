"""Which rows belong together and may not be divided: one conversation, an equal prompt, near-duplicates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from core.records import Dataset
from core.select.keys import draw, prompt_keys
from core.select.quotas import quotas

CONVERSATION = "the same conversation"
PROMPT = "the same prompt"
NEAR_DUPLICATE = "near-duplicates"

Integers = npt.NDArray[np.int64]
Edges = tuple[Integers, Integers]
"""Pairs of positions of rows, counted from 0: what the first holds belongs to what the second holds."""


@dataclass(frozen=True)
class Groups:
    """Rows that belong together, by number from 0.

    `of_row` is the group of each row; `size` (in rows), `stratum` (a number) and `name` (its smallest row id) are those
    of each group.
    """

    of_row: Integers
    size: Integers
    stratum: Integers
    name: list[str]

    def shuffled(self, seed: int) -> Integers:
        """The groups in a random order that depends on their names and the seed only."""
        return np.argsort(draw(self.name, seed), kind="stable")

    def take(self, available: npt.NDArray[np.bool_], wanted: int, seed: int) -> npt.NDArray[np.bool_]:
        """Groups of `wanted` rows or a little less: stratum by stratum to its share, then whatever still fits."""
        taken = np.zeros(len(available), np.bool_)
        if not wanted:
            return taken
        rows = np.bincount(self.stratum, np.where(available, self.size, 0), minlength=1).astype(np.int64)
        room = quotas(rows, min(wanted, int(rows.sum())))
        order = [number for number in self.shuffled(seed).tolist() if available[number]]
        size, stratum = self.size.tolist(), self.stratum.tolist()
        for number in order:
            if size[number] <= room[stratum[number]]:
                room[stratum[number]] -= size[number]
                taken[number] = True
        left = sum(room)
        for number in order:
            if left and not taken[number] and size[number] <= left:
                left -= size[number]
                taken[number] = True
        return taken


def links(dataset: Dataset, pairs: Sequence[tuple[str, str]] = ()) -> dict[str, Edges]:
    """What ties rows to each other, by reason; `pairs` are ids of near-duplicates, unknown ones are skipped."""
    return {
        CONVERSATION: _same(_column(dataset, "group")),
        PROMPT: _same(prompt_keys(dataset)),
        NEAR_DUPLICATE: _named(_column(dataset, "id"), pairs),
    }


def grouped(dataset: Dataset, tied: Mapping[str, Edges], strata: pl.Series) -> Groups:
    """Rows joined by any of the links; a group has the stratum of its row with the smallest id."""
    _, of_row = np.unique(components(len(dataset), tied.values()), return_inverse=True)
    stratum = strata.rank("dense").fill_null(0).cast(pl.Int64)
    rows = pl.DataFrame({"group": of_row, "id": _column(dataset, "id"), "stratum": stratum})
    first = rows.sort("group", "id").unique("group", keep="first", maintain_order=True)
    return Groups(of_row, np.bincount(of_row), first["stratum"].to_numpy(), first["id"].to_list())


def components(rows: int, edges: Iterable[Edges]) -> Integers:
    """For each row the smallest position among all rows it is joined to, directly or through others.

    Union-find over whole arrays: every round hooks each root to the smallest root beside it and then lets every row
    point to its root.
    """
    root = np.arange(rows)
    parts = list(edges)
    ends = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
    while len(ends[0]):
        left, right = root[ends[0]], root[ends[1]]
        apart = left != right
        if not apart.any():
            break
        ends = left[apart], right[apart]
        np.minimum.at(root, np.maximum(*ends), np.minimum(*ends))
        while not np.array_equal(root, root[root]):
            root = root[root]
    return root


def _column(dataset: Dataset, name: str) -> pl.Series:
    return pl.Series(pl.from_arrow(dataset.table[name]))


def _same(keys: pl.Series) -> Edges:
    """Each row with the first one of the same key; rows without a key stand alone."""
    rows = pl.DataFrame({"key": keys}).with_row_index("row").drop_nulls("key")
    first = rows.with_columns(first=pl.col("row").min().over("key")).filter(pl.col("row") != pl.col("first"))
    return first["row"].cast(pl.Int64).to_numpy(), first["first"].cast(pl.Int64).to_numpy()


def _named(ids: pl.Series, pairs: Sequence[tuple[str, str]]) -> Edges:
    rows = pl.DataFrame({"id": ids}).with_row_index("row").cast({"row": pl.Int64})
    named = pl.DataFrame(list(pairs), schema={"one": pl.String, "other": pl.String}, orient="row")
    found = named.join(rows, left_on="one", right_on="id").join(rows, left_on="other", right_on="id")
    return found["row"].to_numpy(), found["row_right"].to_numpy()
