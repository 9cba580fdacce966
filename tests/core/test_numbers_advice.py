"""Each advice is given where its number says so, and nowhere else; good sets get no alarm."""

import json
from pathlib import Path

import pytest

from core.curate.numbers import ALARM, NOTE, Count, Counts, Diversity, Lengths, Numbers, advice, numbers, tokens
from core.curate.rows import Rows
from core.curate.signals import signals
from core.records import Dataset, Example, Message

REAL_SETS = Path(__file__).parents[3] / "shared" / "data"
NONE = Counts()


def of(**rows):
    """A column in which each value stands in so many rows."""
    top = sorted((Count(name=name, rows=count) for name, count in rows.items()), key=lambda count: -count.rows)
    scarce = sum(count < 10 for count in rows.values())
    return Counts(rows=sum(rows.values()), distinct=len(rows), top=top, smallest=min(rows.values()), scarce=scarce)


def long(median):
    return Lengths(rows=1000, median=median, p95=median, longest=median)


GOOD = Numbers(
    rows=1000,
    train=850,
    held_out=150,
    unanswered=0,
    repeated=0,
    lengths={"prompt_words": long(20), "answer_words": long(60)},
    turns=of(two=1000),
    languages=of(en=960, de=20),
    labels=NONE,
    categories=NONE,
    tags=NONE,
    good=NONE,
    systems=NONE,
    openings=Counts(rows=1000, distinct=800, top=[Count(name="What is the", rows=40)], smallest=1, scarce=799),
    answers=Counts(rows=1000, distinct=990, top=[Count(name="Yes.", rows=6)], smallest=1, scarce=990),
    pairs=0,
    chosen_longer=0,
    diversity=Diversity(rows=1000, zlib_ratio=2.7, distinct_2=0.7, nearest=0.7),
)


def given(changes, **more):
    return {found.name: found for found in advice(GOOD.model_copy(update=changes), **more)}


def answers(name, rows, distinct):
    return {"answers": Counts(rows=1000, distinct=distinct, top=[Count(name=name, rows=rows)], smallest=1)}


CLASSES = {"labels": of(ham=500, spam=500), "lengths": {"answer_words": long(1)}}
CASES = [
    ("few rows", ALARM, {"rows": 60, "train": 49, "held_out": 11}, {"rows": 100, "train": 50, "held_out": 50}),
    ("few rows", ALARM, {"rows": 1, "train": 0, "held_out": 0}, {"rows": 50, "train": 0, "held_out": 0}),
    ("few rows", ALARM, {"unanswered": 960}, {"unanswered": 900}),
    ("no answer", NOTE, {"unanswered": 1}, {}),
    ("no answer", ALARM, {"unanswered": 100}, {}),
    ("templated", ALARM, {"diversity": Diversity(rows=99, zlib_ratio=5.6, nearest=0.7)}, {}),
    ("templated", NOTE, {"diversity": Diversity(rows=99, zlib_ratio=2.6, nearest=0.86)}, {}),
    ("templated", ALARM, {"diversity": Diversity(rows=9, zlib_ratio=2, nearest=0.9)}, {"diversity": Diversity(rows=9)}),
    ("one answer", ALARM, answers("I do not know.", 100, 900), answers("I do not know.", 99, 901)),
    ("one answer", ALARM, answers("Hello, how can I help you?", 500, 2), CLASSES),
    ("imbalance", ALARM, {"labels": of(ham=870, spam=130)}, {"labels": of(ham=790, spam=210)}),
    (
        "imbalance",
        ALARM,
        {**answers("yes", 900, 2), "lengths": {"answer_words": long(1)}},
        {**answers("yes", 600, 2), "lengths": {"answer_words": long(1)}},
    ),
    ("scarce labels", NOTE, {"labels": of(a=995, b=5)}, {"labels": of(a=500, b=500)}),
    ("openings", NOTE, {"openings": of(**{"Write an email": 100})}, {"openings": of(**{"Write an email": 99})}),
    ("openings", NOTE, {"rows": 60, "openings": of(Hi=10)}, {"rows": 60, "openings": of(Hi=9)}),
    ("short answers", NOTE, {"lengths": {"answer_words": long(3)}}, {"lengths": {"answer_words": long(4)}}),
    ("short answers", NOTE, {"lengths": {"answer_words": long(1)}}, CLASSES),
    ("languages", NOTE, {"languages": of(en=900, de=60)}, {"languages": of(en=960, de=40)}),
    ("languages", NOTE, {"languages": of(en=50, de=5)}, {"languages": of(en=10, de=4)}),
    ("not English", NOTE, {"languages": of(de=900, en=30)}, {"languages": NONE}),
    ("system prompts", NOTE, {"systems": of(kind=1000)}, {"systems": of(kind=500, brief=500)}),
    ("system prompts", NOTE, {"systems": of(kind=400)}, {"systems": of(kind=50)}),
    ("duplicates", NOTE, {"repeated": 10}, {"repeated": 9}),
    ("duplicates", ALARM, {"repeated": 100}, {}),
    ("few held-out rows", ALARM, {"held_out": 29}, {"held_out": 30}),
    ("few held-out rows", ALARM, {"held_out": 0}, {"held_out": 0, "train": 0}),
    ("not split", NOTE, {"held_out": 0, "train": 0}, {}),
    ("longer is better", NOTE, {"pairs": 40, "chosen_longer": 30}, {"pairs": 40, "chosen_longer": 29}),
    ("longer is better", NOTE, {"pairs": 30, "chosen_longer": 30}, {"pairs": 29, "chosen_longer": 29}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "level", "bad", "fine"), CASES)
