"""Save: the decisions of the board applied, the rows divided, a new version written."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from core.actions.curate.board import JOURNAL, check_named, decide, set_threshold, state_of
from core.actions.curate.scan import problems_of, scanned
from core.curate import CHECKS, LEAVE_OUT, REPAIR, Decisions, Outcome, Step, outcome
from core.errors import SettingProblem
from core.select import split_apart
from core.settings import SplitSettings
from core.words import counted
from core.workspace import Workspace

SAVED = {"checks", "left_out", "train", "held_out", "note"}  # what a version of stage "curate" has in its manifest


def save(workspace: Workspace, version_id: str, settings: dict[str, Any] | None = None) -> tuple[str, str]:
    """Apply the decisions, split the rows that stay, and save them as a new version: its id and a sentence.

    `settings` are those of `SplitSettings`. The manifest holds the decisions about checks and how many rows each took,
    the table "decided" every decision by row; what was kept by hand stays kept on the new version's board.

    Raises:
        NotFound: there is no such version.
        SettingProblem: nothing would be left, or the split fails.
    """
    wanted = SplitSettings.parse(_with_names(settings or {}))
    state = state_of(workspace, version_id)
    done = outcome_of(workspace, version_id)
    if not len(done.dataset):
        raise SettingProblem(
            "Every row would be left out. Keep a check's rows on the board, or some rows by hand. A file without "
            "answers can be added as a benchmark file instead."
        )
    sides = split_apart(done.dataset, wanted, _near_pairs(workspace, version_id, state), _threshold("leak", state))
    version = workspace.versions.save(
        workspace.versions.get(version_id).name,
        sides.dataset,
        "curate",
        parent=version_id,
        settings={
            "checks": {check.name: state.checks.get(check.name, check.action) for check in CHECKS},
            "thresholds": state.thresholds,
            "rows": len(state.rows) + len(state.edited) + len(state.added) + len(state.tags),
            "split": wanted.model_dump(),
        },
        result={
            "train": sides.train,
            "held_out": sides.held_out,
            "few_shot": sides.few_shot,
            "note": sides.note,
            "check": sides.check,
            "left_out": done.rows(LEAVE_OUT),
            "repaired": done.rows(REPAIR),
            "edited": len(state.edited),
            "added": len(state.added),
            "checks": done.reasons(),
        },
        tables={"decided": done.decided.to_arrow()},
    )
    _carry_over(workspace, version.id, state, set(sides.dataset.table["id"].to_pylist()) if state.rows else set())
    return version.id, saved_sentence(version.rows, version.result)


def apply(
    workspace: Workspace, version_id: str, checks: dict[str, str], thresholds: dict[str, float], split: dict[str, Any]
) -> str:
    """Decide about checks as a recipe says, and save: the id of the new version. Raises like `decide` and `save`."""
    for check, value in thresholds.items():
        set_threshold(workspace, version_id, check, value)
    for check, action in checks.items():
        if action != check_named(check).action:
            decide(workspace, version_id, action, check)
    return save(workspace, version_id, split)[0]


def outcome_of(workspace: Workspace, version_id: str) -> Outcome:
    """The version as the decisions leave it. Raises `NotFound`."""
    state = state_of(workspace, version_id)
    return outcome(workspace.versions.load(version_id), problems_of(workspace, version_id, state), state)


def pending(workspace: Workspace, version_id: str) -> str:
    """A sentence where the board would change the rows of a version that is used as it stands; else an empty text."""
    if workspace.versions.get(version_id).stage == "curate":
        return ""
    done = outcome_of(workspace, version_id)
    wanted = [
        f"{done.rows(what):,} {said}"
        for what, said in ((LEAVE_OUT, "left out"), (REPAIR, "repaired"))
        if done.rows(what)
    ]
    if not wanted:
        return ""
    return f"What the board says of {version_id} was not done here ({', '.join(wanted)}): save it there first."


def saved_sentence(rows: int, result: dict[str, Any]) -> str:
    """What a version of stage "curate" came to, from its manifest."""
    by_check = ", ".join(f"{check} {count:,}" for check, count in result["checks"].items())
    left_out = f"{result['left_out']:,} left out ({by_check})" if by_check else "none left out"
    mended = [f"{result[key]:,} {key}" for key in ("repaired", "edited", "added") if result.get(key)]
    sides = f"{result['train']:,} to train on, {result['held_out']:,} held out"
    if result.get("few_shot"):
        sides += f", {result['few_shot']:,} set aside for few-shot prompts"
    said = ", ".join([f"{counted(rows, 'row')} kept", left_out, *mended])
    return " ".join(part for part in (f"{said}: {sides}.", result["note"], result.get("check")) if part)


def _with_names(settings: dict[str, Any]) -> dict[str, Any]:
    """A form writes the names of categories into one line, with commas between them."""
    names = settings.get("names")
    if not isinstance(names, str):
        return settings
    return {**settings, "names": [name.strip() for name in names.split(",") if name.strip()]}


def _threshold(check: str, state: Decisions) -> float:
    """Where a check that has a threshold counts from."""
    known = check_named(check).threshold
    assert known
    return state.thresholds.get(check, known.default)


def _near_pairs(workspace: Workspace, version_id: str, state: Decisions) -> Sequence[tuple[str, str]]:
    """The ids of near-duplicate rows, which may not be divided by the split."""
    wanted = _threshold("near duplicate", state)
    pairs = scanned(workspace, version_id).problems.filter(
        pl.col("check") == "near duplicate", pl.col("score") >= wanted
    )
    return pairs.select("row_id", "other_id").rows()


def _carry_over(workspace: Workspace, version_id: str, state: Decisions, row_ids: set[str]) -> None:
    """What was decided holds on for the rows that are still there."""
    for check, value in state.thresholds.items():
        workspace.versions.add_line(version_id, JOURNAL, Step("threshold", check, value=value).as_line())
    for check, action in state.checks.items():
        workspace.versions.add_line(version_id, JOURNAL, Step(action, check).as_line())  # type: ignore[arg-type]
    for action in sorted(set(state.rows.values())):
        if rows := [row_id for row_id, acted in state.rows.items() if acted == action and row_id in row_ids]:
            workspace.versions.add_line(version_id, JOURNAL, Step(action, rows=rows).as_line())  # type: ignore[arg-type]
