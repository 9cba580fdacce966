"""A mix has its parts in their shares, trains on nothing that is held out, and says what it repeated or left out."""

from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.compose import Part, mix
from core.errors import SettingProblem
from core.records import HELD_OUT, TRAIN, Dataset, Example, Message
from core.select import FEW_SHOT, crossing
from core.settings import MixSettings

SMALL = settings(max_examples=40, deadline=None)
ANY = 10**6


def row(number, prompt, answer="yes", **more):
    return Example(f"r{number}", number, (Message("user", prompt), Message("assistant", answer)), **more)


def part(name, sides, prompt="{name} asks {n}", **more):
    return Part(name, Dataset.of(row(n, prompt.format(name=name, n=n), split=s, **more) for n, s in enumerate(sides)))


def mixed(parts, **wish):
    return mix(parts, MixSettings.parse(wish), ANY)


def of_part(done, name, side=None):
    rows = [example for example in done.dataset if example.source == name]
    return [example for example in rows if example.split == side] if side else rows


def test_each_row_of_the_first_part_comes_once_and_the_others_in_proportion():
    done = mixed([part("mine", [None] * 90), part("general", [None] * 500)], weights=[0.9, 0.1])
    assert (len(of_part(done, "mine")), len(of_part(done, "general"))) == (90, 10)
    assert done.sentence == (
        "100 rows in the mix. mine: 90 of 90 rows to train on. general: 10 of 500 rows to train on."
    )


@SMALL
@given(
    st.lists(st.tuples(st.integers(1, 20), st.sampled_from([0, 0.1, 0.5, 1, 3])), min_size=1, max_size=4),
    st.integers(1, 100),
    st.integers(0, 3),
)
def test_weights_are_met_within_one_row_and_ids_stay_unique(sizes, rows, seed):
    weights = [weight for _, weight in sizes]
    parts = [part(f"p{at}", [None] * size) for at, (size, _) in enumerate(sizes)]
    if not any(weights):
        with pytest.raises(SettingProblem, match="one at least must be above 0"):
            mixed(parts, weights=weights)
        return
    done = mixed(parts, weights=weights, rows=rows, seed=seed)
    assert len(done.dataset) == rows
    assert len({example.id for example in done.dataset}) == rows
    assert [example.row for example in done.dataset] == list(range(1, rows + 1))
    for at, (size, weight) in enumerate(sizes):
        chosen = of_part(done, f"p{at}")
        assert abs(len(chosen) - rows * weight / sum(weights)) < 1
        times = Counter(example.messages for example in chosen)
        assert not chosen or max(times.values()) - (min(times.values()) if len(times) == size else 0) <= 1


def test_a_small_part_is_repeated_under_new_ids_and_it_is_said():
    done = mixed([part("mine", [None] * 10), part("few", [None] * 2)], weights=[1, 0.5])
    assert sorted(example.id for example in of_part(done, "few")) == [
        *("few#2:r0", "few#2:r1", "few#3:r0" if "few#3:r0" in done.dataset.table["id"].to_pylist() else "few#3:r1"),
        *("few:r0", "few:r1"),
    ]
    assert "few: 2 rows repeated to make 5." in done.sentence


def test_a_mix_of_mixes_has_unique_ids_as_well():
    once = mixed([part("a", [None] * 3)], weights=[1], rows=7).dataset
    twice = mixed([Part("a", once), part("b", [None])], weights=[1, 1], rows=40).dataset
    assert len(set(twice.table["id"].to_pylist())) == 40


def test_rows_are_named_after_their_part_but_keep_a_source_of_their_own():
    groups = Part("a", Dataset.of([row(1, "x", group="7"), row(2, "y", source="old.csv")]))
    done = list(mixed([groups, Part("b", Dataset.of([row(1, "z", group="7")]))], weights=[2, 1]).dataset)
    assert [example.group for example in done] == ["a:7", None, "b:7"]
    assert [example.source for example in done] == ["a", "old.csv", "b"]


def test_held_out_rows_stay_held_out_in_proportion_and_are_never_repeated():
    mine = part("mine", [TRAIN] * 80 + [HELD_OUT] * 20)
    few = part("few", [TRAIN] * 4 + [HELD_OUT] * 6 + [FEW_SHOT] * 2)
    many = part("many", [TRAIN] * 800 + [HELD_OUT] * 200)
    done = mixed([mine, few, many], weights=[1, 0.5, 0.5])
    counts = {name: Counter(example.split for example in of_part(done, name)) for name in ("mine", "few", "many")}
    assert counts["mine"] == {TRAIN: 80, HELD_OUT: 20}
    assert counts["few"] == {TRAIN: 40, HELD_OUT: 6, FEW_SHOT: 2}
    assert counts["many"] == {TRAIN: 40, HELD_OUT: 10}


