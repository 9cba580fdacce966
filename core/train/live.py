"""How many bytes a computation holds, followed step by step on tensors that have a shape and no numbers.

PyTorch's FakeTensorMode computes shapes only, so a training step of any model takes no memory and no time worth naming,
and goes through the same code as the real one. What is kept for the way back is kept here too, and counted.
Imports torch.
"""

import weakref
from collections.abc import Iterable, Iterator, ValuesView
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode, unset_fake_temporarily
from torch.utils._python_dispatch import TorchDispatchMode

READ = torch.ops.aten._local_scalar_dense.default  # what `item` and `bool` of a tensor ask for
DEVICE = torch.ops.prim.device.default
PRODUCTS = (torch.ops.aten.mm.default, torch.ops.aten.addmm.default, torch.ops.aten.addmm_.default)
COUNTS = (torch.ops.aten.arange.default, torch.ops.aten.arange.start, torch.ops.aten.arange.start_step)


class Live(TorchDispatchMode):
    """Counts the bytes of all tensors without numbers that are alive: `now`, and their `peak`.

    `products` are the matrix products in bfloat16, by the sizes and strides of what is multiplied.

    Enter it within a `FakeTensorMode`. Tensors that do not depend on a weight, such as places of tokens, keep their
    numbers; whoever reads a number that is not there reads one, so that a comparison holds.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = self.peak = 0
        self.products: set[tuple[Any, ...]] = set()
        self._alive: dict[int, Any] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Compute one operation, and count what it has made."""
        if func is DEVICE:
            return func(*args)
        given = list(_tensors((args, kwargs.values() if kwargs else ())))
        has_numbers = not any(isinstance(each, FakeTensor) for each in given) and (bool(given) or func in COUNTS)
        if func is READ and not has_numbers:
            return True if given[0].dtype is torch.bool else 1.0
        if has_numbers:
            with unset_fake_temporarily():
                return func(*args, **(kwargs or {}))
        if func in PRODUCTS and given[-1].dtype is torch.bfloat16:
            self.products.add((func, *((tuple(each.shape), each.stride()) for each in given)))
        found = func(*args, **(kwargs or {}))
        for each in _tensors((found,)):
            if isinstance(each, FakeTensor):
                self.hold(each)
        return found

    def hold(self, tensor: torch.Tensor) -> None:
        """Count the tensor's storage from now on, until nothing refers to it."""
        storage = tensor.untyped_storage()
        key, size = storage._cdata, storage.nbytes()
        if key in self._alive:
            return

        def end(_: Any) -> None:
            self._alive.pop(key, None)
            self.now -= size

        self._alive[key] = weakref.ref(storage, end)
        self.now += size
        self.peak = max(self.peak, self.now)

    def peak_again(self) -> int:
        """The peak since the last call; the next one counts from what is alive now."""
        peak, self.peak = self.peak, self.now
        return peak


def _tensors(values: Iterable[Any]) -> Iterator[torch.Tensor]:
    for each in values:
        if isinstance(each, torch.Tensor):
            yield each
        elif isinstance(each, (tuple, list, ValuesView)):
            yield from _tensors(each)


def without_numbers(model: torch.nn.Module, mode: FakeTensorMode, device: str) -> None:
    """Put a tensor without numbers in the place of every weight and buffer of a model on the meta device.

    Weights that are tied stay one.
    """
    made: dict[int, Any] = {}
    with mode:
        for module in model.modules():
            for kept in (module._parameters, module._buffers):
                for name, old in kept.items():
                    if old is None:
                        continue
                    if id(old) not in made:
                        new = torch.empty(old.shape, dtype=old.dtype, device=device)
                        is_weight = isinstance(old, torch.nn.Parameter)
                        made[id(old)] = torch.nn.Parameter(new, old.requires_grad) if is_weight else new
                    kept[name] = made[id(old)]
