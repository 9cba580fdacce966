"""What a person has decided, as a journal: every step is a line of data, none is taken away, and undo is a step too."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from core import journal
from core.curate.check import KEEP, LEAVE_OUT, REPAIR
from core.errors import SettingProblem
from core.words import counted

What = Literal["leave out", "keep", "repair", "reset", "threshold", "edit", "add", "tag", "untag", "undo", "redo"]
FOR_ROWS = (LEAVE_OUT, KEEP, REPAIR, "reset")


@dataclass(frozen=True)
class Step:
    """One line of the journal.

    `what` is done to the rows named by id in `rows`, or, where there are none, to all rows of `check`. `value` is the
    threshold, the turns of an edited row (role, content), those of an added one, a tag, or how many steps to undo.
    """

    what: What
    check: str = ""
    rows: Sequence[str] = ()
    value: Any = None
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    def as_line(self) -> dict[str, Any]:
        """The line of the journal."""
        return {**asdict(self), "rows": list(self.rows)}


@dataclass
class Decisions:
    """What the steps that are in force come to.

    `checks` and `rows` say what is done with all rows of a check and with single rows, which goes before; `texts` holds
    the turns (role, content) of rows that were edited or added.
    """

    checks: dict[str, str] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    thresholds: dict[str, float] = field(default_factory=dict)
    edited: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    added: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    tags: dict[str, list[str]] = field(default_factory=dict)
    untagged: dict[str, list[str]] = field(default_factory=dict)


def steps_of(lines: Iterable[dict[str, Any]]) -> list[Step]:
    """The steps of a journal."""
    return [Step(**line) for line in lines]


def in_force(steps: Iterable[Step]) -> tuple[list[Step], list[Step]]:
    """The steps that are in force, oldest first, and those that were undone and can be done again, next first."""
    return journal.in_force(steps, lambda step: int(step.value or 1))


def decisions(steps: Iterable[Step]) -> Decisions:
    """What the steps come to, those that were undone left aside."""
    state = Decisions()
    for step in in_force(steps)[0]:
        _apply(step, state)
    return state


def _apply(step: Step, state: Decisions) -> None:
    if step.what == "threshold":
        state.thresholds[step.check] = float(step.value)
    elif step.what == "edit":
        texts = state.added if step.rows[0] in state.added else state.edited
        texts[step.rows[0]] = step.value
    elif step.what == "add":
        state.added[step.rows[0]] = step.value
    elif step.what in ("tag", "untag"):
        _tag(step, state)
    else:
        goal, keys = (state.rows, step.rows) if step.rows else (state.checks, [step.check])
        for key in keys:
            if step.what == "reset":
                goal.pop(key, None)
            else:
                goal[key] = step.what


def _tag(step: Step, state: Decisions) -> None:
    add, remove = (state.tags, state.untagged) if step.what == "tag" else (state.untagged, state.tags)
    for row_id in step.rows:
        add[row_id] = [tag for tag in add.get(row_id, []) if tag != step.value] + [step.value]
        remove[row_id] = [tag for tag in remove.get(row_id, []) if tag != step.value]


def in_words(step: Step, row_numbers: Sequence[int] = ()) -> str:
    """A step as a sentence of the history; `row_numbers` are those of its rows, the first few will do."""
    shown = ", ".join(str(number) for number in row_numbers[:5]) + (" …" if len(step.rows) > 5 else "")
    rows = f"row {shown}" if len(step.rows) == 1 else f"{counted(len(step.rows), 'row')} ({shown})"
    sentences = {
        "threshold": f"“{step.check}” counts from {step.value}",
        "edit": f"edited {rows}",
        "add": "added a row",
        "tag": f"tagged {rows} “{step.value}”",
        "untag": f"took the tag “{step.value}” from {rows}",
    }
    return sentences.get(step.what) or f"{step.what} {rows if step.rows else f'all with “{step.check}”'}"


def check_step(step: Step, checks: Iterable[str], known: set[str]) -> None:
    """Hold a step against the checks and the row ids there are.

    Raises:
        SettingProblem: the step names a check or row that is not there, or neither.
    """
    names = list(checks)
    if step.check and step.check not in names:
        raise SettingProblem(f"There is no check “{step.check[:60]}”. Checks: {', '.join(names)}.")
    if step.what in FOR_ROWS and not step.rows and not step.check:
        raise SettingProblem("Name a check or some rows: click one in the list, or type row numbers like 3, 17, 20-25.")
    if wrong := [row_id for row_id in step.rows if row_id not in known]:
        raise SettingProblem(f"There is no row with the id “{wrong[0][:60]}” in this version.")
