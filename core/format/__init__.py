"""Example + tokenizer → ids and labels, in a chat template (`templates`); how long rows are, and the picture of one."""

from core.format.extent import Bar, Extent, Fate, bar_names, bars, maximum_that_cuts
from core.format.picture import Piece, picture
from core.format.rows import (
    IGNORED,
    Encoded,
    Formatted,
    Rendered,
    encode,
    encode_all,
    format_dataset,
    prompt_ids,
    render,
)
from core.format.templates import TEMPLATES, templated, with_template

__all__ = [
    "IGNORED",
    "TEMPLATES",
    "Bar",
    "Encoded",
    "Extent",
    "Fate",
    "Formatted",
    "Piece",
    "Rendered",
    "bar_names",
    "bars",
    "encode",
    "encode_all",
    "format_dataset",
    "maximum_that_cuts",
    "picture",
    "prompt_ids",
    "render",
    "templated",
    "with_template",
]
