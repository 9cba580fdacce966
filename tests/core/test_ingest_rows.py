"""Nothing is dropped silently: every row of a file is an example or a problem with its number."""

import json
import random

import pytest

from core.ingest import ingest


@pytest.fixture
def read(tmp_path):
    def read_file(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return ingest(path, name)

    return read_file


def good(number):
    return json.dumps({"prompt": f"question {number}", "completion": f"answer {number}"})


def unreadable(found):
    assert all(problem.row_id is None for problem in found.problems)
    return {problem.row: problem.check for problem in found.problems}


def test_broken_lines_are_listed_by_line_number_and_the_others_load(read):
    lines = [good(1), '{"prompt": "cut', good(3), "", "[1, 2]", good(6), "null"]
    found = read("a.jsonl", "\n".join(lines))
    assert [example.row for example in found.dataset] == [1, 3, 6]
    assert unreadable(found) == {2: "broken line", 5: "broken line", 7: "broken line"}


def test_a_reason_never_quotes_the_broken_text(read):
    found = read("a.jsonl", f'{good(1)}\n{{"prompt": "call +44 161 496 0718\n')
    assert "496" not in found.problems[0].reason


@pytest.mark.parametrize("indent", [None, 2])
def test_complete_records_of_a_cut_off_list_are_salvaged(read, indent):
    turns = [{"role": "user", "content": "a {b}, {c}"}, {"role": "assistant", "content": "d"}]
    whole = json.dumps([{"id": number, "messages": turns} for number in range(5)], indent=indent)
    found = read("a.json", whole[: int(len(whole) * 0.9)])
    assert [example.row for example in found.dataset] == [1, 2, 3, 4]
    assert unreadable(found) == {5: "broken line"}
    assert any("not complete JSON" in note for note in found.notes)


def test_a_broken_record_in_the_middle_of_a_list_costs_only_itself(read):
    found = read("a.json", f'[{good(1)}, {{"prompt": "x" "completion": "y"}}, {good(3)}]')
    assert [example.row for example in found.dataset] == [1, 3]
    assert unreadable(found) == {2: "broken line"}


def test_records_of_a_cut_off_wrapped_list_are_salvaged(read):
    found = read("a.json", f'{{"data": [{good(1)}, {good(2)}, {{"prompt": "x')
    assert (len(found.dataset), len(found.problems)) == (2, 1)


RAGGED = [
    ("too many cells", "a,b,c", 1),
    ("too few cells", "a", 0),
    ("a quote that is never closed", 'a,"b', 1),
    ("a quote inside a cell", '"say "hi" now",b', 1),
    ("an empty row", ",", 1),
    ("trailing empty cells", "a,b,,", 0),
    ("a blank line", "", 0),
]


@pytest.mark.parametrize(("what", "line", "problems"), RAGGED)
def test_a_ragged_csv_row_costs_at_most_itself(read, what, line, problems):
    found = read("a.csv", f"prompt,completion\nfirst,one\n{line}\nlast,two\nvery last,three\n")
    answers = [example.answer for example in found.dataset]
    assert answers[:1] + answers[-2:] == ["one", "two", "three"]
    assert len(found.problems) == problems
    assert len(found.dataset) + len(found.problems) == (3 if what == "a blank line" else 4)


def test_a_quoted_cell_may_hold_line_ends_and_separators(read):
    found = read("a.csv", 'prompt,completion\n"one,\ntwo","three ""3"""\nfour,five\n')
    assert [(example.row, example.answer) for example in found.dataset] == [(1, 'three "3"'), (2, "five")]


CHATS = [
    ([], "empty row"),
    ("none", "unreadable chat"),
    ([{"role": "wizard", "content": "x"}], "unreadable chat"),
    ([{"content": "x"}], "unreadable chat"),
    (["x"], "unreadable chat"),
    ([{"role": "user", "content": [{"type": "image"}]}], "unreadable chat"),
    ([{"role": "assistant", "content": None, "tool_calls": [{}]}], "unreadable chat"),
]


@pytest.mark.parametrize(("chat", "check"), CHATS)
def test_a_chat_that_cannot_be_read_is_a_problem_of_its_row(read, chat, check):
    fine = [{"role": "user", "content": [{"type": "text", "text": "a"}]}, {"role": "assistant", "content": "b"}]
    rows = [{"messages": fine}, {"messages": chat}, {"messages": fine}]
    found = read("a.jsonl", "\n".join(json.dumps(row) for row in rows))
    assert [example.row for example in found.dataset] == [1, 3]
    assert unreadable(found) == {2: check}


def test_no_row_is_lost_however_lines_are_damaged(read):
    damage = random.Random(7)
    lines = []
    for number in range(1, 401):
        line = good(number)
        lines.append(line[: damage.randrange(1, len(line))] if damage.random() < 0.3 else line)
    found = read("a.jsonl", "\n".join(lines))
    rows = sorted([example.row for example in found.dataset] + [problem.row for problem in found.problems])
    assert rows == list(range(1, 401))
    assert len(found.problems) > 50
