"""A converter over a whole file: nothing is lost, batches make no difference, and what was changed is said."""

import random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ingest.convert import Converter
from core.ingest.shapes import Mapping
from core.ingest.source import Batch, Broken
from core.records import Dataset, Example, with_schema

PAIR = Mapping("prompt_completion", {"prompt": "p", "completion": "c"})
ALPACA = Mapping("alpaca", {"instruction": "i", "input": "g", "output": "o"})
CHAT = Mapping("messages", {"messages": "m", "group": "id"})


def batches(rows: list[dict[str, Any]], size: int) -> list[Batch]:
    numbers = list(range(1, len(rows) + 1))
    return [Batch(numbers[at : at + size], rows[at : at + size]) for at in range(0, len(rows), size)]


def convert(mapping: Mapping, rows: list[dict[str, Any]], size: int = 1000, **more: str) -> tuple[pa.Table, Converter]:
    converter = Converter(mapping, **more)
    tables = [*map(converter.table, batches(rows, size)), converter.finish()]
    return pa.concat_tables(map(with_schema, tables)), converter


def examples(mapping: Mapping, rows: list[dict[str, Any]], **more: str) -> list[Example]:
    return list(Dataset(convert(mapping, rows, **more)[0]))


def test_ids_carry_the_prefix_and_rows_their_source():
    found = examples(PAIR, [{"p": "a", "c": "b"}], prefix="x-", source="x.csv")
    assert [(example.id, example.row, example.source) for example in found] == [("x-r000001", 1, "x.csv")]


def test_the_numbers_of_the_file_are_kept():
    table = Converter(PAIR).table(Batch([7, 9], [{"p": "a", "c": "b"}, {"p": "c", "c": "d"}]))
    assert table["id"].to_pylist() == ["r000007", "r000009"]
    assert table["row"].to_pylist() == [7, 9]


def test_instances_of_a_row_have_ids_and_a_group_of_their_own():
    mapping = Mapping("seed_tasks", {"instruction": "i", "instances": "n"})
    rows = [
        {"i": "a", "n": [{"input": "", "output": "b"}, {"input": "c", "output": "d"}]},
        {"i": "e", "n": [{"output": "f"}]},
    ]
    found = examples(mapping, rows, prefix="s-")
    assert [(example.id, example.group) for example in found] == [
        ("s-r000001", "s-r000001"),
        ("s-r000001.2", "s-r000001"),
        ("s-r000002", None),
    ]


def test_category_and_group_come_from_their_columns():
    mapping = Mapping("dolly", {"instruction": "i", "response": "r", "category": "k", "group": "t"})
    rows = [{"i": "a", "r": "b", "k": "qa", "t": 4}, {"i": "c", "r": "d", "k": "", "t": None}]
    assert [(example.category, example.group) for example in examples(mapping, rows)] == [("qa", "4"), (None, None)]


def test_broken_lines_and_empty_rows_are_problems_and_the_others_stay():
    converter = Converter(PAIR)
    table = converter.table(Batch([1, 3], [{"p": "", "c": None}, {"p": "a", "c": ""}], [Broken(2, "cut off")]))
    assert table["row"].to_pylist() == [3]
    assert [(one.row, one.check, one.row_id) for one in converter.problems] == [
        (2, "broken line", None),
        (1, "empty row", None),
    ]


UGLY = [
    ("a\0b", "ab", "NUL characters were removed from 1 cell."),
    ("a \ud83d", "a \ufffd", "Broken characters (lone surrogates) were replaced by � in 1 cell."),
    (None, "", "NaN, None or null stands in 1 cell and counts as empty."),
    (float("nan"), "", "NaN, None or null stands in 1 cell and counts as empty."),
    ({"a": 1}, '{"a":1}', "A list or an object stands in 1 cell; it is shown as JSON."),
    (["x", "y"], '["x","y"]', "A list or an object stands in 1 cell; it is shown as JSON."),
    (["x"], "x", None),
    (7, "7", None),
    (True, "True", None),
    (b"caf\xc3\xa9", "café", None),
    ("日本 🙂", "日本 🙂", None),
]


@pytest.mark.parametrize(("cell", "text", "note"), UGLY)
def test_any_cell_becomes_a_clean_text_and_what_was_changed_is_said(cell, text, note):
    table, converter = convert(PAIR, [{"p": cell, "c": "x"}, {"p": "y", "c": "x"}])
    assert table["messages"].to_pylist()[0][0]["content"] == text
    assert converter.notes() == ([note] if note else [])


def test_several_changes_are_counted_together():
    _, converter = convert(PAIR, [{"p": "a\0", "c": "b\0"}, {"p": "c\0", "c": None}])
    assert converter.notes() == [
        "NaN, None or null stands in 1 cell and counts as empty.",
        "NUL characters were removed from 3 cells.",
    ]


