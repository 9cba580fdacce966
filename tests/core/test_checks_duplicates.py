"""The checks that hold rows against each other: near duplicates, copies in other case, conflicting answers, leaks."""

import random
import time

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.curate.alike import alike, components, groups, templated
from core.curate.checks import conflicting_answers, leak, near_duplicate, same_but_for_spacing
from core.curate.rows import FOUND, Benchmark, Rows
from core.records import HELD_OUT, TRAIN, Dataset, Example, Message

STORY = "the little boat sailed over the wide sea until it came to an island where nobody had ever been before"
TALE = "once upon a time a fox and a hen lived in one house at the edge of a very dark and very old forest"


def row(number: int, prompt: str, answer: str, **columns: object) -> Example:
    messages = [Message("user", turn) for turn in prompt.split("|")]
    between = [Message("assistant", "I see.")] * (len(messages) - 1)
    turns = [turn for pair in zip(messages, between, strict=False) for turn in pair] + messages[-1:]
    return Example(f"id-{number}", number, (*turns, Message("assistant", answer)), **columns)  # type: ignore[arg-type]


def rows(*examples: Example, benchmarks: tuple[Benchmark, ...] = ()) -> Rows:
    return Rows(Dataset.of(examples), benchmarks)


def pairs(found: pl.DataFrame) -> list[tuple[int, int | None]]:
    assert found.schema == FOUND
    return list(zip(found["position"].to_list(), found["other"].to_list(), strict=True))


def test_a_near_duplicate_names_the_earlier_row_and_how_alike_it_is():
    found = near_duplicate.find(rows(row(7, "Tell a story", STORY), row(9, "Tell a story", f"{STORY} or since")))
    assert found.rows() == [(1, "90 % like row 7", pytest.approx(19 / 21), 0)]


def test_copies_are_left_to_the_other_checks_and_all_like_one_are_like_the_first():
    texts = [STORY, f"{STORY} today", STORY, STORY.upper(), f"{STORY}?", f"{STORY}, today"]
    found = near_duplicate.find(rows(*(row(number, "Tell", text) for number, text in enumerate(texts, 1))))
    assert pairs(found) == [(1, 0), (4, 0), (4, 1), (5, 0), (5, 1)]
    assert found["reason"].to_list()[1] == "row 1 has the same runs of words"


def test_a_row_is_left_out_only_if_it_is_like_one_that_is_kept():
    chain = [" ".join(f"w{number}" for number in range(start, start + 40)) for start in (0, 2, 4, 6)]
    found = near_duplicate.find(rows(*(row(number, "Go", text) for number, text in enumerate(chain, 1))))
    assert pairs(near_duplicate.choose(found, 0.8)) == [(1, 0), (3, 2)]
    assert pairs(near_duplicate.choose(found, 0.7)) == [(1, 0), (2, 0)]
    assert near_duplicate.choose(found, 0.95).is_empty()


def test_the_most_similar_of_the_kept_rows_is_named():
    found = pl.DataFrame([(2, "", 0.8, 0), (2, "", 0.9, 1), (3, "", 0.95, 2), (3, "", 0.8, 1)], FOUND, orient="row")
    assert pairs(near_duplicate.choose(found, 0.8)) == [(2, 1), (3, 1)]


def greedy(found: pl.DataFrame, threshold: float) -> set[int]:
    left_out: set[int] = set()
    for position in sorted(set(found["position"])):
        near = found.filter((pl.col("position") == position) & (pl.col("score") >= threshold))["other"]
        if set(near) - left_out:
            left_out.add(position)
    return left_out


PAIR = st.tuples(st.integers(0, 15), st.integers(0, 15), st.sampled_from([0.7, 0.8, 0.9, 1.0]))


@settings(deadline=None, max_examples=60)
@given(st.lists(PAIR, max_size=40, unique_by=lambda pair: {*pair[:2]}.__repr__()), st.sampled_from([0.7, 0.85, 1.0]))
def test_the_choice_is_the_greedy_one(drawn: list[tuple[int, int, float]], threshold: float):
    lines = [(max(a, b), "", score, min(a, b)) for a, b, score in drawn if a != b]
    found = pl.DataFrame(lines, FOUND, orient="row")
    chosen = near_duplicate.choose(found, threshold)
    assert set(chosen["position"]) == greedy(found, threshold)
    assert chosen["position"].is_unique().all()
    assert not set(chosen["position"]) & set(chosen["other"])


def test_a_choice_among_100_000_pairs_is_made_at_once():
    generator = np.random.default_rng(1)
    ends = np.sort(generator.integers(0, 60_000, (100_000, 2)), axis=1)
    found = pl.DataFrame(
        {"position": ends[:, 1] + 1, "reason": "like", "score": generator.uniform(0.7, 1, 100_000), "other": ends[:, 0]}
    ).cast(dict(FOUND))
    best = 9.0
    for _ in range(3):
        started = time.thread_time()
        near_duplicate.choose(found, 0.8)
        best = min(best, time.thread_time() - started)
    assert best < 0.1


