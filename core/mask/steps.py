"""What a person decides in the review, as a journal: every step is a line of data, and undo is a step too.

No line holds a value: a value is named by its keyed hash, a place by its row and its characters.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from core.errors import SettingProblem
from core.journal import REDO, UNDO

ACCEPT, REJECT, RESET = "accept", "reject", "reset"
KIND, ADD = "kind", "add"
PLACE, VALUE, NAME, ALL_OF_KIND = "place", "value", "name", "kind"
SCOPES = (PLACE, VALUE, NAME, ALL_OF_KIND)
WHATS = (ACCEPT, REJECT, RESET, KIND, ADD, UNDO, REDO)
MOVES = (UNDO, REDO)


class Place(NamedTuple):
    """Where something stands: the row by its id and its position in the dataset, the message (index into what
    it says, core/mask/texts.py), start and end in characters. The columns of `PLACES`."""

    row_id: str
    position: int
    message: int
    start: int
    end: int


@dataclass(frozen=True)
class Step:
    """One line of the journal.

    `what` is one of `WHATS`. `scope` says what it is about: one place; all places that were found as `kind` with the
    keyed hash `value`; a `name`, which is such a value together with the longer ones that hold it; or all that are of
    `kind` when the step is taken. `places` has the one place, or for `add` all places of a text marked by hand (then
    `kind` is the kind it was given). `new_kind` is what `kind` steps change to.

    `others` are the hashes of other values of the kind that follow: for a value the parts of a name ("Einstein" of
    "Albert Einstein"), in the rows in which the whole name stands; for a `name` the longer ones, everywhere.
    """

    what: str
    scope: str = VALUE
    kind: str = ""
    value: str = ""
    places: Sequence[Place] = ()
    new_kind: str = ""
    others: Sequence[str] = ()
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    def as_line(self) -> dict[str, Any]:
        """The line of the journal."""
        return {**asdict(self), "places": [list(place) for place in self.places], "others": list(self.others)}


def steps_of(lines: Iterable[dict[str, Any]]) -> list[Step]:
    """The steps of a journal."""
    return [_step(**line) for line in lines]


def _step(places: Iterable[Iterable[Any]] = (), others: Iterable[str] = (), **line: Any) -> Step:
    return Step(places=tuple(Place(*place) for place in places), others=tuple(others), **line)


def check_step(step: Step) -> None:
    """Raises `SettingProblem` if a step does not say what is done with what."""
    if step.what not in WHATS:
        raise SettingProblem(f"“{str(step.what)[:40]}” is not a decision. Choose one of: {', '.join(WHATS)}.")
    if step.scope not in SCOPES:
        raise SettingProblem(f"“{str(step.scope)[:40]}” is not a scope. Choose one of: {', '.join(SCOPES)}.")
    if step.what in MOVES:
        return
    value = step.kind and step.value
    named = {PLACE: step.places, VALUE: value, NAME: value, ALL_OF_KIND: step.kind}[step.scope]
    if not named or (step.what == ADD and not step.places):
        raise SettingProblem("Nothing is chosen. Click a value in the list first, or a place of it.")
    if step.what == KIND and not step.new_kind:
        raise SettingProblem("Choose the kind that it is to become.")
