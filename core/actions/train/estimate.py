"""What a run will take before it is started: memory and time, whether it fits, and what to change if it does not."""

import time
from dataclasses import dataclass
from typing import Any

from core import models
from core.actions.lab import Lab
from core.actions.train.beside import any_work
from core.actions.train.choice import chosen
from core.actions.train.measured import tokenizer_of
from core.records import Dataset
from core.settings import TrainSettings
from core.train import prepare
from core.train.estimate import Estimate, Job
from core.train.mends import Mend, mends
from core.train.plan import Prepared
from core.train.room import beside
from core.workspace import FINISHED, Workspace

__all__ = ["Estimate", "Mend", "RunEstimate", "estimate"]

RUNNING = (
    "A run is going on, and measuring beside it would be wrong. The minutes come when it has ended and has given its "
    "memory back."
)
IN_LINE = (
    "{} runs are before this one, and measuring beside a run would be wrong. The minutes come when all have ended and "
    "have given their memory back."
)
OTHER_WORK = "{}, and measuring beside it would be wrong. The minutes come when it has ended."
MEGABYTE = 2**20
MOST_REMEMBERED = 5_000_000  # tokens of rendered rows; more are rendered again each time


@dataclass(frozen=True)
class RunEstimate:
    """What a run would take, and, where it does not fit, the changes that help, those that are enough first.

    `before` is how many runs have to end before it begins.
    """

    estimate: Estimate
    mends: list[Mend]
    before: int = 0

    @property
    def turn(self) -> str:
        """After what its minutes begin, as a clause; empty where it begins at once."""
        if not self.before:
            return ""
        return f"after the {self.before:,} runs in line" if self.before > 1 else "after the run in line"


@dataclass(frozen=True)
class _Rendered:
    """The rows that were rendered last, for what, and how long that took."""

    of: tuple[Any, ...]
    rows: Prepared
    seconds: float


_last: list[_Rendered] = []


def estimate(
    lab: Lab, workspace: Workspace, version_id: str, values: dict[str, Any], measure: bool = True
) -> RunEstimate:
    """What a run would take. The first time for a model and a method, a few steps of it are trained as a measurement.

    That is not done beside a run, a report, a prompt set or a chat that is going on, for a model that is not on this
    machine, where it would not fit, and without `measure`; the estimate then has no seconds and says why.

    Raises:
        LabError: a wrong setting, a missing model or version, too few rows, or a model of an unknown kind.
    """
    settings, source, dataset = chosen(lab, workspace, version_id, values)
    models.import_heavy()
    rendered = _rendered(dataset, settings, source)
    folder = workspace.root / "runs"
    before, runs = lab.jobs.unfinished(folder), _beside_runs(lab, workspace)
    job = Job(source, settings, rendered.rows, lab.limits.steps, folder, rendered.seconds, bool(runs))
    apart = sum(round(run.status().memory_mb * MEGABYTE) for run in lab.jobs.apart(folder))
    with beside(lab.playground.held_bytes, apart):
        found = lab.estimator.estimate(job, (lambda: _why_not(lab, workspace)) if measure else None)
        return RunEstimate(found, mends(lab.estimator, job, found), before)


def _beside_runs(lab: Lab, workspace: Workspace) -> str:
    """Why nothing can be measured while a run goes on, of this program or of another one; empty if none does."""
    before = lab.jobs.unfinished(workspace.root / "runs")
    if before > 1:
        return IN_LINE.format(f"{before:,}")
    busy = before or any(run.status().state not in FINISHED for run in workspace.runs())
    return RUNNING if busy else ""


def _why_not(lab: Lab, workspace: Workspace) -> str:
    """Why nothing can be measured now; empty if it can."""
    if runs := _beside_runs(lab, workspace):
        return runs
    work = any_work(lab, workspace)
    return OTHER_WORK.format(work) if work else ""


def _rendered(dataset: Dataset, settings: TrainSettings, source: models.ModelSource) -> _Rendered:
    of = (dataset.content_hash(), source, settings.goal, settings.template, settings.max_tokens)
    if known := next((each for each in _last if each.of == of), None):
        return known
    began = time.perf_counter()
    rows = prepare(tokenizer_of(source, settings), dataset, settings)
    found = _Rendered(of, rows, time.perf_counter() - began)
    _last[:] = [found] if rows.train.tokens + rows.held_out.tokens <= MOST_REMEMBERED else []
    return found
