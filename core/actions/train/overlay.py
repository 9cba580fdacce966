"""Several runs side by side: their curves, what differs in their settings, and what each reached and cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.chart import Series, reduce_points, smooth
from core.errors import SettingProblem
from core.models import here
from core.settings import TrainSettings
from core.train.order import PADDED
from core.workspace import Run, Status, Workspace

LETTERS = "ABCDEFGH"  # more lines cannot be told apart
INCOMPARABLE = "Their held-out losses are not compared: dataset, model, goal, template or longest row differ."
HEADERS = (
    "Line",
    "Differs in",
    "Held-out loss",
    "Minutes",
    "Memory (MB)",
    "Learned tokens/s",
    "Size (MB)",
    "State",
    "Steps",
    "Run",
)


@dataclass(frozen=True)
class Overlay:
    """A row of `HEADERS` for each run, the curves under the same letters, and in a sentence who is ahead in what."""

    rows: list[list[Any]]
    held_out: list[Series]
    train: list[Series]
    said: str


def overlay(workspace: Workspace, run_ids: Sequence[str]) -> Overlay:
    """The runs beside each other.

    Raises:
        NotFound: one of them is not there.
        SettingProblem: there are more than there are `LETTERS`.
    """
    if len(run_ids) > len(LETTERS):
        raise SettingProblem(f"{len(run_ids)} runs are chosen; at most {len(LETTERS)} can be told apart in one plot.")
    runs = [workspace.run(run_id) for run_id in run_ids]
    names, letters = _names(runs), LETTERS[: len(runs)]
    metrics = [run.metrics() for run in runs]
    lines = [f"{letter} · {name}" for letter, name in zip(letters, names, strict=True)]
    return Overlay(
        rows=[_row(*each) for each in zip(letters, names, runs, metrics, strict=True)],
        held_out=_curves(lines, [_points(each, "held-out") for each in metrics]),
        train=_curves(lines, [smooth(_points(each, "train")) for each in metrics]),
        said=_ahead(letters, runs),
    )


def _names(runs: Sequence[Run]) -> list[str]:
    """What each run has that not all have, in words; its id where nothing differs or two would be called the same."""
    values = [_values(run) for run in runs]
    differing = [name for name in values[0] if len({str(each[name]) for each in values}) > 1] if values else []
    names = [", ".join(_said(name, each[name]) for name in differing) for each in values]
    return [
        name if name and names.count(name) == 1 else f"{name} {run.id}".strip()
        for name, run in zip(names, runs, strict=True)
    ]


def _values(run: Run) -> dict[str, Any]:
    """What was set of a run, and whether its rows could be packed."""
    settings = run.recipe.settings
    values = {"dataset": run.recipe.dataset, **settings.model_dump(exclude={"prompts"})}
    if settings.packing and PADDED in run.machine():
        values["packing"] = "on, but its rows were padded"
    return values


def _said(name: str, value: Any) -> str:
    """A setting as a person says it: `QLoRA (4-bit)`, `Learning rate 0.001`, `Packing off`."""
    if name == "method":
        return {**here.METHOD_NAMES}[value]
    if isinstance(value, bool):
        value = "on" if value else "off"
    elif isinstance(value, float):
        value = f"{value:.3g}"
    return f"{name if name == 'dataset' else TrainSettings.field(name)['label']} {value}"


def _points(metrics: Sequence[dict[str, Any]], kind: str) -> list[tuple[int, float]]:
    return [(line["step"], line["loss"]) for line in metrics if line["kind"] == kind]


def _curves(names: Sequence[str], curves: Sequence[list[tuple[int, float]]]) -> list[Series]:
    return [Series(name, reduce_points(points)) for name, points in zip(names, curves, strict=True) if points]


def _row(letter: str, name: str, run: Run, metrics: Sequence[dict[str, Any]]) -> list[Any]:
    status = run.status()
    train = [line for line in metrics if line["kind"] == "train"]
    size = sum(path.stat().st_size for path in run.adapter.glob("*.safetensors")) if run.adapter.exists() else 0
    return [
        letter,
        name if name != run.id else "",
        "–" if (loss := _kept_loss(run)) is None else round(loss, 4),
        round(status.elapsed / 60, 1),
        round(status.memory_mb) or "–",
        round(train[-1]["trained"] / train[-1]["elapsed"]) if train else "–",
        round(size / 1e6, 1) or "–",
        status.state,
        f"{status.step:,} of {status.steps:,}" if status.steps else "–",
        run.id,
    ]


def _ahead(letters: str, runs: Sequence[Run]) -> str:
    """Who is ahead among the runs that are done; nothing is said of memory that other work shared."""
    ended = [(letter, run, status) for letter, run, status in _with_status(letters, runs) if status.state == "done"]
    losses = [(letter, _kept_loss(run)) for letter, run, _ in ended]
    measured = [(letter, loss) for letter, loss in losses if loss is not None]
    if len(ended) < 2 or len(measured) < 2:
        return ""
    best, loss = min(measured, key=lambda pair: pair[1])
    quick, _, time = min(ended, key=lambda each: each[2].elapsed)
    said = f"{quick} took the least time ({time.elapsed / 60:.1f} min)"
    if len({_measured_on(run) for _, run, _ in ended}) > 1:
        said = f"{INCOMPARABLE} {said}"
    else:
        said = f"{best} has the lowest held-out loss ({loss:.3f}), {said}"
    if not all(run.recipe.settings.isolated for _, run, _ in ended):
        return f"{said}."
    lean, _, memory = min(ended, key=lambda each: each[2].memory_mb)
    return f"{said}, {lean} the least memory ({memory.memory_mb:,.0f} MB)."


def _kept_loss(run: Run) -> float | None:
    """The held-out loss of what the run keeps: of its best checkpoint, or the last one that was measured."""
    best = run.status().best_loss
    if run.recipe.settings.keep_best and best is not None:
        return best
    losses = [line["loss"] for line in run.metrics() if line["kind"] == "held-out" and line["step"]]
    return losses[-1] if losses else None


def _measured_on(run: Run) -> str:
    """What a held-out loss is of: losses on other rows, tokens or models cannot be compared."""
    recipe = run.recipe
    about = recipe.settings.goal, recipe.settings.template, recipe.settings.max_tokens
    return repr((recipe.dataset_hash, sorted(recipe.source.items()), *about))


def _with_status(letters: str, runs: Sequence[Run]) -> list[tuple[str, Run, Status]]:
    return [(letter, run, run.status()) for letter, run in zip(letters, runs, strict=True)]
