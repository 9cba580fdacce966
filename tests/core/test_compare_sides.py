"""Up to four sides on a tiny model: examples, checkpoints, prompt variants, and what a side is refused for."""

import shutil
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from core.compare import Comparison, Lineup, Playground, Turn
from core.errors import LabError, NotFound
from core.records import TRAIN, Dataset, Example, Message
from core.settings import GenerateSettings
from core.settings.compare import DEFAULT_SIDES, SideSettings
from core.workspace import Run, Workspace
from tests.core.test_compare import METHODS, tuned_run

SETTINGS = GenerateSettings(max_new_tokens=10)
BASE, TUNED = SideSettings(weights="base"), SideSettings(weights="tuned")
ROWS = ("Where is my parcel?", "Please send the invoice again.", "My card was charged twice.", "Who are you?")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """With the rows that all runs here were trained on."""
    made = Workspace(tmp_path_factory.mktemp("home"))
    rows = [(Message("user", text), Message("assistant", f"ANSWER_{number}")) for number, text in enumerate(ROWS)]
    made.versions.save(
        "s", Dataset.of(Example(str(n), n + 1, row, split=TRAIN) for n, row in enumerate(rows)), "curate"
    )
    return made


@pytest.fixture(scope="module")
def run(workspace: Workspace, tiny_model_folder: Path) -> Run:
    return tuned_run(workspace, tiny_model_folder, seed=1)


@pytest.fixture(scope="module")
def playground() -> Playground:
    return Playground()


def ask(
    playground: Playground,
    lineup: Lineup,
    prompt: str,
    turns: Sequence[Turn] = (),
    settings: GenerateSettings = SETTINGS,
) -> Comparison:
    return list(playground.answer(lineup, turns, prompt, settings, threading.Event()))[-1]


def texts(said: Comparison) -> list[str]:
    return [reply.text for reply in said.replies]


def test_three_sides_answer_from_one_batch_as_each_does_alone(
    playground: Playground, workspace: Workspace, run: Run
) -> None:
    said = ask(playground, Lineup.of(workspace, run.id), "Where is my parcel now?")
    assert said.how == "all three in one batch"
    assert [reply.adapter for reply in said.replies] == [None, None, run.id]
    assert len(set(texts(said))) == 3
    for text, side in zip(texts(said), DEFAULT_SIDES, strict=True):
        assert texts(ask(playground, Lineup.of(workspace, run.id, [side]), "Where is my parcel now?")) == [text]


def test_sides_of_the_same_weights_draw_with_the_same_luck(
    playground: Playground, workspace: Workspace, run: Run
) -> None:
    drawn = SETTINGS.model_copy(update={"temperature": 1.0})
    said = ask(playground, Lineup.of(workspace, run.id, [BASE, TUNED, BASE]), "Hello", settings=drawn)
    assert said.replies[0].text == said.replies[2].text != said.replies[1].text


def test_the_examples_are_the_nearest_training_rows_and_stand_in_the_chat(
    playground: Playground, workspace: Workspace, run: Run
) -> None:
    nearest = BASE.model_copy(update={"few_shot": 2})
    said = ask(playground, Lineup.of(workspace, run.id, [nearest, BASE]), "Where is the parcel?")
    assert [row.row for row in said.replies[0].shown][-1] == 1, "the nearest stands last"
    shown = [Message(*one) for row in said.replies[0].shown for one in row.texts]
    turns = [Turn(one.content, (other.content,)) for one, other in zip(shown[::2], shown[1::2], strict=True)]
    typed = ask(playground, Lineup.of(workspace, run.id, [BASE]), "Where is the parcel?", turns)
    assert texts(typed)[0] == texts(said)[0] != texts(said)[1]


def test_random_examples_are_the_same_for_every_prompt_and_follow_the_seed(
    playground: Playground, workspace: Workspace, run: Run
) -> None:
    lineup = Lineup.of(workspace, run.id, [SideSettings(weights="base", few_shot=2, few_shot_choice="random")])
    drawn = [
        [row.row for row in ask(playground, lineup, prompt, settings=settings).replies[0].shown]
        for prompt, settings in (
            ("Hello", SETTINGS),
            ("Good-bye", SETTINGS),
            ("Hello", SETTINGS.model_copy(update={"seed": 5})),
        )
    ]
    assert drawn[0] == drawn[1] != drawn[2]


