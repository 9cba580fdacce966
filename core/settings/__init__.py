"""What a user may set: a self-checking class per stage, and the bounds of the place where the app runs.

Form fields, the API, the recipe file and error sentences all come from these classes.
"""

from core.settings.base import Settings
from core.settings.evaluate import PARTS, EvaluateSettings, Part
from core.settings.limits import HOME, SPACE, Limits, limits_here
from core.settings.presets import PRESETS, Preset, preset
from core.settings.stages import (
    GenerateSettings,
    IfdSettings,
    InstructSettings,
    MaskSettings,
    MixSettings,
    SearchSettings,
    SelectSettings,
    SplitSettings,
)
from core.settings.train import Method, Template, TrainSettings

__all__ = [
    "HOME",
    "PARTS",
    "PRESETS",
    "SPACE",
    "EvaluateSettings",
    "GenerateSettings",
    "IfdSettings",
    "InstructSettings",
    "Limits",
    "MaskSettings",
    "Method",
    "MixSettings",
    "Part",
    "Preset",
    "SearchSettings",
    "SelectSettings",
    "Settings",
    "SplitSettings",
    "Template",
    "TrainSettings",
    "limits_here",
    "preset",
]
