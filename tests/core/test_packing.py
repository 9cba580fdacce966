"""Packing: rows joined in one line learn exactly what they learn alone, and nothing leaks from one to another."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import torch
from torch.nn import functional

from core.packing import IGNORED, Batch, can_pack, losses, packed, padded

VOCABULARY = 300
SYSTEM = [7, 8, 9, 10]  # what every chat begins with


@dataclass(frozen=True)
class Row:
    ids: list[int]
    labels: list[int]


def row(seed: int, length: int, learned: int, first: list[int] | None = None) -> Row:
    """A row of random ids, of which the last `learned` carry a label."""
    drawn = torch.randint(1, VOCABULARY, (length,), generator=torch.Generator().manual_seed(seed)).tolist()
    ids = [*(first or []), *drawn]
    return Row(ids, [IGNORED] * (len(ids) - learned) + ids[len(ids) - learned :])


APART = [row(1, 9, 4), row(2, 3, 2), row(3, 14, 13), row(4, 1, 0), row(5, 6, 1)]
CHATS = [row(seed, length, 2, SYSTEM) for seed, length in ((1, 9), (2, 3), (3, 14))]
LONG = [*SYSTEM, *SYSTEM, 11, 12]
GROWING = [row(6, 5, 1, [*LONG, 11]), Row([*LONG, 12], [IGNORED] * 10 + [12])]  # the last word alone is its own
# All is learned, the beginning too.
TEXTS = [Row(ids, ids) for ids in ([*LONG, 7, 8], [*LONG, 7, 9, 11], [*LONG, 12])]
ASKED = [*SYSTEM, *range(20, 29)]  # a question with three answers, and another with two
CHOICES = [
    *(Row([*ASKED, *own], [IGNORED] * 13 + own) for own in ([30, 31], [30, 32, 33], [34])),
    *(Row([*SYSTEM, *range(40, 50), own], [IGNORED] * 14 + [own]) for own in (50, 51)),
    Row([*ASKED, 30, 31, 35, 36], [IGNORED] * 12 + [28, 30, 31, 35, 36]),
    Row(ASKED, [IGNORED] * 12 + [28]),
    APART[0],
]
KINDS = {
    "choices": CHOICES,
    "apart": APART,
    "system prompt": CHATS,
    "growing": GROWING,
    "texts": TEXTS,
    "alike": [APART[0], APART[0]],
    "one": APART[:1],
}


@dataclass
class Models:
    """Tiny models by kind; each is made once and left without gradients."""

    made: dict[str, Any]

    def __call__(self, kind: str, **changes: Any) -> Any:
        key = f"{kind} {changes}"
        if key not in self.made:
            self.made[key] = make(kind, **changes)
        self.made[key].zero_grad()
        return self.made[key]


def make(kind: str, **changes: Any) -> Any:
    from transformers import AutoConfig, AutoModelForCausalLM

    about = {
        "vocab_size": VOCABULARY,
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 8,
        "max_position_embeddings": 64,
        "initializer_range": 0.2,
        "pad_token_id": 0,
    }
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return AutoModelForCausalLM.from_config(AutoConfig.for_model(kind, **{**about, **changes})).eval()


@pytest.fixture(scope="module")
def model() -> Models:
    return Models({})


@pytest.fixture(scope="module")
def lora(model: Models) -> Any:
    from peft import LoraConfig, get_peft_model

    with torch.random.fork_rng():
        torch.manual_seed(1)
        config = LoraConfig(r=4, target_modules="all-linear", init_lora_weights=False, task_type="CAUSAL_LM")
        return get_peft_model(make("llama"), config)


def alone(model: Any, rows: list[Row]) -> torch.Tensor:
    """The losses of each row by itself: plain logits, plain cross-entropy, nothing of what is tested."""
    found = []
    for each in rows:
        labels = torch.tensor([*each.labels[1:], IGNORED])
        each_loss = functional.cross_entropy(model(torch.tensor([each.ids])).logits[0], labels, reduction="none")
        found.append(each_loss[labels != IGNORED])
    return torch.cat(found)


def gradients(model: Any, found: torch.Tensor) -> dict[str, torch.Tensor]:
    """Of every trained weight, for losses that do not all weigh the same."""
    model.zero_grad()
    (found * torch.linspace(0.5, 1.5, len(found))).sum().backward()
    return {name: weight.grad for name, weight in model.named_parameters() if weight.grad is not None}


def assert_alike(model: Any, rows: list[Row], batch: Batch) -> None:
    """The batch gives the losses and the gradients of the rows alone."""
    expected, found = alone(model, rows), losses(model, batch)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)
    wanted, got = gradients(model, expected), gradients(model, found)
    assert wanted.keys() == got.keys()
    for name, value in wanted.items():
        torch.testing.assert_close(
            got[name], value, rtol=1e-3, atol=1e-5, msg=lambda said, name=name: f"{name}: {said}"
        )


@pytest.mark.parametrize("join", [packed, padded])
@pytest.mark.parametrize("kind", KINDS)
def test_an_adapter_learns_from_joined_rows_what_it_learns_from_them_alone(
    lora: Any, kind: str, join: Callable[..., Batch]
) -> None:
    assert_alike(lora, KINDS[kind], join(KINDS[kind]))


@pytest.mark.parametrize("join", [packed, padded])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tied", [True, False])
def test_a_whole_model_learns_the_same_too(model: Models, kind: str, join: Callable[..., Batch], tied: bool) -> None:
    assert_alike(model("llama", tie_word_embeddings=tied), KINDS[kind], join(KINDS[kind]))


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("qwen2", {}),
        ("mistral", {"sliding_window": 5}),
        ("gemma3_text", {"sliding_window": 4, "layer_types": ["sliding_attention", "full_attention"]}),
        ("cohere", {"logit_scale": 0.3}),
        ("granite", {"logits_scaling": 3.0, "attention_multiplier": 0.4}),
    ],
)
def test_windows_and_scaled_logits_are_the_models_own(model: Models, kind: str, changes: dict[str, Any]) -> None:
    this = model(kind, **changes)
    assert can_pack(this)
    for rows in (APART, CHATS, CHOICES):
        assert_alike(this, rows, packed(rows))
        with torch.no_grad():  # the head gets no gradient now, so its logits may not be needed
            torch.testing.assert_close(losses(this, packed(rows)), alone(this, rows), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [("gemma2", {"attn_logit_softcapping": 2.0}), ("gpt2", {"n_embd": 32, "n_head": 4, "n_layer": 1})],
)
def test_a_model_is_packed_only_if_it_gives_the_same(model: Models, kind: str, changes: dict[str, Any]) -> None:
    this = model(kind, **changes)
    assert_alike(this, APART, padded(APART))
    if can_pack(this):
        assert_alike(this, APART, packed(APART))


def test_a_model_that_cannot_be_packed_is_found_out(model: Models) -> None:
    assert can_pack(model("llama"))
    assert not can_pack(model("gemma2", attn_logit_softcapping=2.0))
    assert not can_pack(model("mamba", num_attention_heads=1))


def test_after_the_trial_a_call_without_segments_gives_what_it_gave_before(model: Models) -> None:
    this = make("llama").train()
    ids = torch.tensor([[0, 0, 5, 6, 7], [1, 2, 3, 4, 5]])
    asked = {"input_ids": ids, "attention_mask": (ids > 0).long()}
    with torch.no_grad():
        before = this(**asked).logits
        assert can_pack(this)
        assert torch.equal(before, this(**asked).logits)
    assert this.training
    assert all(weight.grad is None for weight in this.parameters())


def test_a_row_that_changes_changes_no_other_rows_losses(lora: Any) -> None:
    with torch.no_grad():
        before = losses(lora, packed([*CHATS, row(8, 11, 5, SYSTEM)]))
        after = losses(lora, packed([*CHATS, row(9, 11, 5, SYSTEM)]))
        other_order = losses(lora, packed([row(9, 11, 5, SYSTEM), *CHATS]))
    assert torch.equal(before[:-5], after[:-5])
    assert not torch.isclose(before[-5:], after[-5:]).any()
    torch.testing.assert_close(other_order[5:], after[:-5], rtol=1e-5, atol=1e-5)


def test_a_row_does_not_see_what_comes_after(lora: Any) -> None:
    learned = [IGNORED] * 8 + LONG[8:]
    short, long = Row(LONG, learned), Row([*LONG, 8, 9], [*learned, IGNORED, IGNORED])
    with torch.no_grad():
        found = losses(lora, packed([short, long, APART[0]]))
    torch.testing.assert_close(found[:2], found[2:4], rtol=1e-5, atol=1e-6)


def test_nothing_is_filled_up_and_what_all_rows_begin_with_is_computed_once() -> None:
    batch = packed(CHATS)
    lengths = [len(each.ids) for each in CHATS]
    assert (batch.tokens, batch.padding) == (sum(lengths), 0)
    assert batch.inputs["input_ids"].numel() == sum(lengths) - 2 * len(SYSTEM)
    assert batch.inputs["input_ids"][0, : len(SYSTEM)].tolist() == SYSTEM
    assert padded(CHATS).padding == 3 * max(lengths) - sum(lengths)


@pytest.fixture
def projected(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """At how many places the vocabulary projection was computed, call by call."""
    places: list[int] = []
    linear = functional.linear

    def counted(values: torch.Tensor, weight: torch.Tensor, bias: Any = None) -> torch.Tensor:
        if len(weight) == VOCABULARY:
            places.append(values.numel() // values.shape[-1])
        return linear(values, weight, bias)

    monkeypatch.setattr(functional, "linear", counted)
    return places


@pytest.mark.parametrize("join", [packed, padded])
def test_the_vocabulary_is_projected_only_where_a_label_is(
    lora: Any, join: Callable[..., Batch], projected: list[int]
) -> None:
    batch = join(CHATS)
    losses(lora, batch)  # the first call also tries the head
    projected.clear()
    losses(lora, batch).sum().backward()
    assert projected == [len(batch.targets)] == [6]


def test_bfloat16_under_autocast_stays_near_the_rows_alone(lora: Any) -> None:
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        found = losses(lora, packed(CHATS))
    with torch.no_grad():
        torch.testing.assert_close(found, alone(lora, CHATS), rtol=0.05, atol=0.05)
