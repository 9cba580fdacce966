"""Prompts found in texts: to the letter, in a frame, in other case, with words changed; and what is not found."""

import random
from collections.abc import Callable, Sequence

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.curate.overlap import overlaps
from core.curate.shingles import Words, words_of

LEAK = 0.8
HARBOUR = "How many ships can lie in the old harbour of the town at the same time?"
GLUE = ["the", "of", "and", "to", "in", "is", "that", "it", "for", "was", "on", "are", "as", "with", "they", "be"]


def words(texts: Sequence[str | None]) -> Words:
    return words_of(pa.chunked_array([pa.array(texts, pa.string())]))


def score(text: str, prompt: str) -> float:
    found = overlaps(words(["something else altogether", text]), words([prompt]))
    assert set(found["text"].to_list()) <= {1}
    return found["score"].sum()


@pytest.mark.parametrize(
    "text",
    [
        HARBOUR,
        HARBOUR.upper(),
        HARBOUR.replace(" ", "\n\n").replace("?", " !"),
        f"Answer the question.\n\n### Question:\n{HARBOUR}\n\n### Answer:",
        f"{HARBOUR} Three ships can, said the man of the harbour. {HARBOUR}",
        f"{'long ago ' * 3000} {HARBOUR} {'and then ' * 3000}",
        "How many ships can lie in the ｏｌｄ harbour of the town at the same time",
    ],
)
def test_a_prompt_that_is_wholly_there_has_a_score_of_one(text: str):
    assert score(text, HARBOUR) == 1


@pytest.mark.parametrize(
    "text",
    [
        HARBOUR.replace("harbour", "basin"),
        HARBOUR.replace("How", "So"),
        HARBOUR.replace("time", "moment"),
        HARBOUR.replace("the old harbour", "the very old harbour"),  # a word put in
        HARBOUR.replace("of the town ", "of town "),  # a word taken out
        HARBOUR.replace("harbour", "basin").replace("How many", "How much"),
        f"Tell me: {HARBOUR.replace('town', 'city')} Say it in a line.",
    ],
)
def test_a_prompt_with_a_few_words_changed_is_a_leak(text: str):
    assert LEAK <= score(text, HARBOUR) <= 1


@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        ("How many ships can lie in a bottle, and who of the town put them there at the time?", HARBOUR),
        ("The old harbour of the town is full of ships. At the same time how many can lie in it?", HARBOUR),
        ("Give me an example of a metaphor about an athlete", "Give me an example of a loss aversion strategy"),
        ("Make a list of five reasons to recycle at home", "Make a list of five deep learning techniques in use"),
        ("Name two rivers that flow through the city of Rome", "Name two painters that lived in the city of Rome"),
        ("What is the capital of Peru?", "What is the capital of Chile?"),
        ("yes", "yes"),
        ("go on", "Go on."),
        ("", ""),
        ("?", "?"),
    ],
)
def test_a_prompt_that_has_other_words_in_common_is_no_leak(text: str, prompt: str):
    assert score(text, prompt) < LEAK


def test_a_prompt_of_three_words_is_found_only_as_a_whole_text():
    assert score("Tell me more!", "tell me more") == 1
    assert score("Tell me more about it", "tell me more") == 0


def test_a_short_prompt_within_a_text_is_only_listed():
    assert score("Why is the sky blue?", "why is the sky blue") == 1
    assert score("Ask a child why is the sky blue and wait.", "why is the sky blue") == 0.5
    assert score("Ask a child why is the sky red and wait.", "why is the sky blue") == 0


def test_half_of_a_prompt_in_one_piece_is_for_review():
    half = "one two three four five six seven eight nine ten"
    assert 0.5 <= score(half, f"{half} and then words that are quite other ones") < LEAK


def test_words_that_frame_many_prompts_do_not_count():
    frame = "Read the review below and say whether its author liked the product or not, in one word only."
    prompts = [f"{frame} The {thing} that I bought here last {day}" for thing, day in zip(THINGS, DAYS, strict=True)]
    texts = [
        f"{frame} Nobody can sleep on such a {thing}, be it {day} or not"
        for thing, day in zip(DAYS, THINGS, strict=True)
    ]
    assert overlaps(words(texts), words(prompts)).filter(pl.col("score") >= LEAK).is_empty()
    assert overlaps(words([prompts[3]]), words(prompts)).rows() == [(0, 3, 1.0)]
    assert score(f"{frame} Nobody can sleep on it", prompts[0]) >= 0.5  # among few prompts it is a part like any other


