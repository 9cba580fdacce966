"""The problems and signals of a version: found once, kept beside it, and in memory for the versions last looked at."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import orjson
import polars as pl

from core.curate import PROBLEMS, Benchmark, Decisions, Rows, Scan, at, checked_again, scanning
from core.curate.checks import CHECKS, leak
from core.curate.scan import found_by, in_order
from core.workspace import Workspace

FORMAT = 1
IN_MEMORY = 3
NAMES = [check.name for check in CHECKS]

_lock = threading.Lock()
_known: OrderedDict[tuple[Path, str, str], Scan] = OrderedDict()
_busy: dict[tuple[Path, str], threading.Lock] = {}


def scanned(workspace: Workspace, version_id: str) -> Scan:
    """What the checks find in a version. Raises `NotFound`."""
    for _ in scanning_version(workspace, version_id):
        pass
    return _known_scan(workspace, version_id) or _read(workspace, version_id)


def scanning_version(workspace: Workspace, version_id: str) -> Iterator[str]:
    """Scan a version unless that was done, saying the name of each check before it begins. Raises `NotFound`."""
    if _known_scan(workspace, version_id):
        return
    with _one_at_a_time(workspace, version_id):
        key = _key(workspace, version_id)
        done = workspace.versions.extra(version_id, "scan") or {}
        is_whole = done.get("format") == FORMAT and done.get("checks") == NAMES
        if is_whole and done.get("benchmarks") == key[2]:
            _remember(key, _read(workspace, version_id))
            return
        benchmarks = workspace_benchmarks(workspace)
        if is_whole:
            yield leak.CHECK.name
            found = _with_new_leaks(workspace, version_id, benchmarks)
        else:
            found = yield from scanning(workspace.versions.load(version_id), benchmarks)
        workspace.versions.keep_table(version_id, "problems", found.problems.to_arrow())
        workspace.versions.keep_table(version_id, "signals", found.signals.to_arrow())
        said = {"format": FORMAT, "checks": NAMES, "benchmarks": key[2]}
        workspace.versions.keep_extra(version_id, "scan", said)
        _remember(key, found)


def problems_of(workspace: Workspace, version_id: str, state: Decisions) -> pl.DataFrame:
    """The problems of a version at the thresholds decided on, edited rows checked again. Raises `NotFound`."""
    found = scanned(workspace, version_id).problems
    if state.edited or state.added:
        texts = orjson.dumps([state.edited, state.added]).decode()
        found = _after_edits(_key(workspace, version_id), texts)
    return at(found, state.thresholds)


@lru_cache(maxsize=IN_MEMORY)
def _after_edits(key: tuple[Path, str, str], texts: str) -> pl.DataFrame:
    """Kept for the edits last looked at, since a board asks several times in a row."""
    workspace, version_id = Workspace(key[0]), key[1]
    edited, added = orjson.loads(texts)
    state = Decisions(edited=edited, added=added)
    return checked_again(scanned(workspace, version_id).problems, workspace.versions.load(version_id), state)


def workspace_benchmarks(workspace: Workspace) -> list[Benchmark]:
    """The benchmark files that were added to the workspace."""
    return [Benchmark(name, prompts) for name, prompts in workspace.benchmarks().items()]


def _with_new_leaks(workspace: Workspace, version_id: str, benchmarks: list[Benchmark]) -> Scan:
    """The scan as it is, with the leaks found again: only they depend on the benchmarks."""
    known = _read(workspace, version_id)
    fresh = found_by(Rows(workspace.versions.load(version_id), benchmarks), leak.CHECK)
    others = known.problems.filter(pl.col("check") != leak.CHECK.name)
    return Scan(in_order(pl.concat([others, fresh])), known.signals)


def _read(workspace: Workspace, version_id: str) -> Scan:
    problems = workspace.versions.table(version_id, "problems")
    signals = workspace.versions.table(version_id, "signals")
    return Scan(pl.DataFrame(pl.from_arrow(problems)).cast(PROBLEMS), pl.DataFrame(pl.from_arrow(signals)))


def _key(workspace: Workspace, version_id: str) -> tuple[Path, str, str]:
    return workspace.root, version_id, workspace.benchmarks_stamp()


def _known_scan(workspace: Workspace, version_id: str) -> Scan | None:
    workspace.versions.get(version_id)
    key = _key(workspace, version_id)
    with _lock:
        if key in _known:
            _known.move_to_end(key)
        return _known.get(key)


def _remember(key: tuple[Path, str, str], found: Scan) -> None:
    with _lock:
        _known[key] = found
        while len(_known) > IN_MEMORY:
            _known.popitem(last=False)


def _one_at_a_time(workspace: Workspace, version_id: str) -> threading.Lock:
    """Two tabs that open a version at once shall not both scan it."""
    with _lock:
        return _busy.setdefault((workspace.root, version_id), threading.Lock())
