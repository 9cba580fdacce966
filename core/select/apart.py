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
    could be held out in this way, it is the best split until then, and `check` says how many rows still hold a
    held-out prompt.
    Raises like `split`.
    """
    ties = list(pairs)
    done = split(dataset, settings, ties)
    enough = LEAST * done.held_out
    crossing = left = _crossing(done.dataset, threshold)
    for _ in range(ROUNDS):
        if not left:
            break
        ties += left
        again = split(dataset, settings, ties)
        if again.held_out < enough:
            break
        left = _crossing(again.dataset, threshold)
        if len(left) < len(crossing):
            done, crossing = again, left
    return replace(done, check=" ".join(filter(None, [done.check, _sentence(crossing)]))) if done.held_out else done


def _sentence(crossing: Pairs) -> str:
    """What is left of rows that hold a held-out prompt."""
    left = len({row for row, _ in crossing})
    if not left:
        return "No row to train on holds a held-out prompt."
    holds = f"{counted(left, 'row')} to train on {'holds' if left == 1 else 'hold'} most of a held-out prompt"
    why = "the prompts are too much alike to divide them: see “leak” on the board of the new version."
    return f"But {holds}, since {why}"


def _crossing(dataset: Dataset, threshold: float) -> list[tuple[str, str]]:
    """Ids of rows to train on with the held-out row whose prompt they hold."""
    rows = Rows(dataset)
    found = leak.CHECK.find(rows).filter(pl.col("score") >= threshold, pl.col("other").is_not_null())
    ids = rows.frame["id"]
    return list(zip(ids.gather(found["position"]), ids.gather(found["other"]), strict=True))
