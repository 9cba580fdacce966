"""Dropout that draws from the seed, the step and the layer alone.

Whoever else draws numbers in the process changes nothing, a resumed run needs no random state, and a layer that is
computed twice (gradient checkpointing) drops the same places again. Imports torch.
"""

from typing import Any

import torch
from torch import nn

ATTENTION = ("attention_dropout", "attn_dropout")  # what models call it within attention
SHARES = (*ATTENTION, "hidden_dropout", "activation_dropout", "dropout")  # and a share that is a number


class SeededDropout(nn.Module):
    """`nn.Dropout` whose mask is a function of (`seed`, `layer`, `moment`)."""

    def __init__(self, p: float, seed: int, layer: int) -> None:
        super().__init__()
        self.p = p
        self.first = hash((seed, layer)) % 2**31  # of whole numbers, so the same in every process
        self.moment = 0

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """The values with a share `p` of them zero and the others scaled up, in training mode."""
        if not self.training or not self.p:
            return values
        drawn = torch.Generator(values.device).manual_seed(hash((self.first, self.moment)) % 2**63)
        kept = torch.rand(values.shape, generator=drawn, device=values.device) >= self.p
        return values * kept.to(values.dtype) / (1 - self.p)


def seed_dropouts(model: nn.Module, seed: int) -> None:
    """Put a `SeededDropout` in the place of every dropout of the model.

    Within attention, and where a model only keeps the share as a number, there is none: PyTorch would draw from the
    global generator.
    """
    for layer, (name, module) in enumerate(list(model.named_modules())):
        if isinstance(module, nn.Dropout):
            above, _, last = name.rpartition(".")
            share = 0.0 if last in ATTENTION else module.p  # kept where it is 0, too: GPT-2 and Falcon read it
            setattr(model.get_submodule(above), last, SeededDropout(share, seed, layer))
    config: Any = model.config
    for holder in (config.get_text_config(), *model.modules()):
        for name in SHARES:
            if isinstance(getattr(holder, name, None), float):
                setattr(holder, name, 0.0)


def set_moment(model: nn.Module, moment: int) -> None:
    """Tell every dropout which part of the run is computed: another number, another mask."""
    for module in model.modules():
        if isinstance(module, SeededDropout):
            module.moment = moment
