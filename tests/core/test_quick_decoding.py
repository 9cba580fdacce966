"""The quick ways of decoding give what the libraries give: adapters by slices, turned products, prompts read apart."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from core.generate import BASE, Side, answer
from core.generate import products as quick
from core.generate.adapters import answering
from core.generate.products import quick_products
from core.models import ModelSource, decoding, load_model, load_tokenizer, resolve
from core.settings import HOME, GenerateSettings

WORDS = torch.arange(1, 22).reshape(3, 7) * 13 % 390
MIXES = [[BASE, "one", "two"], ["one", BASE, "one"], [BASE] * 3, ["two"] * 3]


@pytest.fixture(scope="module")
def source(tiny_model_folder: Path) -> ModelSource:
    return resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME)


@pytest.fixture(autouse=True)
def turned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Products are turned whatever this machine would measure."""
    monkeypatch.setattr(quick, "_is_quicker_turned", lambda weights, rows: True)


def adapted(source: ModelSource, dtype: Any = "float32", quantization: Any = "none", **config: Any) -> Any:
    """The tiny model with two random adapters: `one` of rank 4, and `two` on fewer layers and scaled otherwise."""
    from peft import LoraConfig, get_peft_model

    model = load_model(source, dtype, quantization)
    same: dict[str, Any] = {"task_type": "CAUSAL_LM", "init_lora_weights": False, **config}
    with torch.random.fork_rng():
        torch.manual_seed(1)
        model = get_peft_model(model, LoraConfig(r=4, target_modules="all-linear", **same), "one")
        model.add_adapter("two", LoraConfig(r=8, lora_alpha=12, target_modules=["k_proj", "down_proj"], **same))
    return model.eval()


def by_peft(model: Any, names: Sequence[str]) -> torch.Tensor:
    with torch.no_grad():
        return model(input_ids=WORDS, adapter_names=list(names)).logits


def by_slices(model: Any, names: Sequence[str], active: list[str | None] | None = None) -> torch.Tensor:
    with torch.no_grad(), answering(model, names, [None] * 3 if active is None else active) as told:
        assert told == {}, "PEFT is not asked"
        return model(input_ids=WORDS).logits


@pytest.fixture(scope="module")
def model(source: ModelSource) -> Any:
    return adapted(source)


@pytest.mark.parametrize("names", MIXES)
def test_adapters_by_slices_give_the_logits_of_peft(model: Any, names: list[str]) -> None:
    active: list[str | None] = [None] * 3
    expected = by_peft(model, names)
    torch.testing.assert_close(by_slices(model, names, active), expected, rtol=1e-5, atol=1e-5)
    assert active == [None if name == BASE else name for name in names]
    assert torch.equal(by_peft(model, names), expected), "the layers are as they were"


@pytest.mark.parametrize("config", [{"use_rslora": True}, {"lora_dropout": 0.5}])
def test_scaled_otherwise_or_trained_with_dropout_it_is_the_same(source: ModelSource, config: dict[str, Any]) -> None:
    other = adapted(source, **config)
    torch.testing.assert_close(by_slices(other, MIXES[0]), by_peft(other, MIXES[0]), rtol=1e-5, atol=1e-5)


def test_in_bfloat16_it_rounds_where_peft_does(source: ModelSource) -> None:
    rounded = adapted(source, "bfloat16")
    assert torch.equal(by_slices(rounded, MIXES[0]), by_peft(rounded, MIXES[0]))


def test_on_four_bits_it_gives_the_logits_of_peft(source: ModelSource) -> None:
    packed = adapted(source, quantization="4bit")
    torch.testing.assert_close(by_slices(packed, MIXES[0]), by_peft(packed, MIXES[0]), rtol=1e-2, atol=1e-2)


@pytest.mark.parametrize("config", [{"use_dora": True}, {"lora_bias": True}, {"modules_to_save": ["norm"]}])
def test_what_it_cannot_do_is_left_to_peft(source: ModelSource, config: dict[str, Any]) -> None:
    other = adapted(source, **config)
    with answering(other, ["one"], [None]):
        assert not [layer for layer in other.modules() if "forward" in layer.__dict__ and hasattr(layer, "lora_A")]


