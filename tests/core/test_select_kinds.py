"""Whole categories or labels are held out on wish, and a few-shot pool is set aside."""

from collections import Counter

import pytest

from core.errors import SettingProblem
from core.records import HELD_OUT, TRAIN, Dataset, Example, Message
from core.select import FEW_SHOT, crossing, split
from core.settings import SplitSettings

CATEGORIES = ["travel"] * 10 + ["food"] * 20 + ["money"] * 30


def made(kinds, column="category", prompts=None):
    return Dataset.of(
        Example(
            f"r{n}",
            n,
            (Message("user", prompts[n] if prompts else f"prompt {n}"), Message("assistant", "yes")),
            **{column: kind},
        )
        for n, kind in enumerate(kinds)
    )


def divided(dataset, **wish):
    return split(dataset, SplitSettings.parse(wish))


def kinds_on(done, side, column="category"):
    return {getattr(example, column) for example in done.dataset if example.split == side}


def test_named_categories_are_held_out_whole_and_nothing_else():
    done = divided(made(CATEGORIES), by="category", names=["food", "travel"])
    assert (kinds_on(done, HELD_OUT), kinds_on(done, TRAIN)) == ({"food", "travel"}, {"money"})
    assert (done.held_out, done.train) == (30, 30)
    assert done.note == "2 categories held out whole, 30 rows: “food”, “travel”."


@pytest.mark.parametrize("seed", range(6))
def test_categories_are_drawn_up_to_the_share(seed):
    done = divided(made(CATEGORIES), by="category", held_out=0.5, seed=seed)
    assert not kinds_on(done, HELD_OUT) & kinds_on(done, TRAIN)
    assert 10 <= done.held_out <= 30


def test_the_smallest_is_held_out_where_none_fits_the_share():
    done = divided(made(CATEGORIES, "label"), by="label", held_out=0.01)
    assert kinds_on(done, HELD_OUT, "label") == {"travel"}
    assert "1 label held out whole, 10 rows" in done.note


def test_rows_of_no_category_are_trained_on():
    done = divided(made([None] * 5 + ["a"] * 5), by="category", names=["a"])
    assert kinds_on(done, TRAIN) == {None}


def test_what_belongs_to_a_row_that_is_held_out_goes_with_it_and_is_counted():
    prompts = [f"prompt {n}" for n in range(60)]
    prompts[59] = prompts[0]  # a row of money asks what a row of travel asks
    done = divided(made(CATEGORIES, prompts=prompts), by="category", names=["travel"])
    assert done.held_out == 11
    assert "1 row of other kinds went along: it belongs to rows that are held out." in done.note
    assert crossing(done.dataset) == []


@pytest.mark.parametrize(
    ("kinds", "wish", "part"),
    [
        (CATEGORIES, {"names": ["food", "sport"]}, "No row has the category “sport”. There is “food”, “money”"),
        ([None] * 4, {}, "No row has a category"),
        (CATEGORIES, {"names": ["food", "travel", "money"]}, "leaves none to train on"),
        (["only"] * 5, {}, "leaves none to train on"),
        (["only"], {}, "at least 2 rows"),
        (CATEGORIES, {"held_out": 60}, "set it below 60"),
    ],
)
def test_what_cannot_be_held_out_whole_is_said(kinds, wish, part):
    with pytest.raises(SettingProblem, match=part):
        divided(made(kinds), by="category", **wish)


def test_names_without_saying_of_what_are_not_passed_over():
    with pytest.raises(SettingProblem, match="but single rows are held out"):
        divided(made(CATEGORIES), names=["food"])


def test_a_few_shot_pool_is_neither_trained_on_nor_held_out_and_has_each_label():
    done = divided(made(["a", "b", "c", "d"] * 25, "label"), held_out=20, few_shot=8)
    assert (done.train, done.held_out, done.few_shot) == (72, 20, 8)
    pool = Counter(example.label for example in done.dataset if example.split == FEW_SHOT)
    assert pool == {"a": 2, "b": 2, "c": 2, "d": 2}


def test_the_pool_comes_from_categories_that_are_trained_on():
    done = divided(made(CATEGORIES), by="category", names=["money"], few_shot=6)
    assert kinds_on(done, FEW_SHOT) <= {"food", "travel"}
    assert done.few_shot == 6


def test_a_pool_that_groups_make_impossible_is_said():
    done = divided(made([None] * 20, prompts=["one"] * 10 + ["two"] * 10), held_out=0, few_shot=3)
    assert done.few_shot == 0
    assert "0 instead of 3 rows set aside" in done.note


@pytest.mark.parametrize(("few_shot", "part"), [(8, "set it below 8"), (100, "only 8 rows")])
def test_a_pool_that_leaves_nothing_to_train_on_is_refused(few_shot, part):
    with pytest.raises(SettingProblem, match=part):
        divided(made([None] * 10), held_out=2, few_shot=few_shot)


@pytest.mark.parametrize(
    ("wish", "part"),
    [
        ({"by": "sentence"}, "one of rows, category, label"),
        ({"held_out": float("inf")}, "Held-out rows is inf"),
        ({"held_out": float("nan")}, "Held-out rows is nan"),
        ({"few_shot": -1}, "Few-shot rows is -1"),
        ({"few_shot": 1.5}, "Few-shot rows is 1.5"),
    ],
)
def test_settings_out_of_bounds_are_named(wish, part):
    with pytest.raises(SettingProblem, match=part):
        SplitSettings.parse(wish)
