"""In which precision this machine writes answers quickest: measured on one layer of the model, once a program."""

import time
from functools import cache
from typing import Any, Literal

from core.models.imports import import_heavy
from core.models.loading import ModelSource, has_fast_bfloat16
from core.models.one_layer import one_layer

ROWS = 2  # a pair: base and tuned
CONTEXT = 128  # tokens that were read before
STEPS = 12
ROUNDS = 3  # the quickest counts: what else the machine does only adds to it


@cache
def decoding_precision(source: ModelSource) -> Literal["auto", "float32"]:
    """The `dtype` for `load_model`: "float32" where that decodes a pair quicker than bfloat16, otherwise "auto".

    Reading a prompt and training are many products at once, which bfloat16 makes quicker; the next token of two rows is
    one small product for each weight, where the kernels of some CPUs lose more than they gain.
    """
    import_heavy()
    import torch

    if torch.cuda.is_available() or not has_fast_bfloat16():
        return "auto"
    layer = one_layer(source)
    if layer is None:
        return "auto"
    seconds = {precision: _seconds(layer.to(precision)) for precision in (torch.float32, torch.bfloat16)}
    return "float32" if seconds[torch.float32] < seconds[torch.bfloat16] else "auto"


def _seconds(model: Any) -> float:
    """Of some decoding steps, the best of a few rounds."""
    import torch

    with torch.inference_mode():
        words = torch.ones(ROWS, CONTEXT, dtype=torch.long)
        best = float("inf")
        for _ in range(ROUNDS):
            cached = model(input_ids=words, use_cache=True).past_key_values
            began = time.perf_counter()
            for _ in range(STEPS):
                cached = model(input_ids=words[:, :1], past_key_values=cached, use_cache=True).past_key_values
            best = min(best, time.perf_counter() - began)
    return best
