"""Names of columns and what nobody would call a data set: a guess finds nothing there, and never fails."""

import time

import pytest

from core.ingest.convert import Converter
from core.ingest.guess import guess, questions, suggest
from core.ingest.names import plain, successor
from core.ingest.source import Batch

NOTHING = [[], [{}], [{"a": None}], [{"a": ""}], [{"n": 1, "m": 2.5}] * 3, [{"id": "a1b2c3d4e5"}] * 3]


@pytest.mark.parametrize("rows", NOTHING)
def test_where_no_column_holds_text_nothing_is_guessed(rows):
    assert guess(rows) == []
    assert questions([]) == []


UGLY = [
    {"text": "x" * 2_000_000, "label": "a"},
    {"text": "[" * 50_000, "label": "a"},
    {"text": " " * 100_000 + "<", "label": "a"},
    {"text": "a1" * 10_000, "label": "_" * 10_000},
    {"text": "\ud800 lone", "label": "\0"},
    {"text": b"bytes", "label": float("nan")},
    {"text": {"a": [{"b": [[]]}]}, "label": [None, {}]},
    {"\ud83d": "a lone surrogate in a name", "": "an empty name"},
    {"text": [{"role": None}, {"role": 3}], "prompt": {"replies": None, "text": 5}},
    {"messages": [[]], "choices": {"text": None}, "answer": [[]], "A": {}, "B": []},
]


@pytest.mark.parametrize("row", UGLY, ids=range(len(UGLY)))
def test_no_cell_is_too_ugly_to_guess_and_convert(row):
    rows = [row] * 3
    started = time.thread_time()
    for one in guess(rows):
        converter = Converter(one.mapping)
        tables = [converter.table(Batch([1, 2, 3], rows)), converter.finish()]
        assert sum(map(len, tables)) + len(converter.problems) >= 3
        assert isinstance(converter.notes(), list)
    assert time.thread_time() - started < 5


SUGGESTED = [
    ("alpaca", ["Instruction", "OUTPUT"], {"instruction": "Instruction", "output": "OUTPUT"}),
    ("question_answer", ["Frage", "Antwort"], {"question": "Frage", "answer": "Antwort"}),
    ("prompt_completion", ["input", "prompt", "response"], {"prompt": "prompt", "completion": "response"}),
    ("text_label", ["label"], {"label": "label"}),
    ("preference", ["x"], {}),
]


@pytest.mark.parametrize(("shape", "columns", "expected"), SUGGESTED)
def test_columns_are_suggested_for_a_shape_by_their_names(shape, columns, expected):
    assert suggest(columns, shape).columns == expected


SPELLED = [
    ("best_answer", "best answer"),
    ("bestAnswer", "best answer"),
    (" Réponse : ", "reponse"),
    ("Unnamed: 0", "unnamed 0"),
    ("data.prompt", "data prompt"),
    ("", ""),
]


@pytest.mark.parametrize(("name", "words"), SPELLED)
def test_a_name_is_read_by_its_words(name, words):
    assert plain(name) == words


@pytest.mark.parametrize(
    ("name", "next_one"), [("ans0", "ans1"), ("A", "B"), ("opa", "opb"), ("x 9", "x 10"), ("z", None)]
)
def test_the_columns_of_a_series_go_on_by_number_or_letter(name, next_one):
    assert successor(name) == next_one
