"""A version with what was found in it and what was decided, kept in memory while it is reviewed."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import polars as pl

from core.actions.mask import search
from core.errors import NotFound
from core.journal import in_force
from core.mask.findings import Findings
from core.mask.groups import groups
from core.mask.overlaps import REJECTED
from core.mask.review import accepted, decided
from core.mask.steps import ADD, Step, steps_of
from core.mask.written import inherited, written
from core.records import Dataset
from core.workspace import Workspace

JOURNAL = "review"
IN_MEMORY = 3

_lock = Lock()
_known: OrderedDict[tuple[Path, str], "Reviewed"] = OrderedDict()


@dataclass
class Reviewed:
    """The findings of a version and the steps about it.

    `done` and `undone` are the steps of this version, `inherited` those about the versions that it was made from which
    hold for it too. `values` has what is written for each value that was read so far.
    """

    dataset: Dataset
    findings: Findings
    inherited: list[Step]
    done: list[Step]
    undone: list[Step]
    stamp: tuple[int, ...]
    values: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)

    @property
    def steps(self) -> list[Step]:
        """All steps in force, oldest first."""
        return [*self.inherited, *self.done]

    @cached_property
    def places(self) -> pl.DataFrame:
        """Every place with what was decided (`DECIDED`)."""
        return decided(self.findings, self.steps)

    @cached_property
    def groups(self) -> pl.DataFrame:
        """The values (`GROUPS`)."""
        return groups(self.places)

    def texts(self, some: pl.DataFrame) -> list[str]:
        """What is written for each of the groups, where it stands first; read once."""
        keys = list(some.select("found", "value").iter_rows())
        missing = some.filter(pl.Series([key not in self.values for key in keys], dtype=pl.Boolean))
        if len(missing):
            new = missing.select("found", "value").iter_rows()
            self.values |= zip(new, written(self.dataset, missing), strict=True)
        return [self.values[key] for key in keys]


def reviewed(workspace: Workspace, version_id: str) -> Reviewed:
    """The state of the review of a version. Raises `LabError` if it was not searched, `NotFound` if it is not there."""
    findings = search.must_be_found(workspace, version_id)
    journals = _journals(workspace, version_id)
    stamp = tuple(len(lines) for lines in journals.values())
    key = workspace.root, version_id
    with _lock:
        known = _known.get(key)
    if known is None or known.findings is not findings or known.stamp != stamp:
        known = _made(workspace, version_id, findings, journals, known)
    with _lock:
        _known[key] = known
        _known.move_to_end(key)
        while len(_known) > IN_MEMORY:
            _known.popitem(last=False)
    return known


def to_mask(workspace: Workspace, version_id: str, kept: Iterable[str] = ()) -> pl.DataFrame:
    """The places of a version that will be masked, as `accepted` gives them. Raises like `reviewed`."""
    found = reviewed(workspace, version_id)
    return accepted(found.findings, found.steps, kept)


def to_leave(workspace: Workspace, version_id: str, kept: Iterable[str] = ()) -> pl.DataFrame:
    """The places of a version that stay as they are, by a decision or as their kind is among `kept`. Raises like
    `reviewed`."""
    places = reviewed(workspace, version_id).places
    return places.filter((pl.col("decision") == REJECTED) | pl.col("kind").is_in(list(kept)))


def _made(
    workspace: Workspace, version_id: str, findings: Findings, journals: dict[str, list[Any]], known: Reviewed | None
) -> Reviewed:
    dataset = workspace.versions.load(version_id)
    stamp = tuple(len(lines) for lines in journals.values())
    same = known is not None and known.findings.content_hash == findings.content_hash
    if known is not None and same and known.stamp[:-1] == stamp[:-1]:
        before = known.inherited
    else:
        earlier = ((name, in_force(steps_of(lines))[0]) for name, lines in journals.items() if name != version_id)
        before = [step for name, steps in earlier for step in _inherited(workspace, name, steps, dataset)]
    done, undone = in_force(steps_of(journals[version_id]))
    values = known.values if known is not None and same else {}
    return Reviewed(dataset, findings, before, done, undone, stamp, values)


def _inherited(workspace: Workspace, name: str, steps: list[Step], dataset: Dataset) -> list[Step]:
    """The steps about the version `name` that hold for `dataset`."""
    if not steps:
        return []
    marks = any(step.what == ADD for step in steps)
    return inherited(steps, workspace.versions.load(name) if marks else None, dataset, workspace.secret_key())


def _journals(workspace: Workspace, version_id: str) -> dict[str, list[Any]]:
    """The lines about the versions that this one was made from, the first one first, and those about it."""
    chain: list[str] = []
    name: str | None = version_id
    while name and name not in chain:
        try:
            parent = workspace.versions.get(name).parent
        except NotFound:  # a version that this one was made from has been taken away
            break
        chain.append(name)
        name = parent
    return {name: workspace.versions.lines(name, JOURNAL) for name in reversed(chain)}
