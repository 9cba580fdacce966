"""Which adapter answers each row of a batch: set, applied, and read off the layers while they run.

PEFT takes a mixed batch apart in every layer and puts it together again, which costs about as much as the model itself
where a step is one token. Here the rows of an adapter lie next to each other: the frozen weights multiply all rows
at once, and the adapter adds to a slice of the result. Layers of other kinds are left to PEFT. Imports torch and peft.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

import torch
from peft.tuners.lora import Linear, LoraLayer
from peft.utils import AuxiliaryTrainingWrapper
from torch import nn
from torch.nn import functional

from core.generate.products import Product, quick_products

BASE = "__base__"  # PEFT's name for a row without an adapter
Active = list[str | None]


def can_mix(model: Any, adapters: Sequence[str]) -> bool:
    """Whether rows with these adapters, or `BASE`, can be in one batch: PEFT refuses it for DoRA."""
    configs = getattr(model, "peft_config", {})
    named = [configs[name] for name in adapters if name != BASE]
    return not any(getattr(config, "use_dora", False) for config in named)


@contextmanager
def answering(model: Any, names: Sequence[str], active: Active) -> Iterator[dict[str, list[str]]]:
    """Makes the model answer each row with the adapter of that name; yields what `generate` has to be told of them.

    `active` is filled by the layers as they run: for each row the adapter that was applied to it, or None.
    """
    layers = lora_layers(model)
    quick = bool(layers) and _is_plain(model) and all(_adds_a_product(layer, names) for layer in layers)
    if quick:
        _check_known(layers, names)
    with quick_products(model, len(names)) as product:
        if quick:
            with _by_slices(layers, names, product, active):
                yield {}
        else:
            with _watched(layers, names, active), _by_peft(model, layers, names) as told:
                yield told


def lora_layers(model: Any) -> list[Any]:
    """The layers of the model that adapters sit on."""
    return [module for module in model.modules() if isinstance(module, LoraLayer)]


@dataclass(frozen=True)
class _Slice:
    """Rows `start` to `end` of a batch that an adapter answers: its two matrices (rank, inputs), (outputs, rank)."""

    name: str
    start: int
    end: int
    down: torch.Tensor
    up: torch.Tensor
    scale: float


@dataclass(frozen=True)
class _Rows:
    """How the rows of a batch are computed in a layer, and the list to be told so."""

    count: int
    slices: list[_Slice]
    product: Product
    active: Active | None

    @property
    def alike(self) -> bool:
        """Whether all rows have the same adapter, or none."""
        return not self.slices or self.slices[0].end - self.slices[0].start == self.count

    def tell(self, active: Active) -> None:
        """What was applied."""
        for part in self.slices:
            active[part.start : part.end] = [part.name] * (part.end - part.start)


@contextmanager
def _by_slices(layers: Sequence[Any], names: Sequence[str], product: Product, active: Active) -> Iterator[None]:
    kept = [layer.__dict__.get("forward") for layer in layers]  # training may have put its own there
    watched = _watched_layers(layers, names)
    for layer in layers:
        rows = _Rows(len(names), _slices(layer, names), product, active if layer in watched else None)
        vars(layer)["forward"] = partial(_forward, layer.base_layer, rows)
    try:
        yield
    finally:
        for layer, before in zip(layers, kept, strict=True):
            del vars(layer)["forward"]
            if before is not None:
                vars(layer)["forward"] = before


def _slices(layer: Any, names: Sequence[str]) -> list[_Slice]:
    found, start = [], 0
    for name, rows in groupby(names):
        end = start + len(list(rows))
        if name in layer.lora_A:
            down, up = layer.lora_A[name].weight, layer.lora_B[name].weight
            found.append(_Slice(name, start, end, down, up, layer.scaling[name]))
        start = end
    return found


def _forward(base: Any, rows: _Rows, values: torch.Tensor) -> torch.Tensor:
    """The frozen layer for all rows, then each adapter for its own; `values` is (rows, …, inputs).

    Raises:
        ValueError: the model has put its rows together in another way, so that they cannot be told apart.
    """
    flat = values.reshape(-1, values.shape[-1])
    each = len(flat) // rows.count
    if len(values) != rows.count and not rows.alike:
        raise ValueError("This model mixes the rows of a batch within its layers, so that they cannot be told apart.")
    is_plain = type(base) is nn.Linear
    out = rows.product(flat, base.weight, base.bias) if is_plain else base(flat)
    for part in rows.slices:
        own = slice(part.start * each, part.end * each) if not rows.alike else slice(None)
        small = functional.linear(flat[own].to(part.down.dtype), part.down)
        out[own].add_(functional.linear(small, part.up).mul_(part.scale).to(out.dtype))
    if rows.active is not None:
        rows.tell(rows.active)
    return out.view(*values.shape[:-1], -1)


def _adds_a_product(layer: Any, names: Sequence[str]) -> bool:
    """Whether what the layer computes for these adapters is its base layer plus a scaled product of two matrices."""
    used = [name for name in names if name in layer.lora_A]
    return (
        (type(layer) is Linear or type(layer).__name__ == "Linear4bit")  # PEFT has the latter only beside bitsandbytes
        and not (layer.disable_adapters or layer.merged or getattr(layer, "fan_in_fan_out", False))
        and not any(name in layer.lora_variant for name in used)
        and all(layer.lora_B[name].bias is None for name in used)
    )


def _is_plain(model: Any) -> bool:
    """Whether the model rests, and adapters are all that training changed: PEFT can also keep whole layers."""
    return not model.training and not any(isinstance(module, AuxiliaryTrainingWrapper) for module in model.modules())


def _check_known(layers: Sequence[Any], names: Sequence[str]) -> None:
    known = set().union(*(layer.lora_A for layer in layers)) | {BASE}
    if unknown := sorted(set(names) - known):
        raise ValueError(f"The model has no adapter {', '.join(unknown)}.")


@contextmanager
def _by_peft(model: Any, layers: Sequence[Any], names: Sequence[str]) -> Iterator[dict[str, list[str]]]:
    """Names are only given for a batch of several: DoRA takes none, and a model without adapters knows no such word."""
    if not layers:
        yield {}
    elif len(set(names)) > 1:
        yield {"adapter_names": list(names)}
    elif names[0] == BASE:
        with model.disable_adapter():
            yield {}
    else:
        if model.active_adapter != names[0]:
            model.set_adapter(names[0], inference_mode=True)
        yield {}


@contextmanager
def _watched(layers: Sequence[Any], names: Sequence[str], active: Active) -> Iterator[None]:
    """Reads off the layers which adapter they applied to each row."""

    def read(layer: Any, _args: Any, kwargs: dict[str, Any], _output: Any) -> None:
        told = kwargs.get("adapter_names") or [layer.active_adapters[0]] * len(active)
        for row, name in enumerate(told):
            if _has(layer, name):
                active[row] = None if layer.disable_adapters else name

    handles = [layer.register_forward_hook(read, with_kwargs=True) for layer in _watched_layers(layers, names)]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _watched_layers(layers: Sequence[Any], names: Sequence[str]) -> list[Any]:
    """The first layer that each adapter sits on; adapters need not sit on the same ones."""
    every = ([layer for layer in layers if _has(layer, name)] for name in dict.fromkeys(names))
    return [found[0] for found in every if found]


def _has(layer: Any, name: str) -> bool:
    return name in layer.lora_A or name in layer.lora_embedding_A
