"""Runs: starting, pausing, stopping, going on, and what the page shows of one."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

from core.actions.lab import Lab
from core.actions.mask.leftovers import Standing, standing
from core.actions.train.beside import long_work
from core.actions.train.choice import checked
from core.actions.train.setup import ALL_THE_SAME, plan
from core.chart import Series, loss_series, reduce_points
from core.errors import Busy, LabError
from core.models import ModelSource
from core.settings import TrainSettings
from core.train import advice, run_apart
from core.train import run as train_run
from core.workspace import FINISHED, Recipe, Run, Status, Wish, Workspace

MEASURES = ("rate", "norm", "tokens_per_second", "memory_mb")
PACKAGES = ("torch", "transformers", "peft", "bitsandbytes", "datasets")
MEASURING = "A short measurement ends first: beside it the run would find this machine slower than it is."
OTHERS_FIRST = "{}; this run begins when that has ended."


@dataclass(frozen=True)
class RunView:
    """What the page shows of a run; times in seconds, `series` and `measures` reduced for the plots.

    `padding` is the share of computed tokens that was filled up, `words` say how it goes, `samples` are all answers so
    far, `machine` tells what it is computed with. `personal_data` says what was known of it in the version, where a
    person chose to train on that.
    """

    id: str
    state: str
    reason: str
    step: int
    steps: int
    elapsed: float
    remaining: float | None
    tokens_per_second: float | None
    train_loss: float | None
    held_out_loss: float | None
    best_step: int | None
    best_loss: float | None
    memory_mb: float
    padding: float | None
    series: list[Series]
    measures: dict[str, list[tuple[int, float]]]
    words: list[str]
    samples: list[dict[str, Any]]
    machine: str = ""
    personal_data: str = ""

    @property
    def active(self) -> bool:
        """Whether it still changes."""
        return self.state not in FINISHED

    @property
    def can_stop(self) -> bool:
        """Whether it goes on, or would after a pause."""
        return self.active or self.state == "paused"

    @property
    def can_resume(self) -> bool:
        """Whether there are steps left to take."""
        return self.state in ("paused", "stopped", "interrupted", "failed")


def runs(workspace: Workspace) -> list[tuple[str, str]]:
    """Label and id of every run, newest first."""
    return [(run.id, run.id) for run in workspace.runs()]


def start(
    lab: Lab,
    workspace: Workspace,
    version_id: str,
    values: dict[str, Any],
    train_all_the_same: bool = False,
    sweep: str = "",
) -> str:
    """Queue a run and return its id; `sweep` names the sweep that it belongs to. Raises like `check_start`."""
    settings, source, data = check_start(lab, workspace, version_id, values, train_all_the_same)
    version = workspace.versions.get(version_id)
    recipe = Recipe(
        model=settings.model,
        source=asdict(source),
        dataset=version.id,
        dataset_hash=version.content_hash,
        workspace=str(workspace.root),
        settings=settings,
        most_steps=lab.limits.steps,
        versions={name: installed(name) for name in PACKAGES},
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        sweep=sweep,
        personal_data=data.sentence,
        consent=data.counts() if data.needs_consent else None,
    )
    run = workspace.new_run(version.name, recipe)
    queue(lab, workspace, run)
    return run.id


def check_start(
    lab: Lab, workspace: Workspace, version_id: str, values: dict[str, Any], train_all_the_same: bool
) -> tuple[TrainSettings, ModelSource, Standing]:
    """The settings of a run, its model, and where its version stands, if the run may be started.

    A version with personal data that is known and not masked is only trained on with `train_all_the_same`, which the
    run records; else that is a `LabError`. Raises like `plan`, or `Busy` where strangers share a queue that is full.
    """
    plan(lab, workspace, version_id, values)
    settings, source = checked(lab, values)
    _check_queue(lab, workspace)
    data = standing(workspace, version_id)
    if data.needs_consent and train_all_the_same is not True:
        raise LabError(f"{data.sentence} Mask it on the Mask tab, or tick “{ALL_THE_SAME}”.")
    return settings, source, data


def stop(lab: Lab, workspace: Workspace, run_id: str) -> None:
    """Ask a run to end after its current step, or at once if it waits to begin; what it has learned is its result.

    A paused run, or one that waits to go on, has written none: it goes on for one step, and ends.

    Raises:
        NotFound: there is no such run.
        Busy: it is paused, and a queue of strangers is full.
        LabError: it has ended already.
    """
    _end(lab, workspace, run_id, "STOP")


def pause(lab: Lab, workspace: Workspace, run_id: str) -> None:
    """Ask a run to write a checkpoint after its current step and to free the machine. Raises like `stop`.

    One that waits to go on stands again where it stood before.
    """
    _end(lab, workspace, run_id, "PAUSE")


def resume(lab: Lab, workspace: Workspace, run_id: str) -> None:
    """Queue a run again, from its newest checkpoint, or from its first step if it never came to one.

    Raises:
        NotFound: there is no such run.
        Busy: a queue of strangers is full.
        LabError: it is done, or going on.
    """
    run = workspace.run(run_id)
    status = run.status()
    if status.state not in FINISHED:
        raise LabError(f"The run {run_id} is {status.state}; there is nothing to resume.")
    if status.state == "done":
        if status.reason:
            raise LabError(f"The run {run_id} is done. {status.reason} Start another one with a later “Early stop”.")
        raise LabError(f"The run {run_id} is done: all its steps were taken. Start another one with more epochs.")
    _go_on(lab, workspace, run)


def queue(lab: Lab, workspace: Workspace, run: Run, note: str = "") -> None:
    """Put a run in line; while it waits there its status says `note` too.

    It waits for the runs before it, and for a report or a prompt set: beside them it would find this machine slower
    than it is, for as long as it trains.

    Raises:
        Busy: the run is trained elsewhere.
        LabError: the disk is full, or the run's folder cannot be written.
    """
    train = run_apart if run.recipe.settings.isolated else train_run

    def work(folder: Path) -> None:
        lab.estimator.wait(lambda: run.update_status(state="queued", reason=MEASURING))
        train(folder)
        if lab.limits.public and run.status().state == "done":  # strangers share the disk, and it cannot go on
            run.keep_adapters_only()

    def held_up() -> str:
        others = long_work(workspace, lab.limits.public)
        return OTHERS_FIRST.format(others) if others else ""

    lab.jobs.start(run, work, note, held_up)


def view(workspace: Workspace, run_id: str | None) -> RunView | None:
    """The run as the page shows it, the newest if none is named; None if there is no run yet."""
    if not run_id and not workspace.runs():
        return None
    run = workspace.run(run_id) if run_id else workspace.runs()[0]
    return _view(run)


def _go_on(lab: Lab, workspace: Workspace, run: Run, wish: Wish | None = None) -> None:
    """Queue the run again; with a wish it takes a step and ends so."""
    _check_queue(lab, workspace)
    run.forget_wish()
    if wish:
        run.ask(wish)
    queue(lab, workspace, run)


def _end(lab: Lab, workspace: Workspace, run_id: str, wish: Wish) -> None:
    run = workspace.run(run_id)
    if (state := run.status().state) == "paused" and wish == "STOP":
        _go_on(lab, workspace, run, wish)
        return
    if state in FINISHED:
        raise LabError(f"The run {run_id} is {state} already; there is nothing to {wish.lower()}.")
    to_be_ended = run.wish() == "STOP" or (wish == "STOP" and run.has_checkpoint)  # which takes a step
    if to_be_ended or not lab.jobs.drop(run):
        run.ask(wish)


def _view(run: Run) -> RunView:
    status, metrics = run.status(), run.metrics()
    train = [line for line in metrics if line["kind"] == "train"]
    held_out = [line for line in metrics if line["kind"] == "held-out"]
    return RunView(
        id=run.id,
        state=status.state,
        reason=_reason(run, status),
        step=status.step,
        steps=status.steps,
        elapsed=status.elapsed,
        remaining=status.remaining,
        tokens_per_second=train[-1]["tokens_per_second"] if train else None,
        train_loss=train[-1]["loss"] if train else None,
        held_out_loss=held_out[-1]["loss"] if held_out else None,
        best_step=status.best_step,
        best_loss=status.best_loss,
        memory_mb=status.memory_mb,
        padding=_padding(train[-1]) if train else None,
        series=loss_series(train, held_out),
        measures={name: _measure(train, name) for name in MEASURES},
        words=advice(train, held_out, status.steps),
        samples=run.samples(),
        machine=run.machine(),
        personal_data=_consented(run.recipe),
    )


def _consented(recipe: Recipe) -> str:
    """What was known of the personal data if a person chose to train on it, else nothing."""
    return f"Trained all the same, by choice: {recipe.personal_data}" if recipe.consent else ""


def _padding(line: dict[str, Any]) -> float:
    return float(line["padding"] / max(1, line["padding"] + line["tokens"]))


def _measure(train: list[dict[str, Any]], name: str) -> list[tuple[int, float]]:
    return reduce_points([(line["step"], line[name]) for line in train if line.get(name) is not None])


def _reason(run: Run, status: Status) -> str:
    """Why it stands where it does, and how it is about to end if that was wished."""
    wish = run.wish() if status.state not in FINISHED else None
    if not wish:
        return status.reason
    ending = "Pausing" if wish == "PAUSE" else "Stopping"
    if status.state == "queued" or status.reason:  # it is not in the middle of a step
        return f"{status.reason} {ending} after its next step.".strip()
    return f"{ending} after this step."


def _check_queue(lab: Lab, workspace: Workspace) -> None:
    if lab.jobs.waiting() >= lab.limits.waiting:
        raise Busy(f"{lab.limits.waiting:,} runs are waiting already, and no more may. Try again in some minutes.")
    for run in workspace.runs() if lab.limits.public else ():
        if (state := run.status().state) not in FINISHED:
            raise Busy(f"Your run {run.id} is {state}, and there is one at a time. Stop it, or wait for its end.")
