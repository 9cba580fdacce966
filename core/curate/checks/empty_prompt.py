"""Rows with a user turn that says nothing: there is no question that the answer belongs to."""

import polars as pl

from core.curate.check import LEAVE_OUT, Check
from core.curate.checks.blank import is_blank
from core.curate.rows import Rows, found


def find(rows: Rows) -> pl.DataFrame:
    """Rows with an empty user turn, with its number where the chat has several."""
    users = rows.turns.filter(pl.col("role") == "user")
    empty = users.filter(is_blank(pl.col("content")))
    counts = (
        users.join(empty.select("position").unique(), "position", how="semi").group_by("position").agg(users=pl.len())
    )
    turn = pl.format("turn {}, the user's, is empty", "turn")
    only = pl.col("users") == 1
    joined = empty.join(counts, "position", how="left", maintain_order="left")
    return found(joined, pl.when(only).then(pl.lit("the prompt is empty")).otherwise(turn))


CHECK = Check("empty prompt", "A turn of the user says nothing.", LEAVE_OUT, find)
