"""Long work, one piece after the other in a thread of its own, watched only through its run folder."""

import logging
import queue
import threading
from collections.abc import Callable
from pathlib import Path

from core.workspace import Claim, Run

logger = logging.getLogger("tunebench")
Work = Callable[[Path], None]


class Jobs:
    """A queue with one worker: two trainings at once would only slow each other down.

    A job belongs to no page: closing, reloading or doubling a tab does not touch it. The thread is a daemon, so that
    ending the program is not held up; the run is then found interrupted.
    """

    def __init__(self) -> None:
        self._waiting: queue.Queue[tuple[Run, Claim, Work]] = queue.Queue()
        self._lock = threading.Lock()
        self._worker: threading.Thread | None = None

    def start(self, run: Run, work: Work) -> None:
        """Queue `work(run.folder)`. The run is claimed at once, so that it is never mistaken for an orphan.

        Raises:
            Busy: the run is claimed by someone else.
        """
        claim = run.claim().take()
        self._waiting.put((run, claim, work))
        with self._lock:
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="jobs", daemon=True)
                self._worker.start()

    def waiting(self) -> int:
        """How many jobs have not begun yet."""
        return self._waiting.qsize()

    def _work(self) -> None:
        while True:
            run, claim, work = self._waiting.get()
            try:
                if run.stop_asked():
                    reason = "Stopped before it began."
                    run.write_status(run.status().model_copy(update={"state": "stopped", "reason": reason}))
                else:
                    work(run.folder)
            except Exception:  # the jobs behind it must not wait forever; the run is found interrupted
                logger.exception("The job of run %s broke", run.id)
            finally:
                claim.release()
