"""The Compare tab: who can answer, the answers side by side, what personal data they hold, the result as a file."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.actions.lab import Lab
from core.actions.untold import Untold
from core.compare import Comparison, Lineup, Reply, Side, Turn, checkpoints, same_base
from core.errors import NotFound, SettingProblem
from core.export import zip_result
from core.models.tuned import weights_in
from core.records import HELD_OUT
from core.settings import GenerateSettings
from core.settings.compare import BASE, CHECKPOINT, DEFAULT_SIDES, TUNED, SideSettings, told_apart
from core.workspace import Workspace

__all__ = [
    "Answered",
    "Comparison",
    "Lineup",
    "Reply",
    "Side",
    "Turn",
    "answered",
    "chat",
    "chat_as_dict",
    "download",
    "held_out_prompts",
    "labels",
    "large_mb",
    "lineup",
    "runs",
    "stop",
    "told_to",
    "weights",
]

PROMPTS_OFFERED = 8
RUNS_OFFERED = 20  # besides the chosen one; any other can be typed
MEGABYTE = 2**20
SMALL_MB = 300  # an adapter of rank 16 on a model of 7 billion weights has 160 MB


@dataclass(frozen=True)
class Answered(Turn):
    """A turn, and once its answers are complete what personal data each holds that was not told, in a sentence.

    `unread` says what was not looked for.
    """

    found: tuple[str, ...] = ()
    unread: str = ""


_stops: dict[Path, set[threading.Event]] = {}
_lock = threading.Lock()


def runs(workspace: Workspace) -> list[tuple[str, str]]:
    """Label and id of every run with a result, newest first."""
    return [(f"{run.id} · {run.status().state}", run.id) for run in workspace.runs() if weights_in(run.adapter)]


def weights(workspace: Workspace, run_id: str) -> list[tuple[str, str]]:
    """Label and name of all that can answer for a side: the base model of this run, its result, other runs of the same
    base model with a result, and checkpoints."""
    always = [("base model", BASE), ("the chosen run", TUNED)]
    if not run_id:
        return always
    run = workspace.run(run_id)
    others = [other for other in workspace.runs() if other.id != run.id and same_base(run, other)][:RUNS_OFFERED]
    kept = [
        (f"{one.id}, step {step}", f"{one.id}{CHECKPOINT}{step}") for one in [run, *others] for step in checkpoints(one)
    ]
    return [*always, *((other.id, other.id) for other in others if weights_in(other.adapter)), *kept]


def held_out_prompts(workspace: Workspace, run_id: str) -> list[tuple[str, str]]:
    """A few prompts of the run's held-out rows with the answers they expect; this run has not seen them.

    None where the dataset version is no longer there.
    """
    recipe = workspace.run(run_id).recipe
    try:
        held_out = workspace.versions.load(recipe.dataset).part(HELD_OUT)
    except NotFound:
        return []
    single = [example for example in held_out if len(example.prompt) == 1]
    return [(example.prompt[0].content, example.answer) for example in single[:PROMPTS_OFFERED]]


def labels(sides: Sequence[dict[str, Any]]) -> list[str]:
    """What sides are called, no two alike; as one was typed, if it cannot be a side."""
    found = []
    for number, side in enumerate(sides, 1):
        try:
            found.append(_side(number, side))
        except SettingProblem:
            found.append(SideSettings.model_construct(name=str(side.get("name") or side.get("weights") or "?")))
    return [side.label for side in told_apart(found)]


def lineup(workspace: Workspace, run_id: str, sides: Sequence[dict[str, Any]] | None = None) -> Lineup:
    """The sides, from dicts of `SideSettings`; without them base, base with examples, and tuned.

    Raises:
        SettingProblem: no run is chosen, a setting is out of bounds, or there is no side, or too many.
        NotFound: a run or checkpoint is not there.
        LabError: a run was trained on another base model.
    """
    if not run_id:
        raise SettingProblem("No run is chosen. Train one on the Train tab; it appears here when it is done.")
    if sides is None:
        return Lineup.of(workspace, run_id, DEFAULT_SIDES)
    return Lineup.of(workspace, run_id, told_apart([_side(number, side) for number, side in enumerate(sides, 1)]))


def chat(
    lab: Lab,
    workspace: Workspace,
    run_id: str,
    turns: Sequence[Turn],
    prompt: str,
    values: dict[str, Any],
    sides: Sequence[dict[str, Any]] | None = None,
) -> Iterator[Comparison]:
    """The answers of all sides to `prompt`, streamed until they end or `stop` is called.

    Raises:
        LabError: as `lineup`, or the prompt is empty or too long for the model, or weights are damaged.
    """
    settings = _settings(lab, values)
    asked = threading.Event()
    with _lock:
        _stops.setdefault(workspace.root, set()).add(asked)
    try:
        yield from lab.playground.answer(lineup(workspace, run_id, sides), turns, str(prompt or ""), settings, asked)
    finally:
        with _lock:
            _stops[workspace.root].discard(asked)


def chat_as_dict(
    lab: Lab,
    workspace: Workspace,
    run_id: str,
    turns: Any,
    prompt: str,
    values: dict[str, Any],
    sides: Sequence[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """`chat` to its end, for callers of the API: one dict for each side, and how they were answered.

    `turns` are dicts of `prompt` and `answers`, the answers in the order of the sides.
    """
    _settings(lab, values)
    found = lineup(workspace, run_id, sides)
    before = [_turn(turn, len(found.sides)) for turn in turns or []]
    *_, last = chat(lab, workspace, run_id, before, prompt, values, sides)
    told = answered(lab, workspace, found, before, prompt, last, str(values.get("system") or ""))
    return {
        "sides": [
            {
                "side": side.label,
                "answer": reply.text,
                "adapter": reply.adapter,
                "weights": reply.weights,
                "tokens": reply.tokens,
                "seconds": round(reply.seconds, 3),
                "finished": reply.finished,
                "examples": [example.row for example in reply.shown],
                "lack": side.lack,
                "personal_data": data,
            }
            for side, reply, data in zip(found.sides, last.replies, told.found, strict=True)
        ],
        "seconds": round(last.seconds, 3),
        "how": last.how,
        "note": " ".join(filter(None, [last.note, told.unread])),
    }


def answered(
    lab: Lab,
    workspace: Workspace,
    asked: Lineup,
    turns: Sequence[Turn],
    prompt: str,
    said: Comparison,
    system: str = "",
) -> Answered:
    """The turn of complete answers, with the personal data in each that it was not told.

    A value that stands in what a side was told (a system prompt, its wording, its examples, this prompt or an earlier
    one) is no find.
    """
    untold = Untold(lab, workspace)
    before = [system, prompt, *(turn.prompt for turn in turns)]
    found = tuple(
        untold.found(reply.text, [*before, *told_to(side, reply)])
        for side, reply in zip(asked.sides, said.replies, strict=True)
    )
    return Answered(prompt, tuple(reply.text for reply in said.replies), found, untold.note)


def told_to(side: Side, reply: Reply) -> list[str]:
    """What one side alone was told: its own system prompt and wording, and its examples."""
    return [side.settings.system, side.settings.wording, *(text for row in reply.shown for _, text in row.texts)]


def _settings(lab: Lab, values: dict[str, Any]) -> GenerateSettings:
    settings = GenerateSettings.parse(values)
    lab.limits.check(settings)
    return settings


def _side(number: int, values: dict[str, Any]) -> SideSettings:
    given = {name: value for name, value in values.items() if value is not None}
    try:
        return SideSettings.parse(given)
    except SettingProblem as problem:
        raise SettingProblem(f"Side {number}: {problem}") from problem


def _turn(turn: Any, sides: int) -> Turn:
    try:
        found = Turn(str(turn["prompt"]), tuple(map(str, turn["answers"])))
    except (TypeError, KeyError) as error:
        raise SettingProblem("An earlier turn must be a prompt with its answers, in the order of the sides.") from error
    if len(found.answers) != sides:
        raise SettingProblem(f"An earlier turn has {len(found.answers)} answers, and there are {sides} sides.")
    return found


def stop(workspace: Workspace) -> None:
    """End all answers that are being written in this workspace, in whatever window, before their next token."""
    with _lock:
        for asked in _stops.get(workspace.root, ()):
            asked.set()


def large_mb(workspace: Workspace, run_id: str) -> float:
    """Megabytes of a run's result if they are too many to be copied before anyone asks, else 0. Raises `NotFound`."""
    weights = weights_in(workspace.run(run_id).adapter)
    size = weights.stat().st_size / MEGABYTE if weights else 0
    return size if size > SMALL_MB else 0


def download(workspace: Workspace, run_id: str, folder: Path) -> Path:
    """The result of a run as a zip in `folder`. Raises `NotFound`."""
    return zip_result(workspace.run(run_id), folder)
