"""Rows become examples: each form of a shape, what is cleaned on the way, and what is no example and why."""

from typing import Any

import pytest

from core.ingest.convert import Converter
from core.ingest.shapes import SHAPES, Mapping
from core.ingest.source import Batch
from core.records import Dataset, Example

FIELDS = {shape: {field.name: field.name for field in SHAPES[shape].fields} for shape in SHAPES}


def mapping_for(shape: str, row: dict[str, Any], **columns: str) -> Mapping:
    """The fields of a shape that the row has under their own names, and the columns given."""
    return Mapping(shape, {field: field for field in FIELDS[shape] if field in row} | columns)


def convert(
    mapping: Mapping, rows: list[dict[str, Any]], sizes: int = 1000, **options: Any
) -> tuple[list[Example], Converter]:
    converter = Converter(mapping, **options)
    numbers = list(range(1, len(rows) + 1))
    batches = [Batch(numbers[at : at + sizes], rows[at : at + sizes]) for at in range(0, len(rows), sizes)]
    tables = [*(converter.table(batch) for batch in batches), converter.finish()]
    return [example for table in tables for example in Dataset(table)], converter


def one(shape: str, row: dict[str, Any], **columns: str) -> Example:
    examples, converter = convert(mapping_for(shape, row, **columns), [row])
    assert converter.problems == []
    return examples[0]


def turns(example: Example) -> list[tuple[str, str]]:
    return [(message.role, message.content) for message in example.messages]


def problem(shape: str, row: dict[str, Any], **columns: str) -> tuple[str, str]:
    examples, converter = convert(mapping_for(shape, row, **columns), [row])
    assert examples == []
    return converter.problems[0].check, converter.problems[0].reason


U, A = "user", "assistant"

FLAT = [
    ("alpaca", {"instruction": "Add.", "input": "1 and 2", "output": "3"}, [(U, "Add.\n\n1 and 2"), (A, "3")]),
    ("alpaca", {"instruction": "Add.", "input": " ", "output": "3"}, [(U, "Add."), (A, "3")]),
    ("alpaca", {"instruction": "", "input": "1 and 2", "output": "3"}, [(U, "1 and 2"), (A, "3")]),
    ("alpaca", {"instruction": "Go.", "output": ["first", "second"]}, [(U, "Go."), (A, "first")]),
    ("alpaca", {"instruction": ["Go."], "output": 7}, [(U, "Go."), (A, "7")]),
    ("alpaca", {"instruction": "a", "output": "b", "system": "S"}, [("system", "S"), (U, "a"), (A, "b")]),
    ("alpaca", {"instruction": "a", "output": "b", "system": None}, [(U, "a"), (A, "b")]),
    ("alpaca", {"instruction": "c", "output": "d", "history": [["a", "b"]]}, [(U, "a"), (A, "b"), (U, "c"), (A, "d")]),
    ("alpaca", {"instruction": "c", "output": "d", "history": "[]"}, [(U, "c"), (A, "d")]),
    ("dolly", {"instruction": "a", "context": "b", "response": "c"}, [(U, "a\n\nb"), (A, "c")]),
    ("question_answer", {"question": "q", "context": "c", "answer": {"text": ["x", "y"]}}, [(U, "c\n\nq"), (A, "x")]),
    ("question_answer", {"question": "q", "answer": []}, [(U, "q"), (A, "")]),
    ("text_label", {"text": "a", "text_pair": "b", "label": 1}, [(U, "a\n\nb"), (A, "1")]),
    ("prompt_completion", {"prompt": [{"role": "user", "content": "a"}], "completion": "b"}, [(U, "a"), (A, "b")]),
    ("prompt_completion", {"prompt": {"text": "a", "toxicity": 0.1}, "completion": "b"}, [(U, "a"), (A, "b")]),
    ("seed_tasks", {"instruction": "a", "instances": [{"input": "b", "output": "c"}]}, [(U, "a\n\nb"), (A, "c")]),
    ("prompt_only", {"prompt": ["one", "two"]}, [(U, "one")]),
    ("prompt_only", {"prompt": "a", "input": "b"}, [(U, "a\n\nb")]),
    ("prompt_only", {"prompt": [[{"role": "user", "content": "a"}], [{"role": "user", "content": "b"}]]}, [(U, "a")]),
    ("text", {"text": "Once upon a time"}, [("text", "Once upon a time")]),
    ("tool_calls", {"query": "a", "calls": []}, [(U, "a"), (A, "")]),
]


