"""IFD scores of a version by the starter model: long work that goes on when the page is closed, and can be resumed.

Scores lie beside the version as lines of `ifd.jsonl`, how far the work is in the folder `ifd`. It waits in the queue of
the trainings, because two of them at once would only slow each other down.
"""

import logging
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from core import models
from core.actions.lab import Lab
from core.errors import Busy, LabError, SettingProblem
from core.format import with_template
from core.records import Dataset, Example
from core.select import NO_HELP, Scorer, trainable
from core.settings import IfdSettings, TrainSettings
from core.words import counted
from core.workspace import FINISHED, Run, Status, Workspace

KEY = "ifd"
TIMED_ROWS = 4  # after as many rows the time that is left can be told
TIMES_KEPT = 50  # it follows the last rows: the first ones are slow, because each new length is set up once
ROWS_AT_ONCE = 64
SECONDS_BETWEEN_STATES = 1.0
MOST_PUBLIC_ROWS = 100  # at 3 rows a second and core, half a minute of a machine that strangers share

logger = logging.getLogger("tunebench")


@dataclass(frozen=True)
class Scoring:
    """How far the scoring of a version is: `done` of `rows`, and the seconds that remain, once they are known.

    `reason` says why it waits, has failed or was stopped; `summary` what the scores say so far. Both may be empty.
    """

    state: str
    done: int
    rows: int
    remaining: float | None
    reason: str
    summary: str

    @property
    def active(self) -> bool:
        """Whether it still changes."""
        return self.state not in ("", *FINISHED)


def field(name: str) -> dict[str, Any]:
    """Label, info, default and bounds of a field of the form."""
    return IfdSettings.field(name)


def score_ifd(lab: Lab, workspace: Workspace, version_id: str, values: dict[str, Any] | None = None) -> Scoring:
    """Begin to score rows of a version, or go on where it was stopped; `values` are those of `IfdSettings`.

    Raises:
        NotFound: there is no such version, or the starter model is not on this machine yet.
        SettingProblem: a value is out of its bounds, or no row has a prompt and an answer.
        Busy: the version is being scored already, or too much waits on a machine that strangers share.
    """
    settings = IfdSettings.parse(values or {})
    _check_place(lab, settings)
    source = models.resolve(models.STARTER_ID, lab.models_folder, lab.limits)
    rows = trainable(workspace.versions.load(_chosen(version_id)), settings.seed)[: settings.rows]
    if not rows:
        raise SettingProblem("No row to train on has a prompt and an answer, so there is nothing to score.")
    job = _job(workspace, version_id)
    if scoring(workspace, version_id).active:
        raise Busy(f"{version_id} is being scored already. Wait for its end, or stop it.")
    job.folder.mkdir(exist_ok=True)
    (job.folder / "STOP").unlink(missing_ok=True)
    job.write_status(Status(state="queued", steps=len(rows)))
    lab.jobs.start(job, lambda _: _work(job, workspace, version_id, source, rows))
    return scoring(workspace, version_id)


def stop_ifd(lab: Lab, workspace: Workspace, version_id: str) -> Scoring:
    """Ask the scoring of a version to end after its current row, or at once if it waits.

    Raises:
        NotFound: there is no such version.
        LabError: it is not being scored.
    """
    job = _job(workspace, version_id)
    if not scoring(workspace, version_id).active:
        raise LabError(f"{version_id} is not being scored; there is nothing to stop.")
    if not lab.jobs.drop(job):
        job.ask("STOP")
    return scoring(workspace, version_id)


def scoring(workspace: Workspace, version_id: str) -> Scoring:
    """How far the scoring of a version is. Raises `NotFound`."""
    job = _job(workspace, version_id)
    found = _summary(list(scores(workspace, version_id).values()))
    if not (job.folder / "status.json").exists():
        return Scoring("", 0, 0, None, "", found)
    status = job.status()
    reason = "The program ended before all rows were scored." if status.state == "interrupted" else status.reason
    if status.state not in FINISHED and job.wish() is not None:
        reason = "Stopping after this row."
    return Scoring(status.state, status.step, status.steps, status.remaining, reason, found)


def scores(workspace: Workspace, version_id: str) -> dict[str, float]:
    """The IFD of each scored row by its id, by the model that scored last. Raises `NotFound`."""
    lines = workspace.versions.lines(version_id, KEY)
    return {line["id"]: line["ifd"] for line in lines if line["model"] == lines[-1]["model"] and "ifd" in line}


