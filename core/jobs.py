"""Long work, one piece after the other in a thread of its own, watched only through its run folder."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.errors import Busy, LabError
from core.words import counted
from core.workspace import Claim, Run, Status
from core.workspace.runs import going_on_apart

ENDED = ("done", "stopped", "paused", "failed")
LOOK_SECONDS = 1.0  # how soon a run begins after what it waited for besides other jobs

logger = logging.getLogger("tunebench")
Work = Callable[[Path], None]


@dataclass(frozen=True)
class _Job:
    """A run in line, with where it stood `before`: it stands there again if it is taken out.

    `note` is said of it while it waits; `held_up` says what it waits for besides other runs, or nothing.
    """

    run: Run
    claim: Claim
    work: Work
    before: Status
    note: str
    held_up: Callable[[], str]


class Jobs:
    """A queue with one worker: two trainings at once would only slow each other down.

    It also waits for runs of the same workspace that go on in processes of their own, begun by another program, which
    may have ended since. A job belongs to no page: closing, reloading or doubling a tab does not touch it. The thread
    is a daemon, so that ending the program is not held up; the run is then found interrupted.
    """

    def __init__(self) -> None:
        self._waiting: deque[_Job] = deque()
        self._changed = threading.Condition()
        self._current: Run | None = None
        self._held_up = (0, "")  # the first in line: by how many runs that go on apart, and by what else
        self._worker: threading.Thread | None = None

    def start(self, run: Run, work: Work, note: str = "", held_up: Callable[[], str] = lambda: "") -> None:
        """Queue `work(run.folder)`. The run is claimed at once, so that it is never mistaken for an orphan.

        Its status says `note` while it waits. `held_up` is asked again and again before it begins: it gives the
        sentence that says what has to end first besides other runs, or an empty one.

        Raises:
            Busy: the run is claimed by someone else.
            LabError: the disk is full, or the run's folder cannot be written.
        """
        before = run.status()
        claim = run.claim().take()
        if run.status().state in ENDED and run.status().state != before.state:
            claim.release()
            raise Busy(f"{run.id} has just been trained or stopped by another program. Look at it again.")
        with self._changed:
            self._waiting.append(_Job(run, claim, work, before, note, held_up))
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
                run.write_status(taken_out(run, job.before))
            finally:
                job.claim.release()
                self._tell()
            return True

    def waiting(self) -> int:
        """How many jobs have not begun yet."""
        return len(self._waiting)

    def unfinished(self, runs: Path | None = None) -> int:
        """How many jobs have not ended yet: those that wait and the one that is going on.

        Of a folder of `runs` those are counted too that go on `apart`.
        """
        with self._changed:
            own = len(self._waiting) + (self._current is not None)
        return own + (len(self.apart(runs)) if runs else 0)

    def apart(self, runs: Path) -> list[Run]:
        """The runs in this folder that go on in processes of their own, but for the one that is a job here."""
        current = self._current
        return [run for run in going_on_apart(runs) if current is None or run.folder != current.folder]

    def _next(self) -> _Job:
        """The first in line, as soon as it may begin; until then it can be taken out."""
        with self._changed:
            self._current = None
            self._tell()
            while not self._waiting or self._is_held_up(self._waiting[0]):
                self._changed.wait(LOOK_SECONDS if self._waiting else None)
            job = self._waiting.popleft()
            self._current = job.run
            self._tell()
            return job

    def _is_held_up(self, first: _Job) -> bool:
        """Whether the first in line has to wait for something besides other jobs, which it is told."""
        try:
            found = len(self.apart(first.run.folder.parent)), first.held_up()
        except Exception:  # a folder that cannot be read now must not end the worker: it looks again
            logger.exception("Whether run %s may begin is not known", first.run.id)
            return True
        if found != self._held_up:
            self._held_up = found
            self._tell()
        return any(found)

    def _tell(self) -> None:
        """Write into the folder of every run that waits how many are before it."""
        apart, why = self._held_up
        for place, job in enumerate(self._waiting):
            before = place + apart + (self._current is not None)
            reason = " ".join(filter(None, [job.note, _turn(before), "" if place else why]))
            try:
                job.run.update_status(state="queued", remaining=None, reason=reason, before=before)
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


def taken_out(run: Run, before: Status) -> Status:
    """Where a run stands that is taken out of the line, and stood so `before` it was put there."""
    if before.state in ("paused", "stopped", "failed"):
        return before
    reason = "Stopped before it began."
    if run.has_checkpoint:
        reason = "Stopped before it went on. What was saved at its last checkpoint is kept."
    return before.model_copy(update={"state": "stopped", "remaining": None, "reason": reason})


def _turn(before: int) -> str:
    return f"{counted(before, 'run is', 'runs are')} before this one." if before else ""
