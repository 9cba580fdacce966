"""Rows with garbled characters: text saved in one encoding and read in another.

ftfy decides, set so that quotes, ligatures and full-width letters are left alone; a text counts only if it is bad
before and not after its repair, since ftfy's measure alone also meets rare right text.
"""

import re

import polars as pl
from ftfy import TextFixerConfig, fix_encoding
from ftfy.badness import BADNESS_RE, is_bad

from core.curate.check import REPAIR, Check
from core.curate.rows import Rows, found

CONFIG = TextFixerConfig(
    uncurl_quotes=False, fix_latin_ligatures=False, fix_character_width=False, normalization=None, explain=False
)


def _in_polars(pattern: str) -> str:
    """A verbose pattern of Python without its comments and spaces, for an engine that skips spaces in classes too."""
    lines = re.sub(r"(?m)^\s*#.*$", "", pattern)
    return re.sub(r"\[[^\]]*\]|\\s|\s+", lambda part: part[0] if part[0][0] in "[\\" else "", lines)


BADNESS = _in_polars(BADNESS_RE.pattern)


def find(rows: Rows) -> pl.DataFrame:
    """Rows with garbled text, with the first piece of it."""
    text = pl.col("content")
    bad = rows.turns.filter(text.str.len_bytes() > text.str.len_chars()).filter(text.str.contains(BADNESS))
    reasons = pl.Series([_reason(text) for text in bad["content"]], dtype=pl.String())
    return found(bad.with_columns(reason=reasons).filter(pl.col("reason").is_not_null()), pl.col("reason"))


def repair(text: str) -> str:
    """The text as it was meant, where ftfy is sure; else as it is."""
    return fix_encoding(text, CONFIG) if _reason(text) else text


def _reason(text: str) -> str | None:
    if not is_bad(text) or is_bad(fix_encoding(text, CONFIG)):
        return None
    match = BADNESS_RE.search(text)
    bad = match.group() if match else ""
    good = fix_encoding(bad, CONFIG)
    return f"garbled characters: “{bad}”" + ("" if good == bad else f" was probably “{good}”")


CHECK = Check(
    "mojibake", "Characters are garbled: the text was read in another encoding than saved.", REPAIR, find, repair
)
