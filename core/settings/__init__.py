"""What a user may set: a self-checking class per stage, and the bounds of the place where the app runs.

Form fields, the API, the recipe file and error sentences all come from these classes.
"""

from core.settings.base import Settings
from core.settings.limits import HOME, SPACE, Limits, limits_here
from core.settings.stages import (
    GenerateSettings,
    IfdSettings,
    InstructSettings,
    MaskSettings,
    MixSettings,
    SearchSettings,
    SelectSettings,
    SplitSettings,
    TrainSettings,
)

__all__ = [
    "HOME",
    "SPACE",
    "GenerateSettings",
    "IfdSettings",
    "InstructSettings",
    "Limits",
    "MaskSettings",
    "MixSettings",
    "SearchSettings",
    "SelectSettings",
    "Settings",
    "SplitSettings",
    "TrainSettings",
    "limits_here",
]
