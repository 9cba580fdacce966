"""Rows that the file itself calls bad (KTO): their answers are what a model should not learn to say."""

import polars as pl

from core.curate.check import LEAVE_OUT, Check
from core.curate.rows import Rows, found


def find(rows: Rows) -> pl.DataFrame:
    """Rows whose answer is marked as not good."""
    return found(rows.frame.filter(~pl.col("good")), pl.lit("the file marks this answer as a bad one"))


CHECK = Check("marked bad", "The file marks the answer as a bad one.", LEAVE_OUT, find)