@pytest.mark.parametrize(("shape", "row", "expected"), FLAT)
def test_a_row_becomes_its_turns(shape, row, expected):
    assert turns(one(shape, row)) == expected


HELLO = [(U, "Hello"), (A, "Hi.")]
CHATS = [
    ([{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi."}], HELLO),
    ([{"from": "human", "value": "Hello", "weight": 0}, {"from": "gpt", "value": "Hi.", "weight": 1}], HELLO),
    ([{"role": "User", "content": "Hello"}, {"role": "model", "content": "Hi.", "tool_calls": None}], HELLO),
    ('[{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi."}]', HELLO),
    ("[{'role': 'user', 'content': 'Hello'}, {'role': 'assistant', 'content': 'Hi.'}]", HELLO),
    (
        [{"role": "user", "content": [{"type": "text", "text": "Hello"}]}, {"role": "assistant", "content": "Hi."}],
        HELLO,
    ),
    ([{"input": "Hello", "output": "Hi."}], HELLO),
    ([{"human": "Hello", "assistant": "Hi."}], HELLO),
    ([["Hello", "Hi."]], HELLO),
    (["Hello", "Hi."], HELLO),
    ([{"speaker": "customer", "text": "Hello"}, {"speaker": "agent", "text": "Hi."}], HELLO),
    ([{"from": "observation", "value": {"a": 1}}], [("tool", '{"a":1}')]),
    (
        [{"from": "function_call", "value": '{"name": "f", "arguments": {"x": 1}}'}],
        [(A, '<tool_call>\n{"name":"f","arguments":{"x":1}}\n</tool_call>')],
    ),
    (
        [{"role": "assistant", "content": "", "function_call": {"name": "f", "arguments": '{"x": 1}'}}],
        [(A, '<tool_call>\n{"name":"f","arguments":{"x":1}}\n</tool_call>')],
    ),
    (
        [{"role": "assistant", "content": [{"type": "tool_call", "value": '{"name": "f", "arguments": "{}"}'}]}],
        [(A, '<tool_call>\n{"name":"f","arguments":{}}\n</tool_call>')],
    ),
]


@pytest.mark.parametrize(("chat", "expected"), CHATS)
def test_a_chat_is_read_in_whatever_form_it_is_written(chat, expected):
    assert turns(one("messages", {"messages": chat})) == expected


def test_a_system_column_goes_before_a_chat_that_has_none_of_its_own():
    chat = [{"role": "user", "content": "Hello"}]
    assert turns(one("messages", {"messages": chat, "system": "Be brief."}))[0] == ("system", "Be brief.")
    own = [{"role": "system", "content": "Mine."}, *chat]
    assert turns(one("messages", {"messages": own, "system": "Be brief."}))[0] == ("system", "Mine.")


def test_tools_that_the_system_message_names_already_are_not_named_again():
    chat = [{"role": "system", "content": "<tools>[]</tools>"}, {"role": "user", "content": "Hello"}]
    assert turns(one("messages", {"messages": chat, "tools": '[{"name": "f"}]'}))[0][1] == "<tools>[]</tools>"
    assert turns(one("messages", {"messages": chat[1:], "tools": "[]"})) == [(U, "Hello")]


TRANSCRIPTS = [
    "\n\nHuman: Hello\n\nAssistant: Hi.",
    "Human: Hello\nAssistant: Hi.",
    "### Human: Hello### Assistant: Hi.",
    "### Instruction:\nHello\n\n### Response:\nHi.",
    "USER: Hello\n\n\nASSISTANT: Hi. <|endoftext|>",
    "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\nHi.<|im_end|>\n",
    "<|user|>\nHello</s>\n<|assistant|>\nHi.</s>",
    "<s>[INST] Hello [/INST] Hi. </s>",
    "[|Human|] Hello\n[|AI|] Hi.\n[|Human|] ",
    "<human>: Hello\n<bot>: Hi.",
    "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nHello<|eot_id|>"
    "<|start_header_id|>assistant<|end_header_id|>\n\nHi.<|eot_id|>",
]


@pytest.mark.parametrize("text", TRANSCRIPTS)
def test_a_chat_in_one_text_is_divided_at_its_marks(text):
    found = [turn for turn in turns(one("transcript", {"transcript": text})) if turn != (U, "")]
    assert found == HELLO


def test_marks_of_another_kind_within_an_answer_stay_there():
    text = "\n\nHuman: Show a chat.\n\nAssistant: Here:\nUser: one\nBot: two"
    assert turns(one("transcript", {"transcript": text}))[1] == (A, "Here:\nUser: one\nBot: two")


def test_calls_in_the_form_of_glaive_become_those_of_hermes():
    text = 'USER: Hi\n\n\nASSISTANT: <functioncall> {"name": "f", "arguments": \'{"x": 1}\'} <|endoftext|>'
    system = 'SYSTEM: You have access to the following functions -\n{"name": "f"}'
    found = turns(one("transcript", {"transcript": text, "system": system}))
    assert found[0] == ("system", 'You have access to the following functions\n<tools>\n{"name": "f"}\n</tools>')
    assert found[2] == (A, '<tool_call>\n{"name": "f", "arguments": {"x": 1}}\n</tool_call>')


def chat(*said: str) -> list[dict[str, str]]:
    return [{"role": (U, A)[number % 2], "content": text} for number, text in enumerate(said)]


PREFERENCES = [
    {"prompt": "q", "chosen": "good", "rejected": "bad"},
    {"prompt": chat("q"), "chosen": chat("q", "good")[1:], "rejected": chat("q", "bad")[1:]},
    {"prompt": "ignored", "chosen": chat("q", "good"), "rejected": chat("q", "bad")},
    {"chosen": chat("q", "good"), "rejected": chat("q", "bad")},
    {"chosen": "\n\nHuman: q\n\nAssistant: good", "rejected": "\n\nHuman: q\n\nAssistant: bad"},
    {"prompt": "\n\nHuman: q\n\nAssistant:", "chosen": "good", "rejected": "bad"},
    {
        "prompt": [{"from": "human", "value": "q"}],
        "chosen": {"from": "gpt", "value": "good"},
        "rejected": {"value": "bad"},
    },
    {"prompt": "q", "chosen": "bad", "rejected": "good", "better": "rejected"},
]


@pytest.mark.parametrize("row", PREFERENCES)
def test_a_preference_is_read_in_whatever_form_it_is_written(row):
    if isinstance(row["rejected"], dict):
        row = {**row, "rejected": {"from": "gpt", **row["rejected"]}}
    example = one("preference", row)
    assert (turns(example), example.rejected) == ([(U, "q"), (A, "good")], "bad")


@pytest.mark.parametrize(("better", "answer"), [(0, "first"), ("1", "second"), ("model_b", None), ("tie", None)])
def test_which_of_two_answers_is_better_may_stand_in_a_column(better, answer):
    row = {"prompt": "q", "response_0": "first", "response_1": "second", "best": better}
    columns = {"chosen": "response_0", "rejected": "response_1", "better": "best"}
    examples, converter = convert(mapping_for("preference", row, **columns), [row])
    assert [example.answer for example in examples] == ([answer] if answer else [])
    assert len(converter.problems) == (answer is None)


VERDICTS = [
    (True, True),
    (1, True),
    ("1.0", True),
    ("thumbs_down", False),
    (-1, False),
    ("False", False),
    ("good", True),
]


@pytest.mark.parametrize(("said", "good"), VERDICTS)
def test_a_verdict_is_a_yes_or_a_no(said, good):
    assert one("kto", {"prompt": "q", "completion": "a", "label": said}).good is good


CHOICES = [
    ({"choices": ["x", "y", "z"], "answer": 0}, "A. x"),
    ({"choices": ["x", "y", "z"], "answer": "B"}, "B. y"),
    ({"choices": ["x", "y", "z"], "answer": "(b)"}, "B. y"),
    ({"choices": ["x", "y", "z"], "answer": "y"}, "B. y"),
    ({"choices": ["x", "y", "z"], "answer": "C) z"}, "C. z"),
    ({"choices": ["A)x", "B)y"], "answer": "B"}, "B. y"),
    ({"choices": "['x', 'y']", "answer": 1}, "B. y"),
    ({"choices": "a ) x , b ) y , c ) z", "answer": "c"}, "C. z"),
    ({"choices": {"text": ["x", "y"], "label": ["1", "2"]}, "answer": "2"}, "B. y"),
    ({"choices": [{"label": "A", "text": "x"}, {"label": "B", "text": "y"}], "answer": "B"}, "B. y"),
    ({"choices": {"A": "x", "B": "y"}, "answer": "B"}, "B. y"),
    ({"choices": ["x", "y"], "answer": ["B"]}, "B. y"),
    ({"choices": ["x", "y"], "answer": None}, ""),
]


@pytest.mark.parametrize(("row", "answer"), CHOICES)
def test_an_answer_names_a_choice_by_letter_number_or_text(row, answer):
    example = one("choices", {"question": "q", **row})
    assert example.answer == answer
    assert example.label == (answer[:1] or None)
    assert example.messages[0].content.startswith("q\n\nA. x\nB. y")


@pytest.mark.parametrize(("numbers", "letters"), [([1, 1, 2], "AAB"), ([1, 1, 0], "BBA"), ([1, 1, 1], "BBB")])
@pytest.mark.parametrize("sizes", [1, 2, 10])
def test_whether_choices_count_from_0_or_1_is_seen_from_the_whole_file(numbers, letters, sizes):
    rows = [{"question": f"q{row}", "choices": ["x", "y"], "answer": number} for row, number in enumerate(numbers)]
    examples, _ = convert(mapping_for("choices", rows[0]), rows, sizes)
    assert "".join(example.label or "" for example in examples) == letters
    assert [example.row for example in examples] == [1, 2, 3]


def test_choices_may_stand_in_columns_that_are_counted_and_the_last_may_be_missing():
    row = {"question": "q", "ans0": "x", "ans1": "y", "ans2": "", "answer": 1}
    example = one("choices", row, choices="ans0")
    assert example.messages[0].content == "q\n\nA. x\nB. y"


def test_a_right_answer_beside_wrong_ones_takes_its_place_by_the_alphabet():
    row = {"question": "q", "distractor1": "z", "distractor2": "x", "answer": "y"}
    example = one("choices", row, choices="distractor1")
    assert (example.answer, example.messages[0].content) == ("B. y", "q\n\nA. x\nB. y\nC. z")


LOST = [
    ("alpaca", {"instruction": "", "output": " "}, {}, "empty row", "“instruction”, “output”"),
    ("messages", {"messages": []}, {}, "empty row", "the chat is empty"),
    ("messages", {"messages": "hello"}, {}, "unreadable chat", "no list of turns"),
    (
        "messages",
        {"messages": [{"role": "wizard", "content": "x"}]},
        {},
        "unreadable chat",
        "turn 1 has the role “wizard”",
    ),
    (
        "messages",
        {"messages": [{"role": A, "content": None, "tool_calls": [{}]}]},
        {},
        "unreadable chat",
        "without a name",
    ),
    ("messages", {"messages": [{"role": U, "content": [{"type": "image"}]}]}, {}, "unreadable chat", "not text"),
    ("transcript", {"transcript": "Just a text."}, {}, "unreadable chat", "no turns are marked"),
    ("preference", {"prompt": "q", "chosen": "a", "rejected": ""}, {}, "no pair", "“rejected” is empty"),
    ("preference", {"chosen": chat("q", "a"), "rejected": chat("p", "b")}, {}, "no pair", "the same prompt"),
    ("preference", {"chosen": chat("q"), "rejected": chat("q")}, {}, "no pair", "does not end with an answer"),
    ("kto", {"prompt": "q", "completion": "a", "label": "perhaps"}, {}, "no verdict", "“label”"),
    ("choices", {"question": "q", "choices": ["x"], "answer": 0}, {}, "no choices", "fewer than 2"),
    ("choices", {"question": "q", "choices": ["x", "y"], "answer": "Z"}, {}, "no such choice", "none of the 2 choices"),
    ("choices", {"question": "q", "choices": ["x", "y"], "answer": -1}, {}, "no such choice", "none of the 2 choices"),
    ("tree", {"tree": {"role": "prompter", "text": "q", "replies": []}}, {}, "no answer", "answered"),
    ("tree", {"tree": "no tree"}, {}, "broken tree", "no message tree"),
    ("tree", {"tree": {"role": "elf", "text": "q"}}, {}, "broken tree", "no role"),
    ("seed_tasks", {"instruction": "q", "instances": []}, {}, "no answer", "“instances”"),
    ("text", {"text": " "}, {}, "empty row", "“text”"),
    ("tool_calls", {"query": "q", "calls": [{"arguments": {}}]}, {}, "unreadable call", "without a name"),
]


@pytest.mark.parametrize(("shape", "row", "columns", "check", "part"), LOST)
def test_a_row_that_is_no_example_is_a_problem_with_its_reason(shape, row, columns, check, part):
    found, reason = problem(shape, row, **columns)
    assert (found, part in reason) == (check, True), reason
