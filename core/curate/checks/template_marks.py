"""Rows with the marks that chat templates put between turns: a model would take them for the end of its answer."""

import re

import polars as pl

from core.curate.check import KEEP, Check
from core.curate.checks.places import place, quoted
from core.curate.rows import Rows, found

MARK = (
    r"(<\|(?:im_start|im_end|im_sep|endoftext|end_of_text|begin_of_text|start_header_id|end_header_id|eot_id|end|user|assistant|system)\|>"
    r"|</?s>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|<eos>|<bos>)"
)


def find(rows: Rows) -> pl.DataFrame:
    """Rows with such a mark in a text, with the first one."""
    text = pl.col("content")
    hit = rows.turns.filter(text.str.contains_any(["<", "INST"])).with_columns(mark=text.str.extract(MARK))
    return found(
        hit.filter(pl.col("mark").is_not_null()),
        pl.format("{} has the mark {} of a chat template", place(), quoted(pl.col("mark"))),
    )


def repair(text: str) -> str:
    """The text without them."""
    return re.sub(MARK, "", text).strip()


CHECK = Check("template marks", "A text holds marks of a chat template, such as “<|im_end|>”.", KEEP, find, repair)
