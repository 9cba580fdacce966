"""Decisions applied: which rows stay, which are mended, and a record of it by row."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from core.curate.check import KEEP, LEAVE_OUT, REPAIR
from core.curate.checks import CHECKS
from core.curate.journal import Decisions
from core.curate.scan import in_order, scan
from core.records import Dataset, Example, Message

BY_HAND = "by hand"  # the check of a decision about a row in which no check has found a problem
EDITED = "edited"
# What became of each problem; `action` is what befell its row: leave out, keep, repair or edited, and `by` what brought
# that about: the check, another check that has left the row out, or `BY_HAND`.
DECIDED = pl.Schema(
    {
        "row_id": pl.String(),
        "row": pl.Int64(),
        "check": pl.String(),
        "reason": pl.String(),
        "action": pl.String(),
        "by": pl.String(),
    }
)


@dataclass(frozen=True)
class Outcome:
    """The rows that stay, with edits, repairs and tags in them, and what was decided (`DECIDED`)."""

    dataset: Dataset
    decided: pl.DataFrame

    def rows(self, action: str) -> int:
        """How many rows an action befell."""
        return int(self.decided.filter(action=action)["row_id"].n_unique())

    def reasons(self) -> dict[str, int]:
        """How many rows each check has left out, or a person by hand; a row that two checks left out counts in both."""
        gone = self.decided.filter(action=LEAVE_OUT).unique(["row_id", "by"])
        return dict(gone.group_by("by").len().sort("len", "by", descending=[True, False]).iter_rows())


def decided(dataset: Dataset, problems: pl.DataFrame, state: Decisions) -> pl.DataFrame:
    """The problems (`PROBLEMS`, at the thresholds in force) with the `action` about each row, and decisions by hand.

    A decision about a row goes before one about a check. What one check leaves out is left out.
    """
    defaults = {check.name: check.action for check in CHECKS} | state.checks
    by_check = pl.col("check").replace_strict(defaults, default=KEEP, return_dtype=pl.String())
    acted = problems.with_columns(action=by_check, by="check")
    first_out = pl.col("by").filter(pl.col("action") == LEAVE_OUT).first().over("row_id")
    gone = first_out.is_not_null() & (pl.col("action") != LEAVE_OUT)
    acted = acted.with_columns(
        action=pl.when(gone).then(pl.lit(LEAVE_OUT)).otherwise("action"),
        by=pl.when(gone).then(first_out).otherwise("by"),
    )
    if state.rows:
        by_row = pl.col("row_id").replace_strict(state.rows, default=None, return_dtype=pl.String())
        by = pl.when(by_row.is_null()).then("by").otherwise(pl.lit(BY_HAND))
        acted = acted.with_columns(action=pl.coalesce(by_row, "action"), by=by)
    return pl.concat([acted.select(list(DECIDED)), _without_problem(dataset, acted, state)])


def checked_again(problems: pl.DataFrame, dataset: Dataset, state: Decisions) -> pl.DataFrame:
    """The problems with those of edited and added rows found anew, among themselves.

    Whether such a row is like one that was not touched shows once the version is saved.
    """
    touched = [*state.edited, *state.added]
    if not touched:
        return problems
    table = working(dataset, state).table
    here = pc.is_in(table["id"], value_set=pa.array(touched, pa.string()))
    others = problems.filter(~pl.col("row_id").is_in(touched), ~pl.col("other_id").is_in(touched).fill_null(False))
    return in_order(pl.concat([others, scan(Dataset(table.filter(here))).problems]))


def working(dataset: Dataset, state: Decisions) -> Dataset:
    """The dataset with the rows that were edited, tagged and added, before any is left out or repaired."""
    changed = {*state.edited, *state.tags, *state.untagged}
    table = _replaced(dataset.table, changed, lambda example: _written(example, state)) if changed else dataset.table
    added = _added(dataset, state)
    return Dataset(pa.concat_tables([table, Dataset.of(added).table]) if added else table)


def outcome(dataset: Dataset, problems: pl.DataFrame, state: Decisions) -> Outcome:
    """The dataset as the decisions leave it; without any, and without problems, the same rows with the same hash."""
    full = working(dataset, state)
    record = decided(full, problems, state)
    table = _without(full.table, record.filter(action=LEAVE_OUT)["row_id"].unique().to_list())
    repairs = record.filter(action=REPAIR).group_by("row_id").agg("check")
    checks = dict(zip(repairs["row_id"].to_list(), repairs["check"].to_list(), strict=True))
    if checks:
        table = _replaced(table, checks, lambda example: _repaired(example, checks[example.id]))
    return Outcome(Dataset(table), record)


def _without_problem(dataset: Dataset, acted: pl.DataFrame, state: Decisions) -> pl.DataFrame:
    """Decisions about rows in which no check has found anything."""
    by_hand = {**dict.fromkeys(state.edited, EDITED), **state.rows}
    known = set(acted["row_id"].to_list()) if by_hand else set()
    rows = {row_id: action for row_id, action in by_hand.items() if row_id not in known}
    if not rows:
        return DECIDED.to_frame()
    wanted = pl.DataFrame({"row_id": list(rows), "action": list(rows.values())})
    numbers = pl.DataFrame(pl.from_arrow(dataset.table.select(["id", "row"]))).rename({"id": "row_id"})
    joined = wanted.join(numbers, "row_id", how="left")
    named = joined.with_columns(check=pl.lit(BY_HAND), by=pl.lit(BY_HAND), reason=pl.lit(""))
    return named.select(list(DECIDED)).cast(DECIDED)


def _without(table: pa.Table, row_ids: list[str]) -> pa.Table:
    if not row_ids:
        return table
    return table.filter(pc.invert(pc.is_in(table["id"], value_set=pa.array(row_ids, pa.string()))))


def _replaced(table: pa.Table, row_ids: Collection[str], change: Callable[[Example], Example]) -> pa.Table:
    """The table with these rows changed, in their places."""
    here = pc.is_in(table["id"], value_set=pa.array(sorted(row_ids), pa.string())).combine_chunks()
    new = Dataset.of([change(example) for example in Dataset(table.filter(here))])
    places = pa.concat_arrays([pc.indices_nonzero(pc.invert(here)), pc.indices_nonzero(here)])
    both = pa.concat_tables([table.filter(pc.invert(here)), new.table])
    return both.take(pc.sort_indices(places))


def _written(example: Example, state: Decisions) -> Example:
    """The row with a person's text and tags."""
    if example.id in state.edited:
        example = replace(example, messages=_messages(state.edited[example.id]))
    tags = dict.fromkeys([*example.tags, *state.tags.get(example.id, [])])
    gone = state.untagged.get(example.id, [])
    return replace(example, tags=tuple(tag for tag in tags if tag not in gone))


def _repaired(example: Example, checks: Collection[str]) -> Example:
    for check in CHECKS:
        if check.repair and check.name in checks:
            example = example.with_texts(check.repair(content) for _, content in example.texts)
    return example


def _added(dataset: Dataset, state: Decisions) -> list[Example]:
    """The rows that were added, numbered on from the last row there is."""
    last = pc.max(dataset.table["row"]).as_py() or 0
    rows = [Example(row_id, last + n, _messages(turns)) for n, (row_id, turns) in enumerate(state.added.items(), 1)]
    return [_written(row, state) for row in rows]


def _messages(turns: list[dict[str, str]]) -> tuple[Message, ...]:
    return tuple(Message(turn["role"], turn["content"]) for turn in turns)
