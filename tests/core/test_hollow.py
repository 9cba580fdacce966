"""A model without weights, made beside others that are loaded: neither thread disturbs the other."""

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from transformers import AutoModelForCausalLM

from core.models import ModelSource, load_model, resolve
from core.settings import HOME, TrainSettings
from core.train.context import model_config
from core.train.hollow import hollow

SECONDS = 1.0  # in which a second thread would have come as well


@pytest.fixture(scope="module")
def source(tiny_model_folder: Path) -> ModelSource:
    return resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME)


def make(source: ModelSource, precision: str = "bfloat16") -> Any:
    return hollow(model_config(source), TrainSettings.parse({}), precision, FakeTensorMode(allow_non_fake_inputs=True))


def test_two_threads_never_build_a_model_at_once(source: ModelSource, monkeypatch: pytest.MonkeyPatch) -> None:
    met: list[bool] = []
    both = threading.Barrier(2, action=lambda: met.append(True))

    def meeting(build: Callable[..., Any]) -> Callable[..., Any]:
        def wait_and_build(*args: Any, **about: Any) -> Any:
            with suppress(threading.BrokenBarrierError):  # nobody came
                both.wait(SECONDS)
            return build(*args, **about)

        return wait_and_build

    for name in ("from_pretrained", "from_config"):
        monkeypatch.setattr(AutoModelForCausalLM, name, meeting(getattr(AutoModelForCausalLM, name)))
    made: list[Any] = []
    works = (lambda: made.append(load_model(source, "float32")), lambda: made.append(make(source)))
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), met) == (2, [])


def test_torch_stays_as_it_is_for_other_threads_while_a_hollow_model_is_made(
    source: ModelSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    register = torch.nn.Module.register_parameter

    def look(*args: Any) -> None:
        seen.append((torch.get_default_dtype(), torch.nn.Module.register_parameter is look))
        register(*args)

    monkeypatch.setattr(torch.nn.Module, "register_parameter", look)
    model = make(source)
    assert set(seen) == {(torch.float32, True)}
    adapters = {weight.dtype for weight in model.parameters() if weight.requires_grad}
    others = {weight.dtype for weight in model.parameters() if not weight.requires_grad}
    assert (adapters, others) == ({torch.float32}, {torch.bfloat16})
