"""Rows with characters that only steer machines: left by terminals, PDFs and broken copies, seen by the model as noise.

Tabs and line ends are text. U+FFFD is a check of its own.
"""

import re

import polars as pl

from core.curate.check import REPAIR, Check
from core.curate.checks.places import place
from core.curate.rows import Rows, found

CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}\x{feff}]"
COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")  # what a terminal takes for a colour
C1 = range(0x80, 0xA0)  # a curly quote or a dash of Windows, read as Latin-1


def find(rows: Rows) -> pl.DataFrame:
    """Rows with control characters: how many, and the first by its code point."""
    text = pl.col("content")
    hit = rows.turns.filter(text.str.contains(CONTROL)).with_columns(first=text.str.extract(f"({CONTROL})"))
    hit = hit.with_columns(first=pl.Series([f"U+{ord(mark):04X}" for mark in hit["first"]], dtype=pl.String()))
    number = text.str.count_matches(CONTROL)
    many = pl.format("{} has {} control characters, the first is {}", place(), number, pl.col("first"))
    return found(
        hit,
        pl.when(number == 1)
        .then(pl.format("{} has a control character, {}", place(), pl.col("first")))
        .otherwise(many),
    )


def repair(text: str) -> str:
    """The text without them; those that Windows uses for quotes and dashes become these."""
    return re.sub(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]", _mended, re.sub(r"[\x0b\x0c]", "\n", COLOUR.sub("", text)))


def _mended(match: re.Match[str]) -> str:
    return bytes([ord(match[0])]).decode("cp1252", "ignore") if ord(match[0]) in C1 else ""


CHECK = Check(
    "control characters", "A text holds characters that nobody can see and no sentence needs.", REPAIR, find, repair
)
