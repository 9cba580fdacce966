"""Rows that are the same to the letter as an earlier row; the first one is kept."""

import polars as pl

from core.curate.check import LEAVE_OUT, Check
from core.curate.rows import Rows, found

WHOLE = ("prompt", "answer", "order", "label", "rejected", "good")


def find(rows: Rows) -> pl.DataFrame:
    """Rows whose roles, texts, label, rejected answer and mark all equal those of an earlier row, which is `other`."""
    turn = pl.col("role") + pl.col("content").str.len_bytes().cast(pl.String())  # tells where a text ends
    orders = rows.turns.select("position", order=turn).group_by("position", maintain_order=True).agg("order")
    orders = orders.with_columns(pl.col("order").list.join(" "))
    whole = rows.frame.lazy().join(orders.lazy(), "position", how="left", maintain_order="left")
    whole = whole.with_columns(pl.col("label").fill_null("")).select("position", "row", *WHOLE)
    likely = whole.filter(pl.struct(WHOLE).hash().is_duplicated()).collect()  # few, so that the rest is quick
    first = likely.select(
        "position", other=pl.col("position").first().over(WHOLE), same=pl.col("row").first().over(WHOLE)
    )
    later = first.filter(pl.col("position") > pl.col("other"))
    return found(later, pl.format("same as row {}", "same"), other=pl.col("other"))


CHECK = Check("exact duplicate", "A row is the same to the letter as an earlier one.", LEAVE_OUT, find)
