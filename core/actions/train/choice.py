"""What a form names: settings, the model they stand for, and a dataset version."""

from typing import Any

from core import models
from core.actions.lab import Lab
from core.errors import SettingProblem
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


def methods() -> list[tuple[str, str]]:
    """Name and id of the methods; the name of one that this machine cannot do says why."""
    return here.labelled(dict(here.METHOD_NAMES), dict(here.available()))


def optimizers() -> list[tuple[str, str]]:
    """Name and id of the optimizers, like `methods`."""
    return here.labelled(dict(here.OPTIMIZER_NAMES), here.available_optimizers())


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
