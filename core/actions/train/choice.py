"""What a form names: settings, the model they stand for, and a dataset version."""

from typing import Any

from core import models
from core.actions.lab import Lab
from core.errors import SettingProblem
from core.records import Dataset
from core.settings import TrainSettings
from core.workspace import Workspace


def checked(lab: Lab, values: dict[str, Any]) -> tuple[TrainSettings, models.ModelSource]:
    """The settings and what the model named in them stands for. Raises `LabError` where either is wrong."""
    settings = TrainSettings.parse(values)
    lab.limits.check(settings)
    return settings, models.resolve(settings.model, lab.models_folder, lab.limits)


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
