"""Rows that say the same but for spacing and case. Texts are only compared where the hashes of their words agree."""

import numpy as np
import polars as pl

from core.curate.shingles import Hashes, Ints, mixed, offsets_of

MARKS = ("label", "rejected", "good")  # what else must be the same


def normal(text: pl.Expr) -> pl.Expr:
    """A text in lower case with single spaces."""
    return text.str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()


def first_copies(turns: pl.DataFrame, marks: pl.DataFrame) -> Ints:
    """For each row the position of the first one with the same roles, texts and marks; mostly its own position.

    `turns` has a line per message: `position`, `turn`, `role`, `content` and `hash`, that of its words; `marks` has a
    line per row: `position` and the columns of `MARKS`.
    """
    suspects = repeated(sums(turns, len(marks)))
    whole = whole_texts(turns, suspects, normal(pl.col("content"))).join(marks, "position", how="left")
    whole = whole.sort("position").with_columns(normal(pl.col("label", "rejected")))
    same = whole.select("position", other=pl.col("position").first().over("text", *MARKS))
    first = np.arange(len(marks))
    first[same["position"].to_numpy()] = same["other"].to_numpy()
    return first


def whole_texts(turns: pl.DataFrame, positions: pl.Series, content: pl.Expr) -> pl.DataFrame:
    """The rows at these positions with their `text`: roles and contents of all messages, told apart."""
    lines = turns.filter(pl.col("position").is_in(positions.implode()))
    line = pl.format("{}\u001f{}", "role", content)
    return lines.group_by("position", maintain_order=True).agg(text=line.str.join("\u001e"))


def sums(turns: pl.DataFrame, count: int) -> Hashes:
    """For each of `count` rows a hash of its lines, of their `turn`, `role` and `hash`."""
    keys = turns.select(pl.col("hash") + pl.struct("turn", "role").hash()).to_series().to_numpy()
    total = np.concatenate([np.zeros(1, np.uint64), np.cumsum(mixed(keys.copy()))])
    lengths = np.bincount(turns["position"].to_numpy(), minlength=count)
    return np.diff(total[offsets_of(lengths)])


def repeated(hashes: Hashes) -> pl.Series:
    """The positions of hashes that are there more than once."""
    lines = pl.DataFrame({"hash": hashes}).with_row_index("position")
    return lines.filter(pl.col("hash").is_duplicated())["position"]
