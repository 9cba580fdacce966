"""A recipe followed again: the steps that made a version, on another file of the same shape."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.actions.curate import compose, save, subset
from core.actions.curate.source import load_files
from core.actions.curate.uploads import uploaded
from core.actions.lab import Lab
from core.actions.mask import write
from core.errors import FileProblem, LabError, SettingProblem
from core.ingest import Mapping
from core.lineage import Recipe, Step, read_recipe
from core.lineage import recipe as recipe_of
from core.settings import Limits
from core.words import counted
from core.workspace import Workspace

INGEST = "ingest"
MOST_BYTES = 800_000  # of a recipe; its text is bounded further by `read_recipe`


@dataclass(frozen=True)
class Replayed:
    """How far a replay is, in a sentence; `version_id` is the last version, and empty before the end."""

    version_id: str
    sentence: str


@dataclass(frozen=True)
class Place:
    """Where a recipe is followed: the lab, the workspace, and the folder where the server puts uploads."""

    lab: Lab
    workspace: Workspace
    uploads: Path

    @property
    def limits(self) -> Limits:
        """The bounds of this place."""
        return self.lab.limits


def replay_recipe(
    place: Place, version_id: str, path: str | None, recipe_path: str | None = None
) -> Iterator[Replayed]:
    """Do the steps of an uploaded recipe, or else of a version, on an uploaded file; tells of each step.

    Raises:
        FileProblem: there is no file or it cannot be read; the recipe is none, or has a step that cannot be replayed.
        LabError: a step does not fit the file. The sentence names the step; versions that were made before it stay.
    """
    recipe = _recipe(place, version_id, recipe_path)
    check_steps(recipe)
    check_needs(place.workspace, recipe)
    file, made = uploaded(place.limits, path, place.uploads), ""
    for number, step in enumerate(recipe.steps, 1):
        yield Replayed("", f"Step {number} of {len(recipe.steps)}: {step.stage} …")
        made = _done(place, step, number, made or str(path))
    rows = counted(place.workspace.versions.get(made).rows, "row")
    sentence = f"{counted(len(recipe.steps), 'step')} replayed on {file.name}: {made} has {rows}."
    yield Replayed(made, " ".join(filter(None, [sentence, recipe.note])))


def check_steps(recipe: Recipe) -> None:
    """Raises `FileProblem` if a recipe does not begin with a file, or has a step that cannot be replayed."""
    for number, step in enumerate(recipe.steps, 1):
        if (number == 1) != (step.stage == INGEST):
            raise FileProblem(f"Step {number} is “{step.stage[:40]}”; a recipe begins with “{INGEST}”, and only once.")
        if step.stage not in STAGES:
            known = ", ".join(STAGES)
            raise FileProblem(f"Step {number}, “{step.stage[:40]}”, is none that can be replayed. Steps: {known}.")


def check_needs(workspace: Workspace, recipe: Recipe) -> None:
    """Raises `FileProblem` if a version that a mix of the recipe takes is not in the workspace, or has other rows."""
    known = {version.id: version.content_hash for version in workspace.versions.all()}
    for name, content_hash in recipe.needs.items():
        if name not in known:
            raise FileProblem(f"This recipe mixes in {name[:60]}, which is not in this workspace. Make it here first.")
        if known[name] != content_hash:
            raise FileProblem(f"This recipe mixes in {name}, but here {name} holds other rows than where it was made.")


def _recipe(place: Place, version_id: str, recipe_path: str | None) -> Recipe:
    if not recipe_path:
        if not version_id:
            raise SettingProblem("Choose the version whose steps are to be replayed, or drop a recipe file.")
        return recipe_of(place.workspace, version_id)
    path = uploaded(place.limits, recipe_path, place.uploads)
    if path.stat().st_size > MOST_BYTES:
        raise FileProblem(f"“{path.name}” is no recipe: it has {path.stat().st_size:,} bytes.")
    return read_recipe(path.read_text(encoding="utf-8", errors="replace"))


def _done(place: Place, step: Step, number: int, before: str) -> str:
    """The version that a step makes; `before` is the version before it, or the file for the first."""
    try:
        return STAGES[step.stage](place, before, step.settings)
    except LabError as error:
        kept = f" What the steps before it made is kept: {before}." if number > 1 else ""
        raise type(error)(f"Step {number} ({step.stage}) does not fit: {error}{kept}") from error


def _ingest(place: Place, path: str, settings: dict[str, Any]) -> str:
    said = _part(settings, "mapping", dict)
    columns = {str(field): str(column) for field, column in _part(said, "columns", dict).items()}
    mapping = Mapping(str(said.get("shape", "")), columns)
    return load_files(place.workspace, place.limits, path, place.uploads, mapping).version_id


def _curate(place: Place, before: str, settings: dict[str, Any]) -> str:
    checks = {str(check): str(action) for check, action in _part(settings, "checks", dict).items()}
    thresholds = _part(settings, "thresholds", dict)
    if wrong := [check for check, value in thresholds.items() if not isinstance(value, int | float)]:
        raise SettingProblem(f"The threshold of “{str(wrong[0])[:60]}” is no number.")
    return save.apply(place.workspace, before, checks, thresholds, _part(settings, "split", dict))


def _mask(place: Place, before: str, settings: dict[str, Any]) -> str:
    recorded = {name: _part(settings, name, dict) for name in ("choices", "search")}
    return write.mask_again(place.lab, place.workspace, before, recorded).version_id


def _select(place: Place, before: str, settings: dict[str, Any]) -> str:
    return subset.select_rows(place.workspace, before, settings, with_control=False).version_id


def _instruct(place: Place, before: str, settings: dict[str, Any]) -> str:
    return compose.instruct(place.workspace, before, settings).version_id


def _mix(place: Place, before: str, settings: dict[str, Any]) -> str:
    parts = [before, *_part(settings, "parts", list)[1:]]
    return compose.mix(place.workspace, place.limits, before, {**settings, "parts": parts}).version_id


def _part(settings: dict[str, Any], name: str, kind: type) -> Any:
    """A part of the settings of a step, empty where it is not there."""
    value = settings.get(name, kind())
    if not isinstance(value, kind):
        raise SettingProblem(f"The setting “{name}” of the recipe is {str(value)[:40]}, which is no {kind.__name__}.")
    return value


# What does each step again: the place, the version before it (the file for the first), its settings.
STAGES: dict[str, Callable[[Place, str, dict[str, Any]], str]] = {
    INGEST: _ingest,
    "curate": _curate,
    "mask": _mask,
    "select": _select,
    "instruct": _instruct,
    "mix": _mix,
}