def test_examples_that_do_not_fit_the_context_are_left_out_one_by_one(
    playground: Playground, workspace: Workspace, run: Run
) -> None:
    lineup = Lineup.of(workspace, run.id, [SideSettings(weights="base", few_shot=4)])
    shown = [len(ask(playground, lineup, "parcel " * words).replies[0].shown) for words in (1, 360, 400, 440)]
    assert shown[0] == 4
    assert shown == sorted(shown, reverse=True)
    assert 0 in shown
    assert set(shown) & {1, 2, 3}


def test_without_its_rows_a_side_answers_without_examples_and_says_so(
    playground: Playground, workspace: Workspace, run: Run
) -> None:
    recipe = run.recipe.model_copy(update={"dataset": "gone/v1"})
    orphan = workspace.new_run("orphan", recipe)
    shutil.copytree(run.adapter, orphan.adapter)
    lineup = Lineup.of(workspace, orphan.id)
    assert [bool(side.lack) for side in lineup.sides] == [False, True, False]
    assert "gone/v1 that the run was trained on is no longer there" in lineup.sides[1].lack
    said = ask(playground, lineup, "Hello")
    assert said.replies[1].text == said.replies[0].text
    assert said.replies[1].shown == ()


def test_prompt_variants_take_sides(playground: Playground, workspace: Workspace, run: Run) -> None:
    worded = SideSettings(weights="tuned", wording="Please: {prompt} Thank you!")
    told = SideSettings(weights="tuned", system="Please send the invoice again")
    said = ask(playground, Lineup.of(workspace, run.id, [TUNED, worded, told]), "Hello")
    assert len(set(texts(said))) == 3
    assert (
        texts(ask(playground, Lineup.of(workspace, run.id, [TUNED]), "Please: Hello Thank you!"))[0] == texts(said)[1]
    )
    general = SETTINGS.model_copy(update={"system": "Please send the invoice again"})
    again = ask(playground, Lineup.of(workspace, run.id, [TUNED, told]), "Hello", settings=general)
    assert texts(again) == [texts(said)[2]] * 2


def test_another_run_and_a_checkpoint_answer_in_the_same_batch(
    playground: Playground, workspace: Workspace, run: Run, tiny_model_folder: Path
) -> None:
    other = tuned_run(workspace, tiny_model_folder, seed=2)
    shutil.copytree(other.adapter, run.checkpoints / "step-000004")
    sides = [TUNED, *(SideSettings(weights=key) for key in (f"{run.id}@4", other.id))]
    lineup = Lineup.of(workspace, run.id, sides)
    said = ask(playground, lineup, "Hello")
    assert said.how == "all three in one batch"
    assert [reply.adapter for reply in said.replies] == [run.id, f"{run.id}@4", other.id]
    assert said.replies[0].text != said.replies[1].text == said.replies[2].text
    prints = [side.weights.fingerprint() for side in lineup.sides]
    assert prints[1] == prints[2] != prints[0]
    assert {len(one) for one in prints} == {64}


@pytest.mark.parametrize(("method", "how"), METHODS)
def test_sides_of_any_method_stand_beside_each_other(
    playground: Playground, workspace: Workspace, run: Run, tiny_model_folder: Path, method: Any, how: str
) -> None:
    other = tuned_run(workspace, tiny_model_folder, seed=3, method=method)
    sides = [BASE, TUNED, SideSettings(weights=other.id)]
    said = ask(playground, Lineup.of(workspace, run.id, sides), "Where is my parcel?")
    alone = ask(playground, Lineup.of(workspace, other.id, [TUNED]), "Where is my parcel?")
    pair = ask(playground, Lineup.of(workspace, run.id, [BASE, TUNED]), "Where is my parcel?")
    assert texts(said) == [*texts(pair), *texts(alone)]
    together = method in ("lora", "rslora")
    assert said.how.startswith("all three in one batch" if together else "in 2 batches, one after the other: ")
    assert said.replies[2].adapter == (None if method == "full" else other.id)


