"""A short training of the real model on a few rows: how long a step takes here, and how much memory it really held.

Run where the run would be: in this process, or in one of its own (`python -m core.train.probe JOB RESULT`).
Imports torch inside functions.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Self, cast

from core.errors import LabError
from core.format import Formatted, Rendered
from core.models import ModelSource, import_heavy
from core.settings import GenerateSettings, TrainSettings
from core.settings.train import MOST_PROMPTS
from core.train.plan import Prepared
from core.train.room import on_gpu, own_bytes
from core.train.workload import ASKED, Workload, common_start, first_tokens, load_of, shrunk

ROOT = Path(__file__).parents[2]
LARGE, SMALL = 800, 200  # tokens of the two steps; more would take longer than a person waits for a number
LOOKED = 800  # tokens of held-out rows
ANSWER_TOKENS = 7
LONGEST_ASKED = 512  # tokens of the prompt of a sample answer
CROWD, SHORT_ASKED = ASKED + MOST_PROMPTS, 8  # the most answers that a run asks for, and tokens of their prompts here
WATCH_SECONDS = 0.005
SECONDS = 600  # after so long no answer is worth waiting for


@dataclass(frozen=True)
class Samples:
    """Rows of a run for a probe: of a small and of a large step, and held-out ones."""

    small: list[Rendered]
    large: list[Rendered]
    looked: list[Rendered]


@dataclass(frozen=True)
class Probe:
    """What was measured. Seconds: until the program is there (`start`), threads are chosen (`settled`) and the model
    is `loaded`; of a `small` and a `large` step without the optimizer's `update`; of the held-out rows (`looked`), of
    reading the prompts of `ASKED` sample answers (`asked`), of one `token` of all of them, and of one of `CROWD`
    answers (`crowd`). Bytes: held before the model, and at most during the steps of each size and during the evaluation
    after them. `packed`: whether the rows of a step could be packed, which not every model allows.
    """

    precision: str
    packed: bool
    start: float
    settled: float
    loaded: float
    small: float
    large: float
    update: float
    looked: float
    asked: float
    token: float
    crowd: float
    process: int
    small_peak: int
    large_peak: int
    looked_peak: int


def samples(workload: Workload) -> Samples:
    """Rows of a typical step, up to `LARGE` tokens, and a quarter of it."""
    typical = sorted(workload.parts, key=lambda part: sum(workload.lengths[row] for row in part))
    rows = [workload.rows[row] for row in typical[len(typical) // 2]]
    large = shrunk(rows, _shared(rows, workload.settings), LARGE)
    tokens = int(load_of(large, workload.settings.packing).tokens)
    small = shrunk(large, _shared(large, workload.settings), max(4, tokens // (LARGE // SMALL)))
    return Samples(small, large, first_tokens(workload.measured, LOOKED))


def _shared(rows: Sequence[Rendered], settings: TrainSettings) -> int:
    return common_start(rows) if settings.packing else 0


def probe(source: ModelSource, settings: TrainSettings, chosen: Samples) -> Probe:
    """Train a few steps here. Raises `LabError` like `load_model`."""
    if settings.isolated:
        return _apart(source, settings, chosen)
    return _here(source, settings, chosen, 0.0)


def alone(settings: TrainSettings, rows: int) -> TrainSettings:
    """The settings of a probe: a step of `rows` rows in one part."""
    return settings.model_copy(update={"accumulation": 1, "batch_size": rows, "max_steps": 0})


def _here(source: ModelSource, settings: TrainSettings, chosen: Samples, start: float) -> Probe:
    import_heavy()
    from core.train.machine import at_work, settle
    from core.train.memory import give_back
    from core.train.methods import load_trainable
    from core.train.training import Training

    settings = alone(settings, len(chosen.large))
    prepared = Prepared(Formatted([*chosen.small, *chosen.large], [], []), Formatted(chosen.looked, [], []))
    give_back()
    process = 0 if on_gpu() else own_bytes()
    try:
        with tempfile.TemporaryDirectory(prefix="tunebench-") as folder:
            machine, settled = _timed(lambda: settle(Path(folder), source, settings, prepared))
        with at_work(machine), _Watch() as watch:
            model, loaded = _timed(lambda: load_trainable(source, settings, machine.precision))
            training = Training(model, settings, machine, prepared, 10**6)
            steps = _Steps(training, watch, len(chosen.small))
            small, small_peak = steps.take("small", 3)
            large, large_peak = steps.take("large", 2)
            looked = _timed(training.held_out_loss)[1] if chosen.looked else 0.0
            asked, token, crowd = _answers(training, chosen)
        return Probe(
            precision=machine.precision, packed=training.packing, start=start, settled=settled, loaded=loaded,
            small=small, large=large, update=steps.update, looked=looked, asked=asked, token=token, crowd=crowd,
            process=process, small_peak=small_peak, large_peak=large_peak, looked_peak=watch.peak_again(),
        )  # fmt: skip
    finally:
        give_back()


def _timed(function: Any) -> tuple[Any, float]:
    began = time.perf_counter()
    found = function()
    return found, time.perf_counter() - began


class _Steps:
    """Takes steps of the two sizes, with a clock of its own for the optimizer."""

    def __init__(self, training: Any, watch: "_Watch", small: int) -> None:
        rows = list(range(len(training.rows)))
        self.training, self.watch = training, watch
        self.rows = {"small": rows[:small], "large": rows[small:]}
        self.update = self._began = 0.0
        training.optimizer.register_step_pre_hook(self._before)
        training.optimizer.register_step_post_hook(self._after)

    def take(self, size: str, times: int) -> tuple[float, int]:
        """Seconds of the quickest step but the first, without the optimizer, and the most bytes held meanwhile."""
        from core.train.progress import Progress

        seconds = []
        for _ in range(times):
            self.training.order = [self.rows[size]]
            _, took = _timed(lambda: self.training.step(Progress(), cast(Any, self.watch)))
            seconds.append(took - self.update)
        return max(1e-6, min(seconds[1:])), self.watch.peak_again()

    def _before(self, *_: Any) -> None:
        self._began = time.perf_counter()

    def _after(self, *_: Any) -> None:
        self.update = time.perf_counter() - self._began


def _answers(training: Any, chosen: Samples) -> tuple[float, float, float]:
    """Seconds for reading the prompts of `ASKED` answers, for one more token of each, and for one of `CROWD`."""
    rows = chosen.looked or chosen.large
    prompts = [row.ids[: max(1, len(row.ids) - row.trained)][-LONGEST_ASKED:] for row in rows]
    model = training.model.eval()
    asked, token = _asked(model, islice(cycle(prompts), ASKED))
    _, crowd = _asked(model, islice(cycle(prompt[-SHORT_ASKED:] for prompt in prompts), CROWD))
    training.model.train()
    return asked, token, crowd


def _asked(model: Any, prompts: Iterable[list[int]]) -> tuple[float, float]:
    """Seconds for reading these prompts, and for one more token of all their answers."""
    from core.generate import Side, answer
    from core.train.samples import ADAPTER

    sides = [Side(prompt, ADAPTER) for prompt in prompts]

    def ask(most: int) -> tuple[int, float]:
        found, took = _timed(lambda: answer(model, _NoWords(), sides, GenerateSettings(max_new_tokens=most)))
        return max(1, *map(len, found.tokens)), took

    ask(1)  # the first time, what answers is still imported
    (one, first), (several, all_of_it) = ask(1), ask(ANSWER_TOKENS)
    token = max(0.0, all_of_it - first) / max(1, several - one)
    return max(0.0, first - token), token


class _NoWords:
    """In the place of a tokenizer, where only the time counts."""

    eos_token_id = 0

    def decode(self, *_: Any, **__: Any) -> str:
        """Nothing is read."""
        return ""


class _Watch:
    """Looks at the memory of this process, or of its GPU, all the time; what a training would record, it does not."""

    def __init__(self) -> None:
        self._peak = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, name="memory", daemon=True)

    def __enter__(self) -> Self:
        if on_gpu():
            import torch

            torch.cuda.reset_peak_memory_stats()
        else:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()

    def peak_again(self) -> int:
        """The most bytes since the last call."""
        if not on_gpu():
            peak, self._peak = max(self._peak, own_bytes()), 0
            return peak
        import torch

        peak = int(torch.cuda.max_memory_allocated())
        torch.cuda.reset_peak_memory_stats()
        return peak

    def look_at_memory(self) -> float:
        """What a recorder would do."""
        return 0.0

    def _look(self) -> None:
        while not self._end.wait(WATCH_SECONDS):
            self._peak = max(self._peak, own_bytes())


def _apart(source: ModelSource, settings: TrainSettings, chosen: Samples) -> Probe:
    """The same in a process of its own, whose start is measured too."""
    job = {"source": asdict(source), "settings": settings.model_dump(), "samples": asdict(chosen), "began": time.time()}
    with tempfile.TemporaryDirectory(prefix="tunebench-") as folder:
        ask, tell = Path(folder, "job.json"), Path(folder, "probe.json")
        ask.write_text(json.dumps(job), encoding="utf-8")
        paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        try:
            done = subprocess.run(
                [sys.executable, "-m", "core.train.probe", str(ask), str(tell)],
                env={**os.environ, "PYTHONPATH": paths},
                capture_output=True,
                text=True,
                check=False,
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            raise LabError("A few steps of this model take longer than ten minutes here, or did just now.") from error
        if not tell.exists():
            said = (done.stderr.strip().splitlines() or [f"it ended with code {done.returncode}"])[-1]
            raise LabError(f"The short measurement of this model broke off: {said[:200]}")
        return Probe(**json.loads(tell.read_text(encoding="utf-8")))


def _rows(kept: Sequence[dict[str, Any]]) -> list[Rendered]:
    return [Rendered(**row) for row in kept]


def main(ask: Path, tell: Path) -> None:
    """Do the job in the first file and write what was measured to the second."""
    job = json.loads(ask.read_text(encoding="utf-8"))
    source, settings = ModelSource(**job["source"]), TrainSettings.parse(job["settings"])
    chosen = Samples(**{name: _rows(rows) for name, rows in job["samples"].items()})
    import_heavy()
    import core.train.recipe  # noqa: F401  what a run imports before it begins
    from core.models import load_tokenizer

    kept = load_tokenizer(source)
    found = _here(source, settings, chosen, time.time() - job["began"])
    del kept
    tell.write_text(json.dumps(asdict(found)), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
