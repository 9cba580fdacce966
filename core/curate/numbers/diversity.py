"""How varied a set is: three numbers from the literature and a light, measured on a seeded sample."""

import zlib
from typing import Literal

import numpy as np
import polars as pl
from pydantic import BaseModel

from core.curate.numbers.texts import asked, drawn
from core.curate.numbers.vectors import vectors
from core.curate.rows import Rows

FEWEST_ROWS = 20
MOST_ROWS = 2000
MOST_CHARACTERS = 4_000_000
MOST_PAIRS = 20_000
# Above these a set reads like a filled-in form. Ratios measured: dolly 2.4, alpaca 2.6, gsm8k 2.8, bitext 5.6,
# toolformer 13; what lies between varied and templated (banking77, whose rows paraphrase 77 wishes: 4.1) is amber.
TEMPLATED_RATIO, TEMPLATED_COSINE = 5.0, 0.9
ALIKE_RATIO, ALIKE_COSINE = 4.0, 0.85

Light = Literal["green", "amber", "red", "grey"]
VERDICTS: dict[Light, str] = {
    "green": "varied",
    "amber": "many rows are alike",
    "red": "templated",
    "grey": "too few rows to tell",
}


class Diversity(BaseModel, frozen=True):
    """`zlib_ratio`: bytes of the texts over bytes once packed by zlib (Shaib et al. 2024, arXiv 2403.00553).

    `distinct_2`: different pairs of words among the first 20,000 pairs of the answers (Li et al. 2016, arXiv
    1510.03055), so that sets of more words can be compared. `nearest`: median over prompts of the cosine to the prompt
    most like it (TF-IDF and SVD). All on `rows` rows; None where there are too few, or no word.
    """

    rows: int
    zlib_ratio: float | None = None
    distinct_2: float | None = None
    nearest: float | None = None


def diversity(rows: Rows) -> Diversity:
    """How varied the rows are; of fewer than `FEWEST_ROWS` nothing can be said."""
    if len(rows) < FEWEST_ROWS:
        return Diversity(rows=len(rows))
    positions = drawn(rows, MOST_ROWS)
    sample = rows.frame[positions]
    nearest = vectors(asked(rows)[positions].to_list()).nearest()
    return Diversity(
        rows=len(positions),
        zlib_ratio=_zlib_ratio(sample),
        distinct_2=_distinct_2(sample["answer"]),
        nearest=round(float(np.median(nearest)), 3),
    )


def light(measured: Diversity) -> Light:
    """Red from a ratio above 5 or a cosine of at least 0.9, amber from 4 or 0.85, grey where nothing was measured."""
    if measured.zlib_ratio is None or measured.nearest is None:
        return "grey"
    if measured.zlib_ratio > TEMPLATED_RATIO or measured.nearest >= TEMPLATED_COSINE:
        return "red"
    return "amber" if measured.zlib_ratio > ALIKE_RATIO or measured.nearest >= ALIKE_COSINE else "green"


def _zlib_ratio(sample: pl.DataFrame) -> float | None:
    """Answers that are the name of a class stand there once: that they come again is not for lack of variety."""
    answers = sample["answer"] if sample["label"].null_count() else sample["answer"].unique(maintain_order=True)
    texts = [*sample["prompt"], *answers]
    data = "\n".join(texts)[:MOST_CHARACTERS].encode("utf-8", "surrogatepass")
    return round(len(data) / len(zlib.compress(data)), 2) if data.strip() else None


def _distinct_2(answers: pl.Series) -> float | None:
    words = pl.DataFrame({"row": range(len(answers)), "word": answers.str.to_lowercase().str.extract_all(r"\w+")})
    pairs = words.explode("word").with_columns(after=pl.col("word").shift(-1).over("row")).drop_nulls()
    first = pairs.head(MOST_PAIRS)
    return round(first.select("word", "after").n_unique() / len(first), 3) if len(first) else None
