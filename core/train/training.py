"""A model, its optimizer and its rows: one step, and the held-out loss. Imports torch."""

import math
from collections.abc import Sequence
from typing import Any

import torch

from core.format import Rendered
from core.packing import Batch, can_pack, losses, packed, padded
from core.settings import TrainSettings
from core.train.dropout import set_moment
from core.train.machine import Machine
from core.train.memory import trim
from core.train.methods import trained_parameters
from core.train.order import EVALUATION_TOKENS, by_tokens, count_steps, order, parts
from core.train.plan import Prepared
from core.train.progress import Progress
from core.train.recorder import Recorder


class Training:
    """A model, its optimizer and its rows: computes a step, and the held-out loss."""

    def __init__(
        self, model: Any, settings: TrainSettings, machine: Machine, prepared: Prepared, most_steps: int
    ) -> None:
        self.model, self.settings, self.machine = model, settings, machine
        self.rows, self.measured = prepared.train.rows, prepared.measured
        self.lengths = [len(row.ids) for row in self.rows]
        self.steps = count_steps(len(self.rows), settings, most_steps)
        self.weights = trained_parameters(model)
        self.optimizer = make_optimizer(self.weights, settings)
        self.packing = settings.packing and can_pack(model)
        self.settings = settings if self.packing == settings.packing else settings.model_copy(update={"packing": False})
        self.order = order(self.lengths, self.settings, self.steps)

    @property
    def every(self) -> int:
        """Steps between two evaluations."""
        return max(1, math.ceil(self.steps / self.settings.evaluations))

    def step(self, progress: Progress, recorder: Recorder) -> tuple[float, float, float]:
        """One step of the optimizer: its loss, its learning rate, and the length of its gradient before clipping.

        Weights are left as they are where the loss or the gradient is no number.
        """
        chosen = self.order[progress.step]
        shares = parts(chosen, self.lengths, self.settings)
        batches = [self._batch([self.rows[row] for row in share]) for share in shares]
        learned = sum(len(batch.targets) for batch in batches)
        total = 0.0
        for number, batch in enumerate(batches):
            set_moment(self.model, progress.step * self.settings.batch_size + number)
            with self._precision():
                loss = losses(self.model, batch).sum() / learned
            recorder.look_at_memory()
            loss.backward()
            total += loss.item()
            progress.tokens += batch.tokens
            progress.padding += batch.padding
        norm = torch.nn.utils.clip_grad_norm_(self.weights, self.settings.max_grad_norm).item()
        rate = rate_at(progress.step, self.steps, self.settings)
        if math.isfinite(total) and math.isfinite(norm):
            for group in self.optimizer.param_groups:
                group["lr"] = rate
            self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        progress.step += 1
        progress.trained += learned
        progress.add_loss(total if math.isfinite(norm) else math.nan)
        progress.add_norm(norm)
        return total, rate, norm

    def held_out_loss(self) -> float:
        """The mean cross-entropy over the learned tokens of the held-out rows."""
        self.model.eval()
        trim()  # what the steps have left free is of other sizes than what comes now, which would be put beside it
        total, count = 0.0, 0
        with torch.no_grad(), self._precision():
            for rows in by_tokens(self.measured, EVALUATION_TOKENS):
                found = losses(self.model, self._batch(rows))
                total, count = total + found.sum().item(), count + len(found)
        self.model.train()
        trim()
        return total / count

    def _batch(self, rows: Sequence[Rendered]) -> Batch:
        return (packed if self.packing else padded)(rows, self.model.device)

    def _precision(self) -> Any:
        bf16 = self.machine.precision == "bfloat16"  # an adapter's weights stay float32; only products are bfloat16
        return torch.autocast(self.model.device.type, dtype=torch.bfloat16, enabled=bf16)


def make_optimizer(weights: list[Any], settings: TrainSettings) -> Any:
    """AdamW (arXiv 1711.05101), or bitsandbytes' in 8 bits (2110.02861)."""
    if settings.optimizer == "adamw-8bit":
        from bitsandbytes.optim import AdamW8bit

        return AdamW8bit(weights, lr=settings.learning_rate, weight_decay=settings.weight_decay)
    return torch.optim.AdamW(
        weights, lr=settings.learning_rate, weight_decay=settings.weight_decay, fused=weights[0].device.type != "mps"
    )


def rate_at(step: int, steps: int, settings: TrainSettings) -> float:
    """The learning rate of a step (from 0), as transformers' schedules of the name: it rises in warm-up, then falls.

    Warm-up begins at a rate of nothing, so it never takes the last step: a run of one step would learn nothing.
    """
    warmup = min(math.ceil(settings.warmup * steps), steps - 1)
    if step < warmup:
        return settings.learning_rate * step / warmup
    done = (step - warmup) / max(1, steps - warmup)
    falls = {"cosine": 0.5 * (1 + math.cos(math.pi * done)), "linear": 1 - done, "constant": 1.0}
    return settings.learning_rate * falls[settings.schedule]
