"""Work that goes on in the background: how far it is, and how it is stopped."""

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
_going: dict[tuple[Path, str], set[threading.Event]] = {}


@dataclass(frozen=True)
class Watch:
    """Who looks on: is told the share done, 0 to 1, and may stop the work."""

    progress: Callable[[float], None] = lambda share: None
    stopped: Callable[[], bool] = lambda: False


class Background(Generic[Result]):
    """Work of one sort (“reading”) that goes on in a thread of its own: closing the page does not end it.

    The thread is a daemon, so that ending the program is not held up; nobody sees an unfinished version.
    """

    def __init__(self, workspace: Workspace, sort: str, work: Callable[[Watch], Result]) -> None:
        self.share = 0.0
        self._key = (workspace.root, sort)
        self._stop = threading.Event()
        with _lock:
            _going.setdefault(self._key, set()).add(self._stop)
        self._result: Future[Result] = Future()
        threading.Thread(target=self._run, args=[work], name=sort, daemon=True).start()

    def shares(self) -> Iterator[float]:
        """The share done, a few times a second, until the work ends."""
        while True:
            try:
                self._result.exception(LOOK_SECONDS)
            except TimeoutError:
                yield self.share
            else:
                return

    def result(self) -> Result:
        """What came of it, once it has ended. Raises what the work raised."""
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
            _going.get(self._key, set()).discard(self._stop)


def stop(workspace: Workspace, sort: str) -> bool:
    """Stop whatever work of this sort goes on in the workspace; whether there was any."""
    with _lock:
        going = list(_going.get((workspace.root, sort), ()))
    for event in going:
        event.set()
    return bool(going)
