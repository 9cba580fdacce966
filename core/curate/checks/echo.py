"""Rows whose answer is the prompt again: the model would learn to say what it was told."""

import polars as pl

from core.curate.check import LEAVE_OUT, Check
from core.curate.checks.places import place
from core.curate.rows import Rows, found

FEWEST_WORDS = 3  # “Good morning!” is a fair answer to “Good morning!”
SLACK = 8  # bytes by which the two may differ in length, in spaces and marks


def find(rows: Rows) -> pl.DataFrame:
    """Rows with an answer that equals the message before it but for case, spaces and punctuation."""
    text, before = pl.col("content"), pl.col("content").shift(1)
    pairs = rows.turns.with_columns(before=pl.when(pl.col("turn") > 1).then(before), asked_by=pl.col("role").shift(1))
    answers = pairs.filter((pl.col("role") == "assistant") & (pl.col("asked_by") == "user"))
    lengths = text.str.len_bytes().cast(pl.Int64) - pl.col("before").str.len_bytes().cast(pl.Int64)
    similar = answers.filter(lengths.abs() <= SLACK)
    same = similar.filter(_plain(text) == _plain(pl.col("before")), text.str.count_matches(r"\w+") >= FEWEST_WORDS)
    return found(same, pl.format("{} only repeats the message before it", place()))


def _plain(text: pl.Expr) -> pl.Expr:
    return text.str.to_lowercase().str.replace_all(r"[^\w]+", "")


CHECK = Check("echo", "An answer only repeats its prompt.", LEAVE_OUT, find)
