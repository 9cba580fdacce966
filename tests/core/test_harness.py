"""lm-evaluation-harness on a run, where it is installed: both sides on a task of one's own."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from core.errors import LabError
from core.evaluate.harness import harness_scores
from core.evaluate.subject import Subject
from core.workspace import Run

TASK = """
task: toy_choice
dataset_path: json
dataset_kwargs: {data_files: {test: %s}}
test_split: test
output_type: multiple_choice
doc_to_text: "{{question}}"
doc_to_choice: "{{options}}"
doc_to_target: "{{answer}}"
metric_list: [{metric: acc, aggregation: mean, higher_is_better: true}]
"""
ROWS = [
    {"question": "Where is my parcel?", "options": ["track", "refund"], "answer": 0},
    {"question": "My card was charged twice.", "options": ["track", "refund"], "answer": 1},
]


def test_where_it_is_not_installed_a_sentence_says_how(taught_run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(LabError, match="pip install"):
        harness_scores(Subject.open(taught_run), ["hellaswag"])


@pytest.mark.skipif(find_spec("lm_eval") is None, reason="lm-eval is an optional extra")
def test_both_sides_are_scored_and_a_task_that_does_not_exist_is_named(taught_run: Run, tmp_path: Path):
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, ROWS)))
    (tmp_path / "toy.yaml").write_text(TASK % (tmp_path / "rows.jsonl"))
    subject = Subject.open(taught_run)
    found = harness_scores(subject, ["toy_choice"], include_path=str(tmp_path))
    assert found["base"]["toy_choice"]["acc,none"] < found["tuned"]["toy_choice"]["acc,none"] == 1
    with pytest.raises(LabError, match="no task no_such_task"):
        harness_scores(subject, ["no_such_task"])
