"""Rows that say nearly the same as an earlier one: the share of runs of five words that both have, of all they have."""

import polars as pl

from core.curate.alike import DEFAULT, alike
from core.curate.check import KEEP, Check, Threshold
from core.curate.near_pairs import LOWEST
from core.curate.rows import FOUND, Rows


def find(rows: Rows) -> pl.DataFrame:
    """All pairs of rows that are alike from the lowest threshold on: a line for each, several to a row."""
    numbers = rows.frame["row"]
    pairs = alike(rows)
    share = (pl.col("score") * 100).floor().cast(pl.Int64)  # down, so that only equal runs are 100 %
    near = pl.format("{} % like row {}", share, "number")
    same = pl.format("row {} has the same runs of words", "number")
    named = pairs.with_columns(number=numbers.gather(pairs["other"]))
    return named.with_columns(reason=pl.when(pl.col("score") < 1).then(near).otherwise(same)).select(list(FOUND))


def choose(found: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """The rows that are like an earlier row which is kept, each with the most similar one, by position.

    Not whole groups: in these, first and last may have little in common.
    """
    near = found.filter(pl.col("score") >= threshold).sort(
        "position", "score", "other", descending=[False, True, False]
    )
    left_out: dict[int, int] = {}
    lines = []
    for line, (row, other) in enumerate(zip(near["position"].to_list(), near["other"].to_list(), strict=True)):
        if row not in left_out and other not in left_out:
            left_out[row] = other
            lines.append(line)
    return near[lines]


CHECK = Check(
    "near duplicate",
    "A row is nearly the same as an earlier one that is kept, by the runs of five words that both have.",
    KEEP,
    find,
    threshold=Threshold(DEFAULT, LOWEST, 0.95, "Share of runs of five words that two rows have in common"),
    choose=choose,
)
