"""Rows with a label that is rare, or that is a frequent one in another spelling."""

import polars as pl

from core.curate.check import KEEP, Check
from core.curate.rows import Rows, found

RARE = 0.1  # of the median number of rows a label has


def find(rows: Rows) -> pl.DataFrame:
    """Rows with an odd label: a spelling of a more frequent one, else one with far fewer rows than the others."""
    label = pl.col("label")
    counts = rows.frame.filter(label.is_not_null()).group_by("label").len()
    plain = label.str.to_lowercase().str.strip_chars().str.replace_all(r"(\w)[\s_-]+(\w)", "$1 $2")  # “-1” is not “1”
    ranked = counts.with_columns(plain=plain).sort("len", "label", descending=[True, False])
    ranked = ranked.with_columns(usual=label.first().over("plain"))
    ranked = ranked.with_columns(others=pl.col("len").filter(label == pl.col("usual")).median())
    misspelt = ranked.filter(label != pl.col("usual")).select(
        "label", reason=pl.format("“{}” is probably “{}”", "label", "usual")
    )
    few = ranked.filter(label == pl.col("usual"), pl.col("len") < RARE * pl.col("others"))
    number = (
        pl.when(pl.col("len") == 1).then(pl.lit("only this row has")).otherwise(pl.format("only {} rows have", "len"))
    )
    usual = pl.col("others").round().cast(pl.Int64)
    rare = few.select(
        "label", reason=pl.format("{} the label “{}”; half of the labels have {} or more", number, "label", usual)
    )
    odd = rows.frame.select("position", "label").join(pl.concat([misspelt, rare]), "label", maintain_order="left")
    return found(odd, pl.col("reason"))


CHECK = Check("label", "A label is rare, or is another one in a different spelling.", KEEP, find)
