"""The split into train, held-out and, if wanted, a few-shot pool: what belongs together stays on one side.

Rows are shuffled by a seeded hash of their ids, so that the split does not depend on their order in the file. On wish
whole categories or labels are held out, to measure the tuned model on kinds that it has never seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from core.errors import SettingProblem
from core.records import HELD_OUT, TRAIN, Dataset
from core.select.crossing import crossing_sentence, find_crossing
from core.select.groups import Groups, grouped, links
from core.select.kinds import choose_kinds
from core.settings import SplitSettings
from core.words import counted

FEW_SHOT = "few-shot"  # neither trained on nor measured: examples to be shown in a prompt
TOGETHER = "rows that belong together (the same prompt or conversation, near-duplicates) stay on one side"

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Split:
    """The dataset with its split column, and how many rows are on each side.

    `note` says where the wish could not be met, and is empty otherwise; `check` says whether anything crosses.
    """

    dataset: Dataset
    train: int
    held_out: int
    note: str = ""
    few_shot: int = 0
    check: str = ""


def split(dataset: Dataset, settings: SplitSettings, pairs: Sequence[tuple[str, str]] = ()) -> Split:
    """Divide the rows; the same seed and data give the same split. `pairs` are ids of near-duplicate rows.

    Raises:
        SettingProblem: none would be left to train on, there are fewer than 2 rows to divide, or whole categories or
            labels are wanted that are not there.
    """
    if settings.names and settings.by == "rows":
        raise SettingProblem(
            "“Which ones” names categories or labels, but single rows are held out. Set “Hold out” to category or "
            "label, or empty “Which ones”."
        )
    tied = links(dataset, pairs)
    groups = grouped(dataset, tied, _strata(dataset))
    held, note = _hold_rows(groups, settings) if settings.by == "rows" else _hold_kinds(dataset, groups, settings)
    shown, more = _set_aside(groups, ~held, settings)
    sides = np.where(held, HELD_OUT, np.where(shown, FEW_SHOT, TRAIN))[groups.of_row]
    column = dataset.table.schema.get_field_index("split")
    done = Dataset(dataset.table.set_column(column, "split", pa.array(sides, pa.string())))
    return Split(
        dataset=done,
        train=int((sides == TRAIN).sum()),
        held_out=int((sides == HELD_OUT).sum()),
        note=" ".join(filter(None, (note, more))),
        few_shot=int((sides == FEW_SHOT).sum()),
        check=crossing_sentence(list(find_crossing(done, tied)), groups),
    )


def _strata(dataset: Dataset) -> pl.Series:
    """What each side should hold in the same shares: the label, or the category where there is no label."""
    rows = pl.DataFrame(pl.from_arrow(dataset.table.select(["label", "category"])))
    return rows.select(pl.coalesce("label", "category")).to_series()


def _wanted(rows: int, held_out: float) -> int:
    """How many rows to hold out; a share above 0 asks for at least one."""
    if held_out == 0:
        return 0
    if rows < 2:
        raise SettingProblem(
            f"A split needs at least 2 rows, and there {'is 1' if rows else 'are none'}. "
            "Set “Held-out rows” to 0 to train on every row, or add rows."
        )
    wanted = int(held_out) if held_out >= 1 else max(1, round(held_out * rows))
    if wanted >= rows:
        given = f"{held_out:g} of {rows:,} rows"
        raise SettingProblem(f"Held-out rows is {given}, which leaves none to train on; set it below {rows:,}.")
    return wanted


def _hold_rows(groups: Groups, settings: SplitSettings) -> tuple[Flags, str]:
    """Groups to hold out, one at least if that leaves any to train on; and a sentence if the share is not met."""
    wanted = _wanted(int(groups.size.sum()), settings.held_out)
    held = groups.take(np.ones(len(groups.size), np.bool_), wanted, settings.seed)
    if wanted and not held.any() and len(held) > 1:
        order = groups.shuffled(settings.seed)
        held[order[np.argmin(groups.size[order])]] = True
    return held, _note(groups, held, wanted)


def _note(groups: Groups, held: Flags, wanted: int) -> str:
    got = int(groups.size[held].sum())
    if got == wanted:
        return ""
    head = f"{got:,} instead of {counted(wanted, 'row')} held out: {TOGETHER}, and"
    if len(groups.size) == 1:
        return f"{head} all {groups.size[0]:,} rows are one such group, so there is nothing to divide."
    if got > wanted:
        return f"{head} the smallest such group has {groups.size.min():,} rows."
    return f"{head} no group fits into what is left; the largest has {groups.size.max():,} rows."


def _hold_kinds(dataset: Dataset, groups: Groups, settings: SplitSettings) -> tuple[Flags, str]:
    """The groups that hold rows of whole categories or labels, and a sentence that names them."""
    wanted = 0 if settings.names else _wanted(len(dataset), settings.held_out)
    kinds = choose_kinds(dataset, settings, wanted)
    held = np.zeros(len(groups.size), np.bool_)
    held[groups.of_row[kinds.rows]] = True
    if held.all():
        raise SettingProblem(
            f"Every row would be held out, which leaves none to train on: rows of each {settings.by} that is left "
            "belong to rows that are held out, or none is left. Hold out fewer, or split by rows."
        )
    return held, kinds.sentence(int(groups.size[held].sum()))


def _set_aside(groups: Groups, available: Flags, settings: SplitSettings) -> tuple[Flags, str]:
    """Groups for the few-shot pool, from those that are not held out; and a sentence if the count is not met."""
    wanted, left = settings.few_shot, int(groups.size[available].sum())
    if wanted and wanted >= left:
        raise SettingProblem(
            f"Few-shot rows is {wanted:,}, and only {counted(left, 'row')} would be left to train on without them; "
            f"set it below {left:,}."
        )
    shown = groups.take(available, wanted, settings.seed)
    got = int(groups.size[shown].sum())
    if got == wanted:
        return shown, ""
    return shown, f"{got:,} instead of {counted(wanted, 'row')} set aside for few-shot prompts: {TOGETHER}."
