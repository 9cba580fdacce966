"""What is different between two versions, row by row."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import polars as pl

from core.records import TEXT, Dataset

ONLY_A, ONLY_B, CHANGED, SAME = "only in A", "only in B", "changed", "same"
PARTS = ("prompt", "answer", "rejected", "good", "label", "category", "group", "source", "tags", "split")
SAID_BY_THE_MODEL = ("assistant", TEXT)
ROWS_AT_A_TIME = 100_000  # bounds the memory that the aligned copies of both sides take
Match = Literal["id", "content"]


@dataclass(frozen=True)
class Difference:
    """The rows that are not the same in A and B.

    `rows` has a line for each: `kind` (`ONLY_A`, `ONLY_B`, `CHANGED`), `parts` (of a changed row, from `PARTS`, joined
    by ", "), and `a` and `b`, its positions in both versions counted from 0, null where it is not there. Those of A
    come first, in its order, then those that only B has. `same` counts the rows that both have unchanged.
    """

    rows: pl.DataFrame = field(repr=False)
    same: int

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many rows there are of each kind, those that are the same included."""
        found = dict(self.rows.group_by("kind").len().iter_rows())
        return {ONLY_A: 0, ONLY_B: 0, CHANGED: 0, **found, SAME: self.same}

    @cached_property
    def changed_parts(self) -> dict[str, int]:
        """How many of the changed rows differ in each part; a row counts for each of its parts."""
        parts = self.rows["parts"].str.split(", ").explode(empty_as_null=False)
        found = dict(parts.value_counts().iter_rows())
        return {part: found[part] for part in PARTS if part in found}

    def of_kind(self, kind: str) -> pl.DataFrame:
        """The lines of `rows` of a kind, of the rows changed in a part of `PARTS`, or all of them if it is empty."""
        if kind in PARTS:
            return self.rows.filter(pl.col("parts").str.split(", ").list.contains(kind))
        return self.rows.filter(pl.col("kind") == kind) if kind else self.rows


def difference(a: Dataset, b: Dataset, match: Match = "id") -> Difference:
    """Compare every row of A with the row of B that has the same id, or with `match="content"` the same messages.

    Everything but the row number is compared. Where an id stands in a version more than once, the first is compared
    with the first of the other version, and so on.
    """
    left, right = (pl.DataFrame(pl.from_arrow(dataset.table)) for dataset in (a, b))
    joined = _keys(left, "a", match).join(_keys(right, "b", match), on=["key", "nth"], how="full", coalesce=True)
    joined = joined.select("a", "b").sort("a", "b", nulls_last=True)
    both = joined.drop_nulls()
    pairs = pl.concat([both.head(0).with_columns(parts=pl.lit("")), *_compared(left, right, both)])
    changed = pairs.filter(pl.col("parts") != "").with_columns(kind=pl.lit(CHANGED))
    one = joined.filter(pl.col("a").is_null() | pl.col("b").is_null()).with_columns(
        parts=pl.lit(""), kind=pl.when(pl.col("b").is_null()).then(pl.lit(ONLY_A)).otherwise(pl.lit(ONLY_B))
    )
    rows = pl.concat([changed, one]).sort("a", "b", nulls_last=True)
    return Difference(rows.select("kind", "parts", "a", "b"), same=len(both) - len(changed))


def _keys(rows: pl.DataFrame, side: str, match: Match) -> pl.DataFrame:
    """What rows are matched by (`key`, and `nth` among equal keys), and their positions."""
    key = pl.col("id") if match == "id" else pl.col("messages").hash()
    keyed = rows.lazy().select(key=key).with_row_index(side).collect()
    unique = keyed["key"].n_unique() == len(keyed)
    return keyed.with_columns(nth=pl.lit(0, pl.Int64) if unique else pl.int_range(pl.len()).over("key"))


def _compared(left: pl.DataFrame, right: pl.DataFrame, both: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The pairs of positions with the parts in which the rows differ, joined by ", "."""
    for pairs in both.iter_slices(ROWS_AT_A_TIME):
        other = right[pairs["b"]].rename(lambda name: f"{name} b")
        rows = pl.concat([left[pairs["a"]], other], how="horizontal")
        differs = [
            pl.when(_part(part, "").ne_missing(_part(part, " b"))).then(pl.lit(part)).alias(part) for part in PARTS
        ]
        yield pairs.with_columns(rows.select(parts=pl.concat_str(differs, separator=", ", ignore_nulls=True))["parts"])


def _part(part: str, side: str) -> pl.Expr:
    """A part of the row; the answer is the last message if the model says it, and the prompt all before it."""
    if part not in ("prompt", "answer"):
        return pl.col(part + side)
    messages = pl.col("messages" + side)
    last = messages.list.last()
    has_answer = last.struct.field("role").is_in(SAID_BY_THE_MODEL)
    if part == "answer":
        return pl.when(has_answer).then(last.struct.field("content"))
    return pl.when(has_answer).then(messages.list.head(messages.list.len() - 1)).otherwise(messages)
