"""Texts as vectors: TF-IDF of their words, reduced by a singular value decomposition (LSA)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.curate.numbers.texts import SEED

# Scripts that write no spaces between words (Thai to Khmer, kana, Han): each character counts as a word.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
LETTERS = rf"[^\W{UNSPACED}]+"
WORD = rf"[{UNSPACED}]|{LETTERS}(?:['’]{LETTERS})?"
MOST_WORDS = 20_000
DIMENSIONS = 100  # what scikit-learn's documentation of TruncatedSVD recommends for LSA

Points = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Vectors:
    """`points` are rows of length 1 (0 for a text without a word), so that their products are cosines.

    `weights` is the sparse TF-IDF matrix, texts by `words`.
    """

    points: Points
    weights: Any
    words: Sequence[str]

    def nearest(self) -> npt.NDArray[np.float32]:
        """For each text the cosine to the text most like it, from 0 to 1."""
        cosines = self.points @ self.points.T
        np.fill_diagonal(cosines, 0)
        return np.asarray(cosines.max(axis=1, initial=0).clip(0, 1), np.float32)


def vectors(texts: Sequence[str]) -> Vectors:
    """The vectors of at least two texts, the same on every run; 2,000 prompts take 0.1 to 0.6 s."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    vectorizer = TfidfVectorizer(token_pattern=WORD, sublinear_tf=True, max_features=MOST_WORDS, dtype=np.float32)
    try:
        weights = vectorizer.fit_transform(texts)
    except ValueError:  # scikit-learn's way to say that there is no word in any text
        return Vectors(np.zeros((len(texts), 1), np.float32), None, [])
    if weights.shape[1] <= DIMENSIONS:
        reduced = weights.toarray()
    else:
        with one_thread():
            search = TruncatedSVD(min(DIMENSIONS, len(texts) - 1), random_state=SEED)
            reduced = search.fit_transform(weights)
    return Vectors(normalize(reduced).astype(np.float32), weights, vectorizer.get_feature_names_out())


@contextmanager
def one_thread() -> Iterator[None]:
    """Sums in one order: with several threads the last bits of a product differ from run to run."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(1):
        yield
