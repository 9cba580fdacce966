"""How long things are: the middle, the long tail, and bars whose edges are the same for every set."""

from collections.abc import Sequence
from itertools import pairwise

import polars as pl
from pydantic import BaseModel

# 1-2-5 steps: lengths of texts spread over five decades, and bars of two versions can be held against each other.
EDGES = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)


class Bar(BaseModel, frozen=True):
    """How many rows are at least `low` and less than `high` long; the last bar has no `high`."""

    low: int
    high: int | None
    rows: int

    @property
    def name(self) -> str:
        """The bar's lengths in words: `0`, `20–49`, `100,000 or more`."""
        if self.high is None:
            return f"{self.low:,} or more"
        return f"{self.low:,}" if self.high - self.low == 1 else f"{self.low:,}–{self.high - 1:,}"


NO_BARS = [Bar(low=low, high=high, rows=0) for low, high in zip(EDGES, [*EDGES[1:], None], strict=True)]


class Lengths(BaseModel, frozen=True):
    """Lengths of `rows` texts: median and 95th percentile (of the nearest rank), the longest, and the bars between."""

    rows: int
    median: int = 0
    p95: int = 0
    longest: int = 0
    bars: list[Bar] = []


class Tokens(BaseModel, frozen=True):
    """Tokens of whole rows as `model` reads them: `lengths` of those counted, `of` so many rows of the set.

    `over` rows of those counted are longer than `limit` and would be cut at the end; `refused` ones could not be put
    into the model's chat template and are not counted.
    """

    model: str
    of: int
    lengths: Lengths
    limit: int
    over: int
    refused: int = 0

    @property
    def sampled(self) -> bool:
        """Whether only a part of the set was counted."""
        return self.lengths.rows + self.refused < self.of


def lengths(values: pl.Series) -> Lengths:
    """The lengths of a column of whole numbers; nulls are not counted."""
    known = values.drop_nulls().cast(pl.Int64)
    if not len(known):
        return Lengths(rows=0)
    middle, tail = known.quantile(0.5, "nearest"), known.quantile(0.95, "nearest")
    longest = known.max()
    assert middle is not None
    assert tail is not None
    assert isinstance(longest, int)
    return Lengths(rows=len(known), median=int(middle), p95=int(tail), longest=longest, bars=_bars(known))


def tokens(counts: Sequence[int], model: str, of: int, limit: int, refused: int = 0) -> Tokens:
    """The tokens of each row that was counted, of a set of `of` rows; `limit` is where training cuts a row."""
    over = sum(count > limit for count in counts)
    measured = lengths(pl.Series(counts, dtype=pl.Int64))
    return Tokens(model=model, of=of, lengths=measured, limit=limit, over=over, refused=refused)


def _bars(values: pl.Series) -> list[Bar]:
    """From the first bar that holds a row to the last."""
    ends = [*(int((values < edge).sum()) for edge in EDGES), len(values)]
    rows = [after - before for before, after in pairwise(ends)]
    bars = [bar.model_copy(update={"rows": count}) for bar, count in zip(NO_BARS, rows, strict=True)]
    filled = [number for number, bar in enumerate(bars) if bar.rows]
    return bars[filled[0] : filled[-1] + 1]
