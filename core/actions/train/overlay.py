"""Several runs side by side: their curves in one plot, what differs in their settings, and what each cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.chart import Series, reduce_points, smooth
from core.errors import SettingProblem
from core.settings import TrainSettings
from core.workspace import Run, Workspace

MOST_RUNS = 8  # more lines cannot be told apart
HEADERS = (
    "Run",
    "Differs in",
    "State",
    "Steps",
    "Held-out loss",
    "Minutes",
    "Memory (MB)",
    "Learned tokens/s",
    "Size (MB)",
)


@dataclass(frozen=True)
class Overlay:
    """Curves of several runs, named after what differs in them, and a row of `HEADERS` for each."""

    series: list[Series]
    rows: list[list[Any]]


def overlay(workspace: Workspace, run_ids: Sequence[str]) -> Overlay:
    """The runs beside each other.

    Raises:
        NotFound: one of them is not there.
        SettingProblem: there are more than `MOST_RUNS`.
    """
    if len(run_ids) > MOST_RUNS:
        raise SettingProblem(f"{len(run_ids)} runs are chosen; at most {MOST_RUNS} can be told apart in one plot.")
    runs = [workspace.run(run_id) for run_id in run_ids]
    names = _names(runs)
    series = [line for run, name in zip(runs, names, strict=True) for line in _curves(run, name)]
    return Overlay(series, [_row(run, name) for run, name in zip(runs, names, strict=True)])


def _names(runs: Sequence[Run]) -> list[str]:
    """What each run has that not all have, in words; its id where nothing differs or two would be called the same."""
    recipes = [run.recipe for run in runs]
    values = [{"dataset": recipe.dataset, **recipe.settings.model_dump(exclude={"prompts"})} for recipe in recipes]
    differing = [name for name in values[0] if len({str(each[name]) for each in values}) > 1] if values else []
    names = [", ".join(f"{_label(name)} {each[name]}" for name in differing) for each in values]
    return [
        name if name and names.count(name) == 1 else f"{name} {run.id}".strip()
        for name, run in zip(names, runs, strict=True)
    ]


def _label(name: str) -> str:
    return name if name == "dataset" else str(TrainSettings.field(name)["label"]).lower()


def _curves(run: Run, name: str) -> list[Series]:
    metrics = run.metrics()
    train = smooth([(line["step"], line["loss"]) for line in metrics if line["kind"] == "train"])
    held_out = [(line["step"], line["loss"]) for line in metrics if line["kind"] == "held-out"]
    lines = ((f"{name} · train", train), (f"{name} · held-out", held_out))
    return [Series(label, reduce_points(points)) for label, points in lines if points]


def _row(run: Run, name: str) -> list[Any]:
    status = run.status()
    train = [line for line in run.metrics() if line["kind"] == "train"]
    size = sum(path.stat().st_size for path in run.adapter.glob("*.safetensors")) if run.adapter.exists() else 0
    return [
        run.id,
        name if name != run.id else "",
        status.state,
        f"{status.step:,} of {status.steps:,}",
        "–" if status.best_loss is None else round(status.best_loss, 4),
        round(status.elapsed / 60, 1),
        round(status.memory_mb),
        round(train[-1]["trained"] / train[-1]["elapsed"]) if train else "–",
        round(size / 1e6, 1),
    ]
