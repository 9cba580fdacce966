"""How long a run will take, measured: one small batch forward and backward on the real model. Imports torch."""

import statistics
import time
from dataclasses import dataclass
from typing import Any

import torch
from peft import get_peft_model

from core.models import ModelSource, load_model
from core.settings import TrainSettings
from core.train.plan import Prepared
from core.train.recipe import lora_config

ROUNDS = 3  # the first warms caches and is not counted
MOST_TOKENS = 2048  # a probe of more would take longer than a person waits for a number


@dataclass(frozen=True)
class Speed:
    """Seconds a token, forward and backward, and to load the model."""

    load: float
    forward: float
    backward: float

    def seconds(self, prepared: Prepared, settings: TrainSettings, steps: int) -> float:
        """Seconds for the whole run: every step, every evaluation of the held-out rows, and loading."""
        rows = len(prepared.train.rows)
        per_row = prepared.train.tokens / rows
        trained = steps * min(settings.batch_size, rows) * per_row
        measured = (settings.evaluations + 1) * sum(len(row.ids) for row in prepared.measured)
        return self.load + trained * (self.forward + self.backward) + measured * self.forward


def measure(source: ModelSource, prepared: Prepared, settings: TrainSettings) -> Speed:
    """Load the model with a fresh adapter and time it on the first rows. Raises `LabError` like `load_model`."""
    started = time.perf_counter()
    model = get_peft_model(load_model(source), lora_config(settings)).train()
    load = time.perf_counter() - started
    ids, labels = _batch(prepared, settings.batch_size, model.device)
    times = [_round(model, ids, labels) for _ in range(ROUNDS)][1:]
    tokens = ids.numel()
    forward, backward = (statistics.median(column) / tokens for column in zip(*times, strict=True))
    return Speed(load, forward, backward)


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
