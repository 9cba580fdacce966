"""What this machine computes a run with: threads and precision, settled once a run and kept for its resume."""

import copy
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

import orjson
import psutil
import torch
from peft import get_peft_model

from core.format import Rendered
from core.models import ModelSource
from core.models.loading import has_fast_bfloat16
from core.models.one_layer import one_layer
from core.packing import can_pack, losses, packed, padded
from core.settings import TrainSettings
from core.train.fused_lora import fuse
from core.train.methods import lora_config, trained_parameters
from core.train.plan import Prepared
from core.workspace import write_json

Precision = Literal["float32", "bfloat16"]
Kind = tuple[int, Precision]

WORK = 8e9  # multiplications of one probing step, a tenth of a second for a core; by it the tokens are chosen
TOKENS = (16, 384)  # fewest and most of a probing step
ROUNDS = 4  # the first warms up; the quickest of the others counts, because other work on the machine only adds
SMALL = 1_000_000  # weights of a layer; with fewer, a step takes milliseconds and its time says nothing
PROBE_SECONDS = 4.0  # after so many no further round begins
WORTH_A_THREAD = 1.15  # times as fast: a thread that gains less is left to the page and to other programs
WORTH_BFLOAT16 = 1.1  # times as fast: float32 is more exact


@dataclass(frozen=True)
class Machine:
    """`threads` that compute a step, `precision` of its products, and `why` in words."""

    threads: int
    precision: Precision
    why: str = ""


def settle(folder: Path, source: ModelSource, settings: TrainSettings, prepared: Prepared) -> Machine:
    """The machine of this run: what machine.json in its folder says, or what was quickest here, written there.

    A run that is resumed with other threads or another precision would not end with the same losses.
    """
    path = folder / "machine.json"
    if path.exists():
        return Machine(**orjson.loads(path.read_bytes()))
    machine = _on_cuda(settings) if torch.cuda.is_available() else _on_cpu(source, settings, prepared)
    write_json(path, asdict(machine))
    return machine


def add_reason(folder: Path, machine: Machine, sentence: str) -> None:
    """Write down beside the machine what else is to be said of how the run is computed; once, though it is resumed."""
    if sentence not in machine.why:
        write_json(folder / "machine.json", asdict(replace(machine, why=f"{machine.why} {sentence}".strip())))


