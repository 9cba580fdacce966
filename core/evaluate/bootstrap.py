"""How sure a difference is between two sides that did the same rows: an interval, and a plain word.

The interval is a BCa bootstrap over rows (Efron 1987, "Better Bootstrap Confidence Intervals"), which takes the skew of
scores into account that the percentile bootstrap ignores. The word is said only where that interval leaves out zero and
a swap test agrees: the sides are exchanged in rows by chance, and at most 5 % of such exchanges may differ as much
(paired permutation test: Noreen 1989, "Computer-Intensive Methods"; of right and wrong it is McNemar's exact test).
Both are scipy's.

So, where two sides are alike, a word comes in at most 5 % of cases, half of them each way, for any measure and any
number of rows: the swap test sees to that, which the bootstrap alone does not on few rows. With fewer than 6 rows no
word can be said: all of them going one way by chance happens in 2 of 32 cases. Whoever compares many things asks to be
surer.
"""

import warnings
from collections.abc import Callable
from math import ceil, log2
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

Word = Literal["better", "worse", "no difference shown"]
Statistic = Callable[[np.ndarray], np.ndarray]  # of values (…, rows): one number for all rows, the last axis is gone
SURE = 0.95
RESAMPLES = 9_999
AT_ONCE = 2_000_000  # values in memory together


class Change(BaseModel):
    """How a side differs from another: its figure minus the other's over the same `rows`.

    `low` to `high` is the interval of `value` that is `sure`; `p` the share of swaps that differ as much. The word is
    "better" where the side is, which for a loss means a `value` below zero.
    """

    model_config = ConfigDict(frozen=True)
    value: float
    low: float
    high: float
    p: float
    sure: float
    rows: int
    word: Word


def mean(values: np.ndarray) -> np.ndarray:
    """The mean over rows."""
    return np.asarray(values.mean(-1))


def fewest_rows(sure: float = SURE) -> int:
    """On how many rows a side must do better, and on none worse, before a word can be said.

    The swap test finds that all of n rows go one way by chance in 2 of 2**n cases.
    """
    return ceil(log2(2 / (1 - sure)))


def difference(
    side: np.ndarray,
    other: np.ndarray,
    statistic: Statistic = mean,
    lower_is_better: bool = False,
    seed: int = 42,
    sure: float = SURE,
) -> Change:
    """How `side` differs from `other`; both have a value, or a column of values, for each row: (rows,) or (n, rows).

    Raises:
        ValueError: there are fewer than 2 rows, or the sides have not the same rows.
    """
    if side.shape != other.shape:
        raise ValueError(f"The sides have {side.shape} and {other.shape} values.")
    rows = side.shape[-1]
    both = np.concatenate([side, other], axis=-1)

    def gap(mine: np.ndarray, others: np.ndarray, axis: int = -1) -> np.ndarray:
        return statistic(both[..., mine.astype(int)]) - statistic(both[..., others.astype(int)])

    places = (np.arange(rows), np.arange(rows, 2 * rows))  # rows are drawn and swapped by place: a row stays whole
    value = float(gap(*places))
    low, high = _bootstrap(places, gap, "BCa", seed, sure)
    p = _swapped(places, gap, seed)
    shown = p <= 1 - sure and not low <= 0 <= high
    word: Word = "no difference shown" if not shown else "better" if (high < 0) == lower_is_better else "worse"
    return Change(value=value, low=low, high=high, p=p, sure=sure, rows=rows, word=word)


def interval(
    values: np.ndarray, statistic: Statistic = mean, method: str = "BCa", seed: int = 42, sure: float = SURE
) -> tuple[float, float]:
    """The interval of a figure over rows, of values (rows,) or (n, rows); `method` as scipy.stats.bootstrap's.

    Raises:
        ValueError: there are fewer than 2 rows.
    """

    def figure(rows: np.ndarray, axis: int = -1) -> np.ndarray:
        return statistic(values[..., rows.astype(int)])

    places = (np.arange(values.shape[-1]),)
    return _bootstrap(places, figure, method, seed, sure)


def _bootstrap(
    places: tuple[np.ndarray, ...], figure: Callable[..., np.ndarray], method: Any, seed: int, sure: float
) -> tuple[float, float]:
    from scipy import stats

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)
        found = stats.bootstrap(
            places, figure, method=method, paired=len(places) > 1, confidence_level=sure, **_how(places, seed)
        )
    low, high = found.confidence_interval
    if np.isnan(low) or np.isnan(high):  # every row differs alike, so that no draw does otherwise
        low, high = np.nanpercentile(found.bootstrap_distribution, [50 * (1 - sure), 50 * (1 + sure)])
    value = float(figure(*places))
    return min(float(low), value), max(float(high), value)


def _swapped(places: tuple[np.ndarray, ...], gap: Callable[..., np.ndarray], seed: int) -> float:
    from scipy import stats

    found = stats.permutation_test(places, gap, permutation_type="samples", **_how(places, seed))
    return float(found.pvalue)


def _how(places: tuple[np.ndarray, ...], seed: int) -> dict[str, Any]:
    batch = max(1, AT_ONCE // len(places[0]))
    return {"vectorized": True, "n_resamples": RESAMPLES, "batch": batch, "rng": seed}
