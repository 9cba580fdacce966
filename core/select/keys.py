"""What rows are drawn by and told apart by: a seeded number for each id, and keys of equal prompts and equal chats."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl
import xxhash

from core.records import TEXT, Dataset

ROWS_AT_ONCE = 50_000

_LAST = pl.col("messages").list.last().struct.field("role")
_CONTENTS = pl.col("messages").list.eval(pl.element().struct.field("content"))
_TURNS = pl.col("messages").list.eval(
    pl.format("{}\x1f{}", pl.element().struct.field("role"), pl.element().struct.field("content"))
)


def draw(names: Iterable[str], seed: int) -> npt.NDArray[np.uint64]:
    """A number for each name that looks random and depends on nothing but the name and the seed (xxh3, 64 bits).

    Rows sorted by the numbers of their ids are shuffled the same way whatever order they came in.
    """
    return np.fromiter((xxhash.xxh3_64_intdigest(name.encode(), seed) for name in names), np.uint64)


def prompt_keys(dataset: Dataset) -> pl.Series:
    """For each row its prompt without differences of case, spacing and Unicode form (NFKC).

    Rows without a prompt, plain text among them, are known by their whole text. Upper and then lower case is Unicode's
    case folding for all but a handful of letters.
    """
    said_last = _LAST.is_in(["assistant", TEXT]).fill_null(False).cast(pl.UInt32)
    prompt = _CONTENTS.list.head(pl.col("messages").list.len() - said_last).list.join("\n")
    text = pl.when(prompt.str.strip_chars() == "").then(_CONTENTS.list.join("\n")).otherwise(prompt)
    return _per_row(dataset, _normalised(text))


def chat_keys(dataset: Dataset) -> pl.Series:
    """For each row its roles and texts; equal for rows that say exactly the same."""
    return _per_row(dataset, _TURNS.list.join("\x1e"))


def _per_row(dataset: Dataset, key: pl.Expr) -> pl.Series:
    """The expression over the messages of some rows at a time, which takes a third of the memory."""
    messages = dataset.table.select(["messages"])
    starts = range(0, max(len(dataset), 1), ROWS_AT_ONCE)
    parts = (pl.DataFrame(pl.from_arrow(messages.slice(start, ROWS_AT_ONCE))) for start in starts)
    return pl.concat([part.select(key=key).to_series() for part in parts])


def _normalised(text: pl.Expr) -> pl.Expr:
    folded = text.str.normalize("NFKC").str.to_uppercase().str.to_lowercase()
    return folded.str.replace_all(r"\s+", " ").str.strip_chars()
