"""Rows that belong together stay on one side, whatever ties them, and the check sees it when they do not."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import SettingProblem
from core.records import HELD_OUT, TEXT, TRAIN, Dataset, Example, Message
from core.select import FEW_SHOT, crossing, split
from core.select.groups import components
from core.select.keys import chat_keys, draw, prompt_keys
from core.settings import SplitSettings

SMALL = settings(max_examples=60, deadline=None)
ROWS = st.lists(
    st.tuples(st.integers(0, 25), st.sampled_from([None, "a", "b", "c"]), st.sampled_from([None, "x", "y"])),
    min_size=3,
    max_size=40,
)
PAIRS = st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=8)


def made(rows):
    """A dataset of (prompt number, conversation, label)."""
    return Dataset.of(
        Example(f"r{n}", n, (Message("user", f"prompt {key}"), Message("assistant", "yes")), label, group=group)
        for n, (key, group, label) in enumerate(rows)
    )


def one(number, prompt, answer="yes", **more):
    return Example(f"r{number}", number, (Message("user", prompt), Message("assistant", answer)), **more)


def sides(dataset):
    return dict(zip(dataset.table["id"].to_pylist(), dataset.table["split"].to_pylist(), strict=True))


def reached(rows, pairs):
    """For each row all rows it is tied to, by walking from row to row."""
    near = {frozenset(pair) for pair in pairs}

    def tied(a, b):
        same_chat = rows[a][1] is not None and rows[a][1] == rows[b][1]
        return rows[a][0] == rows[b][0] or same_chat or frozenset((a, b)) in near

    found = []
    for start in range(len(rows)):
        seen, front = {start}, [start]
        while front:
            at = front.pop()
            new = {other for other in range(len(rows)) if other not in seen and tied(at, other)}
            seen |= new
            front += new
        found.append(seen)
    return found


@SMALL
@given(ROWS, PAIRS, st.sampled_from([0.2, 0.5, 1, 2]), st.integers(0, 2), st.integers(0, 5))
def test_no_row_is_lost_and_nothing_that_is_tied_is_divided(rows, pairs, held_out, few_shot, seed):
    ids = [(f"r{a}", f"r{b}") for a, b in pairs]
    wish = SplitSettings.parse({"held_out": held_out, "few_shot": few_shot, "seed": seed})
    try:
        done = split(made(rows), wish, ids)
    except SettingProblem:  # a pool larger than what the held-out rows leave
        assert few_shot
        return
    on = sides(done.dataset)
    assert list(on) == [f"r{n}" for n in range(len(rows))]
    assert (done.train, done.held_out, done.few_shot) == tuple(
        list(on.values()).count(side) for side in (TRAIN, HELD_OUT, FEW_SHOT)
    )
    assert done.train > 0
    for together in reached(rows, pairs):
        assert len({on[f"r{n}"] for n in together}) == 1
    assert crossing(done.dataset, ids) == []
    assert done.check.startswith("Checked: nothing crosses")


@SMALL
@given(ROWS, st.randoms(use_true_random=False), st.integers(1, 7))
def test_the_order_of_the_rows_and_their_chunks_do_not_matter(rows, random, chunk):
    table = made(rows).table
    order = list(range(len(rows)))
    random.shuffle(order)
    mixed = table.take(pa.array(order))
    mixed = pa.concat_tables([mixed.slice(start, chunk) for start in range(0, len(rows), chunk)])
    wish = SplitSettings.parse({"held_out": 1, "few_shot": 1})
    assert sides(split(Dataset(table), wish).dataset) == sides(split(Dataset(mixed), wish).dataset)


@SMALL
@given(st.integers(1, 60), st.lists(st.tuples(st.integers(0, 59), st.integers(0, 59)), max_size=80))
def test_components_are_those_of_a_walk_from_row_to_row(count, edges):
    edges = [(a % count, b % count) for a, b in edges]
    ends = tuple(np.array([edge[side] for edge in edges], np.int64) for side in (0, 1))
    parent = list(range(count))

    def root(at):
        return at if parent[at] == at else root(parent[at])

    for a, b in edges:
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    assert components(count, [ends]).tolist() == [root(at) for at in range(count)]


def test_a_long_chain_in_random_order_is_one_group():
    order = np.random.default_rng(0).permutation(20_000)
    assert set(components(20_000, [(order[1:], order[:-1])])) == {0}


@pytest.mark.parametrize(
    ("one_prompt", "other", "equal"),
    [
        ("Where is it?", "  where IS\n it? ", True),
        ("Straße", "STRASSE", True),
        ("ﬁle №1", "file No1", True),
        ("Caf\u00e9", "Cafe\u0301", True),
        ("日本 語", "日本　語", True),
        ("Where is it", "Where is it?", False),
        ("page 1", "page 2", False),
    ],
)
def test_which_prompts_are_equal(one_prompt, other, equal):
    keys = prompt_keys(Dataset.of([one(1, one_prompt), one(2, other)]))
    assert (keys[0] == keys[1]) is equal


def test_a_row_without_a_prompt_is_known_by_its_text():
    texts = [Example(f"t{n}", n, (Message(TEXT, text),)) for n, text in enumerate(["a story", "A  Story", "another"])]
    answers = [Example("a", 4, (Message("assistant", "only said"),)), Example("b", 5, (Message("user", "only asked"),))]
    empty = Example("e", 6, ())
    assert prompt_keys(Dataset.of([*texts, *answers, empty])).to_list() == [
        "a story",
        "a story",
        "another",
        "only said",
        "only asked",
        "",
    ]


def test_plain_text_can_be_split():
    texts = Dataset.of(Example(f"t{n}", n, (Message(TEXT, f"story {n}"),)) for n in range(20))
    assert split(texts, SplitSettings.parse({"held_out": 5})).held_out == 5


def test_the_chat_key_tells_roles_and_turns_apart():
    chats = [
        (Message("user", "a"), Message("assistant", "b")),
        (Message("user", "a"), Message("assistant", "b")),
        (Message("user", "a"), Message("user", "b")),
        (Message("user", "a b"),),
        (Message("user", "A"), Message("assistant", "b")),
    ]
    keys = chat_keys(Dataset.of(Example(f"c{n}", n, chat) for n, chat in enumerate(chats))).to_list()
    assert keys[0] == keys[1]
    assert len(set(keys)) == 4


def test_a_number_is_drawn_from_the_name_and_the_seed_alone():
    assert draw(["a", "b"], 1).tolist() == [draw(["a"], 1)[0], draw(["b"], 1)[0]]
    assert draw(["a"], 1) != draw(["a"], 2)


def test_a_split_by_chance_is_found_to_cross_with_its_reason():
    rows = [
        one(1, "same", split=TRAIN),
        one(2, "Same", split=HELD_OUT),
        one(3, "x", group="g", split=TRAIN),
        one(4, "y", group="g", split=FEW_SHOT),
        one(5, "p", split=TRAIN),
        one(6, "q", split=HELD_OUT),
        one(7, "same"),
    ]
    found = crossing(Dataset.of(rows), [("r5", "r6"), ("r5", "gone")])
    assert {(row.row, row.other, row.why) for row in found} == {
        (2, 1, "the same prompt"),
        (4, 3, "the same conversation"),
        (5, 6, "near-duplicates"),
    }


def test_a_dataset_that_was_never_split_does_not_cross():
    assert crossing(Dataset.of([one(1, "same"), one(2, "same")])) == []
    assert crossing(Dataset.of([])) == []


def test_large_groups_are_held_out_no_more_often_than_small_ones():
    rows = [(group * 10 + member, f"g{group}", None) for group in range(100) for member in range(9)]
    rows += [(10_000 + n, None, None) for n in range(100)]
    large = [
        sum(side == HELD_OUT for row, side in sides(split(made(rows), wish).dataset).items() if int(row[1:]) < 900)
        for wish in (SplitSettings.parse({"held_out": 0.3, "seed": seed}) for seed in range(12))
    ]
    assert 0.25 < sum(large) / (12 * 900) < 0.33
