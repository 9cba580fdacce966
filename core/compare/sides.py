"""Who takes part in a comparison: up to four sides, on one base model, each with its weights and its examples."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from core.errors import LabError, NotFound, SettingProblem
from core.models.tuned import weights_in
from core.records import TRAIN, Example
from core.settings.compare import BASE, CHECKPOINT, DEFAULT_SIDES, MOST_SIDES, TUNED, SideSettings
from core.workspace import Run, Workspace

if TYPE_CHECKING:
    from core.few_shot import Shots

NO_ROWS = "No examples are shown: the dataset version {} that the run was trained on is no longer there."
NO_EXAMPLES = "No examples are shown: the rows that the run was trained on have no prompt with a short answer."
SHOTS_IN_MEMORY = 4


@dataclass(frozen=True)
class Weights:
    """Who answers: a base model (`folder` is None), the result of a run, or one of its checkpoints.

    `run` is the run of the result, or the one whose base model it is; `key` is base, or as in `SideSettings.weights`.
    """

    run: Run
    folder: Path | None
    key: str

    def fingerprint(self) -> str:
        """The SHA-256 of the file with the trained weights; empty for a base model."""
        path = weights_in(self.folder) if self.folder else None
        if path is None:
            return ""
        about = path.stat()
        return _sha256(path, about.st_mtime_ns, about.st_size)


@dataclass(frozen=True)
class Side:
    """One side: as it was set, with what that stands for.

    `lack` is a sentence where examples were asked for and cannot be had; the side then answers without.
    """

    settings: SideSettings
    weights: Weights
    lack: str = ""

    @property
    def label(self) -> str:
        """What it is called on the page."""
        return self.settings.label


@dataclass(frozen=True)
class Lineup:
    """The sides of a comparison in their order, and the run whose base model they share and whose rows are shown."""

    workspace: Workspace
    run: Run
    sides: tuple[Side, ...]

    @classmethod
    def of(cls, workspace: Workspace, run_id: str, chosen: Sequence[SideSettings] = DEFAULT_SIDES) -> Self:
        """Find what the sides stand for; loads no model.

        Raises:
            SettingProblem: no side is on, or there are too many.
            NotFound: there is no such run or checkpoint, or it has no result.
            LabError: a run was trained on another base model.
        """
        if not chosen:
            raise SettingProblem("No side is on. Choose who answers for one side at least.")
        if len(chosen) > MOST_SIDES:
            raise SettingProblem(f"There are {len(chosen)} sides, and {MOST_SIDES} can answer at most. Leave some out.")
        run = workspace.run(run_id)
        return cls(workspace, run, tuple(_side(workspace, run, settings) for settings in chosen))

    def shots(self, side: Side, seed: int) -> "Shots | None":
        """The rows that examples of this side are chosen from; None if it shows none."""
        if not side.settings.few_shot or side.lack:
            return None
        return _shots(self.workspace, self.run.recipe.dataset, side.settings.few_shot_choice, seed)


def checkpoints(run: Run) -> list[int]:
    """The steps at which weights of the run were kept."""
    found = (path for path in run.checkpoints.glob("step-*") if weights_in(path))
    return sorted(int(path.name.removeprefix("step-")) for path in found)


def same_base(run: Run, other: Run) -> bool:
    """Whether two runs were trained on the same weights."""
    one, two = ({**each.recipe.source, "title": None} for each in (run, other))
    return one == two


def _side(workspace: Workspace, run: Run, settings: SideSettings) -> Side:
    weights = _weights(workspace, run, settings.weights)
    if not same_base(weights.run, run):
        raise LabError(
            f"The run {weights.run.id} was trained on {weights.run.recipe.source['title']}, and {run.id} on "
            f"{run.recipe.source['title']}: sides share one base model. Choose runs of the same one."
        )
    return Side(settings, weights, _lack(workspace, run) if settings.few_shot else "")


def _weights(workspace: Workspace, run: Run, key: str) -> Weights:
    if key == BASE:
        return Weights(run, None, key)
    run_id, _, step = key.partition(CHECKPOINT)
    run = run if run_id == TUNED else workspace.run(run_id)
    folder = run.checkpoints / f"step-{int(step):06d}" if step else run.adapter
    if weights_in(folder) is None:
        raise _no_result(run, step)
    return Weights(run, folder, f"{run.id}{CHECKPOINT}{int(step)}" if step else run.id)


def _no_result(run: Run, step: str) -> NotFound:
    if not step:
        state = run.status().state
        return NotFound(f"The run {run.id} has no result to compare: it is {state}. Choose a run that is done.")
    there = ", ".join(map(str, checkpoints(run))) or "none"
    return NotFound(f"The run {run.id} has no checkpoint of step {int(step)}. Steps that were kept: {there}.")


def _lack(workspace: Workspace, run: Run) -> str:
    version = run.recipe.dataset
    try:
        shots = _shots(workspace, version, "random", 0)
    except NotFound:
        return NO_ROWS.format(version)
    return "" if shots.rows else NO_EXAMPLES


def _shots(workspace: Workspace, version: str, how: str, seed: int) -> "Shots":
    kept = workspace.versions.get(version)  # raises where it was deleted since
    return _looked_through(workspace.root, version, kept.content_hash, how, seed)


@lru_cache(SHOTS_IN_MEMORY)
def _looked_through(root: Path, version: str, content: str, how: str, seed: int) -> "Shots":
    from core.few_shot import Shots

    return Shots(_rows(root, version, content), "nearest" if how == "nearest" else "random", seed)


@lru_cache(SHOTS_IN_MEMORY // 2)
def _rows(root: Path, version: str, _content: str) -> list[Example]:
    return [row for row in Workspace(root).versions.load(version) if row.split in (TRAIN, None)]


@lru_cache
def _sha256(path: Path, _written: int, _size: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
