"""The vocabulary projection with its cross-entropy, a few hundred places at a time, so that no logits are kept.

A frozen head needs no gradient of its own, so that of the hidden states is computed on the way forward, where the
logits are at hand (the idea of arXiv 2410.10989, section 3.3).
"""

from typing import Any

import torch
from torch.nn import functional

PLACES = 128  # at once; 49,152 logits each in float32 are 25 MB


def projected_losses(hidden: torch.Tensor, head: torch.nn.Linear, targets: torch.Tensor) -> torch.Tensor:
    """Cross-entropy, float32 (places,), of the head's logits for `hidden` (places, size). The head gets no gradient."""
    found: torch.Tensor = _Projected.apply(hidden, head.weight, head.bias, targets)
    return found


class _Projected(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, hidden: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, targets: torch.Tensor
    ) -> torch.Tensor:
        wanted = ctx.needs_input_grad[0]
        found = hidden.new_empty(len(targets), dtype=torch.float32)
        grad = torch.empty_like(hidden) if wanted else None
        for start in range(0, len(targets), PLACES):
            here = slice(start, start + PLACES)
            goals = targets[here, None]
            logits = functional.linear(hidden[here], weight, bias)
            shares = functional.log_softmax(logits, 1, dtype=torch.float32)
            found[here] = -shares.gather(1, goals)[:, 0]
            if grad is not None:
                share = shares.exp_()
                share.scatter_add_(1, goals, share.new_full(goals.shape, -1.0))
                grad[here] = share.to(weight.dtype) @ weight
        ctx.save_for_backward(grad)
        return found

    @staticmethod
    def backward(ctx: Any, outer: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        (grad,) = ctx.saved_tensors
        return (grad * outer[:, None]).to(grad.dtype), None, None, None
