"""A split after which no row to train on holds a held-out prompt: rows that would are tied, and it is drawn again."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from core.curate import Rows
from core.curate.checks import leak
from core.records import Dataset
from core.select.split import Split, split
from core.settings import SplitSettings
from core.words import counted

ROUNDS = 5  # each ties the rows that the one before has left crossing; more than three were never needed

LEAST = 0.5  # of the rows that can be held out without such ties: fewer would measure too little

Pairs = Sequence[tuple[str, str]]


def split_apart(dataset: Dataset, settings: SplitSettings, pairs: Pairs = (), threshold: float = leak.DEFAULT) -> Split:
    """Divide the rows as `split` does, with rows on one side of which one holds most of the prompt of the other.

    `threshold` is the share of the prompt's words from which that counts, as in the check “leak”. Where too few rows
    could be held out in this way, it is the plain split, and `check` says how many rows still hold a held-out prompt.
    Raises like `split`.
    """
    ties = list(pairs)
    plain = done = split(dataset, settings, ties)
    for _ in range(ROUNDS):
        crossing = _crossing(done.dataset, threshold)
        if not crossing:
            return replace(
                done, check=" ".join(filter(None, [done.check, "No row to train on holds a held-out prompt."]))
            )
        ties += crossing
        done = split(dataset, settings, ties)
        if done.held_out < LEAST * plain.held_out:
            break
    left = len({row for row, _ in _crossing(plain.dataset, threshold)})
    holds = f"{counted(left, 'row')} to train on {'holds' if left == 1 else 'hold'} most of a held-out prompt"
    why = "the prompts are too much alike to divide them: see “leak” on the board of the new version."
    return replace(plain, check=" ".join(filter(None, [plain.check, f"But {holds}, since {why}"])))


def _crossing(dataset: Dataset, threshold: float) -> list[tuple[str, str]]:
    """Ids of rows to train on with the held-out row whose prompt they hold."""
    rows = Rows(dataset)
    found = leak.CHECK.find(rows).filter(pl.col("score") >= threshold, pl.col("other").is_not_null())
    ids = rows.frame["id"]
    return list(zip(ids.gather(found["position"]), ids.gather(found["other"]), strict=True))
