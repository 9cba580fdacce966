"""The models that the sides of a comparison need, in memory: a base model with its adapters, whole models beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.compare.sides import Weights
from core.models import ModelSource, Quantization, load_model, load_tokenizer
from core.models.decoding import decoding_precision
from core.models.tuned import changed_weights, load_tuned, weights_in, with_adapter
from core.words import counted

Base = tuple[ModelSource, Quantization]


@dataclass
class _Base:
    """A base model, and for each adapter on its layers when its file was written."""

    model: Any
    adapters: dict[str, int] = field(default_factory=dict)


@dataclass
class _Whole:
    """A fully tuned model, when its file was written, and how many of its weights are not the base model's."""

    model: Any
    written: int
    differs: str


class Loaded:
    """What is in memory; `hold` makes it what a comparison needs, and forgets the rest but adapters of the same base.

    A base model is there once for all of its adapters. Runs that were trained on it in 4 or 8 bits have another copy,
    rounded so.
    """

    def __init__(self) -> None:
        self.tokenizer: Any = None
        self._source: ModelSource | None = None
        self._bases: dict[Base, _Base] = {}
        self._wholes: dict[str, _Whole] = {}
        self._last_size = 0

    def hold(self, needed: Sequence[Weights]) -> None:
        """Load what is missing, after what nobody needs has gone.

        Raises:
            NotFound: the base model is gone.
            LabError: weights are damaged, or belong to another base model; half of them may then be in memory.
        """
        wholes = {weights.key: weights for weights in needed if is_whole(weights)}
        adapters = {weights.key: weights for weights in needed if weights.folder and not is_whole(weights)}
        bases = {base_of(weights) for weights in needed}
        self._wholes = {
            key: whole
            for key, whole in self._wholes.items()
            if key in wholes and whole.written == _written(wholes[key])
        }
        self._bases = {base: held for base, held in self._bases.items() if base in bases}
        for base in bases:
            self._hold_base(base, [weights for weights in adapters.values() if base_of(weights) == base])
        for weights in wholes.values():
            self._hold_whole(weights)

    def model(self, weights: Weights) -> Any:
        """The model in memory that answers with these weights; of an adapter it is the base model's."""
        return self._wholes[weights.key].model if is_whole(weights) else self._bases[base_of(weights)].model

    def differs(self, weights: Weights) -> str:
        """How many weights of a fully tuned model are not the base model's, in words; else empty."""
        return self._wholes[weights.key].differs if is_whole(weights) else ""

    @property
    def size(self) -> int:
        """Bytes of all weights in memory; those that several models share count once."""
        bases, wholes = list(self._bases.values()), list(self._wholes.values())  # another thread may change them
        models = [*(held.model for held in bases), *(held.model for held in wholes)]
        try:
            weights = {id(weight): weight for model in models for weight in (*model.parameters(), *model.buffers())}
        except RuntimeError:  # an adapter is being added to one of them
            return self._last_size
        self._last_size = sum(int(weight.numel() * weight.element_size()) for weight in weights.values())
        return self._last_size

    def _hold_base(self, base: Base, adapters: Sequence[Weights]) -> None:
        if self._source != base[0]:
            self.tokenizer, self._source = load_tokenizer(base[0]), base[0]
        held = self._bases.get(base)
        if held is not None and not _can_take(held, base, adapters):
            held = None
            del self._bases[base]  # before another copy comes
        if held is None:
            held = self._bases[base] = _Base(_load(base))
        for weights in adapters:
            if weights.key not in held.adapters:
                assert weights.folder is not None
                held.model = with_adapter(held.model, weights.folder, weights.key, base[0])
                held.adapters[weights.key] = _written(weights)

    def _hold_whole(self, weights: Weights) -> None:
        if weights.key in self._wholes:
            return
        assert weights.folder is not None
        base = base_of(weights)
        untuned = self._bases[base].model
        tuned = load_tuned(weights.folder, weights.key, untuned)
        changed, of = changed_weights(tuned, weights.key, untuned, base[0])
        differs = f"{changed:,} of {counted(of, 'weight matrix differs', 'weight matrices differ')}"
        self._wholes[weights.key] = _Whole(tuned, _written(weights), differs)


def base_of(weights: Weights) -> Base:
    """The base model of these weights, and how it was rounded for their training."""
    recipe = weights.run.recipe
    return ModelSource(**recipe.source), recipe.settings.quantization  # type: ignore[arg-type]


def is_whole(weights: Weights) -> bool:
    """Whether they are a model of their own, after full tuning, and not an adapter."""
    return weights.folder is not None and not weights.run.recipe.settings.has_adapter


def adapter_of(weights: Weights) -> str:
    """The name of the adapter that answers for these weights, as decoding takes it."""
    from core.generate import BASE

    return BASE if weights.folder is None or is_whole(weights) else weights.key


def _can_take(held: _Base, base: Base, adapters: Sequence[Weights]) -> bool:
    """Whether adapters can come onto this copy: bitsandbytes rounds 4-bit weights that were used anew when one does."""
    rewritten = [one for one in adapters if held.adapters.get(one.key, _written(one)) != _written(one)]
    new = [one for one in adapters if one.key not in held.adapters]
    return not rewritten and not (new and base[1] == "4bit")


def _load(base: Base) -> Any:
    from core.generate import quick_products

    dtype = decoding_precision(base[0], quick_products) if base[1] == "none" else "auto"
    return load_model(base[0], dtype, base[1])


def _written(weights: Weights) -> int:
    path = weights_in(weights.folder) if weights.folder else None
    return path.stat().st_mtime_ns if path else 0
