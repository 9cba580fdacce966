"""Work that goes on in the background: how far it is, and how it is stopped."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, TimeoutError
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from core.workspace import Workspace

LOOK_SECONDS = 0.25
Result = TypeVar("Result")


@dataclass(frozen=True)
class Watch:
    """Who looks on: is told the share done, 0 to 1, and may stop the work."""

    progress: Callable[[float], None] = lambda share: None
    stopped: Callable[[], bool] = lambda: False


class Background(Generic[Result]):
    """Work of one sort (“reading”) that goes on in a thread of its own: closing the page does not end it.

    `subject` says in a word what it is about. `asked` is the `moment` at which a person asked for it: a Stop pressed
    since then holds for it, even if that was before it began. The thread is a daemon, so that ending the program is not
    held up; nobody sees an unfinished version.
    """

    def __init__(
        self,
        workspace: Workspace,
        sort: str,
        work: Callable[[Watch], Result],
        subject: str = "",
        asked: float | None = None,
    ) -> None:
        self.share = 0.0
        self.subject = subject
        self._stop = threading.Event()
        self._result: Future[Result] = Future()
        self._sort = _sort(workspace, sort)
        self._sort.begin(self, asked)
        threading.Thread(target=self._run, args=[work], name=sort, daemon=True).start()

    @property
    def stopped(self) -> bool:
        """Whether it was asked to stop."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask it to stop."""
        self._stop.set()

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
            self._sort.end(self)
            self._result.set_exception(error)
        else:
            self._sort.end(self)
            self._result.set_result(done)

    def _told(self, share: float) -> None:
        self.share = share


def moment() -> float:
    """Now, for whoever asks for work that may begin later."""
    return time.monotonic()


def going(workspace: Workspace, sort: str) -> Background[Any] | None:
    """The work of this sort that goes on in the workspace, the latest if there are several."""
    works = _sort(workspace, sort).going
    return works[-1] if works else None


def stop(workspace: Workspace, sort: str, asked: float | None = None) -> bool:
    """Stop whatever work of this sort goes on in the workspace, and what was `asked` for at a `moment` before.

    Returns whether there was any.
    """
    return _sort(workspace, sort).stop(asked)


@dataclass
class _Sort:
    """The work of one sort in one workspace; its moments are when Stop was pressed, and when what began was asked."""

    going: tuple[Background[Any], ...] = ()
    stopped_at: float = 0.0
    begun: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, work: Background[Any], asked: float | None) -> None:
        with self.lock:
            self.going += (work,)
            self.begun = max(self.begun, asked or 0.0)
            if asked and asked < self.stopped_at:
                work.stop()

    def end(self, work: Background[Any]) -> None:
        with self.lock:
            self.going = tuple(other for other in self.going if other is not work)

    def stop(self, asked: float | None) -> bool:
        with self.lock:
            self.stopped_at = moment()
            for work in self.going:
                work.stop()
            return bool(self.going or (asked and asked > self.begun))


_lock = threading.Lock()
_sorts: dict[tuple[Path, str], _Sort] = {}


def _sort(workspace: Workspace, sort: str) -> _Sort:
    with _lock:
        return _sorts.setdefault((workspace.root, sort), _Sort())
