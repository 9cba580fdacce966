"""The recipe, from top to bottom: load, prepare, train, save. Imports torch: import it inside functions."""

import math
import shutil
import time
from pathlib import Path
from typing import Any

from core.errors import LabError
from core.format import with_template
from core.models import ModelSource, load_tokenizer
from core.train import checkpoints
from core.train.machine import add_reason, at_work, settle
from core.train.methods import load_trainable
from core.train.order import PADDED
from core.train.plan import prepare
from core.train.progress import WILD_TIMES, Progress
from core.train.recorder import MEASURING, Recorder
from core.train.samples import Sampler
from core.train.training import Training
from core.words import counted
from core.workspace import Run, Workspace

SAVE_SECONDS = 300


def train(run: Run) -> None:
    """Train a run from its newest checkpoint, or from the start: the recipe says on what and how.

    Raises:
        LabError: the model or the dataset version is gone or has changed, no rows are left, the loss broke, the disk
            is full, or the checkpoint is of another run.
    """
    recipe, settings = run.recipe, run.recipe.settings
    source = ModelSource(**recipe.source)  # type: ignore[arg-type]
    dataset = _dataset(recipe.workspace, recipe.dataset, recipe.dataset_hash)
    tokenizer = with_template(load_tokenizer(source), settings)
    prepared = prepare(tokenizer, dataset, settings)

    machine = settle(run.folder, source, settings, prepared)
    with at_work(machine):
        model = load_trainable(source, settings, machine.precision)
        training = Training(model, settings, machine, prepared, recipe.most_steps)
        if settings.packing and not training.packing:
            add_reason(run.folder, machine, PADDED)
        progress = Progress()
        if checkpoint := checkpoints.newest(run.checkpoints):
            progress = checkpoints.restore(checkpoint, model, training.optimizer, recipe)
        run.keep_lines_to(progress.step if checkpoint else -1)

        recorder = Recorder(run, training.steps, progress, training.every)
        ended = _go_on(run, training, recorder, Sampler(model, tokenizer, dataset, settings))
        if not ended.startswith("Paused"):
            _keep_result(run, training, progress, tokenizer)
    recorder.tell(_state(ended), ended)


def _go_on(run: Run, training: Training, recorder: Recorder, sampler: Sampler) -> str:
    """Step by step to the end; returns why it ended, empty if all steps were done."""
    progress, settings = recorder.progress, training.settings
    if progress.step == 0:
        _evaluate(training, recorder, sampler)
    saved = time.monotonic()
    while progress.step < training.steps:
        loss, rate, norm = training.step(progress, recorder)
        recorder.step(loss, rate, norm)
        if progress.is_broken:
            raise LabError(_advice(progress, loss))
        is_due = progress.step % training.every == 0 or progress.step == training.steps
        if is_due:
            _evaluate(training, recorder, sampler)
        wish = run.wish()
        if is_due or wish or time.monotonic() - saved > SAVE_SECONDS:
            checkpoints.save(run.checkpoints, training.model, training.optimizer, progress, run.recipe)
            saved = time.monotonic()
        if wish and progress.step < training.steps:
            return _wished(wish, progress, training.steps)
        if settings.early_stop and progress.worse >= settings.early_stop:
            return f"Ended early at step {progress.step}: no held-out loss since step {progress.best_step} was lower."
    return ""


def _evaluate(training: Training, recorder: Recorder, sampler: Sampler) -> None:
    recorder.tell("running", MEASURING)
    if training.measured:
        loss = training.held_out_loss()
        recorder.evaluation(loss)
        recorder.progress.add_evaluation(loss)
    training.model.eval()
    recorder.samples(sampler.ask(recorder.progress.step))
    training.model.train()


def _keep_result(run: Run, training: Training, progress: Progress, tokenizer: Any) -> None:
    """Write the adapter with its tokenizer: the best checkpoint's where that is wished, else as the model is now."""
    best = checkpoints.at(run.checkpoints, progress.best_step) if progress.best_step else None
    if training.settings.keep_best and best and best.exists() and progress.best_step != progress.step:
        checkpoints.load_weights(best, training.model)
    aside = run.folder / ".adapter"
    with checkpoints.saving("result", aside):
        checkpoints.save_weights(training.model, aside)
        tokenizer.save_pretrained(aside)
        shutil.rmtree(run.adapter, ignore_errors=True)
        aside.rename(run.adapter)


def _wished(wish: str, progress: Progress, steps: int) -> str:
    if wish == "PAUSE":
        return f"Paused at step {progress.step} of {steps}. Resume goes on from here."
    return f"Stopped at step {progress.step} of {steps}. What was learned so far is kept."


def _state(ended: str) -> str:
    return {"Paused": "paused", "Stopped": "stopped"}.get(ended.partition(" ")[0], "done")


def _advice(progress: Progress, loss: float) -> str:
    what = "The loss has grown far above where it began"
    if progress.last_losses and not math.isfinite(progress.last_losses[-1]):
        what = f"The {'gradient' if math.isfinite(loss) else 'loss'} stopped being a number"
    elif progress.is_wild:
        times, steps = f"{WILD_TIMES:,.0f} times its usual length", counted(progress.wild, "step")
        what = f"The gradient has grown to over {times}, {steps} in a row,"
    kept = f" The checkpoint of step {progress.best_step} is kept." if progress.best_step else ""
    return (
        f"{what} at step {progress.step}: the learning rate is too high for this model and these rows. "
        f"Lower it, by ten times to begin with, and start again.{kept}"
    )


def _dataset(workspace: str, version_id: str, expected_hash: str) -> Any:
    dataset = Workspace(Path(workspace)).versions.load(version_id)
    if dataset.content_hash() != expected_hash:
        raise LabError(
            f"The dataset version {version_id} has changed on disk since this run was set up. "
            "Start a new run, or restore the version."
        )
    return dataset
