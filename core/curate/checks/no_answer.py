"""Rows whose last word is not the model's: a prompt alone, or a chat that stops with a question."""

import polars as pl

from core.curate.check import LEAVE_OUT, Check
from core.curate.rows import SAID_BY_THE_MODEL, Rows, found


def find(rows: Rows) -> pl.DataFrame:
    """Rows that do not end with an answer (or a plain text); where answers came before, with the turn that has none."""
    answers = pl.col("role").is_in(SAID_BY_THE_MODEL)
    by_row = rows.turns.group_by("position", maintain_order=True).agg(
        ended=answers.last(), answered=answers.any(), asked=(pl.col("role") == "user").any(),
        role=pl.col("role").last(), turn=pl.col("turn").last(),
    )  # fmt: skip
    every = rows.frame.select("position").join(by_row, "position", how="left", maintain_order="left")
    reason = (
        pl.when(pl.col("turn").is_null())
        .then(pl.lit("the row has no messages"))
        .when(pl.col("answered"))
        .then(pl.format("the chat ends with turn {}, from the {}, and no answer to it", "turn", "role"))
        .when(pl.col("asked"))
        .then(pl.lit("the row has a prompt and no answer"))
        .otherwise(pl.lit("the row has neither a prompt nor an answer"))
    )
    return found(every.filter(~pl.col("ended").fill_null(False)), reason)


CHECK = Check("no answer", "A prompt without an answer, or a chat that ends without one.", LEAVE_OUT, find)
