"""What a person decided about the rows with problems."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from core.errors import SettingProblem

LEFT_OUT, KEPT = "left out", "kept"
LONGEST_RANGE = 1_000_000


@dataclass(frozen=True)
class Decisions:
    """The checks whose rows are left out, and the numbers of rows that are kept all the same."""

    leave_out: Sequence[str]
    keep: Sequence[int] = ()


@dataclass(frozen=True)
class Decided:
    """A problem with what was decided about its row: `LEFT_OUT`, `KEPT` or, with an empty text, nothing yet.

    `row_id` is None where the row could not be read.
    """

    row: int
    check: str
    reason: str
    row_id: str | None
    action: str = ""


def decide(problems: Sequence[Decided], decisions: Decisions, checks: Collection[str]) -> list[Decided]:
    """The problems with the decision about their rows; what was left out before, or cannot be read, stays left out.

    Raises:
        SettingProblem: a check is not one of `checks`, or a row to keep has no problem or could not be read.
    """
    keep = set(decisions.keep)
    unreadable = {problem.row for problem in problems if problem.row_id is None}
    if wrong := [check for check in decisions.leave_out if check not in checks]:
        raise SettingProblem(f"There is no check “{wrong[0][:60]}”. Checks: {', '.join(checks)}.")
    if unknown := sorted(keep - {problem.row for problem in problems}):
        raise SettingProblem(f"Row {unknown[0]} is not in the list of problems, so there is nothing to keep it from.")
    if lost := sorted(keep & unreadable):
        raise SettingProblem(f"Row {lost[0]} could not be read, so it cannot be kept. Mend it in the file.")
    ticked = {problem.row for problem in problems if problem.check in decisions.leave_out} - keep
    earlier = {problem.row for problem in problems if problem.action == LEFT_OUT}
    gone = ticked | unreadable | earlier
    return [replace(problem, action=LEFT_OUT if problem.row in gone else KEPT) for problem in problems]


def row_numbers(text: str) -> list[int]:
    """The numbers in a text like "3, 17, 20-25". Raises `SettingProblem` where it is anything else."""
    numbers: set[int] = set()
    for part in re.split(r"[,;\s]+", re.sub(r"\s*[-–]\s*", "-", (text or "").strip())):
        match = re.fullmatch(r"(\d{1,9})(?:-(\d{1,9}))?", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if part and not (match and first <= last < first + LONGEST_RANGE):
            raise SettingProblem(f"“{part[:60]}” is not a row number. Write numbers and ranges, like 3, 17, 20-25.")
        numbers |= set(range(first, last + 1)) if match else set()
        if len(numbers) > LONGEST_RANGE:
            raise SettingProblem(
                f"More than {LONGEST_RANGE:,} rows are named to be kept. Name fewer, or untick a check."
            )
    return sorted(numbers)


def toggled(text: str, row: int) -> str:
    """The list of row numbers with `row` added, or taken out if it was there. Raises `SettingProblem` like above."""
    return listed(set(row_numbers(text)) ^ {row})


def listed(numbers: Iterable[int]) -> str:
    """Row numbers as a text that `row_numbers` reads."""
    return ", ".join(str(number) for number in sorted(numbers))