def test_a_run_of_another_base_model_is_refused(
    playground: Playground, workspace: Workspace, run: Run, tiny_model_folder: Path, tmp_path: Path
) -> None:
    twin = tuned_run(workspace, shutil.copytree(tiny_model_folder, tmp_path / "twin"), seed=4)
    with pytest.raises(
        LabError, match=rf"{twin.id} was trained on twin, and {run.id} on .*: sides share one base model"
    ):
        Lineup.of(workspace, run.id, [BASE, SideSettings(weights=twin.id)])


DAMAGES = {
    "adapter_config.json": [b"", b"[]", b"{}", b'{"peft_type": 5}', b'{"peft_type": "LORA", "r": "x"}'],
    "adapter_model.safetensors": [b"", b"not weights"],
}


@pytest.mark.parametrize(("name", "data"), [(name, data) for name, all_data in DAMAGES.items() for data in all_data])
def test_a_damaged_adapter_is_a_sentence_and_spoils_nothing(
    playground: Playground, workspace: Workspace, run: Run, name: str, data: bytes
) -> None:
    damaged = workspace.new_run("damaged", run.recipe)
    shutil.copytree(run.adapter, damaged.adapter)
    (damaged.adapter / name).write_bytes(data)
    with pytest.raises(LabError, match=f"The result of {damaged.id} does not fit .* or its files are"):
        ask(playground, Lineup.of(workspace, damaged.id, [BASE, TUNED]), "Hello")
    assert ask(playground, Lineup.of(workspace, run.id, [TUNED]), "Hello").replies[0].adapter == run.id


def chats(questions: Iterable[str]) -> list[tuple[Message, ...]]:
    return [(Message("user", question),) for question in questions]


def test_a_prompt_set_is_answered_as_its_prompts_are_one_by_one(
    playground: Playground, workspace: Workspace, run: Run
) -> None:
    lineup = Lineup.of(workspace, run.id)
    prompts = [f"{text} {'again ' * (number % 4)}" for number, text in enumerate(ROWS * 3)]
    found = dict(playground.answer_all(lineup, chats(prompts), SETTINGS, threading.Event()))
    assert sorted(found) == list(range(len(prompts)))
    for place in (0, 5, 11):
        alone = ask(playground, lineup, prompts[place])
        assert texts(found[place]) == texts(alone)
        assert [reply.shown for reply in found[place].replies] == [reply.shown for reply in alone.replies]


def test_stop_ends_a_prompt_set_and_what_is_done_is_kept(
    playground: Playground, workspace: Workspace, run: Run
) -> None:
    stop, done = threading.Event(), []
    for place, _ in playground.answer_all(Lineup.of(workspace, run.id), chats(ROWS) * 5, SETTINGS, stop):
        done.append(place)
        stop.set()
    assert 0 < len(done) < 20


def test_what_cannot_be_asked_of_a_set_is_told_before_any_is_answered(
    playground: Playground, workspace: Workspace, run: Run
) -> None:
    asked = chats(["Hello", " ", "x " * 3000])
    told = list(playground.answer_all(Lineup.of(workspace, run.id), asked, SETTINGS, threading.Event()))
    assert [place for place, _ in told] == [1, 2, 0]
    assert "prompt is empty" in str(told[0][1])
    assert isinstance(told[1][1], LabError)
    assert texts(told[2][1])


def test_a_checkpoint_that_is_not_there_names_those_that_are(workspace: Workspace, tiny_model_folder: Path) -> None:
    run = tuned_run(workspace, tiny_model_folder, seed=5)
    for step in (20, 40):
        shutil.copytree(run.adapter, run.checkpoints / f"step-{step:06d}")
    with pytest.raises(NotFound, match=r"no checkpoint of step 7. Steps that were kept: 20, 40\."):
        Lineup.of(workspace, run.id, [SideSettings(weights="tuned@7")])


LABELS = [
    ({"weights": "base"}, "Base"),
    ({"weights": "tuned", "few_shot": 1}, "Tuned, 1 example"),
    ({"weights": "base", "few_shot": 4, "system": "Hi"}, "Base, 4 examples, own system prompt"),
    ({"weights": "r-1@40", "wording": "{prompt}!"}, "r-1, step 40, own wording"),
    ({"name": " mine "}, "mine"),
]


@pytest.mark.parametrize(("values", "label"), LABELS)
def test_a_side_is_called_by_what_it_is(values: dict[str, Any], label: str) -> None:
    assert SideSettings.parse(values).label == label
