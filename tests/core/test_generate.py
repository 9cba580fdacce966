"""Batched answers on a tiny random model: exact, seeded, stoppable, and honest about the adapter."""

import threading
from pathlib import Path
from typing import Any

import pytest
import torch

from core.errors import LabError
from core.format import prompt_ids
from core.generate import BASE, Side, answer, can_mix, stream
from core.models import load_model, load_tokenizer, resolve
from core.records import Message
from core.settings import HOME, GenerateSettings


@pytest.fixture(scope="module")
def tokenizer(tiny_model_folder: Path) -> Any:
    return load_tokenizer(resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME))


@pytest.fixture(scope="module")
def model(tiny_model_folder: Path) -> Any:
    """The tiny model in float32 with one adapter, `tuned`, that has been pushed away from the base."""
    from peft import LoraConfig, get_peft_model

    base = load_model(resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME), dtype="float32")
    torch.manual_seed(1)
    config = LoraConfig(r=4, target_modules="all-linear", task_type="CAUSAL_LM", init_lora_weights=False)
    return get_peft_model(base, config, adapter_name="tuned").eval()


def ids(tokenizer: Any, text: str) -> list[int]:
    return prompt_ids(tokenizer, [Message("user", text)])


GREEDY = GenerateSettings(max_new_tokens=24)
SAMPLED = GenerateSettings(max_new_tokens=24, temperature=1.0, top_p=0.9)


@pytest.mark.parametrize("settings", [GREEDY, SAMPLED])
def test_a_batch_answers_like_each_side_alone(model: Any, tokenizer: Any, settings: GenerateSettings) -> None:
    sides = [Side(ids(tokenizer, "Where is my parcel?"), BASE), Side(ids(tokenizer, "Hello, thank you!"), "tuned")]
    together = answer(model, tokenizer, sides, settings)
    alone = [answer(model, tokenizer, [side], settings).tokens[0] for side in sides]
    assert together.tokens == alone


def test_zero_as_temperature_takes_the_likeliest_token_whatever_the_model_folder_says(
    model: Any, tokenizer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = Side(ids(tokenizer, "Where is my parcel?"), BASE)
    plain = answer(model, tokenizer, [side], GREEDY).tokens
    for name, value in (("repetition_penalty", 9.0), ("no_repeat_ngram_size", 1), ("suppress_tokens", plain[0][:3])):
        monkeypatch.setattr(model.generation_config, name, value)
    assert answer(model, tokenizer, [side], GREEDY).tokens == plain


@pytest.mark.parametrize("settings", [GREEDY, SAMPLED])
def test_rows_that_have_ended_leave_the_batch_and_the_others_go_on_unchanged(
    model: Any, tokenizer: Any, monkeypatch: pytest.MonkeyPatch, settings: GenerateSettings
) -> None:
    asked = [("Where is my parcel?", BASE), ("Hello, thank you!", "tuned"), ("My card was charged twice.", BASE)]
    sides = [Side(ids(tokenizer, text), adapter) for text, adapter in asked]
    early = answer(model, tokenizer, [sides[1]], settings).tokens[0][4]
    monkeypatch.setattr("core.generate.answers.end_ids", lambda *_: [tokenizer.eos_token_id, early])
    alone = [answer(model, tokenizer, [side], settings).tokens[0] for side in sides]
    assert len(alone[1]) <= 4
    sizes: list[int] = []
    watched = model.get_base_model().register_forward_pre_hook(
        lambda _model, _args, given: sizes.append(len(given["input_ids"])), with_kwargs=True
    )
    together = answer(model, tokenizer, sides, settings)
    watched.remove()
    assert together.tokens == alone
    assert together.finished[1]
    assert sizes[0] == 3
    assert sizes[-1] < 3


def test_greedy_answers_are_those_of_plain_generate(model: Any, tokenizer: Any) -> None:
    prompt = ids(tokenizer, "Where is my parcel?")
    with torch.no_grad(), model.disable_adapter():
        plain = model.generate(
            input_ids=torch.tensor([prompt]),
            attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
            max_new_tokens=24,
            do_sample=False,
        )[0, len(prompt) :].tolist()
    expected = plain[: plain.index(tokenizer.eos_token_id)] if tokenizer.eos_token_id in plain else plain
    assert answer(model, tokenizer, [Side(prompt, BASE)], GREEDY).tokens[0] == expected


def test_the_adapter_is_read_from_the_model_and_changes_the_answer(model: Any, tokenizer: Any) -> None:
    prompt = ids(tokenizer, "Where is my parcel?")
    pair = answer(model, tokenizer, [Side(prompt, BASE), Side(prompt, "tuned")], GREEDY)
    assert pair.active == [None, "tuned"]
    assert pair.tokens[0] != pair.tokens[1]


def test_an_adapter_that_no_layer_applies_is_reported_as_none(model: Any, tokenizer: Any) -> None:
    prompt = ids(tokenizer, "Where is my parcel?")
    layers = [module for module in model.modules() if hasattr(module, "_disable_adapters")]
    try:
        for layer in layers:
            layer._disable_adapters = True
        assert answer(model, tokenizer, [Side(prompt, "tuned")], GREEDY).active == [None]
    finally:
        for layer in layers:
            layer._disable_adapters = False


def test_dora_answers_alone_and_the_base_model_beside_it(tiny_model_folder: Path, tokenizer: Any) -> None:
    from peft import LoraConfig, get_peft_model

    base = load_model(resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME), dtype="float32")
    prompt = ids(tokenizer, "Where is my parcel?")
    expected = answer(base, tokenizer, [Side(prompt, BASE)], GREEDY)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        config = LoraConfig(target_modules="all-linear", task_type="CAUSAL_LM", use_dora=True, init_lora_weights=False)
        dora = get_peft_model(base, config, adapter_name="dora").eval()
    assert (can_mix(dora, [BASE]), can_mix(dora, [BASE, "dora"])) == (True, False)
    tuned = answer(dora, tokenizer, [Side(prompt, "dora")] * 2, GREEDY)
    assert tuned.active == ["dora", "dora"]
    assert tuned.tokens[0] == tuned.tokens[1] != expected.tokens[0]
    alone = answer(dora, tokenizer, [Side(prompt, BASE)], GREEDY)
    assert (alone.active, alone.tokens) == ([None], expected.tokens)
    assert answer(dora, tokenizer, [Side(prompt, "dora")], GREEDY).tokens[0] == tuned.tokens[0]


