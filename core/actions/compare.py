"""The Compare tab: which runs can be compared, the two answers, what personal data they hold, the result as a file."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.actions.lab import Lab
from core.actions.mask import search
from core.actions.mask.words import joined, named
from core.compare import Pair, Turn
from core.errors import SettingProblem
from core.export import zip_result
from core.mask.traces import Traces, readings
from core.models.tuned import weights_in
from core.privacy.detector import Detector
from core.records import HELD_OUT
from core.settings import GenerateSettings
from core.workspace import Workspace

__all__ = ["Answered", "Pair", "answered", "chat", "download", "held_out_prompts", "large_mb", "runs", "stop"]

PROMPTS_OFFERED = 8
MEGABYTE = 2**20
SMALL_MB = 300  # an adapter of rank 16 on a model of 7 billion weights has 160 MB


@dataclass(frozen=True)
class Answered(Turn):
    """A turn, and once its answers are complete what personal data each holds that was not told, in a sentence."""

    base_found: str = ""
    tuned_found: str = ""


_stops: dict[Path, threading.Event] = {}


def runs(workspace: Workspace) -> list[tuple[str, str]]:
    """Label and id of every run with a result, newest first."""
    return [(f"{run.id} · {run.status().state}", run.id) for run in workspace.runs() if weights_in(run.adapter)]


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


def answered(lab: Lab, workspace: Workspace, turns: Sequence[Turn], prompt: str, system: str, pair: Pair) -> Answered:
    """The turn of two complete answers, read by the detector: names in sentences only if the name finder is in memory.

    A value that stands in what a person told the model (the system text, this prompt or an earlier one) is no find.
    """
    tagger = lab.names.loaded
    reader = Detector("normal" if tagger else "fast", tagger=tagger, own=search.rules(workspace))
    told = [system, prompt, *(turn.prompt for turn in turns)]
    found = [_found(reader, answer, told) for answer in (pair.base, pair.tuned)]
    return Answered(prompt, pair.base, pair.tuned, *found)


def _found(reader: Detector, answer: str, told: Sequence[str]) -> str:
    """What an answer holds that was not told, as a sentence; empty if nothing."""
    values = {(span.kind, answer[span.start : span.end]) for span in reader.find(answer)}
    read = [reading for text in told for reading in readings(text)]
    new = Counter(kind for kind, value in values if not any(Traces([(kind, value)], shortest=1).find(r) for r in read))
    if not new:
        return ""
    verb = "is" if new.total() == 1 else "are"
    return f"Contains {joined([named(kind, new[kind]) for kind in sorted(new)])} that {verb} not in the prompt."


def stop(workspace: Workspace) -> None:
    """End the answers that are being written in this workspace, before their next token."""
    if asked := _stops.get(workspace.root):
        asked.set()


def large_mb(workspace: Workspace, run_id: str) -> float:
    """Megabytes of a run's result if they are too many to be copied before anyone asks, else 0. Raises `NotFound`."""
    weights = weights_in(workspace.run(run_id).adapter)
    size = weights.stat().st_size / MEGABYTE if weights else 0
    return size if size > SMALL_MB else 0


def download(workspace: Workspace, run_id: str, folder: Path) -> Path:
    """The result of a run as a zip in `folder`. Raises `NotFound`."""
    return zip_result(workspace.run(run_id), folder)
