"""Writes what happens during a run to its folder: metrics, samples, status."""

import time
from collections.abc import Iterable
from typing import Any

from core.train.memory import used_mb
from core.train.progress import Progress
from core.workspace import Run, Status

MEASURING = "Measuring the held-out loss."
ASKING = "Asking the model the same few prompts as at every evaluation."
WRITE_SECONDS = 0.2  # a step of a small model on a GPU is quicker, and nobody reads so often


class Recorder:
    """The only writer of a run's folder besides its checkpoints; its clock goes on where a resumed run had stopped."""

    def __init__(self, run: Run, steps: int, progress: Progress) -> None:
        self.run, self.steps, self.progress = run, steps, progress
        self.memory = run.status().memory_mb if progress.step else 0.0
        self._began = time.monotonic() - progress.elapsed
        self._first = (progress.step, time.monotonic())
        self._written = 0.0

    def step(self, loss: float, rate: float, norm: float) -> None:
        """A line of metrics.jsonl, and where the run stands.

        `loss` is the mean over the step's learned tokens, `norm` the length of the gradient before it was clipped.
        """
        progress = self.progress
        progress.elapsed = time.monotonic() - self._began
        self.run.add_metric(
            {
                "kind": "train",
                "step": progress.step,
                "loss": loss,
                "rate": rate,
                "norm": norm,
                "tokens": progress.tokens,
                "trained": progress.trained,
                "padding": progress.padding,
                "tokens_per_second": progress.tokens / progress.elapsed,
                "memory_mb": self.look_at_memory(),
                "elapsed": progress.elapsed,
            }
        )
        if time.monotonic() - self._written >= WRITE_SECONDS or progress.step == self.steps:
            self.tell("running")

    def evaluation(self, loss: float) -> None:
        """The held-out loss of this step."""
        self.run.add_metric(
            {"kind": "held-out", "step": self.progress.step, "loss": loss, "elapsed": time.monotonic() - self._began}
        )

    def samples(self, lines: Iterable[dict[str, Any]]) -> None:
        """Answers to the same few prompts."""
        self.tell("running", ASKING)
        for line in lines:
            self.run.add_sample(line)

    def look_at_memory(self) -> float:
        """Megabytes in use now; the most seen goes into the status."""
        now = used_mb()
        self.memory = max(self.memory, now)
        return now

    def tell(self, state: Any, reason: str = "") -> None:
        """Replace the status."""
        self._written = time.monotonic()
        progress = self.progress
        progress.elapsed = self._written - self._began
        status = Status(
            state=state,
            step=progress.step,
            steps=self.steps,
            elapsed=progress.elapsed,
            remaining=self._left() if state == "running" else None,
            reason=reason,
            best_step=progress.best_step,
            best_loss=progress.best_loss,
            memory_mb=self.memory,
        )
        self.run.write_status(status)

    def _left(self) -> float | None:
        """Seconds to the end at the speed since this process took the run up."""
        step, since = self._first
        done = self.progress.step - step
        return (time.monotonic() - since) / done * (self.steps - self.progress.step) if done else None
