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
NOT_FETCHED = (
    "Names of people are not looked for: the name finder was not fetched yet. A search on the Mask tab fetches it."
)
POLL_SECONDS = 0.2


class NameFinder:
    """Where the weights stand (`weights`), and the tagger made of them."""

    def __init__(self, models_folder: Path) -> None:
        self.weights = rampart.RampartFetch(models_folder)
        self._folder = models_folder
        self._lock = threading.Lock()
        self._tagger: Tagger | None = None
        self._problem = ""  # why the weights that are on the disk could not be loaded

    def at_hand(self) -> "tuple[Tagger | None, str]":
        """The tagger, if its weights are on the disk and can be loaded, or None and a sentence that says why not.

        Nothing is fetched, and who fetches is not waited for.
        """
        if self._tagger is None and self._lock.acquire(blocking=False):
            try:
                if not self._problem and rampart.is_present(self._folder):
                    self._problem = self._take()
            finally:
                self._lock.release()
        return self._tagger, "" if self._tagger else self._problem or NOT_FETCHED

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
                if problem := self._take():
                    return None, problem
            return self._tagger, ""

    def _take(self) -> str:
        """Load the weights; returns a sentence if they cannot be."""
        try:
            self._tagger = _load(rampart.folder(self._folder))
        except LabError as error:
            return NOT_READ.format(error)
        self._problem = ""
        return ""


def _load(folder: Path) -> "Tagger":
    from core.privacy.tagger import load

    return load(folder)
