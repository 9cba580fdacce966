"""The cross-entropy of every labelled token of a batch, and the trial whether a model can be packed at all."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch.nn import functional

from core.packing.attention import in_segments
from core.packing.batch import SEGMENTS, Batch, packed, padded
from core.packing.head import projected_losses
from core.packing.line import WORTH

PROBE_SHARED = WORTH  # tokens that the probe's rows have in common at their beginning, which then stand there once
PROBE_APART = 997  # ids from one to the next: behind the first ids, often signs, bfloat16 rounds ten times worse
PROBE_LENGTHS = (5, 9, 3)
PROBE_TOLERANCE = 0.05  # share of the largest loss; bfloat16 differs by 0.01, a leak between rows by more than 1
_plain: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()  # models found to end in their head and nothing more


def losses(model: Any, batch: Batch) -> torch.Tensor:
    """The cross-entropy of every labelled token, float32, in the order of `batch.targets`."""
    head = _frozen_head(model)
    return _by_logits(model, batch) if head is None else _by_head(model, batch, head)


def can_pack(model: Any) -> bool:
    """Whether this model gives the same losses for rows joined as for the rows alone: tried on three short ones."""
    rows, config = _probe(model), model.config.get_text_config()
    before = config._attn_implementation
    try:
        with _trying(model):
            alone = torch.cat([_by_logits(model, padded([row], model.device)) for row in rows])
            joined = _by_logits(model, packed(rows, model.device))
    except (TypeError, ValueError, RuntimeError, AttributeError):  # its forward is none that can be packed this way
        config._attn_implementation = before
        return False
    if not (alike := _alike(alone, joined)):
        config._attn_implementation = before
    return alike


def logits(model: Any, batch: Batch) -> torch.Tensor:
    """What the model gives every word of its vocabulary at each labelled token, (len(batch.targets), words)."""
    kept, columns = batch.columns.unique(return_inverse=True)
    with _attending(model, batch):
        found: torch.Tensor = model(**batch.inputs, logits_to_keep=kept, use_cache=False).logits
    in_order = len(found) == 1 and torch.equal(kept, batch.columns)  # not those of rows that share their beginning
    return found[0] if in_order else found[batch.rows, columns]


def _by_logits(model: Any, batch: Batch) -> torch.Tensor:
    """By the model's own forward, which may cap or scale its logits."""
    return functional.cross_entropy(logits(model, batch).float(), batch.targets, reduction="none")


def _by_head(model: Any, batch: Batch, head: torch.nn.Linear) -> torch.Tensor:
    with _attending(model, batch):
        hidden = _bare(model).get_decoder()(**batch.inputs, use_cache=False).last_hidden_state
    return projected_losses(hidden[batch.rows, batch.columns], head, batch.targets)


def _frozen_head(model: Any) -> torch.nn.Linear | None:
    """The head, if it gets no gradient now and its logits are the model's, which is tried once for each model."""
    bare = _bare(model)
    head = bare.get_output_embeddings()
    if type(head) is not torch.nn.Linear or (torch.is_grad_enabled() and head.weight.requires_grad):
        return None
    if bare not in _plain:
        batch = padded(_probe(model)[:1], model.device)
        try:
            with _trying(model):
                _plain[bare] = _alike(_by_logits(model, batch), _by_head(model, batch, head))
        except (TypeError, ValueError, RuntimeError, AttributeError):  # a model of another build
            _plain[bare] = False
    return head if _plain[bare] else None


def _bare(model: Any) -> Any:
    """The causal language model itself, without PEFT's wrapping."""
    return model.get_base_model() if hasattr(model, "get_base_model") else model


@dataclass(frozen=True)
class _Probe:
    ids: list[int]

    @property
    def labels(self) -> list[int]:
        return self.ids


def _probe(model: Any) -> list[_Probe]:
    words = model.config.get_text_config().vocab_size - 1
    ids = torch.arange(sum(PROBE_LENGTHS)) * 7 % words + 1
    first = [word * PROBE_APART % words + 1 for word in range(1, PROBE_SHARED + 1)]
    return [_Probe([*first, *part.tolist()]) for part in ids.split(PROBE_LENGTHS)]


@contextmanager
def _trying(model: Any) -> Iterator[None]:
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        model.train(was_training)


def _alike(first: torch.Tensor, second: torch.Tensor) -> bool:
    return bool((first - second).abs().max() <= PROBE_TOLERANCE * first.abs().max())


def _attending(model: Any, batch: Batch) -> Any:
    return in_segments(model) if SEGMENTS in batch.inputs else nullcontext()