def test_what_is_found_does_not_depend_on_the_order_of_the_rows():
    generator = random.Random(3)
    examples = [row(n, f"Question {n % 7} about it", " ".join(generator.choices("abc", k=8))) for n in range(1, 120)]
    moved = generator.sample(examples, len(examples))
    for check in (near_duplicate, same_but_for_spacing, conflicting_answers, leak):
        assert check.find(rows(*moved)).equals(check.find(rows(*examples)))


def test_a_system_message_that_many_rows_share_makes_them_no_duplicates():
    system = Message("system", " ".join(f"rule{number}" for number in range(80)))
    said = [
        (
            Message("user", f"What is {number} and {number} times seven?"),
            Message("assistant", f"It is {number * 8}, as you can count."),
        )
        for number in range(12)
    ]
    examples = [Example(str(number), number, (system, *turns)) for number, turns in enumerate(said, 1)]
    assert near_duplicate.find(rows(*examples)).is_empty()
    assert len(near_duplicate.find(rows(*examples[:3]))) == 3


def test_rows_with_other_rejected_answers_or_marks_are_no_duplicates():
    rejected = [row(1, "Tell", STORY, rejected=TALE), row(2, "Tell", STORY, rejected=TALE.replace(" a ", " some "))]
    assert near_duplicate.find(rows(*rejected)).is_empty()
    marked = [
        row(1, "Tell", STORY, good=True),
        row(2, "Tell", f"{STORY} now", good=False),
        row(3, "Tell", f"{STORY}!", good=True),
    ]
    assert pairs(near_duplicate.find(rows(*marked))) == [(2, 0)]


def test_groups_hang_together_through_copies_and_near_duplicates():
    texts = [TALE, STORY, TALE.upper(), "quite another text of a few words", f"{STORY} today", f"{STORY} today"]
    found = groups(rows(*(row(number, "Tell", text) for number, text in enumerate(texts, 1))))
    assert found.tolist() == [0, 1, 0, 3, 1, 1]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=30))
def test_components_are_the_lowest_numbers_that_can_be_reached(drawn: list[tuple[int, int]]):
    reached = {number: {number} for number in range(20)}
    for one, other in drawn:
        together = reached[one] | reached[other]
        reached |= dict.fromkeys(together, together)
    first, second = (np.array([pair[end] for pair in drawn], np.int64) for end in (0, 1))
    assert components(20, first, second).tolist() == [min(reached[number]) for number in range(20)]


def test_it_is_said_when_a_set_is_templated():
    variants = [row(number, "Tell", f"{STORY} number {number}") for number in range(4)]
    others = [row(number, "Tell", f"w{number} " * 9) for number in range(10, 20)]
    said = templated(alike(rows(*variants, *others)), 14)
    assert said.startswith("This looks templated: 29% of the rows")
    assert templated(alike(rows(*variants[:2], *others)), 12) == ""
    assert templated(alike(rows()), 0) == ""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("Say  it", "Yes."), ("say it", "YES."), True),
        (("Say it\n", "Yes."), ("Say it", " Yes.\r\n"), True),
        (("Say it", "Yes."), ("Say it", "Yes."), False),  # to the letter: another check
        (("Say it", "Yes."), ("Say it", "Yes!"), False),
        (("What is 5 - 3?", "two"), ("What is 5 + 3?", "Two"), False),
        (("?!", "..."), ("?!", ".. ."), False),
        (("?! ", "..."), ("?!", "..."), True),
        (("Say|it", "Yes."), ("Say it", "Yes."), False),  # other turns
        (("", ""), ("", " "), True),
    ],
)
def test_rows_that_are_the_same_but_for_spacing_and_case(one: tuple[str, str], other: tuple[str, str], same: bool):
    found = same_but_for_spacing.find(rows(row(3, *one), row(5, *other)))
    assert found.rows() == ([(1, "same as row 3 but for spacing or case", None, 0)] if same else [])


def test_a_copy_to_the_letter_of_a_later_row_is_left_to_the_exact_check():
    found = same_but_for_spacing.find(rows(row(1, "Say", "Yes"), row(2, "say", "yes"), row(3, "say", "yes")))
    assert pairs(found) == [(1, 0)]


def test_rows_that_differ_in_label_rejected_answer_or_mark_are_not_the_same():
    for columns in ({"label": "a"}, {"rejected": "no"}, {"good": False}):
        assert same_but_for_spacing.find(rows(row(1, "Say", "Yes"), row(2, "say", "yes", **columns))).is_empty()


