"""Make the report on a run in the background, watch it, stop it, read it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.actions import background
from core.actions.background import Background
from core.actions.compare import runs
from core.actions.curate.uploads import uploaded
from core.actions.lab import Lab
from core.errors import LabError, SettingProblem
from core.evaluate.result import Watch
from core.settings import EvaluateSettings, Limits
from core.words import counted
from core.workspace import Workspace

if TYPE_CHECKING:
    from core.evaluate.report import Report

EXAMINING = "examining"
WAIT_SECONDS = 0.5
_one_at_a_time = threading.Lock()
_told: dict[Path, str] = {}

__all__ = ["Progress", "begin", "is_at_work", "progress", "runs", "stop", "uploaded_file"]


@dataclass(frozen=True)
class Progress:
    """How far the report is that is being made, if one is: the run, a sentence, and the share done, 0 to 1."""

    run_id: str
    sentence: str
    share: float


def begin(
    lab: Lab,
    workspace: Workspace,
    run_id: str,
    values: dict[str, Any],
    held_out: Path | None = None,
    probes: Path | None = None,
    asked: float | None = None,
) -> "Background[Report]":
    """Start the report on a run. Parts that an earlier report of the same thing has are not made again.

    `held_out` is a file of other rows to score, `probes` one of probes that are put besides those of this lab.
    A Stop since the `moment` at which it was `asked` for holds for it.

    Raises:
        NotFound: there is no such run.
        SettingProblem: no run or no part is chosen, or a setting is out of bounds.
        LabError: a report is being made already.
    """
    if not run_id:
        raise SettingProblem("No run is chosen. Train one on the Train tab; it appears here when it is done.")
    settings, run = EvaluateSettings.parse(values), workspace.run(run_id)
    if not settings.parts:
        raise SettingProblem("Nothing is chosen to look at. Choose one part or more.")
    lab.limits.check(settings)
    if going := background.going(workspace, EXAMINING):
        raise LabError(f"The report on {going.subject} is being made. Wait for its end, or stop it.")

    def work(seen: background.Watch) -> "Report":
        from core.actions.evaluate.material import material_of
        from core.evaluate.examine import examine
        from core.evaluate.probes import with_own

        def tell(what: str, share: float) -> None:
            _told[workspace.root] = what
            seen.progress(share)

        watch = Watch(tell, _Stop(seen.stopped))
        sets = with_own(probes, settings.seed) if probes else None
        with _turn(lab, workspace, watch):
            material = material_of(run, held_out)
            return examine(run, replace(material, probes=sets) if sets else material, settings, watch)

    return Background(workspace, EXAMINING, work, run.id, asked)


def progress(workspace: Workspace) -> Progress | None:
    """How far the report is that is being made in this workspace, or None."""
    going = background.going(workspace, EXAMINING)
    if going is None:
        return None
    said = "It is being stopped." if going.stopped else _told.get(workspace.root, "Waiting")
    return Progress(going.subject, said, going.share)


def is_at_work() -> bool:
    """Whether a report is being made in any workspace; one that waits for its turn is not."""
    return _one_at_a_time.locked()


def stop(workspace: Workspace, asked: float | None = None) -> str:
    """Stop the report that is being made, or was `asked` for and has not begun; the parts that are done stay. Returns a
    sentence."""
    stopped = background.stop(workspace, EXAMINING, asked)
    return "The report is being stopped; what is done is kept." if stopped else "No report is being made."


def uploaded_file(limits: Limits, path: str | None, uploads: Path) -> Path | None:
    """The uploaded file, or None where none was uploaded. Raises like `uploaded`."""
    return uploaded(limits, path, uploads) if path else None


class _Stop(threading.Event):
    """Set as soon as whoever looks on has asked for the end."""

    def __init__(self, asked: Callable[[], bool]) -> None:
        super().__init__()
        self._asked = asked

    def is_set(self) -> bool:
        """Whether the end was asked for."""
        return self._asked() or super().is_set()


@contextmanager
def _turn(lab: Lab, workspace: Workspace, watch: Watch) -> Iterator[None]:
    """Until the machine is free: two models at work on the same cores would slow each other down many times over."""
    while not _takes_turn(lab, workspace):
        watch.at(_waits(lab, workspace), 0, 1)
        time.sleep(WAIT_SECONDS)
    try:
        yield
    finally:
        _one_at_a_time.release()


def _takes_turn(lab: Lab, workspace: Workspace) -> bool:
    """Take the turn where no run goes on or waits, and no other report is at work."""
    if _runs(lab, workspace) or not _one_at_a_time.acquire(blocking=False):
        return False
    if _runs(lab, workspace):  # one was queued between the two looks; it waits only for a report that has the turn
        _one_at_a_time.release()
        return False
    return True


def _runs(lab: Lab, workspace: Workspace) -> int:
    return lab.jobs.unfinished(workspace.root / "runs")


def _waits(lab: Lab, workspace: Workspace) -> str:
    """What is before this report, all of it."""
    runs, report = _runs(lab, workspace), "another report" if is_at_work() else ""
    before = " and ".join(filter(None, [counted(runs, "run") if runs else "", report]))
    return f"Waiting for {before} to end" if before else "Waiting"
