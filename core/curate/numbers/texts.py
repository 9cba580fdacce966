"""What of a row is compared: the text that a person asks, and a seeded sample of the rows."""

import numpy as np
import numpy.typing as npt
import polars as pl
import xxhash

from core.curate.rows import Rows

HEAD_CHARACTERS = 2000  # what a prompt asks stands near its beginning; a pasted book would only cost time
SEED = 42


def asked(rows: Rows) -> pl.Series:
    """For each row, in order, the beginning of what the user says in it; of rows without a user, of all that they hold.

    System prompts are left aside: where all rows share one, they would all look alike.
    """
    said = rows.turns.filter(pl.col("role") == "user").group_by("position", maintain_order=True)
    texts = said.agg(asked=pl.col("content").str.join("\n"))
    joined = rows.frame.select("position", "prompt", "answer")
    joined = joined.join(texts, "position", how="left", maintain_order="left")
    whole = pl.concat_str("prompt", "answer", separator="\n").str.strip_chars()
    return joined.select(asked=pl.coalesce("asked", whole).str.head(HEAD_CHARACTERS)).to_series()


def drawn(rows: Rows, most: int, seed: int = SEED) -> npt.NDArray[np.int64]:
    """Positions of at most `most` rows in an order that looks random and depends on their ids and the seed only.

    A row that is drawn in one version is drawn in the next one too, so that numbers of samples can be compared.
    """
    numbers = np.fromiter((xxhash.xxh3_64_intdigest(name.encode(), seed) for name in rows.frame["id"]), np.uint64)
    return np.argsort(numbers, kind="stable")[:most]
