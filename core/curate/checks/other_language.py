"""Rows in another language than the set, where the set has one main language and the prompt does not ask for it."""

import polars as pl

from core.curate.check import KEEP, Check, Threshold
from core.curate.language import UNKNOWN, name_of
from core.curate.rows import Rows, found
from core.curate.signals import SHORT_ANSWER

MAIN_SHARE = 0.8  # of the rows whose language is known
FEWEST_ROWS = 20


def find(rows: Rows) -> pl.DataFrame:
    """Rows in another language than most; the score is how sure the language is."""
    known = rows.signals.filter(pl.col("language") != UNKNOWN)
    counts = known.group_by("language").len().sort("len", "language", descending=[True, False])
    if known.height < FEWEST_ROWS or counts["len"][0] < MAIN_SHARE * known.height:
        return found(rows.frame.clear(), pl.lit(""))
    main = counts["language"][0]
    others = known.filter(pl.col("language") != main).join(
        rows.frame.select("position", "prompt"), "position", how="left"
    )
    names = {language: name_of(language) for language in counts["language"]}
    others = others.with_columns(name=pl.col("language").replace_strict(names, return_dtype=pl.String()))
    unasked = others.filter(
        ~pl.col("prompt").str.to_lowercase().str.contains(pl.col("name").str.to_lowercase(), literal=True)
    )
    side = pl.when(pl.col("answer_characters") >= SHORT_ANSWER).then(pl.lit("answer")).otherwise(pl.lit("prompt"))
    reason = pl.format(f"the {{}} is in {{}}, but most rows are in {name_of(main)}", side, "name")
    return found(unasked, reason, score=pl.col("language_confidence"))


THRESHOLD = Threshold(0.9, 0.5, 1.0, "How sure the language is")
CHECK = Check("other language", "A text is in another language than most of the set.", KEEP, find, threshold=THRESHOLD)
