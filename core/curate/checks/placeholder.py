"""Rows with a side that stands for a text that was never written. It may be right: `N/A` can be what was asked for."""

import polars as pl

from core.curate.check import KEEP, Check
from core.curate.checks.places import place, quoted
from core.curate.rows import Rows, found

LONGEST = 80  # bytes; a placeholder that fills a message is short, but for lorem ipsum
WORDS = (
    r"n/a|none|null|nil|nan|undefined|todo|tbd|tba|fixme|x{3,}|placeholder|lorem ipsum|test test"
    r"|(?:same )?as (?:above|before)|see above|ditto|(?:insert|enter|add|write|put|type)\b.{0,40}\bhere"
    r"|(?:your |insert |the )+(?:answer|response|output|text|prompt|question|instruction)(?: goes)?(?: here)?"
    r"|<?no ?(?:answer|response|output|input|text|data|content)>?|not (?:available|applicable)"
)
MARKS = r"#n/a|#(?:ref|value|null)!|\.{2,}|…+|[-_?]+"
WHOLE = rf"(?i)^[\s\"'(\[<{{*_-]*(?:{WORDS}|{MARKS})[\s\"')\]>}}*_.!-]*$"


def find(rows: Rows) -> pl.DataFrame:
    """Rows with a turn of the user or the assistant that is a placeholder as a whole; labels are what they are."""
    text = pl.col("content")
    labelled = rows.frame.filter(pl.col("label").is_not_null()).select("position", role=pl.lit("assistant"))
    sides = rows.turns.filter(pl.col("role").is_in(["user", "assistant"]))
    short = sides.filter(text.str.len_bytes() <= LONGEST).filter(text.str.contains(WHOLE))
    latin = sides.filter(text.str.head(LONGEST).str.contains(r"(?i)^\W*lorem ipsum dolor\b"))
    both = pl.concat([short, latin]).sort("position", "turn")
    both = both.join(labelled, ["position", "role"], how="anti", maintain_order="left")
    return found(both, pl.format("{} is only a placeholder: {}", place(), quoted(text)))


CHECK = Check("placeholder", "A prompt or answer stands for a text that was never written, such as “TODO”.", KEEP, find)
