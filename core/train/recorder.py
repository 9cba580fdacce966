"""Writes what happens during a run to its folder: metrics, samples, status."""

import math
import time
from collections import deque
from collections.abc import Iterable
from statistics import median
from typing import Any

from core.train.memory import used_mb
from core.train.progress import Progress
from core.workspace import Run, Status

MEASURING = "Measuring the held-out loss."
ASKING = "Asking the model the same few prompts as at every evaluation."
RECENT = 20  # steps that tell how quick the next ones will be
WRITE_SECONDS = 0.2  # a step of a small model on a GPU is quicker, and nobody reads so often


class Recorder:
    """The only writer of a run's folder besides its checkpoints; its clock goes on where a resumed run had stopped.

    There is an evaluation `every` so many steps, and after the last one; none if that is 0.
    """

    def __init__(self, run: Run, steps: int, progress: Progress, every: int = 0) -> None:
        self.run, self.steps, self.every, self.progress = run, steps, every, progress
        self.memory = run.status().memory_mb if progress.step else 0.0
        self._began = time.monotonic() - progress.elapsed
        self._last = (time.monotonic(), progress.tokens)  # when the last step or evaluation ended, and the tokens then
        self._recent: deque[tuple[float, int]] = deque(maxlen=RECENT)  # seconds and tokens of a step
        self._evaluation = 0.0  # seconds of the last one
        self._written = 0.0

    def step(self, loss: float, rate: float, norm: float) -> None:
        """A line of metrics.jsonl, and where the run stands.

        `loss` is the mean over the step's learned tokens, `norm` the length of the gradient before it was clipped.
        Tokens a second are those of the last `RECENT` steps; all other figures count from the start.
        """
        progress = self.progress
        self._recent.append(self._since_last())
        progress.elapsed = time.monotonic() - self._began
        seconds, tokens = (sum(each) for each in zip(*self._recent, strict=True))
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
                "tokens_per_second": tokens / max(seconds, 1e-6),
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
        """Answers to the same few prompts, which end an evaluation."""
        self.tell("running", ASKING)
        for line in lines:
            self.run.add_sample(line)
        self._evaluation, _ = self._since_last()

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

    def _since_last(self) -> tuple[float, int]:
        """Seconds and tokens since the last step or evaluation; they begin anew."""
        before, self._last = self._last, (time.monotonic(), self.progress.tokens)
        return self._last[0] - before[0], self._last[1] - before[1]

    def _left(self) -> float | None:
        """Seconds to the end, at the speed of the last steps since this process took the run up."""
        if not self._recent:
            return None
        step = median(seconds for seconds, _ in self._recent)
        looks = math.ceil(self.steps / self.every) - self.progress.step // self.every if self.every else 0
        return (self.steps - self.progress.step) * step + looks * self._evaluation
