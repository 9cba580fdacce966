"""Where something stands in a row, in words; for lines of `Rows.turns`."""

import polars as pl

from core.records import TEXT

SHOWN = 40  # characters


def place() -> pl.Expr:
    """`the answer`, `the prompt` (where it is one message), `the text` (of plain text), else `turn 3`."""
    role, turn, turns = pl.col("role"), pl.col("turn"), pl.col("turns")
    return (
        pl.when(role == TEXT)
        .then(pl.lit("the text"))
        .when((role == "assistant") & (turn == turns))
        .then(pl.lit("the answer"))
        .when((role == "user") & (turn == 1) & (turns <= 2))
        .then(pl.lit("the prompt"))
        .otherwise(pl.format("turn {}", turn))
    )


def quoted(text: pl.Expr, length: int = SHOWN) -> pl.Expr:
    """The text in quotation marks on one line, cut where it is longer than `length` characters."""
    line = text.str.replace_all(r"\s+", " ").str.strip_chars()
    cut = pl.when(line.str.len_chars() > length).then(line.str.head(length) + "…").otherwise(line)
    return pl.format("“{}”", cut)