def test_an_adapter_that_is_being_trained_keeps_its_own_forward(model: Any) -> None:
    layer = model.base_model.model.model.layers[0].self_attn.q_proj
    own = layer.forward
    layer.forward = own
    with answering(model, MIXES[0], [None] * 3):
        assert layer.forward is not own
    assert layer.__dict__["forward"] is own
    del layer.forward


@pytest.mark.parametrize("rows", [1, 2, 3, 4])
@pytest.mark.parametrize("bias", [False, True])
def test_a_turned_product_is_the_product(rows: int, bias: bool) -> None:
    layers = nn.Sequential(nn.Linear(48, 96, bias=bias), nn.Linear(96, 24, bias=bias))
    values = torch.randn(rows, 1, 48, generator=torch.Generator().manual_seed(rows))
    with torch.no_grad():
        expected = layers(values)
        with quick_products(layers, rows):
            assert all("forward" in layer.__dict__ for layer in layers)
            torch.testing.assert_close(layers(values), expected)
            torch.testing.assert_close(layers(values.expand(rows, 9, 48)), layers(values).expand(rows, 9, 24))
    assert not any("forward" in layer.__dict__ for layer in layers)


def test_more_rows_than_gain_by_it_are_multiplied_as_ever() -> None:
    layers = nn.Sequential(nn.Linear(48, 96))
    with quick_products(layers, 5):
        assert "forward" not in layers[0].__dict__


def test_this_machine_measures_once_which_way_is_quicker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    taken: Iterator[float] = iter([2.0, 1.0] * quick.ROUNDS + [1.0, 2.0] * quick.ROUNDS)
    monkeypatch.setattr(quick, "_seconds", lambda *_: next(taken))
    monkeypatch.setattr(quick, "_measured", {})
    weights = [torch.ones(8, 8)]
    assert [quick._is_quicker_turned(weights, rows) for rows in (2, 3, 2, 3)] == [True, False, True, False]


@pytest.mark.parametrize("names", [[BASE, "one"], ["one", "two"]])
def test_prompts_of_unlike_lengths_are_answered_as_alone(source: ModelSource, model: Any, names: list[str]) -> None:
    tokenizer = load_tokenizer(source)
    sides = [Side(list(range(10, 20)), BASE), *(Side([7 * n % 390 for n in range(1, 200)], name) for name in names)]
    settings = GenerateSettings(max_new_tokens=20)
    seen: list[tuple[int, ...]] = []
    handle = model.get_base_model().model.register_forward_pre_hook(
        lambda _, __, given: seen.append(tuple(given["input_ids"].shape)), with_kwargs=True
    )
    try:
        together = answer(model, tokenizer, sides, settings)
    finally:
        handle.remove()
    assert seen[:3] == [(2, 198), (1, 9), (3, 1)], "no padding was read"
    assert together.tokens == [answer(model, tokenizer, [side], settings).tokens[0] for side in sides]
    assert together.active == [None, *(None if name == BASE else name for name in names)]


@pytest.mark.parametrize(("quickest", "precision"), [(torch.float32, "float32"), (torch.bfloat16, "auto")])
def test_a_chat_is_answered_in_the_precision_that_is_quicker_here(
    source: ModelSource, monkeypatch: pytest.MonkeyPatch, quickest: Any, precision: str
) -> None:
    monkeypatch.setattr(decoding, "has_fast_bfloat16", lambda: True)
    monkeypatch.setattr(decoding, "_seconds", lambda model, _: 1.0 if model.dtype == quickest else 2.0)
    assert decoding.decoding_precision.__wrapped__(source, quick_products) == precision


def test_what_is_measured_is_reading_and_writing_as_it_will_be_done(source: ModelSource) -> None:
    layers = decoding._layers(source)
    assert layers is not None
    assert len(layers.model.layers) == 2, "as many as the model has, since they are so small"
    assert decoding._seconds(layers, quick_products) > 0
    assert not any("forward" in module.__dict__ for module in layers.modules())
