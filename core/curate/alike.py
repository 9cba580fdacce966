"""Rows that say nearly the same: which row is like which earlier one, and what groups they make."""

import numpy as np
import polars as pl

from core.curate.near_pairs import near_pairs
from core.curate.rows import Rows
from core.curate.shingles import Ints, Words, together, words_of

SHARED = 10  # rows; a system message that so many have says nothing about how alike they are
TEMPLATED = 0.2  # share of rows; above it, near duplicates are mostly variants that somebody wanted
DEFAULT = 0.8  # the Jaccard from which two rows are near duplicates (Lee et al. 2022)
# A pair of rows that are alike: positions of the later and the earlier row, and the Jaccard of their shingles.
ALIKE = pl.Schema({"position": pl.UInt32(), "other": pl.UInt32(), "score": pl.Float64()})
# So many pairs are given, and one more for each row; where there are more, of each row those with the most similar and
# those with the earliest others, which is enough to choose by.
MOST_PAIRS = 300_000


def alike(rows: Rows) -> pl.DataFrame:
    """Pairs of rows with a Jaccard of at least `near_pairs.LOWEST`, as `ALIKE`, by position.

    Copies of an earlier row but for spacing and case are passed over. Of rows with equal sets of shingles only the
    first one is an `other`, so that n of them are n - 1 pairs: whatever is like a later one is like the first one too.
    Rows that the file calls good are not compared with rows that it calls bad. Where thousands of rows are all alike,
    some pairs may be missing (`near_pairs.Pairs.complete`): then a row more than need be is kept, never one too few.
    """
    words, marks = texts_of(rows), rows.frame["good"].cast(pl.UInt8).fill_null(2).to_numpy()
    parts = [_alike(words, np.flatnonzero(marks == mark)) for mark in np.unique(marks)]
    copies = pl.Series(rows.copies != np.arange(len(rows)))
    pairs = pl.concat([ALIKE.to_frame(), *parts])
    pairs = pairs.filter(~copies.gather(pairs["position"]))
    return _fewer(pairs, MOST_PAIRS + len(rows)).sort("position", "other")


def texts_of(rows: Rows) -> Words:
    """The words of each row: of its messages and the rejected answer, without system messages that many rows share."""
    turns, count = rows.turns["position"].to_numpy(), len(rows)
    dropped = _shared_system(rows)
    rejected = rows.dataset.table["rejected"]
    if rejected.null_count == count and not len(dropped):
        return rows.turn_words.joined(np.bincount(turns, minlength=count))
    every = together([rows.turn_words, words_of(rejected)])
    place = np.delete(np.arange(len(every)), dropped)
    position = np.concatenate([turns, np.arange(count)])[place]
    order = np.argsort(position, kind="stable")
    return every.take(place[order]).joined(np.bincount(position, minlength=count))


def _shared_system(rows: Rows) -> Ints:
    """The lines of `rows.turns` with a system message that `SHARED` rows or more have."""
    lines = rows.turns.select("role", hash=pl.Series(rows.turn_hashes)).with_row_index("line").filter(role="system")
    return lines.filter(pl.len().over("hash") >= SHARED)["line"].to_numpy().astype(np.int64)


def groups(rows: Rows, lowest: float = DEFAULT) -> Ints:
    """For each row the position of the first row that it hangs together with, through copies and near duplicates."""
    pairs = alike(rows).filter(pl.col("score") >= lowest)
    first = np.concatenate([rows.copies, pairs["other"].to_numpy()]).astype(np.int64)
    second = np.concatenate([np.arange(len(rows)), pairs["position"].to_numpy()]).astype(np.int64)
    return components(len(rows), first, second)


def components(count: int, first: Ints, second: Ints) -> Ints:
    """Connected components of `count` things with these pairs: for each the lowest number it hangs together with."""
    lowest = np.arange(count)
    while True:
        new = lowest.copy()
        low = np.minimum(lowest[first], lowest[second])
        for ends in (first, second):
            np.minimum.at(new, lowest[ends], low)
        while not np.array_equal(new, new[new]):
            new = new[new]
        if np.array_equal(new, lowest):
            return lowest
        lowest = new


def templated(pairs: pl.DataFrame, rows: int, lowest: float = DEFAULT) -> str:
    """A sentence if more than `TEMPLATED` of the rows are like another one (by `ALIKE`), else an empty string."""
    near = pairs.filter(pl.col("score") >= lowest)
    share = pl.concat([near["position"], near["other"]]).n_unique() / max(rows, 1)
    if share <= TEMPLATED:
        return ""
    return (
        f"This looks templated: {share:.0%} of the rows are nearly like another one. Leaving them out deletes variants."
    )


def _alike(words: Words, positions: Ints) -> pl.DataFrame:
    """The pairs among the rows at these positions."""
    pairs = near_pairs(words if len(positions) == len(words) else words.take(positions))
    texts = pl.DataFrame({"text": np.arange(len(positions)), "first": pairs.same})
    found = pl.DataFrame({"one": pairs.first, "two": pairs.second, "score": pairs.score})
    ones = found.join(texts, left_on="one", right_on="first").select(position="text", other="two", score="score")
    twos = found.join(texts, left_on="two", right_on="first").select(position="text", other="one", score="score")
    equal = texts.select(position="text", other="first", score=pl.lit(1.0))
    both = pl.concat([ones, twos, equal]).filter(pl.col("position") > pl.col("other"))
    of = pl.Series(positions)
    return both.with_columns(position=of.gather(both["position"]), other=of.gather(both["other"])).cast(ALIKE)


def _fewer(pairs: pl.DataFrame, most: int) -> pl.DataFrame:
    """At most about so many pairs."""
    if len(pairs) <= most:
        return pairs
    each = most // 2 // max(1, pairs["position"].n_unique()) + 1
    similar = pl.col("score").rank("ordinal", descending=True).over("position", order_by="other") <= each
    earliest = pl.col("other").rank("ordinal").over("position") <= each
    return pairs.filter(similar | earliest)
