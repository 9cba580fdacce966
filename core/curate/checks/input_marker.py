"""Prompts that end with the mark of an empty input field, such as `<noinput>`: it means nothing to a model."""

import re

import polars as pl

from core.curate.check import REPAIR, Check
from core.curate.checks.places import place, quoted
from core.curate.rows import Rows, found

TAIL = 40  # characters that hold the last line, where it is such a mark
MARK = (
    r"(?i)\n\s*([<(\[]?(?:no[ _-]?input|n/a|not applicable)[>)\]]?"
    r"|input:\s*<?(?:none|null|nan|n/a|no input)>?)\s*\.?\s*$"
)


def find(rows: Rows) -> pl.DataFrame:
    """Rows with a user turn whose last line is such a mark."""
    ends = rows.turns.filter(pl.col("role") == "user").with_columns(
        mark=pl.col("content").str.tail(TAIL).str.extract(MARK)
    )
    marked = ends.filter(pl.col("mark").is_not_null())
    return found(marked, pl.format("{} ends with {}, the mark of an empty input", place(), quoted(pl.col("mark"))))


def repair(text: str) -> str:
    """The text without that line."""
    return re.sub(MARK, "", text)


CHECK = Check(
    "input marker", "A prompt ends with the mark of an empty field, such as “<noinput>”.", REPAIR, find, repair
)
