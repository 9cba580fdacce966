"""A subset has the rows that its method says, leaves what is held out alone, and has a random control of equal size."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import SettingProblem
from core.records import HELD_OUT, TEXT, TRAIN, Dataset, Example, Message
from core.select import FEW_SHOT, choose, control, trainable
from core.select import subset as subset_module
from core.select.farthest import farthest_first, text_vectors
from core.select.quotas import quotas
from core.settings import SelectSettings

SMALL = settings(max_examples=40, deadline=None)
METHODS = ("random", "stratified", "longest", "diverse", "ifd")
TOPICS = ("how do I bake bread", "where is my parcel", "sing a song of the sea", "what is the capital of France")


def made(count, sides=(TRAIN,), topics=TOPICS):
    return Dataset.of(
        Example(
            f"r{n}",
            n,
            (Message("user", f"{topics[n % len(topics)]} {n // len(topics)}"), Message("assistant", "y" * (n % 7))),
            label=("a", "b", "b")[n % 3],
            split=sides[n % len(sides)],
        )
        for n in range(count)
    )


def scores(count):
    return {f"r{n}": (n % 10) / 8 for n in range(count)}


def chosen(dataset, **wish):
    return choose(dataset, SelectSettings.parse(wish), scores(len(dataset)))


def ids(subset):
    return subset.dataset.table["id"].to_pylist()


@pytest.mark.parametrize("method", METHODS)
def test_only_rows_to_train_on_are_chosen_and_the_others_stay_in_their_old_order(method):
    dataset = made(60, (TRAIN, TRAIN, HELD_OUT, None, FEW_SHOT))
    done = chosen(dataset, method=method, rows=12)
    sides = Counter(done.dataset.table["split"].to_pylist())
    assert (sides[HELD_OUT], sides[FEW_SHOT], sides[TRAIN] + sides[None]) == (12, 12, 12)
    assert ids(done) == sorted(ids(done), key=lambda name: int(name[1:]))
    assert (
        f"12 of 36 rows to train on chosen {subset_module.HOW[method]}. 24 rows held out or set aside stay."
        in done.sentence
    )


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_seed_decides_and_neither_order_nor_chunks_do(method, seed):
    dataset = made(50)
    table = dataset.table.take(pa.array(np.random.default_rng(seed).permutation(50)))
    mixed = Dataset(pa.concat_tables([table.slice(at, 7) for at in range(0, 50, 7)]))
    wish = {"method": method, "rows": 9, "seed": seed}
    assert set(ids(chosen(dataset, **wish))) == set(ids(chosen(mixed, **wish)))


@pytest.mark.parametrize("method", ["random", "stratified", "diverse"])
def test_another_seed_chooses_other_rows(method):
    assert ids(chosen(made(50), method=method, rows=9, seed=1)) != ids(chosen(made(50), method=method, rows=9, seed=2))


@SMALL
@given(st.integers(1, 80), st.integers(1, 90), st.sampled_from(METHODS[:4]))
def test_as_many_rows_as_wanted_or_all(count, wanted, method):
    done = chosen(made(count), method=method, rows=wanted)
    assert done.rows == len(done.dataset) == min(count, wanted)
    assert ("so all are kept" in done.sentence) == (wanted > count)


def test_stratified_keeps_the_shares_of_the_labels():
    done = chosen(made(90), method="stratified", rows=30)
    assert Counter(done.dataset.table["label"].to_pylist()) == {"a": 10, "b": 20}


def test_longest_takes_the_longest_answers():
    done = chosen(made(70), method="longest", rows=20)
    assert {len(example.answer) for example in done.dataset} == {5, 6}


def test_longest_takes_plain_texts_by_their_length():
    texts = Dataset.of(Example(f"t{n}", n, (Message(TEXT, "x" * n),)) for n in range(1, 9))
    assert ids(chosen(texts, method="longest", rows=2)) == ["t7", "t8"]


def test_diverse_takes_one_of_each_topic_before_a_second_of_any():
    wordy = tuple(f"{topic} please and thank you" for topic in TOPICS)
    for seed in range(5):
        done = chosen(made(40, topics=wordy), method="diverse", rows=4, seed=seed)
        assert {int(name[1:]) % 4 for name in ids(done)} == {0, 1, 2, 3}


def test_diverse_seeks_among_a_random_part_of_many_rows_and_says_so(monkeypatch):
    monkeypatch.setattr(subset_module, "MOST_DIVERSE", 20)
    done = chosen(made(50), method="diverse", rows=5)
    assert "sought among 20 rows drawn at random" in done.sentence
    with pytest.raises(SettingProblem, match="at most 20 rows can be chosen; 21 are wanted"):
        chosen(made(50), method="diverse", rows=21)


def test_farthest_first_covers_better_than_chance():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(40, 8)).repeat(25, axis=0) + rng.normal(scale=0.1, size=(1000, 8))
    points = (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)

    def coverage(rows):
        return (points @ points[rows].T).max(axis=1).min()

    assert coverage(farthest_first(points, 40)) > 0.85 > coverage(rng.permutation(1000)[:40])


@pytest.mark.parametrize(
    "texts", [["only one"], ["", "!!"], ["same"] * 5, ["今日は天気", "今日は雨"], [f"word{n}" for n in range(3)]]
)
def test_vectors_of_ugly_texts_are_finite_and_of_length_1_or_0(texts):
    vectors = text_vectors(texts, 0)
    assert np.isfinite(vectors).all()
    assert all(abs(length - 1) < 1e-3 or length == 0 for length in np.linalg.norm(vectors, axis=1))
    assert sorted(farthest_first(vectors, 9)) == list(range(len(texts)))


def test_ifd_takes_the_highest_below_1_and_says_how_many_were_scored():
    done = choose(made(40), SelectSettings.parse({"method": "ifd", "rows": 3}), {**scores(20), "gone": 0.9})
    assert {scores(40)[name] for name in ids(done)} == {7 / 8, 6 / 8}
    assert "20 rows scored, 4 of them at 1 or more and not chosen." in done.sentence


def test_ifd_takes_what_there_is_and_says_so():
    done = choose(made(40), SelectSettings.parse({"method": "ifd", "rows": 30}), {"r1": 0.5, "r2": 1.0})
    assert ids(done) == ["r1"]
    assert "Only 1 could be chosen of 30 wanted." in done.sentence


@pytest.mark.parametrize("method", METHODS)
def test_the_control_is_random_and_of_equal_size(method):
    dataset, wish = made(60, (TRAIN, TRAIN, HELD_OUT)), SelectSettings.parse({"method": method, "rows": 10})
    one = choose(dataset, wish, scores(60))
    other = control(dataset, one, wish)
    assert len(other.dataset) == len(one.dataset)
    assert ids(other) != ids(one)
    assert (other.settings.method, other.settings.seed) == ("random", 43)


def test_the_largest_seed_has_a_control_too():
    wish = SelectSettings.parse({"rows": 3, "seed": 2**31 - 1})
    assert control(made(9), choose(made(9), wish), wish).rows == 3


@pytest.mark.parametrize(
    ("dataset", "wish", "part"),
    [
        (Dataset.of([]), {}, "no rows to train on"),
        (made(5, (HELD_OUT,)), {}, "no rows to train on"),
        (Dataset.of(Example(f"r{n}", n, ()) for n in range(5)), {"method": "stratified"}, "No row has a label"),
        (made(5), {"method": "ifd"}, "No row to train on has an IFD below 1"),
        (made(5), {"method": "best"}, "one of random, stratified"),
        (made(5), {"rows": 0}, "Rows to choose is 0"),
    ],
)
def test_what_cannot_be_chosen_gets_a_sentence(dataset, wish, part):
    with pytest.raises(SettingProblem, match=part):
        choose(dataset, SelectSettings.parse({"rows": 2, **wish}))


def test_only_rows_with_a_prompt_and_an_answer_get_an_ifd():
    user, said = Message("user", "hi"), Message("assistant", "yes")
    rows = [
        Example("both", 1, (user, said), split=TRAIN),
        Example("held", 2, (user, said), split=HELD_OUT),
        Example("asked", 3, (user,)),
        Example("said", 4, (said,)),
        Example("blank", 5, (user, Message("assistant", " \n"))),
        Example("text", 6, (Message(TEXT, "story"),)),
        Example("none", 7, ()),
    ]
    assert trainable(Dataset.of(rows), 1) == ["both"]


@SMALL
@given(st.lists(st.integers(0, 1000), min_size=1, max_size=12), st.integers(0, 500))
def test_quotas_sum_up_and_are_within_one_of_the_exact_share(weights, wanted):
    shares = quotas(np.array(weights), wanted)
    if not sum(weights):
        assert set(shares) == {0}
        return
    assert sum(shares) == wanted
    assert all(abs(share - wanted * weight / sum(weights)) < 1 for share, weight in zip(shares, weights, strict=True))
