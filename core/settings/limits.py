"""Bounds of the place where the app runs: wide at home, small and fixed on a public Space."""

import os
from dataclasses import dataclass

from core.errors import SettingProblem
from core.settings.base import Settings


@dataclass(frozen=True)
class Limits:
    """`public` is true where strangers share the machine; sizes in megabytes, rows, steps and tokens.

    `batch_size` to `held_out_rows` bound the settings of that name; `waiting` is how many runs may be queued.
    """

    public: bool
    upload_mb: int
    rows: int
    steps: int
    new_tokens: int
    batch_size: int = 256
    max_tokens: int = 32768
    lora_r: int = 256
    evaluations: int = 100
    held_out_rows: int = 10_000
    waiting: int = 1000

    def check(self, settings: Settings) -> None:
        """Hold the settings of a stage against the bounds of this place.

        Raises:
            SettingProblem: a sentence for every setting that is above its bound.
        """
        own = ("batch_size", "max_tokens", "lora_r", "evaluations", "held_out_rows")
        most = {name: getattr(self, name) for name in own}
        sentences = [
            f"{settings.field(name)['label']} is {getattr(settings, name):,}; this place takes at most {bound:,}."
            for name, bound in {**most, "max_new_tokens": self.new_tokens, "most_tokens": self.new_tokens}.items()
            if getattr(settings, name, 0) > bound
        ]
        if sentences:
            raise SettingProblem(" ".join([*sentences, "Lower it, or run Tunebench on your own machine."]))


HOME = Limits(public=False, upload_mb=2048, rows=10_000_000, steps=1_000_000, new_tokens=4096)
# 60 steps of 8 rows of 512 tokens take 14 to 27 minutes at the 150 to 300 tokens a second of two cores.
SPACE = Limits(
    public=True,
    upload_mb=5,
    rows=2_000,
    steps=60,
    new_tokens=256,
    batch_size=8,
    max_tokens=512,
    lora_r=64,
    evaluations=10,
    held_out_rows=100,
    waiting=8,
)


def limits_here() -> Limits:
    """`SPACE` where Hugging Face sets SPACE_ID, else `HOME`."""
    return SPACE if os.environ.get("SPACE_ID") else HOME
