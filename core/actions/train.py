"""The Train tab: what a run will take, starting, stopping and watching it."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version as installed
from typing import Any

from core import models
from core.actions.lab import Lab
from core.actions.mask.leftovers import Standing, standing
from core.chart import Series, loss_series
from core.errors import Busy, LabError, NotFound, SettingProblem
from core.settings import TrainSettings
from core.train import Plan, count_steps, make_plan, prepare
from core.train import run as train_run
from core.workspace import FINISHED, Recipe, Run, Version, Workspace

__all__ = [
    "ALL_THE_SAME",
    "RunView",
    "Standing",
    "estimate",
    "model_choices",
    "personal_data",
    "plan",
    "runs",
    "start",
    "stop",
    "versions",
    "view",
]

PACKAGES = ("torch", "transformers", "peft", "trl", "accelerate", "datasets")
ALL_THE_SAME = "Train on it all the same"


@dataclass(frozen=True)
class RunView:
    """What the page shows of a run; times in seconds, `series` reduced for the plot.

    `personal_data` says what was known of it in the version, where a person chose to train on that.
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
    series: list[Series]
    samples: list[dict[str, Any]]
    personal_data: str = ""

    @property
    def active(self) -> bool:
        """Whether it still changes."""
        return self.state not in FINISHED


def versions(workspace: Workspace) -> list[tuple[str, str]]:
    """Label and id of every dataset version, newest first."""
    return [(_version_label(version), version.id) for version in workspace.versions.all()]


def runs(workspace: Workspace) -> list[tuple[str, str]]:
    """Label and id of every run, newest first."""
    return [(run.id, run.id) for run in workspace.runs()]


def model_choices() -> list[tuple[str, str]]:
    """Title and id of the models on the short list."""
    return [(choice.title, choice.id) for choice in models.choices()]


def plan(lab: Lab, workspace: Workspace, version_id: str, values: dict[str, Any]) -> Plan:
    """What a run would take. Raises `LabError` for a wrong setting, a missing model or version, or too few rows."""
    settings, source = _checked(lab, values)
    dataset = workspace.versions.load(_chosen(version_id))
    return make_plan(models.load_tokenizer(source), dataset, settings, lab.limits.steps)


def estimate(lab: Lab, workspace: Workspace, version_id: str, values: dict[str, Any]) -> float:
    """Seconds that a run would take, from a probe of a few seconds on the real model. Raises like `plan`."""
    if lab.jobs.unfinished() or any(run.status().state not in FINISHED for run in workspace.runs()):
        raise LabError("A run is going on, and measuring beside it would be wrong. The minutes come when it has ended.")
    settings, source = _checked(lab, values)
    prepared = prepare(models.load_tokenizer(source), workspace.versions.load(_chosen(version_id)), settings)
    steps = count_steps(len(prepared.train.rows), settings, lab.limits.steps)
    return lab.probe(source, prepared, settings).seconds(prepared, settings, steps)


def personal_data(workspace: Workspace, version_id: str | None) -> Standing | None:
    """Where a version stands, or None if none is chosen or it is not there."""
    try:
        return standing(workspace, version_id) if version_id else None
    except NotFound:
        return None


def start(
    lab: Lab, workspace: Workspace, version_id: str, values: dict[str, Any], train_all_the_same: bool = False
) -> str:
    """Queue a run and return its id.

    A version with personal data that is known and not masked is only trained on with `train_all_the_same`, which the
    run records; else that is a `LabError`. Raises like `plan`, or `Busy` where strangers share a queue that is full.
    """
    plan(lab, workspace, version_id, values)
    settings, source = _checked(lab, values)
    _check_queue(lab, workspace)
    data = standing(workspace, version_id)
    if data.needs_consent and train_all_the_same is not True:
        raise LabError(f"{data.sentence} Mask it on the Mask tab, or tick “{ALL_THE_SAME}”.")
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
        personal_data=data.sentence,
        consent=data.counts() if data.needs_consent else None,
    )
    run = workspace.new_run(version.name, recipe)
    lab.jobs.start(run, train_run)
    return run.id


def stop(lab: Lab, workspace: Workspace, run_id: str) -> None:
    """Ask a run to end after its current step, or at once if it waits.

    Raises:
        NotFound: there is no such run.
        LabError: it has ended already.
    """
    run = workspace.run(run_id)
    if (state := run.status().state) in FINISHED:
        raise LabError(f"The run {run_id} is {state} already; there is nothing to stop.")
    if not lab.jobs.drop(run):
        run.ask_to_stop()


def view(workspace: Workspace, run_id: str | None) -> RunView | None:
    """The run as the page shows it, the newest if none is named; None if there is no run yet."""
    if not run_id and not workspace.runs():
        return None
    run = workspace.run(run_id) if run_id else workspace.runs()[0]
    return _view(run)


def _view(run: Run) -> RunView:
    status, metrics = run.status(), run.metrics()
    train = [line for line in metrics if line["kind"] == "train"]
    held_out = [line for line in metrics if line["kind"] == "held-out"]
    return RunView(
        id=run.id,
        state=status.state,
        reason="Stopping after this step." if _is_stopping(run, status.state) else status.reason,
        step=status.step,
        steps=status.steps,
        elapsed=status.elapsed,
        remaining=status.remaining,
        tokens_per_second=train[-1]["tokens_per_second"] if train else None,
        train_loss=train[-1]["loss"] if train else None,
        held_out_loss=held_out[-1]["loss"] if held_out else None,
        series=loss_series(train, held_out),
        samples=_last_evaluation(run.samples()),
        personal_data=_consented(run.recipe),
    )


def _consented(recipe: Recipe) -> str:
    """What was known of the personal data if a person chose to train on it, else nothing."""
    return f"Trained all the same, by choice: {recipe.personal_data}" if recipe.consent else ""


def _last_evaluation(samples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [sample for sample in samples if sample["step"] == samples[-1]["step"]]


def _is_stopping(run: Run, state: str) -> bool:
    return state not in FINISHED and run.stop_asked()


def _checked(lab: Lab, values: dict[str, Any]) -> tuple[TrainSettings, models.ModelSource]:
    settings = TrainSettings.parse(values)
    lab.limits.check(settings)
    return settings, models.resolve(settings.model, lab.models_folder, lab.limits)


def _check_queue(lab: Lab, workspace: Workspace) -> None:
    if lab.jobs.waiting() >= lab.limits.waiting:
        raise Busy(f"{lab.limits.waiting:,} runs are waiting already, and no more may. Try again in some minutes.")
    for run in workspace.runs():
        if (state := run.status().state) not in FINISHED:
            raise Busy(f"Your run {run.id} is {state}, and there is one at a time. Stop it, or wait for its end.")


def _chosen(version_id: str) -> str:
    if not version_id:
        raise SettingProblem("No dataset version is chosen. Make one on the Curate tab: a click on a sample is enough.")
    return version_id


def _version_label(version: Version) -> str:
    return f"{version.id} · {version.stage} · {version.rows:,} rows"
