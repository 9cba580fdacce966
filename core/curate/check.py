"""What a check is. A new one is a file in `checks/` that ends with `CHECK = Check(...)`, and a line in its list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import polars as pl

from core.curate.rows import Rows

Action = Literal["leave out", "keep", "repair"]
LEAVE_OUT: Action = "leave out"
KEEP: Action = "keep"  # nothing is done before a person has decided
REPAIR: Action = "repair"


@dataclass(frozen=True)
class Threshold:
    """What the score of a problem is held against: from `lowest`, where the scan begins, to `highest`.

    With `above`, a row counts from the threshold upwards, else up to it.
    """

    default: float
    lowest: float
    highest: float
    title: str
    step: float = 0.01
    above: bool = True


@dataclass(frozen=True)
class Check:
    """Which rows should be looked at, and why.

    `about` is a sentence for the board, `action` what is done unless a person decides otherwise, `find` answers with a
    frame of `FOUND`, `repair` gives the mended text of a message, and `choose` says which of the problems found count
    at a threshold (a frame like that of `find`); without it those whose score reaches it.
    """

    name: str
    about: str
    action: Action
    find: Callable[[Rows], pl.DataFrame]
    repair: Callable[[str], str] | None = None
    threshold: Threshold | None = None
    choose: Callable[[pl.DataFrame, float], pl.DataFrame] | None = None
