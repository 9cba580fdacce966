"""Answers that can be counted: the options of a row, and how likely a side finds each of them."""

import random
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from core.errors import LabError
from core.records import Example

if TYPE_CHECKING:
    from core.evaluate.subject import Likelihood, SideName, Subject

MOST_OPTIONS = 20  # different answers that are countable where no row has a label
MOST_LABELS = 100  # the same where all rows have labels
ROWS_AN_OPTION = 2  # answers that come again less often are texts
MOST_READ = 1_000  # options of all rows together, for each side: about half a minute with the starter on two cores
FEWEST_ROWS = 20  # below that a share says little; so many are asked even of 100 labels
CHOICE = re.compile(r"^[A-Z]\. .+$", re.MULTILINE)
NO_NUMBERS = (
    "It cannot be told how likely an answer is: the probabilities of the {} model are not numbers, so its weights are "
    "broken. Train it again with a lower learning rate."
)
Choosing = tuple[Example, list[str]]  # a row with its options, the right answer among them


def countable(held_out: Sequence[Example], train: Sequence[Example]) -> list[Choosing]:
    """Held-out rows with their options, the right answer among them; [] where they cannot be counted.

    The options are the choices that a prompt lists; or else all answers there are, where every row has a label or
    there are at most `MOST_OPTIONS` that come again; `MOST_LABELS` at most.
    """
    asked = [row for row in held_out if row.prompt and row.answer.strip() and row.good is not False]
    choices = [CHOICE.findall(row.prompt[-1].content) for row in asked]
    if asked and all(row.answer in listed for row, listed in zip(asked, choices, strict=True)):
        return list(zip(asked, choices, strict=True))
    known = [*asked, *(row for row in train if row.prompt and row.answer.strip() and row.good is not False)]
    options = sorted({row.answer for row in known})
    labelled = all(row.label is not None for row in known)
    again = len(known) >= ROWS_AN_OPTION * len(options)
    few = 2 <= len(options) <= (MOST_LABELS if labelled else MOST_OPTIONS)
    return [(row, options) for row in asked] if few and again else []


def drawn(rows: Sequence[Choosing], seed: int) -> list[Choosing]:
    """As many rows as `MOST_READ` allows."""
    most = max(FEWEST_ROWS, MOST_READ // max((len(options) for _, options in rows), default=1))
    return list(rows) if len(rows) <= most else random.Random(seed).sample(rows, most)


def shares(subject: "Subject", side: "SideName", rows: Sequence[Choosing]) -> list[np.ndarray]:
    """The probability of each option of each row, against the others; what was asked before is not asked again.

    Costs a reading of each option with its prompt.

    Raises:
        LabError: the probabilities are not numbers.
        Stopped: the end was asked for.
    """
    known: dict[tuple[str, Example, tuple[str, ...]], np.ndarray] = subject.__dict__.setdefault("_shares", {})
    keys = [(side, row, tuple(options)) for row, options in rows]
    missing = {key: (row.prompt, options) for key, (row, options) in zip(keys, rows, strict=True) if key not in known}
    found = subject.likelihoods(side, list(missing.values()), f"What the {side} model would choose")
    for key, each in zip(missing, found, strict=True):
        known[key] = probabilities(each)
    if not all(np.isfinite(known[key]).all() for key in keys):
        raise LabError(NO_NUMBERS.format(side))
    return [known[key] for key in keys]


def probabilities(options: Sequence["Likelihood"]) -> np.ndarray:
    """The probability of each option against the others (options,); nan where a likelihood is not a number."""
    totals = np.array([option.total for option in options])
    if not np.isfinite(totals).all():
        return np.full(len(totals), np.nan)
    likely = np.exp(totals - totals.max())
    return np.asarray(likely / likely.sum())
