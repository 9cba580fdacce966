"""What a form names: settings, the model they stand for, and a dataset version."""

from dataclasses import dataclass
from typing import Any

from core import models
from core.actions.lab import Lab
from core.errors import LabError, SettingProblem
from core.models import here
from core.records import Dataset
from core.settings import TrainSettings
from core.workspace import Workspace


def checked(lab: Lab, values: dict[str, Any]) -> tuple[TrainSettings, models.ModelSource]:
    """The settings and what the model named in them stands for. Raises `LabError` where either is wrong."""
    settings = TrainSettings.parse(values)
    lab.limits.check(settings)
    source = models.resolve(settings.model, lab.models_folder, lab.limits)
    here.check_here(settings, source)
    return settings, source


@dataclass(frozen=True)
class Possible:
    """Name and id of each method and optimizer, where the name of one that cannot be used here says why; and of those
    that are chosen a sentence each, empty if they can be used.
    """

    methods: list[tuple[str, str]]
    optimizers: list[tuple[str, str]]
    method_said: str
    optimizer_said: str


def possible(lab: Lab, model: str = "", method: str = "", optimizer: str = "") -> Possible:
    """What can be chosen on this machine for this model. Loads nothing, so it is sure only once torch is in memory."""
    methods, optimizers = here.available(_gguf(lab, model)), here.available_optimizers()
    return Possible(
        here.labelled(dict(here.METHOD_NAMES), dict(methods)),
        here.labelled(dict(here.OPTIMIZER_NAMES), optimizers),
        _said(dict(here.METHOD_NAMES), dict(methods), method),
        _said(here.OPTIMIZER_NAMES, optimizers, optimizer),
    )


def _said(names: dict[Any, str], reasons: dict[Any, str], chosen: str) -> str:
    why = reasons.get(chosen)
    return f"{names[chosen]} cannot be used here: {why}." if why else ""


def _gguf(lab: Lab, model: str) -> models.ModelSource | None:
    """The model if it is a GGUF file that can be chosen; no other kind forbids a method."""
    if not str(model or "").strip().lower().endswith(".gguf"):
        return None
    try:
        return models.resolve(model, lab.models_folder, lab.limits)
    except LabError:  # the plan says what is wrong with it
        return None


def chosen(
    lab: Lab, workspace: Workspace, version_id: str, values: dict[str, Any]
) -> tuple[TrainSettings, models.ModelSource, Dataset]:
    """The settings, the model they name, and the rows of the version.

    Raises:
        SettingProblem: a setting is out of its bounds, or no version is chosen.
        NotFound: the model or the version is not there.
    """
    settings, source = checked(lab, values)
    if not version_id:
        raise SettingProblem("No dataset version is chosen. Make one on the Curate tab: a click on a sample is enough.")
    return settings, source, workspace.versions.load(version_id)
