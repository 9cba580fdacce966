"""IFD: what a model says of an answer with and without its prompt."""

import math
import random

import pytest

from core.errors import LabError
from core.models import ModelSource, load_model, load_tokenizer
from core.records import Example, Message
from core.select.ifd import MOST_ANSWER_TOKENS, Scorer

PAIRS = [
    ("What is the capital of France?", "The capital of France is Paris."),
    ("Translate to Spanish: Good morning", "Buenos días"),
    ("Name three colours of the rainbow.", "Red, green and violet."),
    ("How many legs has a spider?", "A spider has eight legs."),
    ("Give me a synonym of “happy”.", "Joyful"),
    ("Write a short poem about the sea.", "The waves come in, the waves go out, and gulls above them wheel and shout."),
]


def row(prompt, answer):
    return Example("r1", 1, (Message("user", prompt), Message("assistant", answer)))


@pytest.fixture(scope="module")
def tiny(tiny_model_folder):
    source = ModelSource(str(tiny_model_folder), "local folder", None, "tiny")
    return Scorer(load_model(source, "float32"), load_tokenizer(source))


def plain_nll(scorer, before, answer):
    """The mean NLL by a plain pass over exactly these ids."""
    import torch

    ids = torch.tensor([before + answer])
    with torch.no_grad():
        logs = scorer.model(input_ids=ids).logits[0].log_softmax(-1)
    return -sum(float(logs[len(before) - 1 + at, token]) for at, token in enumerate(answer)) / len(answer)


@pytest.mark.parametrize("answer", ["yes", "The capital of France is Paris. " * 3])
def test_the_score_is_the_ratio_of_both_perplexities_over_the_tokens_of_the_answer(tiny, answer):
    score = tiny.score(row("What is the capital?", answer))
    ids = tiny.tokenizer(answer, add_special_tokens=False)["input_ids"]
    prompt = tiny.tokenizer.apply_chat_template(
        [{"role": "user", "content": "What is the capital?"}], add_generation_prompt=True, return_dict=False
    )
    opening = tiny.tokenizer("<|im_start|>assistant\n", add_special_tokens=False)["input_ids"]
    assert score.tokens == len(ids)
    assert score.given == pytest.approx(plain_nll(tiny, list(prompt), ids), rel=1e-4)
    assert score.alone == pytest.approx(plain_nll(tiny, opening, ids), rel=1e-4)
    assert score.ifd == pytest.approx(math.exp(score.given) / math.exp(score.alone), rel=1e-6)


def test_a_long_row_is_cut_and_a_row_without_an_answer_is_refused(tiny, monkeypatch):
    monkeypatch.setattr("core.select.ifd.MOST_PROMPT_TOKENS", 64)
    assert tiny.score(row("a b c d " * 400, "x y z " * 400)).tokens == MOST_ANSWER_TOKENS
    with pytest.raises(LabError, match="Row 1 has no answer"):
        tiny.score(row("hello", ""))


@pytest.mark.slow
@pytest.mark.starter
def test_the_starter_model_tells_answers_from_those_of_other_prompts(starter):
    scorer = Scorer(load_model(starter), load_tokenizer(starter))
    own = [scorer.score(row(*pair)).ifd for pair in PAIRS]
    others = random.Random(0).sample(PAIRS, len(PAIRS))
    others = [
        other if other != pair else PAIRS[at - 1] for at, (other, pair) in enumerate(zip(others, PAIRS, strict=True))
    ]
    wrong = [scorer.score(row(other[0], pair[1])).ifd for other, pair in zip(others, PAIRS, strict=True)]
    assert all(a < b for a, b in zip(own, wrong, strict=True))
    assert sum(score < 1 for score in own) >= 5
