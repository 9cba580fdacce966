"""A small sweep: several runs that differ in one setting, queued one behind the other."""

import secrets
from collections.abc import Callable
from typing import Any

from core.actions.lab import Lab
from core.actions.train.running import start
from core.errors import Busy, SettingProblem
from core.settings import TrainSettings
from core.workspace import Workspace

Variants = Callable[[TrainSettings], list[dict[str, Any]]]


def _methods(settings: TrainSettings) -> list[dict[str, Any]]:
    """4-bit, 8-bit and 16-bit adapters, and full tuning at the rate that suits it: a tenth (the LoRA paper's 2106.09685
    rates are about ten times those of full tuning)."""
    full = {"method": "full", "learning_rate": settings.learning_rate / 10}
    return [{"method": "qlora"}, {"method": "lora-8bit"}, {"method": "lora"}, full]


def _ranks(settings: TrainSettings) -> list[dict[str, Any]]:
    """Ranks from small to large at the same ratio of alpha to rank."""
    times = settings.lora_alpha / settings.lora_r
    return [{"lora_r": rank, "lora_alpha": max(1, round(times * rank))} for rank in (4, 16, 64)]


def _rates(settings: TrainSettings) -> list[dict[str, Any]]:
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

    All are checked before the first is queued. A method that this machine cannot do is left out.

    Raises:
        SettingProblem: there is no such sweep, or a setting is wrong.
        Busy: strangers share this place.
        LabError: like `start`.
    """
    if lab.limits.public:
        raise Busy(
            "Sweeps take several runs, and strangers share this page. Run Tunebench on your own machine for them."
        )
    if kind not in SWEEPS:
        raise SettingProblem(f"There is no sweep “{str(kind)[:40]}”. Sweeps: {', '.join(SWEEPS)}.")
    settings = TrainSettings.parse(values)
    name = f"{kind}-{secrets.token_hex(3)}"
    variants = [{**values, **changed, "isolated": True} for changed in SWEEPS[kind][1](settings)]
    for variant in variants:
        lab.limits.check(TrainSettings.parse(variant))
    return [start(lab, workspace, version_id, variant, train_all_the_same, sweep=name) for variant in variants]


def sweep_of(workspace: Workspace, run_id: str) -> list[str]:
    """The runs of the sweep that this run belongs to, the first first; itself where it belongs to none."""
    name = workspace.run(run_id).recipe.sweep
    if not name:
        return [run_id]
    return [run.id for run in reversed(workspace.runs()) if run.recipe.sweep == name]
