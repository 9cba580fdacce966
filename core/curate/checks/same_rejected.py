"""Preference rows that prefer an answer to itself: there is nothing to learn from them."""

import polars as pl

from core.curate.check import LEAVE_OUT, Check
from core.curate.rows import Rows, found


def find(rows: Rows) -> pl.DataFrame:
    """Rows whose rejected answer equals the chosen one, but for spaces around it."""
    same = pl.col("rejected").str.strip_chars() == pl.col("answer").str.strip_chars()
    return found(rows.frame.filter(same), pl.lit("the rejected answer is the same as the chosen one"))


CHECK = Check("same rejected", "The rejected answer of a pair is the same as the chosen one.", LEAVE_OUT, find)
