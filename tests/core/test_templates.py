"""Templates of the short list and of the goals: no new token, several turns, and one function for training and chat."""

import copy
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from core.compare import OTHER_TEMPLATE, run_templates
from core.errors import LabError
from core.format import TEMPLATES, encode, picture, prompt_ids, render, with_template
from core.models import load_tokenizer, resolve
from core.records import Dataset, Example, Message
from core.settings import HOME, TrainSettings
from core.train.plan import prepare
from core.workspace import Recipe, Run, Workspace

TALK = [
    ("system", "Be brief."),
    ("user", "Capital?"),
    ("assistant", "Paris."),
    ("user", "And now?"),
    ("assistant", "Rome."),
]
NAMES = sorted(TEMPLATES)


def chat(*turns: tuple[str, str], row: int = 1) -> Example:
    return Example(f"r{row}", row, tuple(Message(role, content) for role, content in turns))


@pytest.fixture(scope="module")
def own(tiny_model_folder: Path) -> Any:
    return load_tokenizer(resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME))


@pytest.fixture(scope="module")
def base(own: Any) -> Any:
    """The tokenizer of a base model: no chat template."""
    found = copy.deepcopy(own)
    found.chat_template = None
    return found


def learned(tokenizer: Any, example: Example, goal: str = "instruction") -> list[str]:
    pieces = picture(tokenizer, encode(tokenizer, example, goal), 512)
    text = "".join(piece.text if piece.state == "learned" else "\0" for piece in pieces)
    return [part for part in text.split("\0") if part]


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_and_its_end_is_learned_in_each_template(base: Any, name: str) -> None:
    tokenizer = with_template(base, TrainSettings(template=name))
    end = tokenizer.eos_token
    assert learned(tokenizer, chat(*TALK)) == [f"Paris.{end}", f"Rome.{end}"]


@pytest.mark.parametrize("name", [*NAMES, "task"])
def test_what_is_learned_begins_where_the_model_is_asked(base: Any, name: str) -> None:
    chosen = {"goal": "task"} if name == "task" else {"template": name}
    tokenizer = with_template(base, TrainSettings(**chosen))
    for turns in (TALK[1:3], TALK[:3], TALK[1:], TALK):
        row = encode(tokenizer, chat(*turns))
        start, _ = row.extent.learned[-1]
        assert row.ids[:start] == prompt_ids(tokenizer, [Message(*turn) for turn in turns[:-1]])
        assert row.ids[row.extent.learned[-1][1] - 1] == tokenizer.eos_token_id


@pytest.mark.parametrize("name", NAMES)
def test_a_template_needs_no_new_token_and_leaves_the_tokenizer_as_it_was(base: Any, name: str) -> None:
    tokenizer = with_template(base, TrainSettings(template=name))
    assert len(tokenizer) == len(base)
    assert base.chat_template is None
    assert max(render(tokenizer, chat(*TALK, ("tool", "42")), 512).ids) < len(base)


