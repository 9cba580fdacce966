"""What is asked while a run is trained: only what the model can be asked, and no row costs the run."""

from pathlib import Path
from typing import Any

import pytest

from core.format import templated
from core.models import load_model, load_tokenizer, resolve
from core.records import HELD_OUT, TRAIN, Dataset, Example, Message
from core.settings import HOME, TrainSettings
from core.train import run
from core.train.samples import Sampler
from core.workspace import Workspace
from tests.conftest import CHATML, TAUGHT, queue_run, taught_rows

STRICT = (
    "{% for turn in messages %}{% if (turn['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Roles must alternate') }}{% endif %}{% endfor %}" + CHATML
)
LONGER_THAN_CONTEXT = "Where is it? " * 200
QUESTION, OTHER = TAUGHT


def row(number: int, *prompt: str, split: str = HELD_OUT) -> Example:
    asked = tuple(Message("user", text) for text in prompt)
    return Example(f"r{number}", number, (*asked, Message("assistant", "track")), None, split)


@pytest.fixture(scope="module")
def model(tiny_model_folder: Path) -> tuple[Any, Any]:
    source = resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME)
    return load_model(source), templated(load_tokenizer(source), STRICT)


def asked(model: tuple[Any, Any], rows: list[Example], **settings: Any) -> list[tuple[int, str]]:
    sampler = Sampler(*model, Dataset.of(rows), TrainSettings.parse(settings))
    return [(example.row, example.prompt[-1].content) for example, _ in sampler.asked]


def test_rows_that_the_model_cannot_be_asked_are_passed_over(model: tuple[Any, Any]) -> None:
    rows = [row(1, "Hello.", QUESTION), row(2, LONGER_THAN_CONTEXT), row(3, QUESTION), row(4, OTHER, split=TRAIN)]
    assert asked(model, rows) == [(3, QUESTION)]


def test_a_prompt_longer_than_the_longest_row_is_passed_over(model: tuple[Any, Any]) -> None:
    long = "Where is it? " * 20
    rows = [row(1, long), row(2, OTHER)]
    assert asked(model, rows) == [(1, long), (2, OTHER)]
    assert asked(model, rows, max_tokens=100) == [(2, OTHER)]


def test_where_no_held_out_row_can_be_asked_rows_to_train_on_are(model: tuple[Any, Any]) -> None:
    assert asked(model, [row(1, LONGER_THAN_CONTEXT), row(2, OTHER, split=TRAIN)]) == [(2, OTHER)]


def test_own_prompts_come_first_and_only_the_context_bounds_them(model: tuple[Any, Any]) -> None:
    own = [LONGER_THAN_CONTEXT, QUESTION * 3]
    assert asked(model, [row(1, OTHER)], prompts=own, max_tokens=60) == [(0, QUESTION * 3), (1, OTHER)]


def test_a_held_out_prompt_longer_than_the_context_does_not_end_the_run(
    workspace: Workspace, tiny_model_folder: Path
) -> None:
    rows = Dataset.of([row(99, LONGER_THAN_CONTEXT), *taught_rows(8)])
    version = workspace.versions.save("tiny", rows, "curate")
    this = queue_run(workspace, version, tiny_model_folder, max_steps=1, evaluations=1)
    run(this.folder)
    assert (this.status().state, this.status().reason) == ("done", "")
    assert {sample["row"] for sample in this.samples()} == {1, 2}
