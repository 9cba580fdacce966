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

Pairs = Sequence[tuple[str, str]]


def split_apart(dataset: Dataset, settings: SplitSettings, pairs: Pairs = (), threshold: float = leak.DEFAULT) -> Split:
    """Divide the rows as `split` does, with rows on one side of which one holds most of the prompt of the other.

    `threshold` is the share of the prompt's words from which that counts, as in the check “leak”. Raises like `split`.
    """
    ties = list(pairs)
    done = split(dataset, settings, ties)
    for _ in range(ROUNDS):
        crossing = _crossing(done.dataset, threshold)
        if not crossing or not done.held_out:
            return (
                replace(done, check=f"{done.check} No row to train on holds a held-out prompt.") if done.check else done
            )
        ties += crossing
        done = split(dataset, settings, ties)
    left = len(_crossing(done.dataset, threshold))
    if not left:
        return done
    rows = f"{counted(left, 'row')} to train on still {'holds' if left == 1 else 'hold'} a held-out prompt"
    return replace(done, check=f"{done.check} {rows}: see “leak” on the board of the new version.")


def _crossing(dataset: Dataset, threshold: float) -> list[tuple[str, str]]:
    """Ids of rows to train on with the held-out row whose prompt they hold."""
    rows = Rows(dataset)
    found = leak.CHECK.find(rows).filter(pl.col("score") >= threshold, pl.col("other").is_not_null())
    ids = rows.frame["id"]
    return list(zip(ids.gather(found["position"]), ids.gather(found["other"]), strict=True))
