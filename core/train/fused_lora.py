"""LoRA layers computed as one operation: the frozen weight and the adapter beside it, forward and back.

PEFT casts the input to the adapter's float32, multiplies, casts back, scales and adds in passes of their own, and keeps
the input once for each of them. Here the adapter's product is added in place, and only the input itself is kept.
Measured on the starter model on a CPU, see `tests/benchmarks/training.py`. Imports torch and peft.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from peft.tuners.lora import Linear
from torch import nn
from torch.nn import functional


def fuse(model: nn.Module) -> int:
    """Compute the plain LoRA layers of the model this way from now on; how many there are.

    Left to PEFT are quantised and DoRA layers, dropout, and any call that mixes or switches adapters off.
    """
    layers = [module for module in model.modules() if _is_plain(module)]
    for layer in layers:
        layer.forward = partial(_forward, layer, layer.forward)
    return len(layers)


def _is_plain(module: nn.Module) -> bool:
    return (
        type(module) is Linear
        and type(module.get_base_layer()) is nn.Linear
        and list(module.lora_A) == list(module.active_adapters)
        and len(module.lora_A) == 1
        and not module.lora_variant
        and not module.fan_in_fan_out
        and all(isinstance(dropout, nn.Identity) for dropout in module.lora_dropout.values())
        and all(up.bias is None for up in module.lora_B.values())
    )


def _forward(layer: Any, as_peft_does: Callable[..., Any], values: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
    weight = layer.base_layer.weight
    device = values.device.type
    products = torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else values.dtype
    is_plain = len(layer.lora_A) == 1 and not (args or kwargs or layer.disable_adapters or layer.merged)
    if not is_plain or weight.dtype != products or weight.requires_grad:
        return as_peft_does(values, *args, **kwargs)
    (name,) = layer.lora_A
    down, up = layer.lora_A[name].weight, layer.lora_B[name].weight
    return _Fused.apply(values, weight, layer.base_layer.bias, down, up, layer.scaling[name])


class _Fused(torch.autograd.Function):
    """values @ weight.T + bias + scale * (values @ down.T) @ up.T, with products in the precision of the weight."""

    @staticmethod
    def forward(
        ctx: Any,
        values: torch.Tensor,
        weight: torch.Tensor,
        bias: torch.Tensor | None,
        down: torch.Tensor,
        up: torch.Tensor,
        scale: float,
    ) -> torch.Tensor:
        flat = values.reshape(-1, values.shape[-1]).to(weight.dtype)
        small = flat @ down.to(weight.dtype).T
        out = functional.linear(flat, weight, bias).addmm_(small, up.to(weight.dtype).T, alpha=scale)
        ctx.save_for_backward(flat, small, weight, down, up)
        ctx.scale, ctx.dtype = scale, values.dtype
        return out.view(*values.shape[:-1], -1)

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        flat, small, weight, down, up = ctx.saved_tensors
        outer = grad.reshape(-1, grad.shape[-1]).to(weight.dtype)
        inner = (outer @ up.to(weight.dtype)).mul_(ctx.scale)
        to_values = None
        if ctx.needs_input_grad[0]:
            found = (outer @ weight).addmm_(inner, down.to(weight.dtype))
            to_values = found.to(ctx.dtype).view(*grad.shape[:-1], -1)
        to_up = (outer.T @ small).to(up.dtype).mul_(ctx.scale)
        return to_values, None, None, (inner.T @ flat).to(down.dtype), to_up, None
