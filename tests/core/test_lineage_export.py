"""The rows as files: in the form of TRL, nothing lost, nothing of the lab's own columns."""

import json

import pyarrow.parquet as pq
import pytest

from core.errors import SettingProblem
from core.lineage import export_rows
from core.records import HELD_OUT, TEXT, TRAIN, Dataset, Example, Message

USER, ANSWER = Message("user", "Was „größe“?\u2028\n"), Message("assistant", "Size.")
PROMPT, SAID = [USER.as_dict()], [ANSWER.as_dict()]
KINDS = [
    ({}, {"messages": [*PROMPT, *SAID]}),
    ({"label": "size", "split": TRAIN}, {"messages": [*PROMPT, *SAID], "label": "size", "split": TRAIN}),
    ({"tags": ("a", "b")}, {"messages": [*PROMPT, *SAID], "tags": ["a", "b"]}),
    (
        {"rejected": "Weight."},
        {"prompt": PROMPT, "chosen": SAID, "rejected": [{"role": "assistant", "content": "Weight."}]},
    ),
    ({"good": False, "label": "x"}, {"prompt": PROMPT, "completion": SAID, "label": False}),
]


@pytest.mark.parametrize(("columns", "expected"), KINDS)
def test_a_row_is_written_in_the_form_that_trl_reads(tmp_path, columns, expected):
    done = export_rows(Dataset.of([Example("r1", 1, (USER, ANSWER), **columns)]), tmp_path / "new" / "facts-v1")
    jsonl, parquet = done.paths
    assert [path.name for path in done.paths] == ["facts-v1.jsonl", "facts-v1.parquet"]
    lines = jsonl.read_text(encoding="utf-8").split("\n")
    assert json.loads(lines[0]) == {"id": "r1", **expected}
    assert lines[1:] == [""]
    assert pq.read_table(parquet).to_pylist() == [json.loads(lines[0])]
    assert done.columns == list(json.loads(lines[0]))


def test_plain_text_is_a_column_of_text(tmp_path):
    done = export_rows(Dataset.of([Example("r1", 1, (Message(TEXT, "Once."),))]), tmp_path / "a")
    assert json.loads(done.paths[0].read_text()) == {"id": "r1", "text": "Once."}


def test_rows_of_several_kinds_become_messages_and_lose_nothing(tmp_path):
    chat = Example("r1", 1, (USER, ANSWER))
    done = export_rows(Dataset.of([chat, Example("r2", 2, (USER, ANSWER), rejected="No.")]), tmp_path / "a")
    lines = [json.loads(line) for line in done.paths[0].read_text(encoding="utf-8").split("\n")[:-1]]
    assert [line["rejected"] for line in lines] == [None, "No."]
    assert all(line["messages"] == [*PROMPT, *SAID] for line in lines)


@pytest.mark.parametrize(("part", "ids"), [("all", ["a", "b"]), (TRAIN, ["a"]), (HELD_OUT, ["b"])])
def test_one_side_of_the_split_can_be_written_alone(tmp_path, part, ids):
    dataset = Dataset.of(
        [Example("a", 1, (USER, ANSWER), split=TRAIN), Example("b", 2, (USER, ANSWER), split=HELD_OUT)]
    )
    done = export_rows(dataset, tmp_path / "a", part)
    assert pq.read_table(done.paths[1])["id"].to_pylist() == ids
    assert done.rows == len(ids)


@pytest.mark.parametrize(("part", "sentence"), [("test", "must be one of all, train"), (HELD_OUT, "no rows of")])
def test_a_part_that_is_not_there_is_said(tmp_path, part, sentence):
    with pytest.raises(SettingProblem, match=sentence):
        export_rows(Dataset.of([Example("a", 1, (USER, ANSWER))]), tmp_path / "a", part)
    assert list(tmp_path.iterdir()) == []
