"""Can one tell from a model's losses which rows it was trained on?

By how much the loss of a row went down in tuning (the loss against a reference model: Carlini et al. 2021, arXiv
2012.07805; Mireshghallah et al. 2022, arXiv 2203.03929), held against rows it was not trained on. Where base tells both
sets apart already, they differ by themselves, and nothing is said (Duan et al. 2024, arXiv 2402.07841).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict

from core.evaluate.result import Light, Section

if TYPE_CHECKING:
    from core.evaluate.leaks.looked import Looked

FEWEST = 10  # rows of each set
TELLING = 0.7  # "acceptable discrimination" (Hosmer, Lemeshow and Sturdivant 2013, section 5.2.4)
UNLIKE = 0.6  # base tells the sets apart from there
MOST_NAMED = 10
TOO_FEW = "Fewer than {} training rows or held-out rows could be read, too few to compare how likely they became."
DIFFER = (
    "The held-out rows are of another kind than the training rows, so that one became likelier than the other says "
    "nothing of memory."
)
RESAMPLINGS = 2_000
FAR = 3.5  # modified z-score from which a value is an outlier (Iglewicz and Hoaglin 1993)
MAD_OF_A_DEVIATION = 0.6745  # median absolute deviation of a normal distribution whose standard deviation is 1


class UnusualRow(BaseModel):
    """A training row whose loss went down unusually far: its number, and its modified z-score among held-out rows."""

    model_config = ConfigDict(frozen=True)
    row: int
    score: float


class Membership(Section):
    """How well training rows can be told from held-out ones by their losses (`told_apart`, 0.5 is chance), with the
    95 % interval; `base` is the same by the base model's loss alone.

    `train_gain` and `held_out_gain` are the medians of how far a row's loss went down, nats per token.
    """

    told: float
    low: float
    high: float
    base: float
    train_gain: float
    held_out_gain: float
    train_rows: int
    held_out_rows: int
    unusual: list[UnusualRow]


def judge_membership(train: "Sequence[Looked]", held_out: "Sequence[Looked]") -> Membership:
    """Amber where the whole interval is above `TELLING`, for it says who was in the training rows and not what; grey
    where there are fewer than `FEWEST` rows of a set or both differ by themselves.
    """
    gains, others = ([row.learned for row in rows] for rows in (train, held_out))
    enough = min(len(gains), len(others)) >= FEWEST
    told, low, high = told_apart(gains, others) if enough else (0.5, 0.0, 1.0)
    base, alike = _by_base(train, held_out) if enough else (0.5, False)
    known = enough and alike and not _of_other_kinds(train, held_out)
    far = far_above(gains, others) if known else []
    light: Light = "grey" if not known else "amber" if low > TELLING else "green"
    said = _said(told, low, high) if known else TOO_FEW.format(FEWEST) if not enough else DIFFER
    return Membership(
        light=light,
        said=said,
        told=told,
        low=low,
        high=high,
        base=base,
        train_gain=float(np.median(gains)) if gains else 0.0,
        held_out_gain=float(np.median(others)) if others else 0.0,
        train_rows=len(gains),
        held_out_rows=len(others),
        unusual=[UnusualRow(row=train[place].example.row, score=score) for place, score in far[:MOST_NAMED]],
    )


def told_apart(inside: Sequence[float], outside: Sequence[float], seed: int = 0) -> tuple[float, float, float]:
    """How surely a value of `inside` is above one of `outside`, with its 95 % interval (percentile bootstrap).

    It is the area under the ROC curve: the share of pairs in which it is higher, ties counting half; 0.5 is chance.

    Raises:
        ValueError: one of both is empty.
    """
    if not inside or not outside:
        raise ValueError("two sets of values are needed")
    above = np.sign(np.asarray(inside)[:, None] - np.asarray(outside)[None, :]) / 2 + 0.5
    drawn = np.random.default_rng(seed)
    rows, columns = (drawn.multinomial(size, [1 / size] * size, RESAMPLINGS) / size for size in above.shape)
    low, high = np.quantile(((rows @ above) * columns).sum(1), [0.025, 0.975])
    return float(above.mean()), float(low), float(high)


def far_above(inside: Sequence[float], outside: Sequence[float], far: float = FAR) -> list[tuple[int, float]]:
    """Places of values of `inside` that are outliers among `outside` and above all of it, the farthest first.

    Each comes with its modified z-score, 0.6745 (value - median) / MAD, by median and MAD of `outside`. Fewer than
    `FEWEST` values outside say nothing of their spread: then there is none.
    """
    if len(outside) < FEWEST:
        return []
    middle = float(np.median(outside))
    spread = float(np.median(np.abs(np.asarray(outside) - middle))) or 1e-9
    scores = [MAD_OF_A_DEVIATION * (value - middle) / spread for value in inside]
    found = [(place, score) for place, score in enumerate(scores) if score > far and inside[place] > max(outside)]
    return sorted(found, key=lambda one: -one[1])


def _by_base(train: "Sequence[Looked]", held_out: "Sequence[Looked]") -> tuple[float, bool]:
    """How well the base model's loss tells the sets apart, and whether that may be chance."""
    losses, others = ([-float(row.base.losses.mean()) for row in rows] for rows in (train, held_out))
    told, low, high = told_apart(losses, others)
    return told, low <= UNLIKE and high >= 1 - UNLIKE


def _of_other_kinds(train: "Sequence[Looked]", held_out: "Sequence[Looked]") -> bool:
    """Whether whole labels or categories were held out: that the model knows less of them says nothing of its rows."""
    for name in ("label", "category"):
        kinds, others = ({getattr(row.example, name) for row in rows} for rows in (train, held_out))
        if None not in kinds | others and not kinds & others:
            return True
    return False


def _said(told: float, low: float, high: float) -> str:
    said = (
        f"Of a training row and a held-out row, the losses tell which is which in {told:.0%} of pairs "
        f"({low:.0%} to {high:.0%}; 50% is chance)"
    )
    knows = ": somebody who holds the model and a row can tell whether it was trained on"
    return f"{said}{knows if low > TELLING else ''}."
