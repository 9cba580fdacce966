"""Rows that repeat an earlier row in other case or with other spaces and line ends, and not to the letter."""

import numpy as np
import polars as pl

from core.curate.check import LEAVE_OUT, Check
from core.curate.copies import MARKS, whole_texts
from core.curate.rows import Rows, found


def find(rows: Rows) -> pl.DataFrame:
    """Rows whose roles, texts and marks are those of an earlier row, `other`, once case and spacing are made equal."""
    first = pl.DataFrame({"position": np.arange(len(rows), dtype=np.uint32), "other": rows.copies.astype(np.uint32)})
    copies = first.filter(pl.col("position") > pl.col("other"))
    involved = pl.concat([copies["position"], copies["other"]]).unique()
    texts = whole_texts(rows.turns, involved, pl.col("content")).join(rows.frame, "position", how="left")
    exact = pl.col("position").first().over("text", *MARKS) < pl.col("position")
    copies = copies.join(texts.sort("position").filter(~exact), "position", how="semi")
    named = copies.with_columns(number=rows.frame["row"].gather(copies["other"]))
    return found(named, pl.format("same as row {} but for spacing or case", "number"), other=pl.col("other"))


CHECK = Check(
    "same but for spacing and case",
    "A row is the same as an earlier one once capitals and spaces are made equal.",
    LEAVE_OUT,
    find,
)
