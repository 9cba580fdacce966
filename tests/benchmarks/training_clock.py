"""What is measured of every contender in the same way: the steps by the clock, trained tokens as they are collated.

Imports only transformers and what `report.py` imports, so that it also runs in the environment of another trainer.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import report

IGNORED = -100


class Clock:
    """Counts tokens, and the seconds of wall and CPU from the first step to the end of the last."""

    def __init__(self) -> None:
        self.trained = self.computed = self.steps = 0
        self._wall = self._cpu = 0.0

    def start(self) -> None:
        """The steps begin."""
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def stop(self, steps: int) -> None:
        """The last of so many steps is done."""
        self._wall, self._cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        self.steps = steps

    def figures(self) -> dict[str, Any]:
        """The figures of this process; call it when the adapter is saved, for its memory is the most so far."""
        return {
            "steps": self.steps,
            "trained_tokens": self.trained,
            "computed_tokens": self.computed,
            "wall_seconds": self._wall,
            "cpu_seconds": self._cpu,
            "trained_per_second": self.trained / self._wall,
            "trained_per_cpu_second": self.trained / self._cpu,
            "peak_mb": report.peak_mb(),
            "process_cpu_seconds": time.process_time(),
        }

    def counted(self, collate: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """The same collation, counting what it hands out: places that carry loss, and all places."""

        def collated(rows: Any) -> Any:
            batch = collate(rows)
            self.trained += int((batch["labels"][:, 1:] != IGNORED).sum())
            self.computed += batch["input_ids"].numel()
            return batch

        return collated


def callback(clock: Clock) -> Any:
    """A callback for any `transformers.Trainer`, which drives the clock and counts the tokens of its batches."""
    from transformers import TrainerCallback

    class Driver(TrainerCallback):
        def on_train_begin(self, args: Any, state: Any, control: Any, **about: Any) -> None:
            loader = about["train_dataloader"]
            loader = getattr(loader, "base_dataloader", loader)
            loader.collate_fn = clock.counted(loader.collate_fn)
            clock.start()

        def on_train_end(self, args: Any, state: Any, control: Any, **about: Any) -> None:
            clock.stop(state.global_step)

    return Driver()


def tell(clock: Clock, folder: Path) -> None:
    """Write the figures where the benchmark reads them."""
    (folder / "figures.json").write_text(json.dumps(clock.figures()), encoding="utf-8")
