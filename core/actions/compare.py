"""The Compare tab: which runs can be compared, the two answers, and the adapter as a file."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from core.actions.lab import Lab
from core.compare import Pair, Turn
from core.errors import SettingProblem
from core.export import zip_adapter
from core.records import HELD_OUT
from core.settings import GenerateSettings
from core.workspace import Workspace

__all__ = ["Pair", "Turn", "chat", "download", "held_out_prompts", "runs", "stop"]

PROMPTS_OFFERED = 8

_stops: dict[Path, threading.Event] = {}


def runs(workspace: Workspace) -> list[tuple[str, str]]:
    """Label and id of every run with an adapter, newest first."""
    return [(f"{run.id} · {run.status().state}", run.id) for run in workspace.runs() if run.has_adapter]


def held_out_prompts(workspace: Workspace, run_id: str) -> list[tuple[str, str]]:
    """A few prompts of the run's held-out rows with the answers they expect; the model has not seen them."""
    recipe = workspace.run(run_id).recipe
    held_out = workspace.versions.load(recipe.dataset).part(HELD_OUT)
    single = [example for example in held_out if len(example.prompt) == 1]
    return [(example.prompt[0].content, example.answer) for example in single[:PROMPTS_OFFERED]]


def chat(
    lab: Lab, workspace: Workspace, run_id: str, turns: Sequence[Turn], prompt: str, values: dict[str, Any]
) -> Iterator[Pair]:
    """Both answers to `prompt`, streamed until they end or `stop` is called.

    Raises:
        LabError: no run is chosen, a setting is out of bounds, the prompt is empty or too long for the model.
    """
    if not run_id:
        raise SettingProblem("No run is chosen. Train one on the Train tab; it appears here when it is done.")
    settings = GenerateSettings.parse(values)
    lab.limits.check(settings)
    asked = _stops[workspace.root] = threading.Event()
    yield from lab.playground.answer(workspace.run(run_id), turns, str(prompt or ""), settings, asked)


def stop(workspace: Workspace) -> None:
    """End the answers that are being written in this workspace, before their next token."""
    if asked := _stops.get(workspace.root):
        asked.set()


def download(workspace: Workspace, run_id: str, folder: Path) -> Path:
    """The adapter of a run as a zip in a new folder below `folder`. Raises `NotFound`."""
    return zip_adapter(workspace.run(run_id), folder)
