"""What may become of each kind of personal data."""

import re
from typing import get_args

from core.errors import SettingProblem
from core.privacy import KINDS, SUBSTITUTED
from core.settings import MaskSettings
from core.settings.stages import MaskChoice

CHOICES: tuple[MaskChoice, ...] = get_args(MaskChoice)
TAG, SUBSTITUTE, HASH, PARTIAL, REMOVE, KEEP = CHOICES
_KIND = re.compile(r"[A-Z][A-Z0-9_]{0,63}")  # of a user's own rule


def choices_of(kind: str) -> list[str]:
    """What can be chosen for a kind: secrets and kinds of a user's own rules have no substitute."""
    return [choice for choice in CHOICES if choice != SUBSTITUTE or kind in SUBSTITUTED]


def usual_choice(kind: str) -> MaskChoice:
    """What becomes of a kind for which nothing is chosen: a tag, which shows that something was masked."""
    return TAG


def choice_of(settings: MaskSettings, kind: str) -> MaskChoice:
    """What becomes of a kind."""
    return settings.choices.get(kind) or usual_choice(kind)


def check_choices(settings: MaskSettings) -> None:
    """Hold choices against what there is for each kind.

    Raises:
        SettingProblem: a kind whose name cannot be one, or a substitute for a kind that has none.
    """
    for kind, choice in settings.choices.items():
        if not _KIND.fullmatch(kind):
            raise SettingProblem(
                f"There is no kind of personal data called “{kind[:40]}”. Kinds: {', '.join(KINDS)}, and those of "
                "your own rules, in capital letters."
            )
        if choice not in choices_of(kind):
            others = ", ".join(choices_of(kind)[:-1])
            raise SettingProblem(f"A substitute for {kind} cannot be invented. Choose {others} or {KEEP}.")
