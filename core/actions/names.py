"""The name finder of this process: fetched at first use, loaded once, shared by all who read texts."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import LabError
from core.models import rampart

if TYPE_CHECKING:
    from core.privacy.tagger import Tagger

NOT_READ = "Names in sentences were not searched: {}"
POLL_SECONDS = 0.2


class NameFinder:
    """Where the weights stand (`weights`), and the tagger made of them."""

    def __init__(self, models_folder: Path) -> None:
        self.weights = rampart.RampartFetch(models_folder)
        self._folder = models_folder
        self._lock = threading.Lock()
        self._tagger: Tagger | None = None

    @property
    def loaded(self) -> "Tagger | None":
        """The tagger, if somebody has asked for it before; never waits."""
        return self._tagger

    def load(self, stopped: Callable[[], bool] = lambda: False) -> "tuple[Tagger | None, str]":
        """The tagger, whose weights are fetched if need be, or None and a sentence that says why there is none.

        Waits for the weights until they are there, fetching has failed, or `stopped` says yes.
        """
        with self._lock:
            if self._tagger is None:
                self.weights.start()
                while self.weights.progress.state not in ("ready", "failed") and not stopped():
                    time.sleep(POLL_SECONDS)
                if self.weights.progress.state != "ready":
                    return None, NOT_READ.format(self.weights.progress.sentence)
                try:
                    self._tagger = _load(rampart.folder(self._folder))
                except LabError as error:
                    return None, NOT_READ.format(error)
            return self._tagger, ""


def _load(folder: Path) -> "Tagger":
    from core.privacy.tagger import load

    return load(folder)
