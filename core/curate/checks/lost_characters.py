"""Rows with U+FFFD, which stands where characters were lost when a file was read or saved in the wrong encoding."""

import polars as pl

from core.curate.check import KEEP, Check
from core.curate.rows import Rows, found

LOST = "\ufffd"


def find(rows: Rows) -> pl.DataFrame:
    """Rows with lost characters, with their number in the first message that has any."""
    text = pl.col("content")
    hit = rows.turns.filter(text.str.contains(LOST, literal=True))
    number = text.str.count_matches(LOST, literal=True)
    return found(hit, pl.format("characters were lost when the file was saved: {} × “{}”", number, pl.lit(LOST)))


CHECK = Check(
    "lost characters", "Characters were lost when the file was saved; “\ufffd” stands in their place.", KEEP, find
)
