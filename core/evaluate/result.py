"""What every section of a report has, and how whoever looks on is told and may stop it. Free of torch."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict

from core.errors import LabError

Light = Literal["green", "amber", "red", "grey"]


class Stopped(LabError):
    """A person has asked for the end; what was done until then is kept."""


class Section(BaseModel):
    """A part of a report: its light (grey where nothing can be said) and what it says in one plain sentence."""

    model_config = ConfigDict(frozen=True)
    light: Light
    said: str


@dataclass(frozen=True)
class Watch:
    """Who looks on: `tell` gets what is done and the share of it that is, 0 to 1; `stop` asks for the end."""

    tell: Callable[[str, float], None] = lambda what, share: None
    stop: threading.Event = field(default_factory=threading.Event)

    def at(self, what: str, done: int, of: int) -> None:
        """Say how far it is. Raises `Stopped` if the end was asked for."""
        if self.stop.is_set():
            raise Stopped("Stopped. What was done until then is kept.")
        self.tell(what, done / of if of else 1.0)
