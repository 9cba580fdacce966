"""Reading in the background: how far it is, and how it is stopped."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, TimeoutError
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from core.workspace import Workspace

LOOK_SECONDS = 0.25
Result = TypeVar("Result")

_lock = threading.Lock()
_going: dict[Path, set[threading.Event]] = {}


@dataclass(frozen=True)
class Watch:
    """Who looks on while files are read: is told the share done, 0 to 1, and may stop it."""

    progress: Callable[[float], None] = lambda share: None
    stopped: Callable[[], bool] = lambda: False


class Reading(Generic[Result]):
    """Something that reads files, going on in a thread of its own: closing the page does not end it.

    The thread is a daemon, so that ending the program is not held up; nobody sees the unfinished version.
    """

    def __init__(self, workspace: Workspace, work: Callable[[Watch], Result]) -> None:
        self.share = 0.0
        self._root = workspace.root
        self._stop = threading.Event()
        with _lock:
            _going.setdefault(self._root, set()).add(self._stop)
        self._result: Future[Result] = Future()
        threading.Thread(target=self._run, args=[work], name="reading", daemon=True).start()

    def shares(self) -> Iterator[float]:
        """The share read, a few times a second, until the reading ends."""
        while True:
            try:
                self._result.exception(LOOK_SECONDS)
            except TimeoutError:
                yield self.share
            else:
                return

    def result(self) -> Result:
        """What came of it, once it has ended. Raises what the reading raised."""
        return self._result.result()

    def _run(self, work: Callable[[Watch], Result]) -> None:
        try:
            done = work(Watch(self._told, self._stop.is_set))
        except BaseException as error:  # whoever asks for the result gets it
            self._forget()
            self._result.set_exception(error)
        else:
            self._forget()
            self._result.set_result(done)

    def _told(self, share: float) -> None:
        self.share = share

    def _forget(self) -> None:
        with _lock:
            _going.get(self._root, set()).discard(self._stop)


def stop_reading(workspace: Workspace) -> str:
    """Stop whatever is being read in this workspace; returns a sentence."""
    with _lock:
        going = list(_going.get(workspace.root, ()))
    for stop in going:
        stop.set()
    return "Reading is being stopped." if going else "Nothing is being read."
