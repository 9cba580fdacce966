"""Matrix products of a few rows the quicker way round, as this machine measures it. Imports torch.

A decoding step multiplies every weight matrix by one row for each answer. `values @ weight.T` and
`(weight @ values.T).T` are the same sums, but for two to four rows of float32 on a CPU the second can be more than
twice as fast where the weights come from memory, and one row can be faster when it is computed twice: MKL takes other
routes. Measured on the starter model by `tests/benchmarks/compare.py`.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any

import torch
from torch import nn
from torch.nn import functional

MOST_ROWS = 4  # from about six rows on, libraries take the quick way by themselves
ROUNDS = 3  # the quickest counts: what else the machine does only adds to it
CLEARLY = 1.15  # times as fast: what differs less is left as it is
MEASURED = 24_000_000  # weights, 96 MB: more than a CPU keeps at hand, since a model does not fit there either

Product = Callable[[torch.Tensor, torch.Tensor, torch.Tensor | None], torch.Tensor]
_measured: dict[tuple[Any, ...], bool] = {}


@contextmanager
def quick_products(model: nn.Module, rows: int) -> Iterator[Product]:
    """Compute steps of so many rows the quicker way in every plain linear layer, until the end; yields that way.

    Only for a model that is not trained meanwhile.
    """
    layers = [module for module in model.modules() if type(module) is nn.Linear]
    weights = [layer.weight for layer in layers if _can_be_turned(layer.weight)]
    if rows > MOST_ROWS or not weights or not _is_quicker_turned(weights, rows):
        yield functional.linear
        return
    changed = [layer for layer in layers if "forward" not in vars(layer)]  # else somebody watches over it
    for layer in changed:
        vars(layer)["forward"] = partial(_forward, layer, rows)
    try:
        yield partial(product, rows)
    finally:
        for layer in changed:
            del vars(layer)["forward"]


def product(rows: int, values: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
    """`values @ weight.T + bias`, turned for (`rows`, inputs) values and the like; the weight is (outputs, inputs)."""
    if len(values) != rows or values.dtype != weight.dtype or not _can_be_turned(weight):
        return functional.linear(values, weight, bias)
    found = turned(values, weight)
    return found if bias is None else found.add_(bias)


def turned(values: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """`values @ weight.T` of a few rows, computed as `(weight @ values.T).T`; of one row as if it were two."""
    columns = torch.cat([values, values]) if len(values) == 1 else values
    return torch.mm(weight, columns.t()).t()[: len(values)].contiguous()


def _forward(layer: Any, rows: int, values: torch.Tensor) -> torch.Tensor:
    flat = values.reshape(-1, values.shape[-1])
    return product(rows, flat, layer.weight, layer.bias).view(*values.shape[:-1], -1)


def _can_be_turned(weight: torch.Tensor) -> bool:
    return bool(weight.dtype == torch.float32 and weight.device.type == "cpu")


def _is_quicker_turned(weights: Sequence[torch.Tensor], rows: int) -> bool:
    """Measured once a program for a model and a number of rows, in some milliseconds."""
    key = (rows, torch.get_num_threads(), len(weights), *(weight.shape for weight in islice(weights, 8)))
    if key not in _measured:
        taken: list[tuple[float, float]] = []
        with torch.inference_mode():
            for _ in range(ROUNDS):
                taken.append((_seconds(functional.linear, weights, rows), _seconds(turned, weights, rows)))
        as_usual, other = map(min, zip(*taken, strict=True))
        _measured[key] = bool(as_usual > CLEARLY * other)
    return _measured[key]


def _seconds(way: Callable[..., Any], weights: Sequence[torch.Tensor], rows: int) -> float:
    """Of one pass through the weights, or so many of them that they come from memory and not from the CPU's cache."""
    values = {weight.shape[1]: torch.ones(rows, weight.shape[1]) for weight in weights}
    began, done = time.perf_counter(), 0
    for weight in weights:
        way(values[weight.shape[1]], weight)
        done += weight.numel()
        if done > MEASURED:
            break
    return time.perf_counter() - began
