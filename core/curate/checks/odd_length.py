"""Rows whose prompt or answer is much longer or shorter than is usual in this set.

Lengths are compared as logarithms: how many robust standard deviations (1.4826 times the median absolute deviation of
that side of the median, the "double MAD") they are from the median. Iglewicz and Hoaglin (1993) call 3.5 an outlier of
a bell curve; lengths of texts have longer tails.
"""

import math

import polars as pl

from core.curate.check import KEEP, Check, Threshold
from core.curate.rows import Rows, found

FEWEST_ROWS = 20  # of which a usual length can be told
LEAST_SPREAD = math.log(2)  # labels and templates are so alike that their own deviation is next to nothing
ABSURD = 2  # characters of a prompt; so short a one is odd in any set


def find(rows: Rows) -> pl.DataFrame:
    """Rows with an odd length; the score is the distance of the odder side, in robust standard deviations."""
    sides = pl.concat([_odd(rows.signals, side) for side in ("prompt", "answer")])
    odder = sides.sort("position", "score", "side", descending=[False, True, True])
    return found(odder, pl.col("reason"), score=pl.col("score"))


def _odd(signals: pl.DataFrame, side: str) -> pl.DataFrame:
    some = signals.select("position", length=f"{side}_characters").filter(pl.col("length") > 0)
    usual = pl.col("length").median()
    logs = some.with_columns(usual=usual, log=(pl.col("length") / usual).log())
    spread = (
        logs.filter(pl.len() >= FEWEST_ROWS).group_by(long=pl.col("log") >= 0).agg(spread=pl.col("log").abs().median())
    )
    joined = logs.with_columns(long=pl.col("log") >= 0).join(spread, "long", how="inner")
    scored = joined.with_columns(score=pl.col("log").abs() / pl.max_horizontal(1.4826 * pl.col("spread"), LEAST_SPREAD))
    absurd = pl.lit(side == "prompt") & (pl.col("length") <= ABSURD) & ~pl.col("long")
    scored = scored.with_columns(
        score=pl.when(absurd).then(pl.max_horizontal("score", THRESHOLD.default)).otherwise("score")
    )
    return scored.filter(pl.col("score") >= THRESHOLD.lowest).select(
        "position", "score", side=pl.lit(side), reason=_reason(side)
    )


def _reason(side: str) -> pl.Expr:
    times = pl.col("log").abs().exp().round().cast(pl.Int64)
    how = pl.when("long").then(pl.lit("long")).otherwise(pl.lit("short"))
    usual = pl.col("usual").round().cast(pl.Int64)
    noun = pl.when(pl.col("length") == 1).then(pl.lit("character")).otherwise(pl.lit("characters"))
    sentence = f"the {side} is {{}} times as {{}} as usual: {{}} {{}} against {{}}"
    return pl.format(sentence, times, how, "length", noun, usual)


THRESHOLD = Threshold(3.5, 3.0, 10.0, "Distance from the usual length", step=0.1)
CHECK = Check(
    "odd length",
    "A prompt or answer is much longer or shorter than is usual in this set.",
    KEEP,
    find,
    threshold=THRESHOLD,
)
