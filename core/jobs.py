"""Long work, one piece after the other in a thread of its own, watched only through its run folder."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.errors import LabError
from core.workspace import Claim, Run, Status

logger = logging.getLogger("tunebench")
Work = Callable[[Path], None]


@dataclass(frozen=True)
class _Job:
    """A run in line, with where it stood `before`: it stands there again if it is taken out."""

    run: Run
    claim: Claim
    work: Work
    before: Status


class Jobs:
    """A queue with one worker: two trainings at once would only slow each other down.

    A job belongs to no page: closing, reloading or doubling a tab does not touch it. The thread is a daemon, so that
    ending the program is not held up; the run is then found interrupted.
    """

    def __init__(self) -> None:
        self._waiting: deque[_Job] = deque()
        self._changed = threading.Condition()
        self._busy = False
        self._worker: threading.Thread | None = None

    def start(self, run: Run, work: Work) -> None:
        """Queue `work(run.folder)`. The run is claimed at once, so that it is never mistaken for an orphan.

        Raises:
            Busy: the run is claimed by someone else.
            LabError: the disk is full, or the run's folder cannot be written.
        """
        before = run.status()
        claim = run.claim().take()
        with self._changed:
            self._waiting.append(_Job(run, claim, work, before))
            self._tell()
            self._changed.notify()
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="jobs", daemon=True)
                self._worker.start()

    def drop(self, run: Run) -> bool:
        """Take out a run that waits, to begin or to go on; False if it is not waiting any more.

        One that was paused, stopped or failed is so again; any other is stopped.

        Raises:
            LabError: the disk does not take where it stands now; it waits no more all the same.
        """
        with self._changed:
            job = next((job for job in self._waiting if job.run.folder == run.folder), None)
            if job is None:
                return False
            self._waiting.remove(job)
            try:
                run.write_status(_taken_out(job))
            finally:
                job.claim.release()
                self._tell()
            return True

    def waiting(self) -> int:
        """How many jobs have not begun yet."""
        return len(self._waiting)

    def unfinished(self) -> int:
        """How many jobs have not ended yet: those that wait and the one that is going on."""
        with self._changed:
            return len(self._waiting) + self._busy

    def _next(self) -> _Job:
        with self._changed:
            self._busy = False
            self._changed.wait_for(lambda: self._waiting)
            self._busy = True
            job = self._waiting.popleft()
            self._tell()
            return job

    def _tell(self) -> None:
        """Write into the folder of every run that waits how many are before it."""
        for before, job in enumerate(self._waiting, int(self._busy)):
            try:
                job.run.update_status(state="queued", remaining=None, reason=_turn(before))
            except (LabError, OSError, ValueError):  # a full disk or a damaged status must not end the worker
                logger.exception("The turn of run %s cannot be told", job.run.id)

    def _work(self) -> None:
        while True:
            job = self._next()
            try:
                job.work(job.run.folder)
            except Exception:  # the jobs behind it must not wait forever; the run is found interrupted
                logger.exception("The job of run %s broke", job.run.id)
            finally:
                job.claim.release()


def _taken_out(job: _Job) -> Status:
    if job.before.state in ("paused", "stopped", "failed"):
        return job.before
    reason = "Stopped before it began."
    if job.run.has_checkpoint:
        reason = "Stopped before it went on. What was saved at its last checkpoint is kept."
    return job.before.model_copy(update={"state": "stopped", "remaining": None, "reason": reason})


def _turn(before: int) -> str:
    if not before:
        return ""
    return f"{before:,} runs are before this one." if before > 1 else "1 run is before this one."