@contextmanager
def at_work(machine: Machine) -> Iterator[None]:
    """Compute with the machine's threads in this thread of the program, and with as many as before afterwards."""
    before = torch.get_num_threads()
    torch.set_num_threads(machine.threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def threads_to_try(settings: TrainSettings) -> list[int]:
    """1, 2, 4 … up to the cores that may be used; a run in the page's process leaves one of more than two to it."""
    cores = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    most = min(cores, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else cores)
    most = min(most, torch.get_num_threads())  # fewer where OMP_NUM_THREADS says so
    if most > 2 and not settings.isolated:
        most -= 1
    return sorted({*(2**power for power in range(most.bit_length())), most})


def choose(seconds: dict[Kind, float]) -> Machine:
    """The quickest of the kinds whose steps were timed, where it gains enough to be worth it."""
    precisions = sorted({precision for _, precision in seconds}, reverse=True)
    threads = sorted({count for count, _ in seconds})
    best = {precision: min(seconds[count, precision] for count in threads) for precision in precisions}
    gain = best["float32"] / best["bfloat16"] if len(best) > 1 else 0.0
    precision: Precision = precisions[0] if len(best) == 1 else ("bfloat16" if gain >= WORTH_BFLOAT16 else "float32")
    count = threads[0]
    for more in threads[1:]:
        if seconds[count, precision] / seconds[more, precision] >= WORTH_A_THREAD:
            count = more
    return Machine(count, precision, " ".join([*_threads_said(seconds, precision, count), *_precision_said(gain)]))


def _threads_said(seconds: dict[Kind, float], precision: Precision, chosen: int) -> Iterator[str]:
    one = seconds[1, precision]
    others = [count for count, each in seconds if each == precision and count > 1]
    if chosen > 1:
        yield f"{chosen} threads: {one / seconds[chosen, precision]:.1f} times as fast as 1."
    elif others:
        quickest = min(others, key=lambda count: seconds[count, precision])
        yield f"1 thread: {quickest} were only {one / seconds[quickest, precision]:.1f} times as fast."
    else:
        yield "1 thread: this program may use one core."


def _precision_said(gain: float) -> Iterator[str]:
    if gain >= WORTH_BFLOAT16:
        yield f"bfloat16: {gain:.1f} times as fast as float32."
    elif gain:
        yield f"float32: bfloat16 was only {gain:.1f} times as fast."


def _on_cuda(settings: TrainSettings) -> Machine:
    precision: Precision = "bfloat16" if has_fast_bfloat16() else "float32"
    return Machine(1, settings.precision if settings.precision != "auto" else precision, "The GPU computes the steps.")


def _on_cpu(source: ModelSource, settings: TrainSettings, prepared: Prepared) -> Machine:
    quick: Precision = "bfloat16" if has_fast_bfloat16() else "float32"
    tried: list[Precision] = ["float32", "bfloat16"] if quick == "bfloat16" else ["float32"]
    precisions = tried if settings.precision == "auto" else [settings.precision]
    kinds = [(count, precision) for precision in precisions for count in threads_to_try(settings)]
    layer = one_layer(source) if len(kinds) > 1 else None
    if layer is None:
        return Machine(kinds[-1][0], kinds[-1][1], "By the processor's instructions; nothing was measured.")
    if sum(weight.numel() for weight in layer.parameters()) < SMALL:
        return Machine(1, precisions[0], "The model is so small that nothing else would be quicker.")
    packing = settings.packing and can_pack(layer)
    return choose(_timed(_trainable(layer, precisions, settings), kinds, prepared.train.rows, packing))


def _trainable(layer: Any, precisions: Sequence[Precision], settings: TrainSettings) -> dict[Precision, Any]:
    """The layer for each precision as a run would train it: with an adapter, or whole in float32."""
    if not settings.has_adapter:
        return dict.fromkeys(precisions, layer.train())
    found = {}
    for precision in precisions:
        with torch.random.fork_rng(devices=[]):
            own = copy.deepcopy(layer).to(getattr(torch, precision))
            found[precision] = get_peft_model(own, lora_config(settings)).train()
        fuse(found[precision])
    return found


def _timed(
    models: dict[Precision, Any], kinds: Sequence[Kind], rows: Sequence[Rendered], packing: bool
) -> dict[Kind, float]:
    """Seconds of one small step for each kind, taking turns."""
    best = dict.fromkeys(kinds, float("inf"))
    first = next(iter(models.values()))
    some = _some(rows, sum(weight.numel() for weight in first.parameters()), first.config.vocab_size)
    began = time.perf_counter()
    for turn in range(ROUNDS):
        for count, precision in kinds:
            with at_work(Machine(count, precision)):
                took = _step(models[precision], some, precision, packing)
            best[count, precision] = min(best[count, precision], took if turn else float("inf"))
        if turn and time.perf_counter() - began > PROBE_SECONDS:
            break
    return best


def _step(model: Any, rows: Sequence[Any], precision: Precision, packing: bool) -> float:
    began = time.perf_counter()
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bfloat16"):
        losses(model, (packed if packing else padded)(rows)).mean().backward()
    took = time.perf_counter() - began
    for weight in trained_parameters(model):
        weight.grad = None
    return took


@dataclass(frozen=True)
class _Short:
    ids: list[int]

    @property
    def labels(self) -> list[int]:
        return self.ids


def _some(rows: Sequence[Rendered], weights: int, words: int) -> list[_Short]:
    """The first rows up to the tokens of a probing step, in the short vocabulary of the probe."""
    left = round(min(max(WORK / (4 * weights), TOKENS[0]), TOKENS[1]))
    found = []
    for row in rows:
        found.append(_Short([token % words for token in row.ids[:left]]))
        left -= len(row.ids)
        if left < 2:
            break
    return found
