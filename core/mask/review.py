"""The findings of a version as a person has decided about them: what is masked, what stays, and as which kind."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import polars as pl

from core.mask.findings import ORDER, PLACES, Findings
from core.mask.overlaps import REJECTED, merged, uncovered
from core.mask.steps import ACCEPT, ADD, ALL_OF_KIND, KIND, NAME, PLACE, REJECT, VALUE, Place, Step

OPEN, ACCEPTED = "open", "accepted"
DECISIONS = (OPEN, ACCEPTED, REJECTED)
BY_HAND = "marked by hand"
# The columns of PLACES, of which `kind` is the one in force and `covered` no longer counts what a rejected place
# covers; `found` is the kind that a place was found as, by which steps know its value.
DECIDED = pl.Schema([*PLACES.items(), ("found", pl.String), ("decision", pl.String)])
WHERE = ("row_id", "message", "start", "end")

_PART = 2  # of a name that was decided about: less than a decision about the part itself
_LEVELS = {ALL_OF_KIND: 1, VALUE: 3, NAME: 3, PLACE: 4}
_DECISIONS = {ACCEPT: 1, REJECT: 2}
_Key = tuple[Any, ...]


def decided(findings: Findings, steps: Sequence[Step]) -> pl.DataFrame:
    """Every place with what was decided about it (`DECIDED`), in order; `steps` are those in force, oldest first.

    Steps are taken one after the other. One about a place outlasts later ones about its value or kind, one about a
    value later ones about the kind; `reset` takes back all that was decided within its scope. Text marked by hand is
    accepted.

    A name that is kept or masked takes its parts along where it stands itself: who is no private person as "Albert
    Einstein" is none as "Einstein" in the same row. The longer name is another matter: "Jordan" may be a country, and
    "Jordan Peters" is a person, so it follows only where a person says so (the scope `name`).
    """
    replay = _Replay(_with_marked(findings.places, steps), steps)
    for step in steps:
        replay.take(step)
    return uncovered(replay.frame())


def accepted(findings: Findings, steps: Sequence[Step], kept: Iterable[str] = ()) -> pl.DataFrame:
    """The places that will be masked: open and accepted ones, in order, none overlapping.

    The columns are those of `PLACES` (kinds as decided) and `decided`, "open" or "accepted". Where places overlap the
    strongest stays and grows over what sticks out of the others, so that no character is left over; its `value` is
    that of the place before it grew. Places of the kinds in `kept` count as rejected.
    """
    every = decided(findings, steps)
    live = every.filter(pl.col("decision") != REJECTED, ~pl.col("kind").is_in(list(kept)))
    return merged(live).rename({"decision": "decided"}).select(*PLACES, "decided").sort(ORDER)


def _with_marked(places: pl.DataFrame, steps: Sequence[Step]) -> pl.DataFrame:
    """The places found, and below them those marked by hand that were not found at all."""
    marked = {place: step for step in steps if step.what == ADD for place in step.places}
    lines = [(*place, step.kind, 1.0, BY_HAND, step.value, False) for place, step in marked.items()]
    added = pl.DataFrame(lines, schema=PLACES, orient="row")
    return pl.concat([places, added.join(places, on=WHERE, how="anti")]) if lines else places


class _Replay:
    """Takes steps over places; each place is a line of a few arrays."""

    def __init__(self, places: pl.DataFrame, steps: Sequence[Step]) -> None:
        self._places = places.with_columns(found="kind")
        values = {(step.kind, value) for step in steps for value in (step.value, *step.others)}
        self._by_value = _index(self._places, ("found", "value"), values)
        self._position = places["position"].to_numpy()
        self._by_place = _index(self._places, WHERE, {_where(place) for step in steps for place in step.places})
        names = places["kind"].unique().sort()
        self._codes = {name: code for code, name in enumerate(names)}
        self._kind = places["kind"].replace_strict(self._codes, return_dtype=pl.Int32).to_numpy().astype(np.int32)
        self._found = self._kind.copy()
        self._decision, self._level, self._kind_level = (np.zeros(len(places), np.int8) for _ in range(3))

    def take(self, step: Step) -> None:
        """Do what a step says."""
        where, level = self._lines(step), _LEVELS[step.scope]
        if step.what == ADD:  # it goes before whatever was decided about the text before it was marked
            self._decide(where, ACCEPT, _LEVELS[VALUE])
            self._change(where, step.kind, _LEVELS[VALUE])
        elif step.what in _DECISIONS:
            self._decide(where[self._level[where] <= level], step.what, level)
            parts = self._parts(step, where)
            self._decide(parts[self._level[parts] <= _PART], step.what, _PART)
        elif step.what == KIND:
            self._change(where[self._kind_level[where] <= level], step.new_kind, level)
        else:
            parts = self._parts(step, where)
            where = np.concatenate([where, parts[self._level[parts] == _PART]])
            self._decision[where] = self._level[where] = self._kind_level[where] = 0
            self._kind[where] = self._found[where]

    def frame(self) -> pl.DataFrame:
        """The places as decided so far."""
        kinds = np.array([*self._codes], dtype=object)[self._kind]
        decisions = np.array(DECISIONS, dtype=object)[self._decision]
        new = {"kind": pl.Series(kinds, dtype=pl.String), "decision": pl.Series(decisions, dtype=pl.String)}
        return self._places.with_columns(**new).select(list(DECIDED))

    def _lines(self, step: Step) -> Any:
        """The lines that a step is about."""
        if step.what == ADD or step.scope == PLACE:
            found = [line for place in step.places for line in self._by_place.get(_where(place), ())]
            return np.array(found, np.int64)
        if step.scope == NAME:
            return self._of_values(step.kind, (step.value, *step.others))
        if step.scope == VALUE:
            return self._of_values(step.kind, (step.value,))
        return np.flatnonzero(self._kind == self._code(step.kind))

    def _of_values(self, kind: str, values: Iterable[str]) -> Any:
        return np.array([line for value in values for line in self._by_value.get((kind, value), ())], np.int64)

    def _parts(self, step: Step, where: Any) -> Any:
        """The lines of the parts of a name in the rows in which the name stands (at the lines `where`)."""
        lines = self._of_values(step.kind, step.others if step.scope == VALUE else ())
        return lines[np.isin(self._position[lines], self._position[where])]

    def _decide(self, where: Any, what: str, level: int) -> None:
        self._decision[where] = _DECISIONS[what]
        self._level[where] = level

    def _change(self, where: Any, kind: str, level: int) -> None:
        self._kind[where] = self._code(kind)
        self._kind_level[where] = level

    def _code(self, kind: str) -> int:
        return self._codes.setdefault(kind, len(self._codes))


def _where(place: Place) -> _Key:
    return place.row_id, place.message, place.start, place.end


def _index(places: pl.DataFrame, columns: Sequence[str], wanted: set[_Key]) -> dict[_Key, list[int]]:
    """The lines of each of the combinations of values that are wanted."""
    keys = pl.DataFrame(list(wanted), schema={name: places.schema[name] for name in columns}, orient="row")
    lines = places.select(columns).with_row_index("line").join(keys, on=columns, how="semi")
    index: dict[_Key, list[int]] = {}
    for line, *key in lines.iter_rows():
        index.setdefault(tuple(key), []).append(line)
    return index
