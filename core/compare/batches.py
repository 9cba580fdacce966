"""Which sides share a batch, and the words that say so, or why not. Imports torch where it is called."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.compare.loaded import Loaded, adapter_of, base_of, is_whole
from core.compare.sides import Side, Weights

MEGABYTE = 2**20
ONE_BATCH = {1: "one side alone", 2: "both in one batch", 3: "all three in one batch", 4: "all four in one batch"}
SOME = "in {} batches, one after the other"
DORA = "DoRA cannot share a batch"
EIGHT_BIT = "8-bit weights would round both answers of a batch together"
SECOND = "a fully tuned model is a second set of weights, {:,.0f} MB more in memory"
OTHER_BITS = "a run that was trained in other bits has its own copy of the base model, {:,.0f} MB more in memory"
QUANTISED = {"4bit": "; the base model in 4 bits, as in training", "8bit": "; the base model in 8 bits, as in training"}


@dataclass(frozen=True)
class Batch:
    """Sides, by their places, that one model answers together."""

    model: Any
    places: list[int]


def batches(loaded: Loaded, sides: Sequence[Side]) -> list[Batch]:
    """The sides in as few batches as can be, in their order."""
    found: dict[tuple[Any, ...], Batch] = {}
    for place, side in enumerate(sides):
        model = loaded.model(side.weights)
        key = (id(model), _apart(model, side.weights, place))
        found.setdefault(key, Batch(model, [])).places.append(place)
    return list(found.values())


def how(loaded: Loaded, sides: Sequence[Side], made: Sequence[Batch]) -> str:
    """Whether the sides are answered in one batch, and if not why."""
    bits = {base_of(side.weights)[1] for side in sides}
    end = "".join(QUANTISED.get(each, "") for each in sorted(bits))
    if len(made) == 1:
        return ONE_BATCH[len(sides)] + end
    begin = "one after the other" if len(made) == len(sides) else SOME.format(len(made))
    return f"{begin}: {'; '.join(_reasons(loaded, sides, len(bits)))}{end}"


def _apart(model: Any, weights: Weights, place: int) -> Any:
    """What a side shares only with its like: nothing, its adapter, or nobody."""
    from core.generate import can_mix

    if base_of(weights)[1] == "8bit":
        return place
    own = adapter_of(weights)
    return "" if can_mix(model, [own]) else own


def _reasons(loaded: Loaded, sides: Sequence[Side], bits: int) -> list[str]:
    from core.generate import can_mix

    every = [side.weights for side in sides]
    found = []
    if any(not can_mix(loaded.model(weights), [adapter_of(weights)]) for weights in every):
        found.append(DORA)
    if any(base_of(weights)[1] == "8bit" for weights in every):
        found.append(EIGHT_BIT)
    wholes = {weights.key: loaded.model(weights) for weights in every if is_whole(weights)}
    if wholes:
        found.append(SECOND.format(sum(model.get_memory_footprint() for model in wholes.values()) / MEGABYTE))
    if bits > 1:
        copies = {base_of(weights): loaded.model(weights) for weights in every if not is_whole(weights)}
        sizes = sorted(model.get_memory_footprint() for model in copies.values())
        found.append(OTHER_BITS.format(sum(sizes[:-1]) / MEGABYTE))
    return found
