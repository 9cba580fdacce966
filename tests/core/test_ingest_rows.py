"""Nothing is dropped silently: every row of a file is an example or a problem with its number."""

import json
import random

import pytest

from core.ingest import read


@pytest.fixture
def load(tmp_path):
    def load_file(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(path, name)

    return load_file


def good(number):
    return json.dumps({"prompt": f"question {number}", "completion": f"answer {number}"})


def unreadable(found):
    assert all(problem.row_id is None for problem in found.problems)
    return {problem.row: problem.check for problem in found.problems}


def test_broken_lines_are_listed_by_line_number_and_the_others_load(load):
    lines = [good(1), '{"prompt": "cut', good(3), "", "[1, 2]", good(6), "null"]
    dataset, found = load("a.jsonl", "\n".join(lines))
    assert [example.row for example in dataset] == [1, 3, 6]
    assert unreadable(found) == {2: "broken line", 5: "broken line", 7: "broken line"}


def test_an_empty_row_of_a_csv_is_a_problem_and_a_blank_line_is_none(load):
    dataset, found = load("a.csv", "prompt,completion\nfirst,one\n,\n\nlast,two\nvery last,three\n")
    assert [example.answer for example in dataset] == ["one", "two", "three"]
    assert unreadable(found) == {2: "empty row"}


CHATS = [
    ([], "empty row"),
    ("none", "unreadable chat"),
    ([{"role": "wizard", "content": "x"}], "unreadable chat"),
    ([{"content": "x"}], "unreadable chat"),
    ([{"role": "user", "content": [{"type": "image"}]}], "unreadable chat"),
]


@pytest.mark.parametrize(("chat", "check"), CHATS)
def test_a_chat_that_cannot_be_read_is_a_problem_of_its_row(load, chat, check):
    fine = [{"role": "user", "content": [{"type": "text", "text": "a"}]}, {"role": "assistant", "content": "b"}]
    rows = [{"messages": fine}, {"messages": chat}, {"messages": fine}]
    dataset, found = load("a.jsonl", "\n".join(json.dumps(row) for row in rows))
    assert [example.row for example in dataset] == [1, 3]
    assert unreadable(found) == {2: check}


def test_no_row_is_lost_however_lines_are_damaged(load):
    damage = random.Random(7)
    lines = []
    for number in range(1, 401):
        line = good(number)
        lines.append(line[: damage.randrange(1, len(line))] if damage.random() < 0.3 else line)
    dataset, found = load("a.jsonl", "\n".join(lines))
    rows = sorted([example.row for example in dataset] + [problem.row for problem in found.problems])
    assert rows == list(range(1, 401))
    assert len(found.problems) > 50
