"""The map puts alike prompts together, names what they share, and is the same for every order of the rows."""

import random

import polars as pl
import pytest

from core.curate.numbers import MAP, alone, clumps, drawing
from core.curate.numbers.vectors import vectors
from core.curate.rows import Rows
from core.records import Dataset, Example, Message

LETTERS = "bcdfghjklmnprstvz"


def example(number, prompt):
    return Example(f"r{number:06d}", number, (Message("user", prompt), Message("assistant", "Yes.")))


def made_up(draw):
    """A word that no other prompt has."""
    return "".join(draw.choice(LETTERS) + draw.choice("aeiou") for _ in range(4))


@pytest.fixture(scope="module")
def examples():
    """Two kinds of 25 prompts each, and 40 that share nothing but small words."""
    draw = random.Random(5)
    refunds = [f"When will the refund for my cancelled order {made_up(draw)} arrive" for _ in range(25)]
    poems = [f"Compose a short poem about the autumn moon over {made_up(draw)}" for _ in range(25)]
    others = [" ".join(made_up(draw) for _ in range(8)) for _ in range(40)]
    return [example(number, prompt) for number, prompt in enumerate([*refunds, *poems, *others], 1)]


def drawn_map(examples, **more):
    steps = drawing(Rows(Dataset.of(examples)), **more)
    said = []
    while True:
        try:
            said.append(next(steps))
        except StopIteration as end:
            return end.value, said


@pytest.fixture(scope="module")
def points(examples):
    return drawn_map(examples)[0]


def test_every_prompt_has_one_point(points):
    assert points.schema == MAP
    assert points["row"].to_list() == list(range(1, 91))
    assert points.select(pl.col("x", "y").is_finite().all()).row(0) == (True, True)


def test_clumps_are_the_kinds_named_by_the_words_they_share(points):
    found = clumps(points)
    assert {clump.rows for clump in found} == {25}
    refund, poem = sorted(found, key=lambda clump: "poem" in clump.example)
    assert set(refund.name.split(" · ")) <= {"refund", "cancelled", "order", "arrive", "when", "will"}
    assert set(poem.name.split(" · ")) <= {"compose", "short", "poem", "autumn", "moon"}
    assert points.filter(pl.col("row") > 50)["clump"].null_count() == 40


def test_alike_prompts_lie_nearer_to_each_other_than_to_the_others(points):
    middle = points.drop_nulls("clump").group_by("clump").agg(pl.col("x", "y").mean())
    (_, x, y), (_, other_x, other_y) = middle.rows()
    between = (x - other_x) ** 2 + (y - other_y) ** 2
    inside = points.join(middle, "clump", suffix="_middle").select(
        ((pl.col("x") - pl.col("x_middle")) ** 2 + (pl.col("y") - pl.col("y_middle")) ** 2).mean()
    )
    assert inside.item() < between / 4


def test_prompts_like_no_other_are_alone_and_those_of_a_kind_are_not(points):
    assert alone(points)["row"].to_list() == list(range(51, 91))


def test_the_order_of_the_rows_does_not_matter(examples, points):
    shuffled = random.Random(2).sample(examples, len(examples))
    assert drawn_map(shuffled)[0].equals(points)


def test_a_large_set_is_drawn_by_a_sample_of_it(examples):
    found, said = drawn_map(examples, most=40)
    assert len(found) == 40
    assert said[0] == "Comparing 40 prompts …"
    assert set(found["row_id"]) == set(drawn_map(examples[::-1], most=40)[0]["row_id"])


@pytest.mark.parametrize("rows", [0, 1, 9])
def test_few_rows_make_no_map(examples, rows):
    found, said = drawn_map(examples[:rows])
    assert found.schema == MAP
    assert (len(found), said) == (0, [])


@pytest.mark.parametrize(
    "prompts",
    [
        ["the same"] * 12,
        ["?!"] * 12,
        ["", " "] * 6,
        ["a b", "b a"] * 10,
        ["ไทย", "写一封邮件", "Ω"] * 5,
        ["x" * 9999] * 11,
    ],
)
def test_odd_prompts_make_a_map_too(prompts):
    found, _ = drawn_map([example(number, prompt) for number, prompt in enumerate(prompts, 1)])
    assert len(found) == len(prompts)
    assert found.select(pl.col("x", "y", "nearest").is_finite().all()).row(0) == (True, True, True)


def test_texts_without_spaces_are_compared_by_their_characters():
    found = vectors(["写一封邮件给老板", "写一封信给老板", "the weather is fine", "weather of today"])
    nearest = found.points @ found.points.T
    assert nearest[0, 1] > 0.5 > nearest[0, 2]
    assert "写" in list(found.words)