THINGS = "bed sofa lamp chair table shelf mirror carpet curtain cushion blanket drawer".split()  # noqa: SIM905
DAYS = "monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter night".split()  # noqa: SIM905


def test_many_equal_prompts_are_one_and_are_found():
    found = overlaps(words([HARBOUR]), words([HARBOUR] * 50))
    assert found.rows() == [(0, 0, 1.0)]


def invented(generator: random.Random, count: int) -> list[str]:
    """A text of so many words: every other one of a few dozen frequent ones, the others of 3,000."""
    return [
        generator.choice(GLUE) if generator.random() < 0.5 else f"w{generator.randrange(3000)}" for _ in range(count)
    ]


def framed(prompt: list[str], _: random.Random) -> str:
    return f"Here is a question for you:\n\n{' '.join(prompt)}?\n\nThink before you answer."


def in_capitals(prompt: list[str], _: random.Random) -> str:
    return " ".join(prompt).upper()


def one_in_twenty(prompt: list[str], generator: random.Random) -> str:
    places = generator.sample(range(len(prompt)), max(1, len(prompt) // 20))
    return " ".join(f"new{place}" if place in places else word for place, word in enumerate(prompt))


def each_with_a_chance(prompt: list[str], generator: random.Random) -> str:
    return " ".join(f"new{place}" if generator.random() < 0.05 else word for place, word in enumerate(prompt))


@pytest.mark.parametrize(
    ("injected", "recall"),
    [(framed, 1), (in_capitals, 1), (one_in_twenty, 0.98), (each_with_a_chance, 0.95)],
)
def test_leaks_are_found_among_other_texts_and_others_are_not(
    injected: Callable[[list[str], random.Random], str], recall: float
):
    generator = random.Random(7)
    prompts = [invented(generator, generator.randrange(8, 70)) for _ in range(400)]
    others = [" ".join(invented(generator, generator.randrange(5, 150))) for _ in range(1500)]
    texts = [injected(prompt, generator) for prompt in prompts] + others
    found = overlaps(words(texts), words([" ".join(prompt) for prompt in prompts])).filter(pl.col("score") >= LEAK)
    right = found.filter(pl.col("text") == pl.col("prompt"))
    assert len(right) >= recall * len(prompts)
    assert len(right) >= 0.98 * len(found)


@settings(deadline=None, max_examples=20)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_texts_makes_no_difference(generator: random.Random):
    fixed = random.Random(2)
    prompts = [invented(fixed, 20) for _ in range(20)]
    texts = [one_in_twenty(prompt, fixed) for prompt in prompts] + [" ".join(invented(fixed, 30)) for _ in range(30)]
    order = list(range(len(texts)))
    generator.shuffle(order)
    asked = words([" ".join(prompt) for prompt in prompts])
    moved = overlaps(words([texts[at] for at in order]), asked).with_columns(
        text=pl.col("text").replace_strict(dict(enumerate(order)), return_dtype=pl.UInt32)
    )
    assert moved.sort("text", "prompt").equals(overlaps(words(texts), asked))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text("ab \n", max_size=60), max_size=8), st.lists(st.text("ab \n", max_size=40), max_size=8))
def test_any_text_that_equals_a_prompt_of_three_words_is_found(texts: list[str], prompts: list[str]):
    found = overlaps(words(texts), words(prompts))
    whole = {" ".join(prompt.split()) for prompt in prompts if len(prompt.split()) >= 3}
    equal = {number for number, text in enumerate(texts) if " ".join(text.split()) in whole}
    assert equal <= set(found.filter(score=1)["text"].to_list())
    assert found["score"].is_between(0.5, 1).all()


def test_nothing_is_found_where_there_is_nothing():
    assert overlaps(words([]), words([])).is_empty()
    assert overlaps(words([HARBOUR]), words([])).is_empty()
    assert overlaps(words([None, ""]), words([HARBOUR])).is_empty()
