"""LoRA layers computed as one operation: the same values and gradients as PEFT's, and PEFT's own where it must be."""

from pathlib import Path
from typing import Any

import pytest
import torch

from core.models import load_model, resolve
from core.settings import HOME, TrainSettings
from core.train.fused_lora import fuse
from core.train.methods import lora_config

IDS = torch.arange(5, 45).view(2, 20)


@pytest.fixture
def pair(tiny_model_folder: Path) -> tuple[Any, Any]:
    """The same model with the same adapter, twice."""
    return _tuned(tiny_model_folder), _tuned(tiny_model_folder)


def _tuned(folder: Path, dtype: Any = "float32", **values: Any) -> Any:
    from peft import get_peft_model

    model = get_peft_model(
        load_model(resolve(str(folder), folder.parent, HOME), dtype), lora_config(TrainSettings.parse(values))
    )
    drawn = torch.Generator().manual_seed(3)
    for name, weight in model.named_parameters():
        if "lora_" in name:
            weight.data = torch.randn(weight.shape, generator=drawn) * 0.1
    return model.train()


def _gradients(model: Any) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    model.zero_grad()
    out = model(input_ids=IDS, labels=IDS)
    out.loss.backward()
    return out.logits, {name: weight.grad for name, weight in model.named_parameters() if weight.grad is not None}


def test_values_and_gradients_are_those_of_peft(pair: tuple[Any, Any]) -> None:
    plain, fused = pair
    assert fuse(fused) == 14
    (expected, wanted), (found, got) = _gradients(plain), _gradients(fused)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)
    assert wanted.keys() == got.keys()
    for name, value in wanted.items():
        torch.testing.assert_close(got[name], value, rtol=1e-3, atol=1e-5)


def test_under_autocast_they_are_as_near_as_bfloat16_can_be(tiny_model_folder: Path) -> None:
    plain, fused = (_tuned(tiny_model_folder, "bfloat16") for _ in range(2))
    fuse(fused)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        (expected, wanted), (found, got) = _gradients(plain), _gradients(fused)
    assert found.dtype == expected.dtype
    torch.testing.assert_close(found.float(), expected.float(), rtol=0.1, atol=0.1)
    one, other = (torch.cat([value.flatten() for value in side.values()]) for side in (wanted, got))
    assert torch.nn.functional.cosine_similarity(one, other, 0) > 0.98


def test_an_adapter_that_is_switched_off_or_mixed_is_left_to_peft(pair: tuple[Any, Any]) -> None:
    plain, fused = (model.eval() for model in pair)
    fuse(fused)
    with torch.no_grad():
        with fused.disable_adapter(), plain.disable_adapter():
            assert torch.equal(fused(input_ids=IDS).logits, plain(input_ids=IDS).logits)
        mixed = [model(input_ids=IDS, adapter_names=["__base__", "default"]).logits for model in (plain, fused)]
    assert torch.equal(*mixed)
    assert not torch.isclose(mixed[0][0], fused(input_ids=IDS).logits[0]).all()


@pytest.mark.parametrize("values", [{"method": "dora"}, {"lora_dropout": 0.1}])
def test_what_is_no_plain_lora_is_left_to_peft(tiny_model_folder: Path, values: dict[str, Any]) -> None:
    assert fuse(_tuned(tiny_model_folder, **values)) == 0


def test_a_second_adapter_is_left_to_peft(pair: tuple[Any, Any]) -> None:
    plain, fused = pair
    fuse(fused)
    for model in pair:
        torch.manual_seed(5)
        model.add_adapter("other", lora_config(TrainSettings(lora_r=2)))
        model.set_adapter("other")
    (expected, wanted), (found, got) = _gradients(plain), _gradients(fused)
    assert torch.equal(found, expected)
    assert wanted.keys() == got.keys()
    assert all("other" in name for name in got)


def test_recomputing_gives_the_same(pair: tuple[Any, Any]) -> None:
    plain, fused = pair
    fuse(fused)
    fused.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    (expected, wanted), (found, got) = _gradients(plain), _gradients(fused)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)
    for name, value in wanted.items():
        torch.testing.assert_close(got[name], value, rtol=1e-3, atol=1e-5)
