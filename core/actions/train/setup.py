"""Setting a run up: models, versions, and what a run will take."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from core import models
from core.actions.lab import Lab
from core.actions.mask.leftovers import Standing, standing
from core.actions.train.choice import chosen
from core.actions.train.measured import beyond_context, measured, tokenizer_of
from core.errors import LabError, NotFound
from core.format import prompt_ids
from core.records import HELD_OUT, Message
from core.settings import TrainSettings
from core.train import Plan, make_plan
from core.train.context import ends_with_its_context
from core.train.speed import MOST_ANSWER_TOKENS
from core.words import counted
from core.workspace import Workspace

ALL_THE_SAME = "Train on it all the same"
SHOWN = 40  # letters of a prompt, to know it by


def versions(workspace: Workspace) -> list[tuple[str, str]]:
    """Label and id of every dataset version, newest first."""
    return workspace.versions.choices()


def model_choices() -> list[tuple[str, str]]:
    """Title and id of the models on the short list."""
    return [(choice.title, choice.id) for choice in models.choices()]


def plan(lab: Lab, workspace: Workspace, version_id: str, values: dict[str, Any]) -> Plan:
    """What a run would take.

    Raises:
        LabError: a wrong setting, a missing model or version, too few rows, or rows that the model cannot take.
    """
    settings, source, dataset = chosen(lab, workspace, version_id, values)
    found = measured(workspace, version_id, settings, source)
    held_out = dataset.table["split"].to_pylist().count(HELD_OUT)
    made = make_plan(found.extents, (found.rows, held_out), settings, lab.limits.steps)
    made = replace(made, notes=[*made.notes, *_not_asked(settings, source, found.context)])
    if max(made.longest, settings.max_tokens if made.scale > 1 else 0) <= found.context:
        return made
    if ends_with_its_context(source):
        raise LabError(
            f"“Longest row (tokens)” is {settings.max_tokens:,}, and this model can read {found.context:,} at most: "
            "lower it to that."
        )
    return replace(made, notes=[*made.notes, beyond_context(found.context)])


def _not_asked(settings: TrainSettings, source: models.ModelSource, context: int) -> Iterator[str]:
    """A sentence for each of the person's own prompts that the model cannot be asked."""
    room = max(0, context - MOST_ANSWER_TOKENS)
    for prompt in settings.prompts:
        said = f"Your prompt “{prompt[:SHOWN]}{'…' if len(prompt) > SHOWN else ''}” will not be asked"
        try:
            tokens = len(prompt_ids(tokenizer_of(source, settings), (Message("user", prompt),)))
        except LabError as error:
            yield f"{said}: {error}"
            continue
        if tokens > room:
            yield f"{said}: it has {counted(tokens, 'token')}, and the model reads {room:,} before an answer."


def personal_data(workspace: Workspace, version_id: str | None) -> Standing | None:
    """Where a version stands, or None if none is chosen or it is not there."""
    try:
        return standing(workspace, version_id) if version_id else None
    except NotFound:
        return None
