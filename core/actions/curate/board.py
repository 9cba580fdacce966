"""The board: every check with its count and two examples; leave out, keep or repair; undo; save as a new version."""

from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from core.actions.curate.names import row_ids, row_numbers
from core.actions.curate.scan import problems_of
from core.actions.tables import shortened
from core.curate import (
    CHECKS,
    LEAVE_OUT,
    REPAIR,
    Check,
    Decisions,
    Step,
    Threshold,
    check_step,
    decided,
    decisions,
    in_force,
    in_words,
    steps_of,
)
from core.curate.journal import FOR_ROWS
from core.errors import SettingProblem
from core.words import counted
from core.workspace import Workspace

JOURNAL = "decisions"
EXAMPLES = 2
EXAMPLE_CHARACTERS = 160
HISTORY = 50
BOARD_HEADERS = ("Check", "Rows", "Decision", "What it finds", "Example", "Another")
UNREAD = "cannot be read"


@dataclass(frozen=True)
class Line:
    """A check on the board: how many rows it has found, what is done with them, and examples with their row number.

    `threshold` is where it counts from, None where the check has none.
    """

    check: str
    about: str
    rows: int
    action: str
    examples: list[str]
    threshold: float | None


@dataclass(frozen=True)
class Board:
    """All checks, those with most to do first, what would come out, and the history, newest step first."""

    lines: list[Line]
    sentence: str
    history: list[str]
    can_undo: bool
    can_redo: bool


def board(workspace: Workspace, version_id: str) -> Board:
    """The board of a version. Raises `NotFound`."""
    steps = _steps(workspace, version_id)
    done, undone = in_force(steps)
    state = decisions(steps)
    dataset = workspace.versions.load(version_id)
    record = decided(dataset, problems_of(workspace, version_id, state), state)
    lines = [
        *_unread(workspace, version_id),
        *(_line(check, record.filter(check=check.name), state) for check in CHECKS),
    ]
    return Board(
        lines=sorted(lines, key=lambda line: not line.rows),
        sentence=_sentence(len(dataset) + len(state.added), record, state),
        history=[_said(workspace, version_id, step) for step in reversed(done[-HISTORY:])],
        can_undo=bool(done),
        can_redo=bool(undone),
    )


def board_as_dict(workspace: Workspace, version_id: str) -> dict[str, Any]:
    """The board as plain data, for callers of the API. Raises `NotFound`."""
    return asdict(board(workspace, version_id))


def decidable(check: str) -> tuple[bool, bool]:
    """Whether all rows of what is shown can be decided about at once, and whether they can be repaired."""
    found = next((one for one in CHECKS if one.name == check), None)
    return found is not None, found is not None and found.repair is not None


def bounds(check: str) -> Threshold | None:
    """The bounds of a check's threshold; None where it has none, or there is no such check."""
    return next((one.threshold for one in CHECKS if one.name == check), None)


def check_named(name: str) -> Check:
    """A check by its name. Raises `SettingProblem`."""
    for check in CHECKS:
        if check.name == name:
            return check
    raise SettingProblem(f"There is no check “{str(name)[:60]}”. Checks: {', '.join(check.name for check in CHECKS)}.")


def state_of(workspace: Workspace, version_id: str) -> Decisions:
    """What was decided about a version so far. Raises `NotFound`."""
    return decisions(_steps(workspace, version_id))


def decide(workspace: Workspace, version_id: str, what: str, check: str = "", rows: str = "") -> str:
    """Leave out, keep, repair or reset all rows of a check, or the rows named in a text like "3, 17, 20-25".

    Returns a sentence on what was done.

    Raises:
        NotFound: there is no such version.
        SettingProblem: there is no such check or row, or nothing is named.
    """
    if what not in FOR_ROWS:
        raise SettingProblem(f"“{str(what)[:40]}” is not a decision. Choose one of: {', '.join(FOR_ROWS)}.")
    named = row_ids(workspace.versions.load(version_id), rows, _added_ids(workspace, version_id))
    if what == REPAIR and check and not check_named(check).repair:
        raise SettingProblem(f"There is no repair for “{check}”. Leave the rows out, keep them, or edit them by hand.")
    if what == REPAIR and named:
        named = _repairable(workspace, version_id, named)
    step = Step(what, "" if named else check, named)  # type: ignore[arg-type]
    return add_step(workspace, version_id, step)


def _repairable(workspace: Workspace, version_id: str, row_ids: list[str]) -> list[str]:
    """Those of the rows that a check can repair. Raises `SettingProblem` if there are none."""
    mending = [check.name for check in CHECKS if check.repair]
    found = problems_of(workspace, version_id, state_of(workspace, version_id))
    known = set(found.filter(pl.col("check").is_in(mending))["row_id"].to_list())
    if not known & set(row_ids):
        raise SettingProblem("There is nothing to repair in these rows. Edit them by hand, or leave them out.")
    return [row_id for row_id in row_ids if row_id in known]


