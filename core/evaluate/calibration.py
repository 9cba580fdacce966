"""Whether a model is as sure as it is right: calibration from probabilities and outcomes alone.

ECE is the expected calibration error of Guo et al. 2017 ("On Calibration of Modern Neural Networks", arXiv 1706.04599,
equation 3): rows are put into 10 bins of equal width by how sure the model is of its answer, and the distances between
mean confidence and accuracy of the bins are averaged, weighted by their rows. The Brier score is the mean over rows of
the squared distance between the probabilities and the right answer (Brier 1950): 0 at best, 2 at worst.
"""

from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from core.evaluate.bootstrap import interval

BINS = 10


class Bin(BaseModel):
    """Rows of which a model is about equally sure (`low` to `high`): how sure on average, and how often right."""

    model_config = ConfigDict(frozen=True)
    low: float
    high: float
    rows: int
    confidence: float
    accuracy: float


class Calibration(BaseModel):
    """How sure a model is of its answers, and how often they are right; shares from 0 to 1.

    `gap` is mean confidence minus accuracy, above 0 where a model is surer than right. `ece` and `gap` have 95 %
    intervals; that of the ECE is the basic bootstrap, since on few rows chance alone makes an ECE too large. `bins` are
    those that have rows. `sure_when_wrong` is the mean confidence in wrong answers, None where there are none.
    """

    model_config = ConfigDict(frozen=True)
    accuracy: float
    confidence: float
    gap: float
    gap_low: float
    gap_high: float
    sure_when_wrong: float | None
    ece: float
    ece_low: float
    ece_high: float
    brier: float
    bins: list[Bin]


def judged(probabilities: Sequence[np.ndarray], right: Sequence[int]) -> np.ndarray:
    """Confidence, rightness (0 or 1) and Brier score of each row (3, rows).

    A row has a probability for each of its options; `right` is the place of the right one.
    """
    lines = []
    for shares, place in zip(probabilities, right, strict=True):
        truth = np.zeros(len(shares))
        truth[place] = 1
        lines.append([shares.max(), float(shares.argmax() == place), float(((shares - truth) ** 2).sum())])
    return np.array(lines).T


def calibration(rows: np.ndarray, seed: int = 42) -> Calibration:
    """The calibration of judged rows (3, rows).

    Raises:
        ValueError: there are fewer than 2 rows.
    """
    sure, right, brier = rows
    (gap_low, gap_high), (ece_low, ece_high) = interval(rows, gap, seed=seed), interval(rows, ece, "basic", seed=seed)
    wrong = sure[right == 0]
    return Calibration(
        accuracy=right.mean(),
        confidence=sure.mean(),
        gap=float(gap(rows)),
        gap_low=gap_low,
        gap_high=gap_high,
        sure_when_wrong=float(wrong.mean()) if len(wrong) else None,
        ece=float(ece(rows)),
        ece_low=max(0.0, ece_low),
        ece_high=min(1.0, ece_high),
        brier=brier.mean(),
        bins=_bins(sure, right),
    )


def gap(rows: np.ndarray) -> np.ndarray:
    """Mean confidence minus accuracy of judged rows (3, …, rows)."""
    return np.asarray((rows[0] - rows[1]).mean(-1))


def ece(rows: np.ndarray) -> np.ndarray:
    """The expected calibration error of judged rows (3, …, rows)."""
    places, apart = _places(rows[0]), rows[1] - rows[0]
    return np.asarray(sum(abs(np.where(places == number, apart, 0).mean(-1)) for number in range(BINS)))


def brier_score(rows: np.ndarray) -> np.ndarray:
    """The Brier score of judged rows (3, …, rows)."""
    return np.asarray(rows[2].mean(-1))


def _places(sure: np.ndarray) -> np.ndarray:
    """The bin of each confidence, from 0; a bin has its upper bound and not its lower, as in Guo et al."""
    return np.asarray(np.clip(np.ceil(sure * BINS) - 1, 0, BINS - 1))


def _bins(sure: np.ndarray, right: np.ndarray) -> list[Bin]:
    places = _places(sure)
    found = [(number, sure[places == number], right[places == number]) for number in range(BINS)]
    return [
        Bin(low=number / BINS, high=(number + 1) / BINS, rows=len(mine), confidence=mine.mean(), accuracy=hits.mean())
        for number, mine, hits in found
        if len(mine)
    ]