@pytest.mark.parametrize(
    ("one", "other", "conflict"),
    [
        (("Who wrote Faust?", "Goethe"), ("who wrote  FAUST?", "Schiller"), True),
        (("Who wrote Faust?", "Goethe"), ("Who wrote Faust?", " goethe "), False),
        (("Who wrote Faust?", "Goethe"), ("Who wrote Egmont?", "Schiller"), False),
        (("What is 5 - 3?", "2"), ("What is 5 + 3?", "8"), False),
        (("Continue", "and so"), ("continue", "on and on"), False),
        (("Go on", "and so"), ("Go on", "on and on"), False),
        (("Who wrote Faust?", "Goethe"), ("Who wrote Faust?", ""), False),
        (("Hello there|Please go on", "one"), ("Hi there|Please go on", "two"), False),  # the whole prompt
        (("Hello there|Please go on", "one"), ("Hello there|Please go on", "two"), True),
    ],
)
def test_conflicting_answers(one: tuple[str, str], other: tuple[str, str], conflict: bool):
    found = conflicting_answers.find(rows(row(3, *one), row(5, *other)))
    assert found.rows() == ([(1, "row 3 has the same prompt and another answer", None, 0)] if conflict else [])


def test_answers_that_are_marked_bad_are_no_conflict():
    examples = [row(1, "Who wrote Faust?", "Goethe", good=True), row(2, "Who wrote Faust?", "Kafka", good=False)]
    assert conflicting_answers.find(rows(*examples)).is_empty()


def test_plain_texts_have_no_prompt_to_conflict():
    texts = [Example(str(n), n, (Message("text", f"{STORY} {n}"),)) for n in (1, 2)]
    assert conflicting_answers.find(rows(*texts)).is_empty()
    assert pairs(near_duplicate.find(rows(*texts))) == [(1, 0)]


def test_nothing_is_leaked_where_nothing_is_held_out():
    assert leak.find(rows(row(1, "Tell me a long story", STORY), row(2, "Tell me a long story", STORY))).is_empty()
    assert leak.find(rows()).is_empty()


def test_a_training_row_names_the_held_out_row_that_it_leaks():
    held_out = row(4, "Which animals lived in one house at the edge of the forest?", TALE, split=HELD_OUT)
    asked = row(2, "Q: which animals lived in one house at the edge of the forest? A:", "both", split=TRAIN)
    answered = row(3, "Ask me", "Which animals lived in one house at the end of the forest?", split=TRAIN)
    other = row(1, "Which animals can swim as well as they can fly, and why?", "ducks", split=TRAIN)
    found = leak.find(rows(held_out, asked, answered, other))
    shown = "“Which animals lived in one house at the edge of the forest?”"
    assert found.rows() == [
        (1, f"the prompt holds all of the prompt of held-out row 4: {shown}", 1.0, 3),
        (2, f"the answer holds 91 % of the prompt of held-out row 4: {shown}", pytest.approx(11 / 12), 3),
    ]


def test_a_benchmark_is_named_with_the_number_of_the_prompt():
    tests = (Benchmark("Quiz", ["Why is the sky blue?", "How many legs do two spiders have?"]),)
    story = row(8, "Answer this.\nHow many legs do two spiders have?", "16")
    found = leak.find(rows(story, row(9, "Tell me why the sky is blue", TALE), benchmarks=tests))
    assert found.rows() == [
        (0, "the prompt holds all of prompt 2 of Quiz: “How many legs do two spiders have?”", 1.0, None)
    ]


def test_a_short_prompt_is_a_leak_if_it_is_a_sentence_of_its_own():
    tests = (Benchmark("Quiz", ["Why is the sky blue?"]),)
    texts = [
        "Question: why is the sky blue? Answer:",
        "She asked him why is the sky blue and he laughed",
        "Hm.\nWhy is the SKY blue",
    ]
    found = leak.find(rows(*(row(number, text, "so") for number, text in enumerate(texts)), benchmarks=tests))
    assert found["score"].to_list() == [1.0, 0.5, 1.0]


def test_a_held_out_plain_text_is_looked_for_as_a_whole():
    texts = [Example(str(n), n, (Message("text", STORY),), split=split) for n, split in ((1, TRAIN), (2, HELD_OUT))]
    assert leak.find(rows(*texts))["score"].to_list() == [1.0]


def test_conversations_leak_by_their_whole_prompt():
    held_out = row(
        1, "Tell me of the boat, the sea and the island|And what became of them after that?", "x", split=HELD_OUT
    )
    same = row(2, "Tell me of the boat, the sea and the island|And what became of them after that?", "y", split=TRAIN)
    half = row(3, "Where did they go then?|And what became of them after that?", "z", split=TRAIN)
    assert pairs(leak.find(rows(held_out, same, half)).filter(pl.col("score") >= 0.8)) == [(1, 0)]
