"""A dataset version as the tab opens it: what it is in a sentence, and how it was split; and its deletion."""

from dataclasses import dataclass

from core.actions.curate import ifd
from core.actions.curate.save import SAVED, saved_sentence
from core.actions.curate.source import kept_files, loaded_sentence
from core.errors import LabError
from core.lineage import tree
from core.settings import SplitSettings
from core.words import counted
from core.workspace import FINISHED, Version, Workspace

NAMED = 3


@dataclass(frozen=True)
class Opened:
    """A version: what it came to, and the settings of its split, or the defaults."""

    id: str
    sentence: str
    settings: SplitSettings


@dataclass(frozen=True)
class Deleted:
    """What was deleted, in a sentence, and the id of the version to show now; empty if there is none left."""

    sentence: str
    next_id: str


def newest(workspace: Workspace) -> str:
    """The id of the newest version, or an empty text."""
    return next((version.id for version in workspace.versions.all()), "")


def choices(workspace: Workspace) -> list[tuple[str, str]]:
    """Label and id of every version, newest first."""
    return workspace.versions.choices()


def opened(workspace: Workspace, version_id: str) -> Opened:
    """A version as the tab opens it. Raises `NotFound`."""
    version = workspace.versions.get(version_id)
    split = version.settings.get("split") if version.stage == "curate" else None
    return Opened(version.id, _sentence(version), SplitSettings.parse(split or {}))


def question(workspace: Workspace, version_id: str) -> str:
    """What deleting a version would take away, to be answered with yes or no. Raises like `delete`."""
    version = workspace.versions.get(version_id)
    runs = _free_to_go(workspace, version)
    file = ", with the copy of its file" if _own_files(workspace, version) else ""
    rows = counted(version.rows, "row")
    said = f"Delete {version.id}? Its {rows} and all that was found and decided in it are gone for good{file}."
    return " ".join(filter(None, [said, _runs_stay(runs)]))


def delete(workspace: Workspace, version_id: str, sure: bool) -> Deleted:
    """Delete a version with everything that is kept beside it, and the copies of its files that no other one needs.

    Raises:
        NotFound: there is no such version.
        LabError: nobody was `sure`, or a version, a run or a scoring still needs it; the sentence says which.
    """
    version = workspace.versions.get(version_id)
    runs = _free_to_go(workspace, version)
    if sure is not True:
        raise LabError(f"Nothing was deleted: that takes a clear yes. {question(workspace, version_id)}")
    # First the files: a deletion that is cut short leaves a version that is seen and can be deleted again.
    for name in _own_files(workspace, version):
        workspace.forget_source(name)
    workspace.versions.delete(version.id)
    left = [other.id for other in workspace.versions.all()]
    said = f"{version.id} was deleted, with all that was found and decided in it."
    return Deleted(
        " ".join(filter(None, [said, _runs_stay(runs)])),
        version.parent if version.parent in left else next(iter(left), ""),
    )


def _free_to_go(workspace: Workspace, version: Version) -> tuple[str, ...]:
    """The ids of the runs that were trained on the version. Raises `LabError` where something still needs it."""
    lines = tree(workspace)
    children = [line.version.id for line in lines if version.id in line.parents]
    if children:
        was = "was" if len(children) == 1 else "were"
        named = _listed(children)
        raise LabError(f"{version.id} is kept: {named} {was} made from it. Delete {named} first.")
    runs = next((line.runs for line in lines if line.version.id == version.id), ())
    for run in runs:
        state = workspace.run(run).status().state
        if state not in FINISHED or state == "paused":
            raise LabError(
                f"{version.id} is kept: the run {run} is {state} and needs it. Stop it, or wait for its end."
            )
    if ifd.scoring(workspace, version.id).active:
        raise LabError(f"{version.id} is kept: its rows are being scored for IFD. Stop that, or wait for its end.")
    return runs


def _own_files(workspace: Workspace, version: Version) -> list[str]:
    """The kept files of a version that no other version was read from."""
    others = [other for other in workspace.versions.all() if other.id != version.id]
    shared = {name for other in others for name, _ in kept_files(other)}
    return [name for name, _ in kept_files(version) if name not in shared]


def _runs_stay(runs: tuple[str, ...]) -> str:
    if not runs:
        return ""
    was, they = ("was", "it") if len(runs) == 1 else ("were", "they")
    return f"{counted(len(runs), 'run')} {was} trained on it: what {they} made stays, the rows do not."


def _listed(ids: list[str]) -> str:
    """Some of the ids, and how many there are besides."""
    more = [counted(len(ids) - NAMED, "other")] if len(ids) > NAMED else []
    *first, last = [*ids[:NAMED], *more]
    return f"{', '.join(first)} and {last}" if first else last


def _sentence(version: Version) -> str:
    if version.stage == "ingest":
        return loaded_sentence(version)
    if version.stage == "curate" and version.result.keys() >= SAVED:  # one that a script has made need not say
        return saved_sentence(version.rows, version.result)
    made = f"{counted(version.rows, 'row')}, made of {version.parent or 'nothing'} by “{version.stage}”."
    return str(version.result.get("sentence") or made)