def decide_row(workspace: Workspace, version_id: str, what: str, row: str) -> str:
    """Leave out, keep, repair or reset the rows named; returns a sentence. Raises like `decide`."""
    if not (row or "").strip():
        raise SettingProblem("No row is chosen. Click one in the table, or type its number.")
    return decide(workspace, version_id, what, rows=row)


def add_step(workspace: Workspace, version_id: str, step: Step) -> str:
    """Write a step into the journal of a version; returns it as a sentence. Raises like `decide`."""
    known = (
        set(workspace.versions.load(version_id).table["id"].to_pylist()) if step.rows and step.what != "add" else set()
    )
    check_step(step, [check.name for check in CHECKS], known | {*_added_ids(workspace, version_id)} | _new(step))
    workspace.versions.add_line(version_id, JOURNAL, step.as_line())
    return _said(workspace, version_id, step)


def set_threshold(workspace: Workspace, version_id: str, check: str, value: Any) -> str:
    """Move the threshold of a check. Raises `SettingProblem` if it has none or the value is out of its bounds."""
    bounds = check_named(check).threshold
    if bounds is None:
        raise SettingProblem(f"The check “{check}” has no threshold.")
    if not isinstance(value, int | float) or not bounds.lowest <= value <= bounds.highest:
        raise SettingProblem(f"{bounds.title} is {value}; it must be from {bounds.lowest:g} to {bounds.highest:g}.")
    return add_step(workspace, version_id, Step("threshold", check, value=float(value)))


def undo(workspace: Workspace, version_id: str, back: bool = True) -> str:
    """Undo the last step, or with `back` false do again what was undone last; returns a sentence."""
    done, undone = in_force(_steps(workspace, version_id))
    steps = done[::-1] if back else undone
    if not steps:
        return "There is nothing to undo." if back else "There is nothing to do again."
    workspace.versions.add_line(version_id, JOURNAL, Step("undo" if back else "redo").as_line())
    return f"{'Undone' if back else 'Done again'}: {_said(workspace, version_id, steps[0])}"


def _steps(workspace: Workspace, version_id: str) -> list[Step]:
    return steps_of(workspace.versions.lines(version_id, JOURNAL))


def _added_ids(workspace: Workspace, version_id: str) -> list[str]:
    return list(state_of(workspace, version_id).added)


def _new(step: Step) -> set[str]:
    return set(step.rows) if step.what == "add" else set()


def _said(workspace: Workspace, version_id: str, step: Step) -> str:
    return in_words(step, row_numbers(workspace.versions.load(version_id), step.rows[:6]))


def _line(check: Check, record: pl.DataFrame, state: Decisions) -> Line:
    shown = record.unique("row_id", keep="first", maintain_order=True).head(EXAMPLES)
    examples = [
        f"row {row}: {shortened(reason, EXAMPLE_CHARACTERS)}" for row, reason in shown.select("row", "reason").rows()
    ]
    threshold = state.thresholds.get(check.name, check.threshold.default) if check.threshold else None
    return Line(check.name, check.about, record["row_id"].n_unique(), _action(check, state), examples, threshold)


def _action(check: Check, state: Decisions) -> str:
    """What is done with the rows of a check; “look at” where nobody has decided and nothing is done by itself."""
    action = state.checks.get(check.name, check.action)
    return "look at" if action == "keep" and check.name not in state.checks else action


def _unread(workspace: Workspace, version_id: str) -> list[Line]:
    """Rows that could not be read, a line for each kind."""
    table = workspace.versions.table(version_id, "unread")
    unread = (
        pl.DataFrame(pl.from_arrow(table))
        if table is not None
        else pl.DataFrame({"row": [], "check": [], "reason": []})
    )
    lines = []
    for check in unread["check"].unique(maintain_order=True):
        rows = unread.filter(check=check)
        shown = rows.head(EXAMPLES).select("row", "reason").rows()
        examples = [f"row {row}: {shortened(reason, EXAMPLE_CHARACTERS)}" for row, reason in shown]
        lines.append(
            Line(
                check, "Rows of the file that are no example. Mend them in the file.", len(rows), UNREAD, examples, None
            )
        )
    return lines


def _sentence(rows: int, record: pl.DataFrame, state: Decisions) -> str:
    """What a save would come to; `rows` are all there are, added ones too."""
    gone, repaired = (record.filter(action=action)["row_id"].n_unique() for action in (LEAVE_OUT, REPAIR))
    parts = [f"{rows - gone:,} of {counted(rows, 'row')} will be kept"]
    parts += [f"{number:,} {word}" for number, word in ((gone, "left out"), (repaired, "repaired")) if number]
    parts += [f"{len(state.edited):,} edited"] if state.edited else []
    return ", ".join(parts) + "."
