"""The split holds out what was asked for, keeps equal prompts together, and is the same for the same seed."""

from collections import Counter

import pytest

from core.errors import SettingProblem
from core.records import HELD_OUT, TRAIN, Dataset, Example, Message
from core.select import split
from core.settings import SplitSettings


def dataset(prompts, labels=None):
    return Dataset.of(
        Example(f"r{n}", n, (Message("user", prompt), Message("assistant", f"answer {n}")), labels and labels[n - 1])
        for n, prompt in enumerate(prompts, 1)
    )


def divided(prompts, held_out, seed=42, labels=None):
    return split(dataset(prompts, labels), SplitSettings.parse({"held_out": held_out, "seed": seed}))


def different(count):
    return [f"prompt {number}" for number in range(count)]


@pytest.mark.parametrize(
    ("rows", "held_out", "expected"),
    [(100, 0.15, 15), (100, 20, 20), (17, 0.15, 3), (5, 0.01, 1), (10, 0, 0), (2, 1, 1)],
)
def test_a_share_or_a_count_is_held_out(rows, held_out, expected):
    done = divided(different(rows), held_out)
    assert (done.held_out, done.train, done.note) == (expected, rows - expected, "")
    assert Counter(example.split for example in done.dataset)[HELD_OUT] == expected


def test_every_row_is_on_one_side_in_the_old_order():
    done = divided(different(30), 0.3)
    assert [example.row for example in done.dataset] == list(range(1, 31))
    assert {example.split for example in done.dataset} == {TRAIN, HELD_OUT}


def test_the_same_seed_gives_the_same_split_and_another_seed_another():
    sides = [[example.split for example in divided(different(50), 0.3, seed).dataset] for seed in (1, 1, 2)]
    assert sides[0] == sides[1] != sides[2]


@pytest.mark.parametrize("seed", range(8))
def test_the_same_prompt_is_never_on_both_sides(seed):
    prompts = [f"Prompt  {number % 12}" if number % 3 else f"prompt {number % 12}\n" for number in range(60)]
    sides = {}
    for example in divided(prompts, 0.3, seed).dataset:
        key = " ".join(example.prompt[0].content.lower().split())
        sides.setdefault(key, set()).add(example.split)
    assert all(len(side) == 1 for side in sides.values())


def test_each_label_is_held_out_in_its_share():
    labels = ["a"] * 60 + ["b"] * 30 + ["c"] * 10
    done = divided(different(100), 0.2, labels=labels)
    held = Counter(example.label for example in done.dataset if example.split == HELD_OUT)
    assert held == {"a": 12, "b": 6, "c": 2}


def test_groups_that_do_not_fit_are_said():
    done = divided(["one"] * 10 + ["two"] * 10, 5)
    assert done.held_out == 10
    assert "10 instead of 5 rows" in done.note


def test_one_prompt_alone_cannot_be_split():
    done = divided(["one"] * 10, 0.2)
    assert done.held_out == 0
    assert "0 instead of 2 rows" in done.note


@pytest.mark.parametrize(
    ("rows", "held_out", "part"),
    [(1, 0.5, "at least 2"), (0, 1, "at least 2"), (5, 5, "leaves none"), (5, 0.95, "leaves none")],
)
def test_a_split_that_leaves_nothing_is_refused(rows, held_out, part):
    with pytest.raises(SettingProblem, match=part):
        divided(different(rows), held_out)


def test_nothing_held_out_is_allowed_even_for_one_row():
    assert divided(["one"], 0).train == 1