def test_an_advice_is_given_from_its_threshold_on(name, level, bad, fine):
    assert given(bad)[name].level == level
    assert name not in given(fine)


def test_numbers_of_a_good_set_ask_for_nothing():
    assert given({}) == {}


def test_an_empty_set_gets_no_advice():
    assert advice(GOOD.model_copy(update={"rows": 0, "train": 0, "held_out": 0})) == []


@pytest.mark.parametrize(("over", "level"), [(0, None), (1, NOTE), (49, NOTE), (50, ALARM)])
def test_rows_over_the_token_limit_are_told(over, level):
    found = given({}, tokens=tokens([600] * over + [100] * (1000 - over), "toy", 1000, 512))
    assert found["over the token limit"].level == level if level else not found


def test_rows_over_the_limit_are_said_to_be_of_those_counted():
    found = given({}, tokens=tokens([600] + [100] * 999, "toy", 5000, 512))["over the token limit"]
    assert found.finding == "1 row of 1,000 counted (0.1 %) has more than 512 tokens."
    assert "600" in found.todo


def test_the_copies_that_the_checks_find_count_where_they_are_more():
    assert given({"repeated": 5}, duplicates=200)["duplicates"].finding == "200 rows (20 %) say what another row says."
    assert "duplicates" not in given({"repeated": 5}, duplicates=6)


@pytest.mark.parametrize(
    ("changes", "name", "finding"),
    [
        ({"rows": 1, "train": 0, "held_out": 0}, "few rows", "There is 1 row to learn from."),
        ({"unanswered": 1}, "no answer", "1 row of 1,000 has no answer."),
        ({"unanswered": 2}, "no answer", "2 rows of 1,000 have no answer."),
        ({"held_out": 1}, "few held-out rows", "1 row is held out."),
        ({"held_out": 0}, "few held-out rows", "0 rows are held out."),
        ({"rows": 60, "repeated": 1}, "duplicates", "1 row (2 %) says what another row says."),
        ({"labels": of(a=999, b=1)}, "scarce labels", "1 label of 2 has fewer than 10 rows; the rarest has 1."),
        ({"languages": of(en=600, de=300, fr=100)}, "languages",
         "The rows are in several languages: English 60 %, German 30 %, French 10 %."),
        ({"openings": of(**{"Write an email": 170})}, "openings",
         "170 rows (17 %) all start with “Write an email”."),
        ({"lengths": {"answer_words": long(1)}}, "short answers", "Half of the answers have 1 word or fewer."),
    ],
)  # fmt: skip
def test_what_is_found_is_said_right_for_one_and_for_many(changes, name, finding):
    assert given(changes)[name].finding == finding


def test_the_uncertainty_of_few_held_out_rows_is_that_of_a_share():
    assert "±22 points" in given({"held_out": 20})["few held-out rows"].reason
    assert "±18" in given({"held_out": 29})["few held-out rows"].reason
    assert "±50" in given({"held_out": 2})["few held-out rows"].reason


def test_alarms_come_first():
    levels = [found.level for found in advice(GOOD.model_copy(update={"held_out": 3, "unanswered": 1, "repeated": 20}))]
    assert levels == sorted(levels)
    assert set(levels) == {ALARM, NOTE}


def measured(pairs):
    examples = [
        Example(f"r{number:06d}", number, (Message("user", prompt), Message("assistant", answer)))
        for number, (prompt, answer) in enumerate(pairs, 1)
    ]
    rows = Rows(Dataset.of(examples))
    return numbers(rows, signals(rows.frame))


def alpaca(row):
    return f"{row['instruction']}\n{row['input']}".strip(), row["output"]


def gsm8k(row):
    return row["question"], row["answer"]


def conversation(row):
    return row["conversations"][0]["value"], row["conversations"][1]["value"]


@pytest.mark.parametrize(
    ("name", "pair", "alarms"),
    [
        ("alpaca_random_9k.json", alpaca, set()),
        ("alpagasus_dolly_3k.json", alpaca, set()),
        ("gsm8k_test.jsonl", gsm8k, set()),
        ("fastchat_dummy_conversation.json", conversation, {"templated", "duplicates"}),
    ],
)
def test_real_sets_of_known_quality_get_the_alarms_they_deserve(name, pair, alarms):
    path = REAL_SETS / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    text = path.read_text(encoding="utf-8")
    rows = json.loads(text) if path.suffix == ".json" else [json.loads(line) for line in text.splitlines()]
    found = {one.name for one in advice(measured(map(pair, rows))) if one.level == ALARM}
    assert alarms <= found if alarms else not found
