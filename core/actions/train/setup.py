"""Setting a run up: models, versions, and what a run will take."""

from typing import Any

from core import models
from core.actions.lab import Lab
from core.actions.mask.leftovers import Standing, standing
from core.actions.train.choice import chosen
from core.actions.train.measured import measured
from core.errors import NotFound
from core.records import HELD_OUT
from core.train import Plan, make_plan
from core.workspace import Workspace

ALL_THE_SAME = "Train on it all the same"


def versions(workspace: Workspace) -> list[tuple[str, str]]:
    """Label and id of every dataset version, newest first."""
    return workspace.versions.choices()


def model_choices() -> list[tuple[str, str]]:
    """Title and id of the models on the short list."""
    return [(choice.title, choice.id) for choice in models.choices()]


def plan(lab: Lab, workspace: Workspace, version_id: str, values: dict[str, Any]) -> Plan:
    """What a run would take. Raises `LabError` for a wrong setting, a missing model or version, or too few rows."""
    settings, source, dataset = chosen(lab, workspace, version_id, values)
    found = measured(workspace, version_id, settings, source)
    held_out = dataset.table["split"].to_pylist().count(HELD_OUT)
    return make_plan(found.extents, (found.rows, held_out), settings, lab.limits.steps)


def personal_data(workspace: Workspace, version_id: str | None) -> Standing | None:
    """Where a version stands, or None if none is chosen or it is not there."""
    try:
        return standing(workspace, version_id) if version_id else None
    except NotFound:
        return None
