"""A small sweep: several runs that differ in one setting, queued one behind the other."""

import secrets
from collections.abc import Callable
from typing import Any

from core import models
from core.actions.lab import Lab
from core.actions.train.running import check_start, start
from core.errors import Busy, LabError, SettingProblem
from core.models.here import METHOD_NAMES, available
from core.settings import Method, TrainSettings
from core.words import counted
from core.workspace import Workspace

TIMES_FULL = 10  # rates of adapters are about ten times those of full tuning in the LoRA paper (arXiv 2106.09685)
HIGHEST_RATE: float = TrainSettings.field("learning_rate")["maximum"]
METHODS: tuple[Method, ...] = ("qlora", "lora-8bit", "lora", "full")
NO_RANK = "Full tuning trains no adapter, so it has no rank. Choose another method for the sweep of ranks."
Variants = Callable[[TrainSettings, models.ModelSource], list[dict[str, Any]]]


def _methods(settings: TrainSettings, source: models.ModelSource) -> list[dict[str, Any]]:
    """4-bit, 8-bit and 16-bit adapters and full tuning, as far as this machine can do them with this model.

    The rate of the form is that of its own method; where the other kind is tried, at the rate that suits that.
    """
    adapter = full = settings.learning_rate
    if settings.has_adapter:
        full = adapter / TIMES_FULL
    else:
        adapter = min(HIGHEST_RATE, TIMES_FULL * full)
    rates = {method: full if method == "full" else adapter for method in METHODS}
    reasons = _reasons(source)
    return [{"method": method, "learning_rate": rates[method]} for method, why in reasons.items() if not why]


def _reasons(source: models.ModelSource) -> dict[Method, str]:
    """For each method of the sweep why it cannot be used here on this model, empty if it can."""
    models.import_heavy()  # before that nothing is certain of what can be done here
    reasons = available(source)
    return {method: reasons[method] for method in METHODS}


def _ranks(settings: TrainSettings, _: models.ModelSource) -> list[dict[str, Any]]:
    """Ranks from small to large at the same ratio of alpha to rank."""
    if not settings.has_adapter:
        raise SettingProblem(NO_RANK)
    times = settings.lora_alpha / settings.lora_r
    return [{"lora_r": rank, "lora_alpha": max(1, round(times * rank))} for rank in (4, 16, 64)]


def _rates(settings: TrainSettings, _: models.ModelSource) -> list[dict[str, Any]]:
    """The rate of the form, a third and three times as much."""
    return [{"learning_rate": settings.learning_rate * times} for times in (1 / 3, 1, 3)]


SWEEPS: dict[str, tuple[str, Variants]] = {
    "methods": ("4-bit, 8-bit, 16-bit and full", _methods),
    "ranks": ("LoRA ranks 4, 16, 64", _ranks),
    "rates": ("Learning rate, a third and three times it", _rates),
}


def sweeps() -> list[tuple[str, str]]:
    """Title and id of every sweep."""
    return [(title, name) for name, (title, _) in SWEEPS.items()]


def start_sweep(
    lab: Lab, workspace: Workspace, version_id: str, values: dict[str, Any], kind: str, train_all_the_same: bool = False
) -> list[str]:
    """Queue the runs of a sweep, each in a process of its own so that its memory is its own; their ids.

    All are checked before the first is queued. A method that this machine cannot do is left out; `sweep_said` tells.

    Raises:
        SettingProblem: there is no such sweep, it does not go with the method, or a setting is wrong.
        Busy: strangers share this place.
        LabError: like `start`, for any of the runs.
    """
    if lab.limits.public:
        raise Busy(
            "Sweeps take several runs, and strangers share this page. Run Tunebench on your own machine for them."
        )
    if kind not in SWEEPS:
        raise SettingProblem(f"There is no sweep “{str(kind)[:40]}”. Sweeps: {', '.join(SWEEPS)}.")
    settings = TrainSettings.parse(values)
    source = models.resolve(settings.model, lab.models_folder, lab.limits)
    name = f"{kind}-{secrets.token_hex(3)}"
    variants = [{**values, **changed, "isolated": True} for changed in SWEEPS[kind][1](settings, source)]
    for variant in variants:
        check_start(lab, workspace, version_id, variant, train_all_the_same)
    return [start(lab, workspace, version_id, variant, train_all_the_same, sweep=name) for variant in variants]


def sweep_said(lab: Lab, values: dict[str, Any], kind: str, queued: int) -> str:
    """What is told of a sweep that was `queued`: how many runs, and each method that was left out with its reason.

    Where the model cannot be had at this moment, only how many there are.
    """
    said = f"{counted(queued, 'run is', 'runs are')} queued."
    if kind != "methods":
        return said
    try:
        source = models.resolve(TrainSettings.parse(values).model, lab.models_folder, lab.limits)
    except LabError:  # the runs are in line already
        return said
    left_out, told = [], ""
    for method, why in _reasons(source).items():
        if why:
            left_out.append(f"{METHOD_NAMES[method]}, {'for the same reason' if why == told else 'because ' + why}")
            told = why
    return f"{said} Left out: {'; '.join(left_out)}." if left_out else said


def sweep_of(workspace: Workspace, run_id: str) -> list[str]:
    """The runs of the sweep that this run belongs to, the first first; itself where it belongs to none."""
    name = workspace.run(run_id).recipe.sweep
    if not name:
        return [run_id]
    return [run.id for run in reversed(workspace.runs()) if run.recipe.sweep == name]
