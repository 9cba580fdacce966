"""A journal of decisions: every step is a line, none is taken away, and to undo or redo one is a step too."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

UNDO, REDO = "undo", "redo"


class Entry(Protocol):
    """A line of a journal."""

    @property
    def what(self) -> str:
        """What was decided, or `UNDO` or `REDO`."""


Step = TypeVar("Step", bound=Entry)


def in_force(steps: Iterable[Step], times: Callable[[Step], int] = lambda step: 1) -> tuple[list[Step], list[Step]]:
    """The steps that are in force, oldest first, and those that were undone and can be done again, next first.

    `times` says how many steps an undo or redo goes.
    """
    done: list[Step] = []
    undone: list[Step] = []
    for step in steps:
        if step.what not in (UNDO, REDO):
            done.append(step)
            undone = []
            continue
        here, there = (done, undone) if step.what == UNDO else (undone, done)
        for _ in range(min(times(step), len(here))):
            there.append(here.pop())
    return done, undone[::-1]