def _check_place(lab: Lab, settings: IfdSettings) -> None:
    if lab.limits.public and settings.rows > MOST_PUBLIC_ROWS:
        raise SettingProblem(
            f"Rows to score is {settings.rows:,}; this place takes at most {MOST_PUBLIC_ROWS}. "
            "Lower it, or run Tunebench on your own machine."
        )
    if lab.jobs.waiting() >= lab.limits.waiting:
        raise Busy(f"{lab.limits.waiting:,} jobs are waiting already, and no more may. Try again in some minutes.")


def _chosen(version_id: str) -> str:
    if not version_id:
        raise SettingProblem("No dataset version is chosen. Choose one in the list, or load a file first.")
    return version_id


def _job(workspace: Workspace, version_id: str) -> Run:
    """The folder of the work, which the queue watches like that of a training."""
    version = workspace.versions.get(_chosen(version_id))
    return Run(workspace.versions.folder / version.id / KEY)


def _work(job: Run, workspace: Workspace, version_id: str, source: models.ModelSource, rows: Sequence[str]) -> None:
    """Score the rows that have no score by this model yet. However it ends, status.json says so."""
    try:
        job.write_status(Status(state="running", steps=len(rows), reason="Loading the model."))
        scored = {line["id"] for line in workspace.versions.lines(version_id, KEY) if line["model"] == source.revision}
        waiting = [row_id for row_id in rows if row_id not in scored]
        scorer = Scorer(models.load_model(source), with_template(models.load_tokenizer(source), TrainSettings()))
        progress = _Progress(job, len(rows), len(rows) - len(waiting))
        for example in _examples(workspace.versions.load(version_id), waiting):
            if job.wish() is not None:
                progress.end("stopped", "Stopped. What was scored is kept, and scoring can go on.")
                return
            line = {"model": source.revision, **_scored(scorer, example)}
            workspace.versions.add_line(version_id, KEY, line)
            progress.step()
        progress.end("done", "")
    except LabError as error:
        _failed(job, str(error))
    except Exception as error:
        logger.exception("Scoring %s failed", version_id)
        _failed(job, f"Scoring broke off: {type(error).__name__}. What was scored is kept; try to go on.")


def _scored(scorer: Scorer, example: Example) -> dict[str, Any]:
    """The score of a row as a line; where the model's chat template refuses the row, why."""
    try:
        return asdict(scorer.score(example))
    except LabError as error:
        return {"id": example.id, "refused": str(error)}


def _examples(dataset: Dataset, ids: Sequence[str]) -> Iterator[Example]:
    """The rows with these ids, in the order of the ids, some at a time."""
    for start in range(0, len(ids), ROWS_AT_ONCE):
        some = ids[start : start + ROWS_AT_ONCE]
        found = dataset.table.filter(pc.is_in(dataset.table["id"], value_set=pa.array(some, pa.string())))
        examples = {example.id: example for example in Dataset(found)}
        yield from (examples[row_id] for row_id in some)


class _Progress:
    """Writes how far the work is into its folder, once a second."""

    def __init__(self, job: Run, rows: int, done: int) -> None:
        self.job, self.rows, self.done = job, rows, done
        self.started = self.told = time.perf_counter()
        self.times = deque([self.started], maxlen=TIMES_KEPT)
        self._tell("running", "Timing the first rows.", None)

    def step(self) -> None:
        """One row more is scored."""
        self.done += 1
        now = time.perf_counter()
        self.times.append(now)
        if now - self.told < SECONDS_BETWEEN_STATES:
            return
        self.told, timed = now, len(self.times) - 1
        if timed < TIMED_ROWS:
            self._tell("running", "Timing the first rows.", None)
        else:
            self._tell("running", "", (now - self.times[0]) / timed * (self.rows - self.done))

    def end(self, state: Any, reason: str) -> None:
        """Nothing more will be scored."""
        self._tell(state, reason, None)

    def _tell(self, state: Any, reason: str, remaining: float | None) -> None:
        elapsed = time.perf_counter() - self.started
        self.job.write_status(
            Status(state=state, step=self.done, steps=self.rows, elapsed=elapsed, remaining=remaining, reason=reason)
        )


def _failed(job: Run, reason: str) -> None:
    job.write_status(job.status().model_copy(update={"state": "failed", "reason": reason, "remaining": None}))


def _summary(found: Sequence[float]) -> str:
    if not found:
        return ""
    useless = sum(score >= NO_HELP for score in found)
    share = f"{100 * useless / len(found):.0f} %"
    return (
        f"{counted(len(found), 'row')} scored, median IFD {median(found):.2f}; {useless:,} ({share}) at 1 or more, "
        "where the prompt does not help."
    )