def test_a_model_without_adapters_answers_whatever_the_sides_are_called(
    tiny_model_folder: Path, tokenizer: Any
) -> None:
    whole = load_model(resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME), dtype="float32")
    said = answer(whole, tokenizer, [Side(ids(tokenizer, "Hello"), "default")], GREEDY)
    assert said.active == [None]
    assert said.tokens[0]


def test_answering_with_the_adapter_that_is_trained_leaves_it_trainable(model: Any, tokenizer: Any) -> None:
    weights = [weight for name, weight in model.named_parameters() if "lora_" in name]
    before = [weight.requires_grad for weight in weights]
    for weight in weights:
        weight.requires_grad_(True)
    answer(model, tokenizer, [Side(ids(tokenizer, "Hello"), "tuned")], GREEDY)
    assert all(weight.requires_grad for weight in weights)
    for weight, was in zip(weights, before, strict=True):
        weight.requires_grad_(was)


def test_the_same_seed_draws_the_same_answer_and_leaves_the_global_generator_alone(model: Any, tokenizer: Any) -> None:
    side = [Side(ids(tokenizer, "Where is my parcel?"), "tuned")]
    state = torch.get_rng_state()
    first = answer(model, tokenizer, side, SAMPLED).tokens
    assert answer(model, tokenizer, side, SAMPLED).tokens == first
    assert answer(model, tokenizer, side, SAMPLED.model_copy(update={"seed": 7})).tokens != first
    assert torch.equal(torch.get_rng_state(), state)


def test_both_sides_draw_with_the_same_luck(model: Any, tokenizer: Any) -> None:
    prompt = ids(tokenizer, "Where is my parcel?")
    pair = answer(model, tokenizer, [Side(prompt, BASE), Side(prompt, BASE)], SAMPLED)
    assert pair.tokens[0] == pair.tokens[1]


def test_stop_ends_the_answer_and_keeps_what_was_said(model: Any, tokenizer: Any) -> None:
    stop, seen = threading.Event(), []
    settings = GenerateSettings(max_new_tokens=400)
    for state in stream(model, tokenizer, [Side(ids(tokenizer, "Go on."), "tuned")], settings, stop):
        seen.append(len(state.tokens[0]))
        stop.set()
    assert 0 < seen[-1] < 400


def test_stop_before_the_first_token_is_no_error(model: Any, tokenizer: Any) -> None:
    stop = threading.Event()
    stop.set()
    states = list(stream(model, tokenizer, [Side(ids(tokenizer, "Go on."), BASE)], GREEDY, stop))
    assert len(states[-1].tokens[0]) <= 1


def test_a_reader_that_leaves_ends_the_decoding(model: Any, tokenizer: Any) -> None:
    stop = threading.Event()
    states = stream(
        model, tokenizer, [Side(ids(tokenizer, "Go on."), "tuned")], GenerateSettings(max_new_tokens=400), stop
    )
    next(states)
    states.close()
    assert not stop.is_set()  # it belongs to the caller, who may have more to ask
    assert not [thread for thread in threading.enumerate() if thread.name == "generate"]


def test_a_prompt_longer_than_the_context_is_a_sentence(model: Any, tokenizer: Any) -> None:
    with pytest.raises(LabError, match=r"this model reads\s+512 at most"):
        answer(model, tokenizer, [Side(ids(tokenizer, "word " * 600), BASE)], GREEDY)


def test_a_failure_while_decoding_reaches_the_reader(model: Any, tokenizer: Any) -> None:
    with pytest.raises(ValueError, match="nobody"):
        answer(model, tokenizer, [Side(ids(tokenizer, "hi"), "nobody")], GREEDY)