def test_a_list_that_no_json_can_hold_does_not_stop_the_file():
    deep: Any = "x"
    for _ in range(900):
        deep = [deep]
    table, _ = convert(PAIR, [{"p": {"a": deep}, "c": 10**40}, {"p": ["\ud800", "b"], "c": "d"}])
    assert len(table) == 2


def test_columns_that_were_not_used_are_named():
    _, converter = convert(PAIR, [{"p": "a", "c": "b", "url": "u"}, {"p": "a", "c": "b", "id": 1}])
    assert converter.notes() == ["Not used: the columns “url”, “id”."]
    assert list(converter.columns) == ["p", "c", "url", "id"]


def test_the_columns_of_a_series_of_choices_all_count_as_used():
    mapping = Mapping("choices", {"question": "q", "choices": "A", "answer": "key"})
    _, converter = convert(mapping, [{"q": "?", "A": "x", "B": "y", "C": "z", "key": "B"}])
    assert converter.notes() == []


cells = st.one_of(
    st.text(max_size=8), st.none(), st.integers(), st.booleans(), st.lists(st.text(max_size=3), max_size=2)
)
turns = st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant", "wizard"]), "content": cells})
flat_rows = st.lists(st.fixed_dictionaries({"i": cells, "g": cells, "o": cells}), max_size=12)
chat_rows = st.lists(st.fixed_dictionaries({"m": st.lists(turns, max_size=3), "id": cells}), max_size=12)


@settings(deadline=None, max_examples=60)
@given(rows=flat_rows, size=st.integers(1, 5))
def test_flat_rows_are_the_same_however_they_come_in_batches(rows, size):
    whole, at_once = convert(ALPACA, rows)
    parts, in_parts = convert(ALPACA, rows, size)
    assert whole.equals(parts)
    assert (at_once.problems, at_once.notes()) == (in_parts.problems, in_parts.notes())
    assert sorted(whole["row"].to_pylist() + [one.row for one in at_once.problems]) == list(range(1, len(rows) + 1))


@settings(deadline=None, max_examples=60)
@given(rows=chat_rows, size=st.integers(1, 5))
def test_chats_are_the_same_however_they_come_in_batches(rows, size):
    whole, at_once = convert(CHAT, rows)
    parts, in_parts = convert(CHAT, rows, size)
    assert whole.equals(parts)
    assert at_once.problems == in_parts.problems
    assert sorted(whole["row"].to_pylist() + [one.row for one in at_once.problems]) == list(range(1, len(rows) + 1))


@settings(deadline=None, max_examples=40)
@given(rows=flat_rows)
def test_columns_at_once_give_the_same_as_rows_one_by_one(rows):
    """A mapped history that is empty makes the converter go row by row."""
    by_row = Mapping("alpaca", {**ALPACA.columns, "history": "none"})
    assert convert(ALPACA, rows)[0].equals(convert(by_row, rows)[0])


TREE = Mapping("flat_tree", {"id": "id", "parent": "up", "text": "text", "role": "role", "rank": "rank"})


def message(name: str, parent: str | None, role: str = "assistant", rank: int | None = None) -> dict[str, Any]:
    return {"id": name, "up": parent, "text": f"text {name}", "role": role, "rank": rank}


FOREST = [
    message("a", None, "prompter"),
    message("a1", "a", rank=1),
    message("a2", "a", rank=0),
    message("a2x", "a2", "prompter"),
    message("b", "", "prompter"),
    message("b1", "b"),
    message("lost", "nowhere"),
    message("self", "self"),
]


def test_messages_may_come_in_any_order():
    mixed = list(enumerate(FOREST, 1))
    random.Random(3).shuffle(mixed)
    converter = Converter(TREE)
    assert len(converter.table(Batch([number for number, _ in mixed], [row for _, row in mixed]))) == 0
    found = [(example.id, example.answer, example.group) for example in Dataset(converter.finish())]
    right = {("r000003", "text a2", "a"), ("r000002", "text a1", "a"), ("r000006", "text b1", "b")}
    assert set(found) == right
    assert found.index(("r000003", "text a2", "a")) < found.index(("r000002", "text a1", "a"))
    assert [(one.row, one.check) for one in converter.problems] == [(7, "broken tree")]
    assert "Not in any chat, since no answer follows: 2 messages." in converter.notes()


def test_an_id_that_comes_twice_is_a_problem_of_the_second_row():
    _, converter = convert(TREE, [message("a", None, "prompter"), message("b", "a"), message("b", "a")])
    assert [(one.row, one.check) for one in converter.problems] == [(3, "broken tree")]


def test_a_tree_is_not_bounded_by_the_depth_of_calls():
    rows = [message(str(n), str(n - 1) if n else None, ("prompter", "assistant")[n % 2]) for n in range(3000)]
    assert [len(example.messages) for example in examples(TREE, rows)] == [3000]
