"""Every shape: the sample file of each loads by itself, and its rows become what the README of the samples says."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import SettingProblem
from core.ingest.convert import Converter
from core.ingest.guess import guess, questions
from core.ingest.shapes import SHAPES, WHOLE, Mapping
from core.ingest.source import Batch, flatten
from core.records import SCHEMA, TEXT, Dataset, Example

SAMPLES = Path(__file__).parents[2] / "sample_data" / "shapes"
ROWS = {
    "preference.jsonl": ("preference", 8, 8),
    "kto.jsonl": ("kto", 9, 9),
    "trees.jsonl": ("tree", 6, 9),
    "messages_of_trees.csv": ("flat_tree", 14, 7),
    "tool_calls.jsonl": ("messages", 6, 6),
    "multiple_choice.csv": ("choices", 10, 10),
    "plain_text.jsonl": ("text", 6, 6),
    "prompts.jsonl": ("prompt_only", 8, 8),
}


def rows_of(name: str) -> list[dict[str, Any]]:
    text = (SAMPLES / name).read_text(encoding="utf-8")
    if name.endswith(".csv"):
        return list(csv.DictReader(text.splitlines(keepends=True)))
    return [flatten(json.loads(line)) for line in text.splitlines()]


def converted(name: str) -> tuple[list[Example], Converter]:
    rows = rows_of(name)
    converter = Converter(guess(rows)[0].mapping)
    tables = [converter.table(Batch(list(range(1, len(rows) + 1)), rows)), converter.finish()]
    return [example for table in tables for example in Dataset(table)], converter


@pytest.mark.parametrize("name", ROWS)
def test_a_sample_of_each_shape_is_recognised_without_a_question(name):
    shape, rows, _ = ROWS[name]
    guesses = guess(rows_of(name))
    assert guesses[0].mapping.shape == shape
    assert guesses[0].confidence > 0.85
    assert questions(guesses) == []
    assert len(rows_of(name)) == rows
    assert f"| `{name}` | {rows} |" in (SAMPLES / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ROWS)
def test_a_sample_of_each_shape_becomes_examples_with_ids_of_their_own(name):
    examples, converter = converted(name)
    assert len(examples) == ROWS[name][2]
    assert len({example.id for example in examples}) == len(examples)
    assert len(converter.problems) == (name == "trees.jsonl")


def test_the_samples_that_the_readme_names_are_those_that_are_there():
    assert {path.name for path in SAMPLES.iterdir()} == {*ROWS, "README.md"}


def test_of_two_answers_the_better_ends_the_chat_and_the_worse_stands_beside():
    example = converted("preference.jsonl")[0][0]
    assert [message.role for message in example.messages] == ["user", "assistant"]
    assert example.answer.startswith("Wipe the chain")
    assert example.rejected == "Chains squeak. That is normal."


def test_a_verdict_is_kept_beside_the_answer():
    verdicts = [example.good for example in converted("kto.jsonl")[0]]
    assert verdicts == [True, False, True, True, False, True, False, True, False]


def test_a_tree_becomes_a_chat_for_each_way_down_with_the_best_first():
    examples, converter = converted("trees.jsonl")
    first = [example for example in examples if example.group == "t1"]
    assert [example.id for example in first] == ["r000001", "r000001.2"]
    assert [len(example.messages) for example in first] == [4, 2]
    assert first[1].answer == "Buy a fan."
    assert [(problem.row, problem.check) for problem in converter.problems] == [(5, "no answer")]


def test_flat_messages_become_the_same_chats_as_their_trees():
    nested = [example for example in converted("trees.jsonl")[0] if example.row <= 4]
    flat, converter = converted("messages_of_trees.csv")
    assert [example.messages for example in flat] == [example.messages for example in nested]
    assert [example.group for example in flat] == [example.group for example in nested]
    assert "Not in any chat, since no answer follows: 1 message." in converter.notes()


def test_tools_and_calls_are_written_as_text():
    examples, converter = converted("tool_calls.jsonl")
    system, _, call, result, _ = examples[0].messages
    assert system.content.startswith("You help the customers")
    assert "<tools>\n{" in system.content
    assert call.content.startswith("<tool_call>\n{")
    assert json.loads(call.content.split("\n")[1]) == {"name": "find_parcel", "arguments": {"number": "WW-1041"}}
    assert (result.role, json.loads(result.content)["place"]) == ("tool", "depot")
    both = examples[4].messages[2].content
    assert both.startswith("I will look both up.\n<tool_call>")
    assert both.count("<tool_call>") == 2
    assert any("5 turns" in note for note in converter.notes())


def test_a_multiple_choice_shows_its_choices_and_answers_by_letter():
    example = converted("multiple_choice.csv")[0][0]
    assert example.messages[0].content.endswith("tea plant?\n\nA. Rooibos\nB. Oolong\nC. Camomile\nD. Mate")
    assert (example.answer, example.label, example.category) == ("B. Oolong", "B", "tea")


def test_plain_text_is_one_message_of_its_own_role():
    examples, converter = converted("plain_text.jsonl")
    assert {tuple(message.role for message in example.messages) for example in examples} == {(TEXT,)}
    assert converter.notes() == ["Not used: the column “title”."]


def test_prompts_have_no_answer():
    assert {(len(example.messages), example.answer) for example in converted("prompts.jsonl")[0]} == {(1, "")}


def test_every_shape_has_a_title_and_at_most_six_fields():
    for shape in SHAPES.values():
        names = [field.name for field in shape.fields]
        assert shape.title
        assert len(set(names)) == len(names) <= 6
        assert any(field.required for field in shape.fields)


def test_records_that_belong_together_are_not_taken_apart():
    row = {"prompt": {"text": "a", "replies": []}, "choices": {"text": ["x"]}, "answers": {"text": ["y"]}}
    assert flatten(row) == {"prompt": row["prompt"], "choices": row["choices"], "answers.text": ["y"]}
    assert {"prompt", "choices", "chosen", "rejected"} >= WHOLE


WRONG = [
    (Mapping("nonsense", {}), "no shape “nonsense”"),
    (Mapping("preference", {"chosen": "a"}), "“rejected”"),
    (Mapping("text", {"text": "a", "label": "b"}), "no field “label”"),
]


@pytest.mark.parametrize(("mapping", "part"), WRONG)
def test_a_mapping_that_is_none_is_refused_in_words(mapping, part):
    with pytest.raises(SettingProblem, match=part):
        mapping.check_fields()


def test_a_column_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(SettingProblem, match=r"no column “gone”.*“a”, “b”"):
        Mapping("text", {"text": "gone"}).check_columns(["a", "b"])


def test_every_column_of_every_shape_fits_the_schema_of_a_dataset():
    for name in ROWS:
        for example in converted(name)[0]:
            assert set(example.as_row()) == set(SCHEMA.names)