def test_a_template_is_saved_with_the_tokenizer_and_read_back(base: Any, tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    tokenizer = with_template(base, TrainSettings(template="zephyr"))
    tokenizer.save_pretrained(tmp_path)
    again = AutoTokenizer.from_pretrained(tmp_path)
    assert render(again, chat(*TALK), 512) == render(tokenizer, chat(*TALK), 512)


def test_a_task_is_its_input_a_line_break_and_its_output(own: Any) -> None:
    tokenizer = with_template(own, TrainSettings(goal="task", template="alpaca"))
    row = encode(tokenizer, chat(("user", "Where is my parcel?"), ("assistant", "delivery")), "task")
    assert row.text == "Where is my parcel?\ndelivery<|im_end|>"
    assert learned(tokenizer, chat(("user", "Where is my parcel?"), ("assistant", "delivery")), "task") == [
        "delivery<|im_end|>"
    ]
    asked = tokenizer.decode(prompt_ids(tokenizer, [Message("user", "Where is my parcel?")]))
    assert asked == "Where is my parcel?\n"


def test_a_base_model_without_a_template_is_asked_for_one(base: Any) -> None:
    with pytest.raises(LabError, match=r"no chat template.*chatml, zephyr, alpaca, plain.*task or text"):
        with_template(base, TrainSettings())


def test_a_base_model_that_learns_texts_continues_prompts_as_they_stand(base: Any) -> None:
    tokenizer = with_template(base, TrainSettings(goal="text"))
    assert prompt_ids(tokenizer, [Message("user", "Once upon")]) == base("Once upon")["input_ids"]
    assert learned(tokenizer, chat(("user", "a b"), ("assistant", "c")), "text") == [" b\nc<|im_end|>"]


def test_the_own_template_stays_the_own_one(own: Any) -> None:
    assert with_template(own, TrainSettings()) is own
    assert with_template(own, TrainSettings(goal="text")) is own


def test_a_tokenizer_without_an_end_token_is_refused(base: Any) -> None:
    endless = copy.deepcopy(base)
    endless.eos_token = None
    with pytest.raises(LabError, match="no end token"):
        with_template(endless, TrainSettings(template="plain"))


def test_where_a_tokenizer_begins_every_text_by_itself_so_do_templates_and_plain_texts(base: Any) -> None:
    from tokenizers.processors import TemplateProcessing

    opening = copy.deepcopy(base)
    special = [(opening.bos_token, opening.bos_token_id)]
    processor = TemplateProcessing(single=f"{opening.bos_token} $A", pair=None, special_tokens=special)
    opening.backend_tokenizer.post_processor = processor
    for settings in (TrainSettings(template="plain"), TrainSettings(goal="task"), TrainSettings(goal="text")):
        tokenizer = with_template(opening, settings)
        for example in (chat(*TALK), chat(("text", "Once upon a time."))):
            ids = render(tokenizer, example, 512, settings.goal).ids
            assert ids[0] == opening.bos_token_id != ids[1]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [chat(("user", "word " * 99), ("assistant", "late"), row=row) for row in (1, 2)],
            "2 rows would be cut before",
        ),
        ([chat(("user", "hi"), ("assistant", ""), row=row) for row in (1, 2, 3)], "3 rows have no answer to learn"),
        ([chat(("user", "hi"), row=1)], "1 row has no answer to learn"),
        ([], "Choose another dataset version"),
    ],
)
def test_a_run_in_which_nothing_would_be_trained_is_refused_with_the_reason(
    own: Any, rows: list[Example], said: str
) -> None:
    with pytest.raises(LabError, match=rf"There are no rows to train on.*{said}"):
        prepare(own, Dataset.of(rows), TrainSettings(max_tokens=32))


def test_a_template_that_refuses_every_row_refuses_the_run_with_its_own_words(own: Any) -> None:
    strict = copy.deepcopy(own)
    strict.chat_template = "{{ raise_exception('only one turn') }}"
    rows = Dataset.of([chat(*TALK, row=row) for row in (5, 6)])
    with pytest.raises(LabError, match=r"2 rows are refused by the chat template, such as this: Row 5.*only one turn"):
        prepare(strict, rows, TrainSettings())


def run_with(tmp_path: Path, model: Path, **settings: Any) -> Run:
    source = resolve(str(model), model.parent, HOME)
    recipe = Recipe(
        model=str(model),
        source=asdict(source),
        dataset="s/v1",
        dataset_hash="",
        workspace=str(tmp_path),
        settings=TrainSettings(**settings),
        most_steps=1,
        versions={},
        created="",
    )
    return Workspace(tmp_path).new_run("one", recipe)


def test_the_tuned_side_is_asked_in_the_template_of_its_run_and_the_base_in_its_own(
    own: Any, base: Any, tmp_path: Path, tiny_model_folder: Path
) -> None:
    run = run_with(tmp_path, tiny_model_folder, goal="task")
    with_template(own, run.recipe.settings).save_pretrained(run.adapter)
    untuned, tuned = run_templates(run, own)
    assert untuned.chat_template == own.chat_template
    assert tuned.decode(prompt_ids(tuned, [Message("user", "Capital?")])) == "Capital?\n"
    assert run_templates(run, base)[0].chat_template == tuned.chat_template
    (run.adapter / "chat_template.jinja").unlink()
    assert run_templates(run, own)[1].chat_template == tuned.chat_template
    assert "different templates" in OTHER_TEMPLATE
