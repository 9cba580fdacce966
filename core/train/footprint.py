"""The memory of a run, by following one step on a model without weights. Imports torch.

Two shallow copies of the model are followed, and what differs between them is the share of the layers between: every
figure grows evenly with the number of layers, so the whole model need not be built.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from core.format import Formatted, Rendered
from core.settings import TrainSettings
from core.train.hollow import hollow
from core.train.live import Live
from core.train.machine import Machine
from core.train.plan import Prepared
from core.train.progress import Progress
from core.train.recorder import Recorder
from core.train.training import Training
from core.train.workload import Footprint, Multiplications, load_of


@dataclass(frozen=True)
class Walk:
    """What was counted at one depth. `early` and `late` are peaks of a step in its first and second half."""

    weights: int
    trained: int
    moments: int
    gradients: int
    early: int
    late: int
    evaluation: int
    products: int
    linear: int
    head: int
    attention: int


def footprint(
    config: Any, settings: TrainSettings, precision: str, part: Sequence[Rendered], measured: Sequence[Rendered]
) -> Footprint:
    """The memory of a run whose largest part of a step is `part`, and whose largest evaluation at once `measured`."""
    layers = config.get_text_config().num_hidden_layers
    depths = _depths(config.get_text_config(), 2 if settings.recompute else 1)
    walks = [_walk(_shallow(config, depth), settings, precision, part, measured) for depth in depths]
    found = {name: _at(layers, depths, [getattr(walk, name) for walk in walks]) for name in Walk.__annotations__}
    held = found["gradients"] if settings.accumulation > 1 else 0  # those of the parts before
    return Footprint(
        weights=found["weights"],
        trained=found["trained"],
        moments=found["moments"] // 4 if settings.optimizer == "adamw-8bit" else found["moments"],
        step=max(found["early"] + held, found["late"]),
        look=found["evaluation"],
        products=max(walk.products for walk in walks),
        multiplications=Multiplications(found["linear"], found["head"], found["attention"]),
    )


def _walk(config: Any, settings: TrainSettings, precision: str, part: Any, measured: Any) -> Walk:
    mode = FakeTensorMode(allow_non_fake_inputs=True)
    model = hollow(config, settings, precision, mode)
    live = Live()
    for tensor in _kept(model):
        live.hold(tensor)
    alone = settings.model_copy(update={"accumulation": 1, "batch_size": len(part), "epochs": 1, "max_steps": 1})
    alone = alone.model_copy(update={"optimizer": "adamw", "packing": False})  # packed all the same, but not tried
    prepared = Prepared(Formatted(list(part), [], []), Formatted(list(measured), [], []))
    with mode, live:
        machine = Machine(1, cast(Any, precision))
        training = Training(model, alone, machine, prepared, 1)
        training.packing = settings.packing
        before, _ = live.now, live.peak_again()
        peaks = _Peaks(training, live)
        training.step(Progress(), cast(Recorder, _Nobody()))
        moments, _ = live.now - before, live.peak_again()
        tokens = int(load_of(part, settings.packing).tokens)
        products = sum(any(tokens in shape for shape, _ in sizes) for _, *sizes in live.products)
        if measured:
            training.held_out_loss()
    trained = sum(each.nbytes for each in training.weights)
    return Walk(
        weights=before - trained,
        trained=trained,
        moments=moments,
        gradients=trained,
        early=peaks.early - before,
        late=peaks.late - before,
        evaluation=live.peak - before - moments,
        products=products,
        **_multiplications(model),
    )


class _Peaks:
    """The peak of a step until half of the gradients are there, and from then until the optimizer takes them."""

    def __init__(self, training: Training, live: Live) -> None:
        self.live, self.left, self.early, self.late = live, len(training.weights) // 2, 0, 0
        for weight in training.weights:
            weight.register_post_accumulate_grad_hook(self._gradient)
        training.optimizer.register_step_pre_hook(self._update)

    def _gradient(self, _: torch.Tensor) -> None:
        self.left -= 1
        if self.left == 0:
            self.early = self.live.peak_again()

    def _update(self, *_: Any) -> None:
        self.late = self.live.peak_again()


class _Nobody:
    """In the place of a recorder: nothing is written down."""

    def look_at_memory(self) -> float:
        """No memory is used."""
        return 0.0


def _kept(model: torch.nn.Module) -> list[torch.Tensor]:
    """All that the model holds, the scales of quantised weights among it."""
    found = [*model.parameters(), *model.buffers()]
    for module in model.modules():
        state = getattr(getattr(module, "weight", None), "quant_state", None)
        if state is not None:
            found += [state.absmax, state.code, state.state2.absmax, state.state2.code]
        if getattr(getattr(module, "state", None), "SCB", None) is not None:
            found.append(module.state.SCB)
    return found


def _multiplications(model: Any) -> dict[str, int]:
    text = model.config.get_text_config()
    head = text.vocab_size * text.hidden_size
    layers = [module for module in model.modules() if isinstance(module, torch.nn.Linear)]
    every = sum(layer.in_features * layer.out_features for layer in layers)
    size = getattr(text, "head_dim", None) or text.hidden_size // text.num_attention_heads
    return {"linear": every - head, "head": head, "attention": text.num_hidden_layers * text.num_attention_heads * size}


def _depths(text: Any, fewest: int) -> tuple[int, int]:
    """Two numbers of layers, apart by as many as it takes until the kinds of layers come again.

    A single layer that is computed again is never held beside another one: that takes `fewest` 2 to be seen.
    """
    kinds = getattr(text, "layer_types", None) or ["layer"] * text.num_hidden_layers
    again = next(step for step in range(1, len(kinds) + 1) if kinds[step:] == kinds[: len(kinds) - step])
    first = again * -(-fewest // again)
    return first, first + again


def _shallow(config: Any, layers: int) -> Any:
    config = copy.deepcopy(config)
    text = config.get_text_config()
    kinds = getattr(text, "layer_types", None)
    text.num_hidden_layers = layers
    if kinds:
        text.layer_types = (list(kinds) * 2)[:layers]
    return config


def _at(layers: int, depths: tuple[int, int], values: list[int]) -> int:
    """A figure of `layers` layers, from those at two depths."""
    (first, second), (low, high) = depths, values
    return round(low + (high - low) * (layers - first) / (second - first))
