"""What the Train tab does: setting a run up, starting and ending it, watching it."""

from core.actions.mask.leftovers import Standing
from core.actions.train.again import queue_again
from core.actions.train.choice import Possible, possible
from core.actions.train.estimate import RunEstimate, estimate
from core.actions.train.overlay import HEADERS as OVERLAY_HEADERS
from core.actions.train.overlay import LETTERS, overlay
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
from core.actions.train.sweep import start_sweep, sweep_of, sweep_said, sweeps

__all__ = [
    "ALL_THE_SAME",
    "LETTERS",
    "OVERLAY_HEADERS",
    "Possible",
    "RunEstimate",
    "RunView",
    "Standing",
    "estimate",
    "model_choices",
    "opened_recipe",
    "overlay",
    "pause",
    "personal_data",
    "plan",
    "possible",
    "preset_settings",
    "presets",
    "queue_again",
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
    "sweep_said",
    "sweeps",
    "versions",
    "view",
]
