"""Prompts of unlike lengths, read without their padding: what a model keeps of each, put into one batch. Imports torch.

A batch is padded to its longest prompt, so that one with examples in it would make all others as slow. Here prompts of
like length are read together, and what attention keeps of them is joined as if they had been padded: padded places
are masked, so that nothing looks at them.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import torch
from transformers import DynamicCache
from transformers.cache_utils import DynamicLayer

WASTED = 1.25  # times the tokens that there are: less padding costs less than another batch
LITTLE = 64  # tokens of padding that are never worth another batch
ALIKE = 0.75  # of the longest prompt of a batch, at least

As = Callable[[Sequence[int]], AbstractContextManager[Any]]


def read_apart(model: Any, prompts: Sequence[Sequence[int]], answering: As) -> DynamicCache | None:
    """What the model keeps of all prompts but their last tokens; None where they are better, or only, read in one.

    `answering` makes the model answer as those rows of the batch.
    """
    lengths = [len(prompt) for prompt in prompts]
    padding = len(prompts) * max(lengths) - sum(lengths)
    if padding <= LITTLE or sum(lengths) + padding <= WASTED * sum(lengths) or min(lengths) < 2:
        return None
    model = model.get_base_model() if hasattr(model, "get_base_model") else model
    joined: list[list[torch.Tensor]] = []  # for each layer the keys and the values, (rows, heads, places, width)
    for rows in _alike(lengths):
        with answering(rows), torch.no_grad():
            cache = _read(model, [prompts[row][:-1] for row in rows])
        if cache is None:
            return None
        joined = joined or [[_empty(part, lengths) for part in (layer.keys, layer.values)] for layer in cache.layers]
        for layer, parts in zip(cache.layers, joined, strict=True):
            for part, own in zip(parts, (layer.keys, layer.values), strict=True):
                part[list(rows), :, part.shape[2] - own.shape[2] :] = own
    made = DynamicCache()
    for number, (keys, values) in enumerate(joined):
        made.update(keys, values, number)
    return made


def padded(prompts: Sequence[Sequence[int]], pad: int, device: Any) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and mask, each (prompts, longest), with the padding before the prompt."""
    longest = max(map(len, prompts))
    ids = [[pad] * (longest - len(prompt)) + list(prompt) for prompt in prompts]
    mask = [[0] * (longest - len(prompt)) + [1] * len(prompt) for prompt in prompts]
    return torch.tensor(ids, device=device), torch.tensor(mask, device=device)


def _alike(lengths: Sequence[int]) -> list[list[int]]:
    """Rows of like length together, the longest first."""
    groups: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lambda row: lengths[row], reverse=True):
        if not groups or lengths[row] < ALIKE * lengths[groups[-1][0]]:
            groups.append([])
        groups[-1].append(row)
    return [sorted(group) for group in groups]


def _read(model: Any, prompts: Sequence[Sequence[int]]) -> DynamicCache | None:
    ids, mask = padded(prompts, 0, model.device)
    positions = (mask.cumsum(-1) - 1).clamp_(min=0)
    found = model(input_ids=ids, attention_mask=mask, position_ids=positions, use_cache=True, logits_to_keep=1)
    cache = found.past_key_values
    plain = type(cache) is DynamicCache and all(type(layer) is DynamicLayer for layer in cache.layers)
    return cache if plain else None


def _empty(part: torch.Tensor, lengths: Sequence[int]) -> torch.Tensor:
    return part.new_zeros(len(lengths), part.shape[1], max(lengths) - 1, part.shape[3])
