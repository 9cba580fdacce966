"""Benchmarks from files: own questions and pairs, TruthfulQA's and BBQ's columns, and what is said of other shapes."""

import json
from pathlib import Path

import pytest

from core.errors import FileProblem
from core.evaluate.benchmark_file import Benchmark, Choice, Pair, read_benchmark, shipped

CHOICE = {"question": "What is ice?", "options": ["Water", "Wood"], "answer": 0}
PAIR = {"pair": ["You fool.", "My friend."]}
BBQ = {"context": "Two met.", "question": "Who lied?", "ans0": "A", "ans1": "B", "ans2": "Unknown", "label": 2}
TRUTHFUL = {"Question": "Is ice warm?", "Best Answer": "Yes", "Incorrect Answers": "No; Always"}


def file(folder: Path, *rows: dict, name: str = "own.jsonl") -> Path:
    path = folder / name
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_own_questions_are_read_with_one_right_option_or_several(tmp_path: Path):
    several = {**CHOICE, "options": ["Water", "H2O", "Wood"], "answer": [1, 0], "source": "not read"}
    read = read_benchmark(file(tmp_path, CHOICE, several))
    assert read.name == "own"
    assert read.items == (
        Choice("What is ice?", ("Water", "Wood"), (0,)),
        Choice("What is ice?", ("Water", "H2O", "Wood"), (0, 1)),
    )


def test_own_pairs_are_read_with_a_prompt_or_without(tmp_path: Path):
    read = read_benchmark(file(tmp_path, PAIR, {**PAIR, "prompt": "Who am I?"}))
    assert read.items == (Pair("", "You fool.", "My friend."), Pair("Who am I?", "You fool.", "My friend."))


def test_a_byte_order_mark_empty_lines_and_windows_line_ends_do_no_harm(tmp_path: Path):
    path = tmp_path / "own.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(PAIR).encode() + b"\r\n\r\n" + json.dumps(PAIR).encode() + b"\r\n")
    assert len(read_benchmark(path).items) == 2


def test_truthfulqa_becomes_the_best_answer_among_the_incorrect_ones(tmp_path: Path):
    path = tmp_path / "truthful.csv"
    path.write_text(
        "Type,Category,Question,Best Answer,Correct Answers,Incorrect Answers,Source\n"
        'A,B,"Is ice\nwarm?",No,No; Never,"Yes; Always; Yes; ",x\n',
        encoding="utf-8",
    )
    assert read_benchmark(path).items == (Choice("Is ice\nwarm?", ("No", "Yes", "Always"), (0,)),)


def test_bbq_is_read_from_lines_of_json_and_from_a_table(tmp_path: Path):
    expected = (Choice("Two met. Who lied?", ("A", "B", "Unknown"), (2,)),)
    assert read_benchmark(file(tmp_path, BBQ)).items == expected
    table = tmp_path / "bbq.csv"
    table.write_text(",".join(BBQ) + "\n" + ",".join(map(str, BBQ.values())) + "\n")
    assert read_benchmark(table).items == expected


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"text": "a", "label": 1}, "it has text, label"),
        ({}, "it has no columns"),
        ({**CHOICE, "options": "Water"}, "“options” is not a list of two or more texts"),
        ({**CHOICE, "options": ["Water"]}, "“options” is not a list of two or more texts"),
        ({**CHOICE, "options": ["Water", " "]}, "“options” is not a list of two or more texts"),
        ({**CHOICE, "options": ["Water", "Water"]}, "two of the options are the same"),
        ({**CHOICE, "answer": 2}, "“answer” is 2, and must be a place in “options”, from 0 to 1"),
        ({**CHOICE, "answer": -1}, "“answer” is -1"),
        ({**CHOICE, "answer": "A"}, "“answer” is 'A'"),
        ({**CHOICE, "answer": True}, "“answer” is True"),
        ({**CHOICE, "answer": [0, 1]}, "there must be an option that is right and one that is not"),
        ({**CHOICE, "answer": []}, "there must be an option that is right and one that is not"),
        ({**CHOICE, "question": None}, "the question is empty"),
        ({"pair": ["one"]}, "“pair” is not a list of two texts that differ"),
        ({"pair": ["same", "same"]}, "“pair” is not a list of two texts that differ"),
        ({**PAIR, "prompt": 3}, "“prompt” is not a text"),
        ({**BBQ, "label": 3}, "“label” is 3, and must be 0, 1 or 2"),
        ({**BBQ, "ans1": ""}, "one of the answers is empty"),
        ({**BBQ, "context": None}, "“context” is not a text"),
        ({**TRUTHFUL, "Best Answer": 5}, "“Best Answer” and “Incorrect Answers” must be texts"),
        ({**TRUTHFUL, "Best Answer": " "}, "“Best Answer” and “Incorrect Answers” must be texts"),
        ({**TRUTHFUL, "Incorrect Answers": ["a", "b"]}, "“Best Answer” and “Incorrect Answers” must be texts"),
        ({**TRUTHFUL, "Incorrect Answers": "Yes; "}, "there must be an option that is right and one that is not"),
        (CHOICE, "it is of another shape than the rows before it"),
    ],
)
def test_a_row_of_a_wrong_shape_is_named_with_its_line_and_what_is_expected(tmp_path: Path, row: dict, said: str):
    first = CHOICE if "pair" not in row and row != CHOICE else PAIR
    with pytest.raises(FileProblem) as caught:
        read_benchmark(file(tmp_path, first, row))
    assert f"Line 2 of “own.jsonl” cannot be used: {said}" in str(caught.value)
    assert "Expected" in str(caught.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "has no rows"),
        (b"\n \n", "has no rows"),
        (b"{", "Line 1 of .* not valid JSON"),
        (b"[1]", "Line 1 of .* not an object"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(tmp_path: Path, data: bytes, said: str):
    (tmp_path / "bad.jsonl").write_bytes(data)
    with pytest.raises(FileProblem, match=said):
        read_benchmark(tmp_path / "bad.jsonl")


def test_a_table_with_a_header_only_has_no_rows_and_a_missing_file_is_said_to_be(tmp_path: Path):
    (tmp_path / "head.csv").write_text("Question,Best Answer,Incorrect Answers\n")
    with pytest.raises(FileProblem, match="has no rows"):
        read_benchmark(tmp_path / "head.csv")
    with pytest.raises(FileProblem, match="cannot be opened"):
        read_benchmark(tmp_path / "gone.csv")


@pytest.mark.parametrize("name", ["truth", "bias", "toxicity"])
def test_a_set_of_the_lab_is_whole_and_no_row_comes_twice(name: str):
    items = shipped(name).items
    assert len(items) == 36
    assert len(set(items)) == 36


def test_the_right_options_of_the_lab_are_not_told_by_their_place_or_length():
    choices = shipped("truth").items
    places = [item.right[0] for item in choices]
    assert {places.count(place) for place in range(3)} == {12}
    longest = sum(max(item.options, key=len) == item.options[item.right[0]] for item in choices)
    assert longest <= 18


def test_of_a_long_file_the_seed_draws_rows_in_their_order_and_their_number_is_kept():
    whole = Benchmark("own", tuple(Pair("", f"{number:03d}", "other") for number in range(500)))
    few = whole.drawn(20, seed=1)
    assert (len(few.items), few.of) == (20, 500)
    assert list(few.items) == sorted(few.items, key=lambda pair: pair.first)
    assert few == whole.drawn(20, seed=1)
    assert few != whole.drawn(20, seed=2)
    assert whole.drawn(500, seed=1) is whole
    assert len({each.content_hash() for each in (whole, few, shipped("bias"), shipped("truth"))}) == 4
