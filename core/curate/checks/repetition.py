"""Rows whose text says the same words again and again, as models do when they are stuck.

The measure is Gopher's (Rae et al. 2021, table A1: at most 15 % of a web page in repeated runs of five words), counted
from the second time; lists and tables repeat more, so that the threshold for answers is higher.
"""

import polars as pl

from core.curate.check import KEEP, Check, Threshold
from core.curate.rows import Rows, found
from core.curate.signals import SHORT_ANSWER


def find(rows: Rows) -> pl.DataFrame:
    """Rows with a large share of repeated text; the score is that share."""
    again = rows.signals.filter(pl.col("repeated") >= THRESHOLD.lowest)
    side = pl.when(pl.col("answer_characters") >= SHORT_ANSWER).then(pl.lit("answer")).otherwise(pl.lit("prompt"))
    percent = (pl.col("repeated") * 100).round().cast(pl.Int64)
    return found(
        again, pl.format("{} % of the {} repeats what it has said before", percent, side), score=pl.col("repeated")
    )


THRESHOLD = Threshold(0.5, 0.1, 1.0, "Share of the text that is repeated")
CHECK = Check("repetition", "A text says the same words again and again.", KEEP, find, threshold=THRESHOLD)
