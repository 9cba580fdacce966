"""Bounds of the place where the app runs: wide at home, small and fixed on a public Space."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """`public` is true where strangers share the machine; sizes in megabytes, rows, steps and tokens."""

    public: bool
    upload_mb: int
    rows: int
    steps: int
    new_tokens: int


HOME = Limits(public=False, upload_mb=2048, rows=10_000_000, steps=1_000_000, new_tokens=4096)
SPACE = Limits(public=True, upload_mb=5, rows=2_000, steps=60, new_tokens=256)


def limits_here() -> Limits:
    """`SPACE` where Hugging Face sets SPACE_ID, else `HOME`."""
    return SPACE if os.environ.get("SPACE_ID") else HOME
