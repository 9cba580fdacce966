"""In which precision this machine writes answers quickest: measured on a few layers of the model, once a program."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache
from typing import Any, Literal

from core.models.imports import import_heavy
from core.models.loading import ModelSource, has_fast_bfloat16
from core.models.one_layer import one_layer

ROWS = 3  # the sides of a comparison: base, base with examples, tuned
READ = 128  # tokens of a prompt
STEPS, ANSWER = 6, 64  # tokens that are written here, and that an answer has
ROUNDS = 2  # the quickest counts: what else the machine does only adds to it
WEIGHTS = 24_000_000  # so many, or one layer: more than a CPU keeps at hand, as a model is

Decoding = Callable[[Any, int], AbstractContextManager[Any]]


@cache
def decoding_precision(source: ModelSource, decoding: Decoding) -> Literal["auto", "float32"]:
    """The `dtype` for `load_model`: "float32" where that answers quicker than bfloat16, otherwise "auto".

    Reading a prompt and training are many products at once, which bfloat16 makes quicker; the next token of a few rows
    is one small product for each weight, where the kernels of some CPUs lose more than they gain. `decoding` is the
    context in which a model answers so many rows.
    """
    import_heavy()
    import torch

    if torch.cuda.is_available() or not has_fast_bfloat16():
        return "auto"
    layers = _layers(source)
    if layers is None:
        return "auto"
    seconds = {name: _seconds(layers.to(name), decoding) for name in (torch.float32, torch.bfloat16)}
    return "float32" if seconds[torch.float32] < seconds[torch.bfloat16] else "auto"


def _layers(source: ModelSource) -> Any | None:
    """As many layers of the model as make `WEIGHTS`, with invented ones."""
    first = one_layer(source)
    if first is None:
        return None
    size = sum(weight.numel() for weight in first.parameters())
    return first if size >= WEIGHTS else one_layer(source, layers=-(-WEIGHTS // size))


def _seconds(model: Any, decoding: Decoding) -> float:
    """Of reading a prompt and of writing an answer to it; the best of a few rounds."""
    import torch

    reading = writing = float("inf")
    words = torch.ones(ROWS, READ, dtype=torch.long)
    with torch.inference_mode(), decoding(model, ROWS):
        for _ in range(ROUNDS):
            began = time.perf_counter()
            cached = model(input_ids=words, use_cache=True).past_key_values
            read = time.perf_counter()
            for _ in range(STEPS):
                cached = model(input_ids=words[:, :1], past_key_values=cached, use_cache=True).past_key_values
            reading, writing = min(reading, read - began), min(writing, time.perf_counter() - read)
    return reading + writing * ANSWER / STEPS
