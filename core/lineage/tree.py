"""All dataset versions as a tree: what each was made from, its rows, why others went, what was trained on it.

Everything comes from manifests and recipes; rows are only read where a manifest does not say how they are divided, and
of those only the column `split`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.records import HELD_OUT, TRAIN
from core.workspace import Version, Workspace

SIDES_IN_MEMORY = 4096
RECIPES_IN_MEMORY = 4096


@dataclass(frozen=True)
class Line:
    """A version in the tree. `depth` counts from 0 at a file; `parents` are ids, several for a mix.

    `train` and `held_out` count rows, both 0 if the version was never split. `left_out` counts the rows that went on
    the way from its parent, `reasons` how many of them each check took. `runs` are the ids of those trained on it.
    """

    version: Version
    depth: int
    parents: tuple[str, ...]
    train: int
    held_out: int
    left_out: int
    reasons: dict[str, int]
    runs: tuple[str, ...]


def tree(workspace: Workspace) -> list[Line]:
    """Every version once, the newest dataset first, each below the version it was made from."""
    versions = {version.id: version for version in workspace.versions.all()}
    trained = _trained(workspace)
    return [
        Line(
            version,
            depth,
            parents_of(version),
            *sides(workspace, version),
            *left_out(version, versions.get),
            tuple(trained[version.id]),
        )
        for version, depth in _in_order(list(versions.values()))
    ]


def parents_of(version: Version) -> tuple[str, ...]:
    """The ids of what a version was made from: its parent, and the parts of a mix."""
    parts = version.settings.get("parts") or []
    named = [part.get("version") if isinstance(part, dict) else part for part in parts]
    return tuple(dict.fromkeys(str(parent) for parent in [version.parent, *named] if parent))


def ancestors(workspace: Workspace, version_id: str) -> list[Version]:
    """A version and all that it was made from, each once, parents first. What is no longer there is passed over.

    Raises:
        NotFound: there is no version of that id.
    """
    versions = {version.id: version for version in workspace.versions.all()}
    asked = workspace.versions.get(version_id)
    found: dict[str, Version] = {}
    waiting = [(asked, iter(parents_of(asked)))]
    entered = {asked.id}
    while waiting:
        version, parents = waiting[-1]
        parent = next((versions[name] for name in parents if name in versions and name not in entered), None)
        if parent:
            entered.add(parent.id)
            waiting.append((parent, iter(parents_of(parent))))
        else:
            found[version.id] = version
            waiting.pop()
    return list(found.values())


def sides(workspace: Workspace, version: Version) -> tuple[int, int]:
    """How many rows are to be trained on and how many are held out, both 0 if the version was never split."""
    said = version.result
    if isinstance(said.get("train"), int) and isinstance(said.get("held_out"), int):
        return said["train"], said["held_out"]
    path = _data(workspace, version)
    return _counted_sides(path, path.stat().st_mtime_ns)


def column(workspace: Workspace, version: Version, name: str) -> pa.ChunkedArray:
    """One column of a version, without reading the others."""
    return pq.read_table(_data(workspace, version), columns=[name])[name]


def left_out(version: Version, find: Callable[[str], Version | None]) -> tuple[int, dict[str, int]]:
    """How many rows went on the way to this version, and how many of them each check took, most first.

    `find` gives the manifest of a version. At a file it is the rows that cannot be read, at a mix those whose prompt is
    held out; what a mix or a selection did not draw stays in its parent and needs no reason.
    """
    said = version.result
    if version.stage == "mix":
        leaked = sum(int(part.get("leaked", 0)) for part in said.get("parts", []))
        return leaked, {"prompt is held out": leaked} if leaked else {}
    if not version.parent:
        unreadable = int(said.get("unreadable") or 0)
        return unreadable, {"cannot be read": unreadable} if unreadable else {}
    parent = find(version.parent)
    gone = said.get("left_out", max(0, parent.rows - version.rows) if parent else 0)
    by_check = sorted((said.get("checks") or {}).items(), key=lambda count: (-count[1], count[0]))
    return int(gone), {check: count for check, count in by_check if count}


def _data(workspace: Workspace, version: Version) -> Path:
    return workspace.versions.folder / version.id / "data.parquet"


def _in_order(versions: list[Version]) -> list[tuple[Version, int]]:
    """The versions (given newest first) with their depth: children below their parent, oldest first."""
    known = {version.id for version in versions}
    children: dict[str, list[Version]] = defaultdict(list)
    roots = []
    for version in versions:
        if version.parent in known:
            children[version.parent].append(version)
        else:
            roots.append(version)
    placed: dict[str, tuple[Version, int]] = {}
    # What is in no tree stands in a circle, which only a manifest edited by hand can make: it is shown all the same.
    for root in [*_newest_dataset_first(versions, roots), *versions]:
        waiting = [(root, 0)]
        while waiting:
            version, depth = waiting.pop()
            if version.id not in placed:
                placed[version.id] = (version, depth)
                waiting += [(child, depth + 1) for child in children[version.id]]
    return list(placed.values())


def _newest_dataset_first(versions: Iterable[Version], roots: list[Version]) -> list[Version]:
    """The roots: those of the dataset that was written to last come first, and among them the oldest."""
    written: dict[str, int] = {}
    for place, version in enumerate(versions):
        written.setdefault(version.name, place)
    return sorted(roots, key=lambda root: (written[root.name], int(root.id.rpartition("/v")[2])))


def _trained(workspace: Workspace) -> dict[str, list[str]]:
    """The ids of the runs that were trained on each version, newest first."""
    trained: dict[str, list[str]] = defaultdict(list)
    for run in workspace.runs():
        trained[_dataset_of(run.folder / "run.yaml", workspace)].append(run.id)
    return trained


def _dataset_of(recipe: Path, workspace: Workspace) -> str:
    return _named_dataset(workspace.root, recipe.parent.name, recipe.stat().st_mtime_ns)


@lru_cache(maxsize=RECIPES_IN_MEMORY)
def _named_dataset(root: Path, run_id: str, _written: int) -> str:
    return Workspace(root).run(run_id).recipe.dataset


@lru_cache(maxsize=SIDES_IN_MEMORY)
def _counted_sides(path: Path, _written: int) -> tuple[int, int]:
    split = pq.read_table(path, columns=["split"])["split"]
    return tuple(int(pc.sum(pc.equal(split, side)).as_py() or 0) for side in (TRAIN, HELD_OUT))  # type: ignore[return-value]
