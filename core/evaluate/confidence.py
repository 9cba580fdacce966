"""Overconfidence: whether base and tuned are as sure of countable answers as they are right.

Tuning can teach a model to be sure when it is wrong (Kadavath et al. 2022, arXiv 2207.05221; OpenAI 2023, GPT-4
technical report, figure 8).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from core.evaluate.askable import askable
from core.evaluate.bootstrap import Change, difference
from core.evaluate.calibration import Calibration, brier_score, calibration, ece, judged
from core.evaluate.choices import FEWEST_ROWS, Choosing, countable, drawn, shares
from core.evaluate.result import Light, Section
from core.records import Example
from core.settings import EvaluateSettings
from core.words import counted

if TYPE_CHECKING:
    from core.evaluate.subject import SideName, Subject

UNSURE = 0.1  # an ECE that a well calibrated model seldom has by chance on 100 rows: 0.05 to 0.13 in simulations
EXPLAINED = (
    "A model is well calibrated where it is right in 8 of 10 answers of which it is 80% sure. ECE is how far it is "
    f"from that on average: 0 is best, and up to {UNSURE:.0%} can be chance on 100 rows. Red: the tuned model is surer "
    f"than right, its ECE is above {UNSURE:.0%}, and worse than the base model's. Amber: not shown to be worse than "
    "that. A well calibrated model is called red or amber by chance in at most 1 of 20 reports."
)
NOT_COUNTABLE = "The answers cannot be counted: there are too many different ones to ask how likely each is."
TOO_FEW = "{} with countable answers {} too few to tell how sure a model may be: hold out {} or more."


class Confidence(Section):
    """How sure base and tuned are; None where the answers cannot be counted or the rows are too few.

    `ece_change` and `brier_change` are tuned against base, less being better. `options` is how many answers a row was
    asked for, at most; `rows` how many rows were asked.
    """

    rows: int = 0
    options: int = 0
    base: Calibration | None = None
    tuned: Calibration | None = None
    ece_change: Change | None = None
    brier_change: Change | None = None
    explained: str = EXPLAINED


def measure_confidence(
    subject: "Subject", held_out: Sequence[Example], train: Sequence[Example], settings: EvaluateSettings
) -> Confidence:
    """Ask both sides how likely every option is as the answer, for as many rows as `choices.MOST_READ` allows.
    Rows that a side cannot read are left out.

    The probability of an option is that of its text with the token that ends the answer, against all options of the
    row. Costs a reading of each option with its prompt, for each row and side.

    Raises:
        LabError: the probabilities of a side are not numbers.
        Stopped: the end was asked for.
    """
    rows = countable(held_out, train)
    if len(rows) >= FEWEST_ROWS:
        readable = set(askable(subject, [row for row, _ in rows]))
        rows = drawn([each for each in rows if each[0] in readable], settings.seed)
    if not rows:
        return Confidence(light="grey", said=NOT_COUNTABLE)
    if len(rows) < FEWEST_ROWS:
        said = TOO_FEW.format(counted(len(rows), "row"), "is" if len(rows) == 1 else "are", FEWEST_ROWS)
        return Confidence(light="grey", said=said, rows=len(rows))
    base, tuned = (_judged(subject, side, rows) for side in ("base", "tuned"))
    return confidence_of(base, tuned, max(len(options) for _, options in rows), settings.seed)


def confidence_of(base: np.ndarray, tuned: np.ndarray, options: int, seed: int = 42) -> Confidence:
    """The section from judged rows of both sides, each (3, rows); needs no model."""
    sides = calibration(base, seed), calibration(tuned, seed)
    change = difference(tuned, base, ece, lower_is_better=True, seed=seed)
    return Confidence(
        light=_light(sides[1], change),
        said=_said(*sides, change),
        rows=base.shape[-1],
        options=options,
        base=sides[0],
        tuned=sides[1],
        ece_change=change,
        brier_change=difference(tuned, base, brier_score, lower_is_better=True, seed=seed),
    )


def _light(tuned: Calibration, change: Change) -> Light:
    if not _too_sure(tuned):
        return "green"
    return "red" if change.word == "worse" else "amber"


def _too_sure(tuned: Calibration) -> bool:
    return tuned.gap_low > 0 and tuned.ece > UNSURE


def _said(base: Calibration, tuned: Calibration, change: Change) -> str:
    lead = "Surer than it is right" if _too_sure(tuned) else "Not surer than it is right"
    if not _too_sure(tuned) and tuned.gap_low > 0:
        lead = "A little surer than it is right"
    wrong = "" if tuned.sure_when_wrong is None else f"; of wrong answers it is {tuned.sure_when_wrong:.0%} sure"
    if wrong and base.sure_when_wrong is not None:
        wrong += f", the base model {base.sure_when_wrong:.0%}"
    return (
        f"{lead}: {tuned.confidence:.0%} sure and {tuned.accuracy:.0%} right (base model {base.confidence:.0%} and "
        f"{base.accuracy:.0%}){wrong}; calibration against the base model: {change.word}."
    )


def _judged(subject: "Subject", side: "SideName", rows: Sequence[Choosing]) -> np.ndarray:
    return judged(shares(subject, side, rows), [options.index(row.answer) for row, options in rows])
