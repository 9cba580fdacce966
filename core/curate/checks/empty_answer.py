"""Rows with an assistant turn that says nothing: the model would learn to stop at once."""

import polars as pl

from core.curate.check import LEAVE_OUT, Check
from core.curate.checks.blank import is_blank
from core.curate.rows import SAID_BY_THE_MODEL, Rows, found
from core.records import TEXT


def find(rows: Rows) -> pl.DataFrame:
    """Rows with an empty assistant turn, with its number where the chat goes on after it, or with an empty text."""
    empty = rows.turns.filter(pl.col("role").is_in(SAID_BY_THE_MODEL) & is_blank(pl.col("content")))
    turn = pl.format("turn {}, an answer, is empty", "turn")
    last = pl.when(pl.col("role") == TEXT).then(pl.lit("the text is empty")).otherwise(pl.lit("the answer is empty"))
    return found(empty, pl.when(pl.col("turn") == pl.col("turns")).then(last).otherwise(turn))


CHECK = Check("empty answer", "An answer of the assistant says nothing.", LEAVE_OUT, find)
