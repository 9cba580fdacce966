"""Writes what happens during a run to its folder, and carries the wish to stop the other way."""

import math
import time
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from core.errors import LabError
from core.train.samples import Sampler
from core.workspace import Run, Status

MEASURING = "Measuring the held-out loss."
ASKING = "Asking the model the same few prompts as at every evaluation."


class Recorder(TrainerCallback):
    """The trainer's only listener: metrics and status after each step, samples at each evaluation, STOP obeyed."""

    def __init__(self, run: Run, steps: int, sampler: Sampler) -> None:
        self.run, self.steps, self.sampler = run, steps, sampler
        self.step = 0
        self.broken = False
        self.started = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since training began."""
        return time.monotonic() - self.started

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """The clock starts when the model is loaded."""
        self.started = time.monotonic()
        self._write("running", MEASURING)

    def on_prediction_step(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        """The clock goes on while the held-out loss is measured."""
        self._write("running", MEASURING)

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Tell where the run stands, and end it if someone has asked."""
        self.step = state.global_step
        self._write("running")
        if self.run.stop_asked():
            control.should_training_stop = True

    def on_log(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, logs: dict[str, Any], **_: Any
    ) -> None:
        """One line of metrics.jsonl for each step; a loss that is no number ends the run."""
        if "loss" not in logs:
            return
        tokens = int(logs.get("num_tokens", 0))
        line = {"kind": "train", "step": state.global_step, "loss": logs["loss"], "rate": logs.get("learning_rate")}
        speed = tokens / self.elapsed if self.elapsed else 0.0
        self.run.add_metric({**line, "tokens": tokens, "tokens_per_second": speed, "elapsed": self.elapsed})
        if not math.isfinite(logs["loss"]):
            self.broken = control.should_training_stop = True

    def on_evaluate(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, metrics: dict[str, Any], **kw: Any
    ) -> None:
        """The held-out loss, and answers to the same few prompts."""
        loss = metrics["eval_loss"]
        self.run.add_metric({"kind": "held-out", "step": state.global_step, "loss": loss, "elapsed": self.elapsed})
        self._write("running", ASKING)
        model = kw["model"].eval()  # mixed batches need it; the trainer goes back to training mode by itself
        for sample in self.sampler.ask(model, state.global_step):
            self.run.add_sample(sample)

    def raise_if_broken(self) -> None:
        """Raises `LabError` if the loss was no number."""
        if self.broken:
            raise LabError(
                f"The loss stopped being a number at step {self.step}: the learning rate is too high for this model. "
                "Lower it, by ten times to begin with, and start again."
            )

    def finish(self) -> None:
        """The adapter is saved: done, or stopped if someone asked and steps were left."""
        if self.step < self.steps:
            self._write("stopped", f"Stopped at step {self.step} of {self.steps}. What was learned so far is kept.")
        else:
            self._write("done", "")

    def _write(self, state: Any, reason: str = "") -> None:
        left = self.elapsed / self.step * (self.steps - self.step) if self.step and state == "running" else None
        status = Status(
            state=state, step=self.step, steps=self.steps, elapsed=self.elapsed, remaining=left, reason=reason
        )
        self.run.write_status(status)
