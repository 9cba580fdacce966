"""The difference of two versions: every row is counted once, and a changed row says in which part."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.lineage import CHANGED, ONLY_A, ONLY_B, PARTS, SAME, difference
from core.records import HELD_OUT, TEXT, TRAIN, Dataset, Example, Message


def row(name="r1", prompt="What is ice?", answer="Frozen water.", **other):
    return Example(name, 1, (Message("user", prompt), Message("assistant", answer)), **other)


FIRST = row()
TURNS = (Message("user", "Hi"), Message("assistant", "Hello."), Message("user", "Bye"), Message("assistant", "Bye."))
CHANGES = [
    (FIRST, FIRST, []),
    (FIRST, replace(FIRST, row=7), []),
    (FIRST, row(prompt="What is snow?"), ["prompt"]),
    (FIRST, row(answer="frozen water."), ["answer"]),
    (FIRST, row(answer=""), ["answer"]),
    (FIRST, row(prompt="", answer="Water"), ["prompt", "answer"]),
    (FIRST, replace(FIRST, messages=FIRST.messages[:1]), ["answer"]),
    (FIRST, replace(FIRST, messages=(Message("system", "Be brief."), *FIRST.messages)), ["prompt"]),
    (FIRST, replace(FIRST, messages=(Message("system", "What is ice?"), FIRST.messages[1])), ["prompt"]),
    (FIRST, replace(FIRST, messages=()), ["prompt", "answer"]),
    (row(), replace(FIRST, messages=TURNS), ["prompt", "answer"]),
    (replace(FIRST, messages=TURNS), replace(FIRST, messages=(TURNS[0], *TURNS[2:])), ["prompt"]),
    (Example("r1", 1, (Message(TEXT, "a"),)), Example("r1", 1, (Message(TEXT, "b"),)), ["answer"]),
    (FIRST, row(split=TRAIN), ["split"]),
    (row(split=TRAIN), row(split=HELD_OUT), ["split"]),
    (FIRST, row(label=""), ["label"]),
    (row(label="ice", tags=("a",)), row(label="snow", tags=("a", "b")), ["label", "tags"]),
    (row(tags=("a", "b")), row(tags=("b", "a")), ["tags"]),
    (row(good=False), row(good=None), ["good"]),
    (row(rejected="x"), row(rejected="y"), ["rejected"]),
    (row(category="c", group="g", source="s"), FIRST, ["category", "group", "source"]),
]


@pytest.mark.parametrize(("before", "after", "parts"), CHANGES)
def test_a_changed_row_says_in_which_parts(before, after, parts):
    found = difference(Dataset.of([before]), Dataset.of([after]))
    assert list(found.changed_parts) == parts
    assert found.counts == {ONLY_A: 0, ONLY_B: 0, CHANGED: int(bool(parts)), SAME: int(not parts)}
    for part in PARTS:
        assert len(found.of_kind(part)) == (part in parts)


def test_rows_are_matched_by_id_whatever_their_order():
    a = Dataset.of([row("a"), row("b"), row("c", answer="x")])
    b = Dataset.of([row("d"), row("c"), row("a")])
    found = difference(a, b)
    assert found.rows.rows() == [(ONLY_A, "", 1, None), (CHANGED, "answer", 2, 1), (ONLY_B, "", None, 0)]
    assert (found.same, found.of_kind(ONLY_B).rows()) == (1, [(ONLY_B, "", None, 0)])


def test_rows_of_other_files_are_matched_by_what_they_say():
    a = Dataset.of([row("r1", "one"), row("r2", "two"), row("r3", "two")])
    b = Dataset.of([row("r1", "two", label="x"), row("r2", "three")])
    assert difference(a, b, "id").counts == {ONLY_A: 1, ONLY_B: 0, CHANGED: 2, SAME: 0}
    assert difference(a, b, "content").rows.rows() == [
        (ONLY_A, "", 0, None),
        (CHANGED, "label", 1, 0),
        (ONLY_A, "", 2, None),
        (ONLY_B, "", None, 1),
    ]


def test_no_rows_are_no_difference():
    empty = Dataset.of([])
    assert difference(empty, empty).counts == {ONLY_A: 0, ONLY_B: 0, CHANGED: 0, SAME: 0}
    assert difference(empty, Dataset.of([FIRST])).counts[ONLY_B] == 1
    assert difference(empty, empty).changed_parts == {}


TEXTS = st.sampled_from(["", "a", "b", "ß\u0301"])
ROWS = st.lists(st.builds(row, st.sampled_from("abc"), TEXTS, TEXTS, label=st.none() | TEXTS), max_size=6)


@settings(deadline=None, max_examples=60)
@given(ROWS, ROWS, st.sampled_from(["id", "content"]))
def test_every_row_of_both_sides_is_counted_once_and_the_other_way_round_is_the_mirror(one, two, match):
    a, b = Dataset.of(one), Dataset.of(two)
    found, mirror = difference(a, b, match), difference(b, a, match)
    assert found.counts[ONLY_A] + found.counts[CHANGED] + found.counts[SAME] == len(one)
    assert found.counts[ONLY_B] + found.counts[CHANGED] + found.counts[SAME] == len(two)
    assert sorted(found.rows["a"].drop_nulls().to_list()) == sorted(set(found.rows["a"].drop_nulls().to_list()))
    assert mirror.counts == {**found.counts, ONLY_A: found.counts[ONLY_B], ONLY_B: found.counts[ONLY_A]}
    assert difference(a, a, match).counts[SAME] == len(one)
