"""A dataset version as the tab opens it: what it is in a sentence, and how it was split."""

from dataclasses import dataclass

from core.actions.curate.save import saved_sentence
from core.actions.curate.source import loaded_sentence
from core.settings import SplitSettings
from core.words import counted
from core.workspace import Version, Workspace


@dataclass(frozen=True)
class Opened:
    """A version: what it came to, and the settings of its split, or the defaults."""

    id: str
    sentence: str
    settings: SplitSettings


def newest(workspace: Workspace) -> str:
    """The id of the newest version, or an empty text."""
    return next((version.id for version in workspace.versions.all()), "")


def ids(workspace: Workspace) -> list[str]:
    """The ids of all versions, newest first."""
    return [version.id for version in workspace.versions.all()]


def opened(workspace: Workspace, version_id: str) -> Opened:
    """A version as the tab opens it. Raises `NotFound`."""
    version = workspace.versions.get(version_id)
    split = version.settings.get("split") if version.stage == "curate" else None
    return Opened(version.id, _sentence(version), SplitSettings.parse(split or {}))


def _sentence(version: Version) -> str:
    if version.stage == "ingest":
        return loaded_sentence(version)
    if version.stage == "curate":
        return saved_sentence(version.rows, version.result)
    made = f"{counted(version.rows, 'row')}, made of {version.parent or 'nothing'} by “{version.stage}”."
    return str(version.result.get("sentence") or made)
