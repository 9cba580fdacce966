"""Rows that answer a prompt otherwise than an earlier row does: the model would learn a mean of both."""

import polars as pl

from core.curate.check import KEEP, Check
from core.curate.copies import normal, repeated, sums
from core.curate.rows import SAID_BY_THE_MODEL, Rows, found

FEWEST_WORDS = 3  # a shorter prompt, as “continue”, asks for something else each time


def find(rows: Rows) -> pl.DataFrame:
    """Rows with the whole prompt of an earlier row, `other`, and another answer, but for case and spacing of both.

    Answers that the file calls bad are passed over: they are there to differ.
    """
    last = (pl.col("turn") == pl.col("turns")) & pl.col("role").is_in(SAID_BY_THE_MODEL)
    turns = rows.turns.with_columns(hash=pl.Series(rows.turn_hashes), words=pl.Series(rows.turn_words.lengths))
    asked = turns.filter(~last)
    words = asked.group_by("position").agg(pl.col("words").sum())
    long = words.filter(pl.col("words") >= FEWEST_WORDS)["position"]
    suspects = repeated(sums(asked, len(rows)))
    answered = (pl.col("answer") != "") & pl.col("good").fill_null(True)
    texts = rows.frame.filter(pl.col("position").is_in(suspects.implode()) & pl.col("position").is_in(long.implode()))
    texts = texts.filter(answered).select("position", "row", normal(pl.col("prompt", "answer")))
    first = texts.with_columns(
        other=pl.col("position").first().over("prompt"),
        number=pl.col("row").first().over("prompt"),
        given=pl.col("answer").first().over("prompt"),
    )
    other = first.filter(pl.col("answer") != pl.col("given"))
    return found(other, pl.format("row {} has the same prompt and another answer", "number"), other=pl.col("other"))


CHECK = Check(
    "conflicting answers",
    "A row has the prompt of an earlier one and answers it otherwise.",
    KEEP,
    find,
)
