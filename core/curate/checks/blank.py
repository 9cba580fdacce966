"""What counts as no text."""

import polars as pl

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


def is_blank(text: pl.Expr) -> pl.Expr:
    """Whether nothing can be seen: spaces, line ends and zero-width characters only."""
    return ~text.str.contains(rf"[^\s{INVISIBLE}]")
