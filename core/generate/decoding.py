"""Decoding a batch whose rows end at different times: those that have ended leave it. Imports torch."""

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import torch
from transformers import DynamicCache, StoppingCriteria, StoppingCriteriaList
from transformers.cache_utils import DynamicLayer
from transformers.generation.streamers import BaseStreamer

from core.generate.draws import processors
from core.generate.reading import padded, read_apart
from core.settings import GenerateSettings

GONE = 0.25  # share of rows that have ended, from which on the others go on without them; of up to four rows, one
# What a model folder may bring along and nobody has set here: 0 as temperature must take the likeliest token.
PLAIN: dict[str, Any] = {
    "do_sample": False,
    "repetition_penalty": 1.0,
    "no_repeat_ngram_size": 0,
    "min_length": 0,
    "min_new_tokens": None,
    "bad_words_ids": None,
    "suppress_tokens": None,
    "begin_suppress_tokens": None,
    "forced_bos_token_id": None,
    "forced_eos_token_id": None,
}
As = Callable[[Sequence[int]], AbstractContextManager[dict[str, Any]]]
Told = Callable[[Sequence[int], Sequence[int]], None]


def decode(
    model: Any,
    prompts: Sequence[Sequence[int]],
    answering: As,
    settings: GenerateSettings,
    ends: Sequence[int],
    stops: Sequence[threading.Event],
    told: Told,
) -> None:
    """Continue all prompts in one batch; `told` gets the rows that still go on and the new token of each.

    `answering` makes the model answer as those rows, and yields what `generate` has to be told of them. A row goes on
    until a token of `ends` or the longest answer; setting any of `stops` ends all before the next token.
    """
    ids, mask = padded(prompts, ends[0], model.device)
    whole = ids.shape[1] + settings.max_new_tokens
    cache = read_apart(model, prompts, answering) or _plain_cache(model)
    about = {**PLAIN, "eos_token_id": list(ends), "pad_token_id": ends[0], "logits_processor": processors(settings)}
    rows = list(range(len(prompts)))
    while rows and ids.shape[1] < whole and not any(stop.is_set() for stop in stops):
        criteria = StoppingCriteriaList([_Stopped(stops)] if cache is None else [_Stopped(stops), _Thinned(ends)])
        with answering(rows) as names:
            found = model.generate(
                input_ids=ids,
                attention_mask=mask,
                max_new_tokens=whole - ids.shape[1],
                past_key_values=cache,
                stopping_criteria=criteria,
                streamer=_Streamer(rows, told),
                **about,
                **names,
            )
        if cache is None:
            return
        new = found[:, ids.shape[1] :]
        left = (~_any_of(new, ends).any(1)).nonzero()[:, 0]
        cache.batch_select_indices(left)
        ids, mask = found[left], torch.cat([mask, torch.ones_like(new)], 1)[left]
        rows = [rows[place] for place in left.tolist()]


class _Stopped(StoppingCriteria):
    def __init__(self, reasons: Sequence[threading.Event]) -> None:
        self.reasons = reasons

    def __call__(self, input_ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
        stopped = any(reason.is_set() for reason in self.reasons)
        return torch.full((len(input_ids),), stopped, device=input_ids.device)


class _Thinned(StoppingCriteria):
    """Ends a batch when enough of its rows have ended."""

    def __init__(self, ends: Sequence[int]) -> None:
        self.ends = ends
        self.ended: torch.Tensor | None = None

    def __call__(self, input_ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
        now = _any_of(input_ids[:, -1], self.ends)
        self.ended = now if self.ended is None else self.ended | now
        enough = int(self.ended.sum()) >= max(1, GONE * len(input_ids))
        return torch.full((len(input_ids),), enough, device=input_ids.device)


class _Streamer(BaseStreamer):
    """Called by `generate`: first with the prompts, then with one new token a row."""

    def __init__(self, rows: Sequence[int], told: Told) -> None:
        self.rows, self.told, self.prompts_seen = list(rows), told, False

    def put(self, value: torch.Tensor) -> None:
        if self.prompts_seen:
            self.told(self.rows, value.tolist())
        self.prompts_seen = True

    def end(self) -> None:
        """Called after the last token."""


def _plain_cache(model: Any) -> DynamicCache | None:
    """What attention keeps, if this model keeps it in the plain way, in which rows can leave; else None."""
    model = model.get_base_model() if hasattr(model, "get_base_model") else model
    if not model._supports_default_dynamic_cache():
        return None
    cache = DynamicCache(config=model.config.get_text_config())
    return cache if cache.layers and all(type(layer) is DynamicLayer for layer in cache.layers) else None


def _any_of(tokens: torch.Tensor, ends: Sequence[int]) -> torch.Tensor:
    return torch.isin(tokens, torch.tensor(list(ends), device=tokens.device))
