"""What the Train tab does: setting a run up, starting and ending it, watching it."""

from core.actions.mask.leftovers import Standing
from core.actions.train.choice import methods, optimizers
from core.actions.train.estimate import RunEstimate, estimate
from core.actions.train.overlay import HEADERS as OVERLAY_HEADERS
from core.actions.train.overlay import overlay
from core.actions.train.recipes import (
    opened_recipe,
    preset_settings,
    presets,
    read_recipe,
    recipe_file,
    recipe_of,
    recipe_text,
)
from core.actions.train.running import RunView, pause, resume, runs, start, stop, view
from core.actions.train.setup import ALL_THE_SAME, model_choices, personal_data, plan, versions
from core.actions.train.sweep import start_sweep, sweep_of, sweeps

__all__ = [
    "ALL_THE_SAME",
    "OVERLAY_HEADERS",
    "RunEstimate",
    "RunView",
    "Standing",
    "estimate",
    "methods",
    "model_choices",
    "opened_recipe",
    "optimizers",
    "overlay",
    "pause",
    "personal_data",
    "plan",
    "preset_settings",
    "presets",
    "read_recipe",
    "recipe_file",
    "recipe_of",
    "recipe_text",
    "resume",
    "runs",
    "start",
    "start_sweep",
    "stop",
    "sweep_of",
    "sweeps",
    "versions",
    "view",
]
