"""Rows that lie far from each other: greedy k-center (farthest-first) over vectors of their prompts.

Vectors are TF-IDF weights of hashed words, brought to 64 dimensions by a truncated SVD (latent semantic analysis).
Greedy k-center is within twice the best possible radius (Gonzalez 1985); DEITA (arXiv 2312.15685) and others choose
instruction data for diversity in this manner. It likes what is unusual, and so it likes odd rows too.

Imports scikit-learn when it is used.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

DIMENSIONS = 64
HASHED_WORDS = 2**17
# Scripts that put no space between words are taken a character at a time.
WORD = r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]|[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+"

Vectors = npt.NDArray[np.float32]


def text_vectors(texts: Sequence[str], seed: int) -> Vectors:
    """A vector of length 1 (or 0 where there is no word) for each text, of at most `DIMENSIONS` dimensions.

    The order of the texts matters a little, by rounding: give them in one that does not depend on the file.
    """
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
    from sklearn.utils.extmath import randomized_svd

    words = HashingVectorizer(
        n_features=HASHED_WORDS, alternate_sign=False, norm=None, dtype=np.float32, token_pattern=WORD
    )
    weights = TfidfTransformer(sublinear_tf=True).fit_transform(words.transform(texts))
    with _one_thread():
        left, sizes, _ = randomized_svd(weights, min(DIMENSIONS, len(texts)), n_iter=4, random_state=seed)
    vectors = left * sizes
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.divide(vectors, lengths, where=lengths > 1e-6, out=np.zeros_like(vectors)), np.float32)


def farthest_first(vectors: Vectors, count: int) -> list[int]:
    """Positions of `count` vectors: the first, then always the one that is farthest from all chosen (by cosine)."""
    chosen: list[int] = []
    nearest = np.full(len(vectors), -2, np.float32)  # below any cosine
    at = 0
    with _one_thread():
        while len(chosen) < min(count, len(vectors)):
            chosen.append(at)
            np.maximum(nearest, vectors @ vectors[at], out=nearest)
            nearest[at] = np.inf
            at = int(nearest.argmin())
    return chosen


def _one_thread() -> Any:
    """Sums of the same order on every machine, so that the same seed gives the same rows."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    return threadpool_limits(1, "blas")