def test_held_out_rows_can_be_left_out_and_are_not_trained_on():
    done = mixed(
        [part("mine", [TRAIN] * 8 + [HELD_OUT] * 2), part("b", [None] * 5)], weights=[8, 2], held_out="leave out"
    )
    assert {example.split for example in done.dataset} == {None}
    assert len(done.dataset) == 10
    assert not any(example.id in ("mine:r8", "mine:r9") for example in done.dataset)


def test_a_part_that_was_never_split_is_trained_on_beside_one_that_was():
    done = mixed([part("mine", [TRAIN] * 8 + [HELD_OUT] * 2), part("b", [None] * 8)], weights=[1, 1])
    assert {example.split for example in of_part(done, "b")} == {TRAIN}


@pytest.mark.parametrize("held_out", ["keep", "leave out"])
def test_what_any_part_holds_out_no_part_trains_on(held_out):
    mine = part("mine", [TRAIN] * 10 + [HELD_OUT] * 3, prompt="Question {n}")
    other = part("other", [HELD_OUT] * 2 + [TRAIN] * 12, prompt="  question  {n}")
    done = mixed([mine, other], weights=[1, 1], held_out=held_out)
    trained = {example.prompt[0].content.split()[-1] for example in done.dataset if example.split != HELD_OUT}
    assert not trained & {"0", "1", "10", "11", "12"}
    assert crossing(done.dataset) == []
    assert "2 rows left out, because their prompts are held out." in done.sentence
    assert "3 rows left out" in done.sentence


def test_a_few_shot_row_gives_way_to_a_held_out_one():
    rows = [row(1, "same", split=FEW_SHOT), row(2, "x", split=TRAIN)]
    done = mixed([Part("a", Dataset.of(rows)), Part("b", Dataset.of([row(1, "Same", split=HELD_OUT), row(2, "z")]))])
    assert crossing(done.dataset) == []


def test_exact_duplicates_between_parts_are_counted_and_kept():
    done = mixed([part("a", [None] * 5, prompt="ask {n}"), part("b", [None] * 8, prompt="ask {n}")], weights=[5, 8])
    assert [taken.duplicates for taken in done.parts] == [0, 5]
    assert len(done.dataset) == 13
    assert "5 rows say exactly what a row of another part says." in done.sentence


@SMALL
@given(st.integers(0, 5), st.integers(1, 9), st.randoms(use_true_random=False))
def test_the_seed_decides_and_neither_order_nor_chunks_do(seed, chunk, random):
    parts = [part("a", [TRAIN, HELD_OUT, None, FEW_SHOT] * 5), part("b", [None] * 30)]

    def shuffled(one):
        order = list(range(len(one.dataset)))
        random.shuffle(order)
        table = one.dataset.table.take(pa.array(order))
        return Part(one.name, Dataset(pa.concat_tables([table.slice(at, chunk) for at in range(0, len(order), chunk)])))

    wish = {"weights": [1, 1], "rows": 20, "seed": seed}
    first = mixed(parts, **wish).dataset.content_hash()
    assert mixed([shuffled(one) for one in parts], **wish).dataset.content_hash() == first
    assert mixed(parts, **{**wish, "seed": seed + 1}).dataset.content_hash() != first


def test_a_merge_takes_every_row_once():
    parts = [part("a", [TRAIN] * 4 + [HELD_OUT]), part("b", [None] * 9), part("c", [TRAIN] * 3)]
    done = mixed(parts, merge=True, weights=[0, 5], rows=2)
    assert Counter(example.source for example in done.dataset) == {"a": 5, "b": 9, "c": 3}
    assert len({example.messages for example in done.dataset}) == 17


def test_a_part_of_no_weight_is_not_looked_at():
    done = mixed([part("a", [None] * 4), part("b", [])], weights=[1, 0])
    assert [taken.name for taken in done.parts] == ["a"]


@pytest.mark.parametrize(
    ("parts", "wish", "message"),
    [
        ([part("a", [None]), part("a", [None])], {}, "“a” is in the mix twice"),
        ([part("a", [None])], {}, "1 part and 2 weights were given"),
        ([part("a", [None]), part("b", [HELD_OUT])], {}, "“b” has no rows to train on"),
        ([part("a", [None]), part("b", [])], {}, "“b” has no rows to train on"),
        ([part("a", [None]), part("b", [None])], {"weights": [1e-6, 1e6]}, "takes at most 1,000,000"),
        ([part("a", [None]), part("b", [None])], {"rows": 1_000_001}, "takes at most 1,000,000"),
        ([part("a", [None]), part("b", [None])], {"weights": [1, -1]}, "a weight is 0, or a number from"),
        ([part("a", [None]), part("b", [None])], {"weights": [1, float("nan")]}, "a weight is 0, or a number from"),
        ([part("a", [None]), part("b", [None])], {"weights": [0, 0]}, "one at least must be above 0"),
        ([part("a", [None]), part("b", [None])], {"held_out": "train"}, "one of keep, leave out"),
    ],
)
def test_a_mix_that_cannot_be_made_gets_a_sentence(parts, wish, message):
    with pytest.raises(SettingProblem, match=message):
        mixed(parts, **wish)
