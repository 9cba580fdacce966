"""How long a run will take, measured: one small batch forward and backward on the real model. Imports torch."""

import statistics
import time
from dataclasses import dataclass
from typing import Any

import torch
from peft import get_peft_model

from core.format import Rendered
from core.models import ModelSource, load_model
from core.settings import TrainSettings
from core.train.methods import lora_config
from core.train.plan import Prepared
from core.train.samples import MOST_NEW_TOKENS, PROMPTS

ANSWER_TOKENS = 6
ROUNDS = 3  # the first warms caches and is not counted
MOST_TOKENS = 2048  # a probe of more would take longer than a person waits for a number


@dataclass(frozen=True)
class Speed:
    """Seconds to load the model, for a token forward and backward, and for the next token of all sample answers."""

    load: float
    forward: float
    backward: float
    answer: float

    def seconds(self, prepared: Prepared, settings: TrainSettings, steps: int) -> float:
        """Seconds for the whole run: every step, every evaluation with its answers at full length, and loading."""
        trained = steps * _padded_tokens(prepared.train.rows, settings.batch_size)
        evaluations = settings.evaluations + 1 if prepared.measured else 0
        measured = evaluations * sum(len(row.ids) for row in prepared.measured)
        answers = evaluations * MOST_NEW_TOKENS * self.answer
        return self.load + trained * (self.forward + self.backward) + measured * self.forward + answers


def measure(source: ModelSource, prepared: Prepared, settings: TrainSettings) -> Speed:
    """Load the model with a fresh adapter and time it on the first rows. Raises `LabError` like `load_model`."""
    started = time.perf_counter()
    model = get_peft_model(load_model(source), lora_config(settings)).train()
    load = time.perf_counter() - started
    ids, labels = _batch(prepared, settings.batch_size, model.device)
    times = [_round(model, ids, labels) for _ in range(ROUNDS)][1:]
    tokens = ids.numel()
    forward, backward = (statistics.median(column) / tokens for column in zip(*times, strict=True))
    return Speed(load, forward, backward, _answer(model.eval(), ids[:PROMPTS]))


def _padded_tokens(rows: list[Rendered], size: int) -> float:
    """Tokens of a step, padding included, when rows of like length share a batch: the mean over such batches."""
    lengths = sorted(len(row.ids) for row in rows)
    batches = [lengths[start : start + size] for start in range(0, len(lengths), size)]
    return statistics.mean(len(batch) * batch[-1] for batch in batches)


def _answer(model: Any, ids: Any) -> float:
    """Seconds for one more token of every sample answer at once."""
    start = time.perf_counter()
    model.generate(
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        min_new_tokens=ANSWER_TOKENS,
        max_new_tokens=ANSWER_TOKENS,
        do_sample=False,
        use_cache=True,
    )
    return (time.perf_counter() - start) / ANSWER_TOKENS


def _batch(prepared: Prepared, size: int, device: Any) -> tuple[Any, Any]:
    """Rows of the typical length, as many as a step has or as fit into `MOST_TOKENS`."""
    rows = sorted(prepared.train.rows, key=lambda row: len(row.ids))
    middle = rows[len(rows) // 2]
    count = max(1, min(size, MOST_TOKENS // len(middle.ids)))
    return (torch.tensor([side] * count, device=device) for side in (middle.ids, middle.labels))  # type: ignore[return-value]


def _round(model: Any, ids: Any, labels: Any) -> tuple[float, float]:
    start = time.perf_counter()
    bf16 = model.dtype == torch.bfloat16
    with torch.autocast(model.device.type, dtype=torch.bfloat16, enabled=bf16):
        loss = model(input_ids=ids, labels=labels, use_cache=False).loss
    middle = time.perf_counter()
    loss.backward()
    loss.item()  # waits for a GPU to finish
    return middle - start, time.perf_counter() - middle
