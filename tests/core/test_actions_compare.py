"""What the buttons of the Compare tab do, on the tiny model: who can answer, what is refused, and what is found."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from core.actions import Lab, Workspace, compare
from core.compare import Weights
from core.errors import LabError
from core.records import HELD_OUT, Dataset, Example, Message
from core.settings import HOME
from core.settings.compare import SideSettings
from core.workspace import Run
from tests.core.test_compare import tuned_run

SHORT = {"max_new_tokens": 6}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("home"), HOME)


@pytest.fixture(scope="module")
def workspace(lab: Lab) -> Workspace:
    return lab.workspace("")


@pytest.fixture(scope="module")
def run(workspace: Workspace, tiny_model_folder: Path) -> Run:
    return tuned_run(workspace, tiny_model_folder, seed=1)


ANSWERS = [
    ("Write to ewa@example.com.", "Contains an e-mail address that is not in the prompt."),
    ("ewa@example.com, ewa@example.com or jan@example.com", "Contains 2 e-mail addresses that are not in the prompt."),
    ("Ask ME@EXAMPLE.COM or sys@example.com, or old@example.com.", ""),
    ("Or own@example.com, or row@example.com.", ""),
    ("Nothing.", ""),
    ("", ""),
]


@pytest.mark.parametrize(("answer", "badge"), ANSWERS)
def test_an_answer_is_read_for_personal_data_that_was_not_told(
    lab: Lab, workspace: Workspace, run: Run, answer: str, badge: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab.names, "at_hand", lambda: (None, "Names are not looked for."))
    row = Example("r1", 1, (Message("user", "Who?"), Message("assistant", "row@example.com")))
    said = compare.Comparison((compare.Reply("Nothing."), compare.Reply(answer, shown=(row,))))
    base = Weights(run, None, "base")
    settings = SideSettings(weights="base"), SideSettings(weights="base", system="own@example.com")
    asked = compare.Lineup(workspace, run, tuple(compare.Side(one, base) for one in settings))
    turns = [compare.Turn("Old: old@example.com", ("It said ewa@example.com.", "It said ewa@example.com."))]
    turn = compare.answered(lab, workspace, asked, turns, "I am me@example.com", said, "You are sys@example.com")
    assert turn.found == ("", badge)
    assert (turn.prompt, turn.answers) == ("I am me@example.com", ("Nothing.", answer))
    assert turn.unread == "Names are not looked for."


def test_a_side_can_be_given_the_base_a_run_or_a_checkpoint(
    workspace: Workspace, run: Run, tiny_model_folder: Path
) -> None:
    other = tuned_run(workspace, tiny_model_folder, seed=2)
    shutil.copytree(other.adapter, other.checkpoints / "step-000004")
    stranger = tuned_run(workspace, shutil.copytree(tiny_model_folder, workspace.root / "stranger"), seed=3)
    offered = [key for _, key in compare.weights(workspace, run.id)]
    assert offered[:2] == ["base", "tuned"]
    assert {other.id, f"{other.id}@4"} <= set(offered)
    assert stranger.id not in offered


def test_a_run_whose_rows_were_deleted_offers_no_prompts(workspace: Workspace, run: Run) -> None:
    assert compare.held_out_prompts(workspace, run.id) == []
    rows = [Example("r1", 1, (Message("user", "Hello?"), Message("assistant", "Hi.")), split=HELD_OUT)]
    version = workspace.versions.save("s", Dataset.of(rows), "curate")
    assert compare.held_out_prompts(workspace, run.id) == [("Hello?", "Hi.")]
    workspace.versions.delete(version.id)
    assert compare.held_out_prompts(workspace, run.id) == []


def test_a_program_gets_a_dict_for_each_side_and_goes_on_with_a_chat(lab: Lab, workspace: Workspace, run: Run) -> None:
    sides = [{"weights": "base"}, {"weights": "tuned", "name": "mine"}]
    first = compare.chat_as_dict(lab, workspace, run.id, None, "Hello", SHORT, sides)
    assert [(side["side"], side["adapter"]) for side in first["sides"]] == [("Base", None), ("mine", run.id)]
    turn = {"prompt": "Hello", "answers": [side["answer"] for side in first["sides"]]}
    again = compare.chat_as_dict(lab, workspace, run.id, [turn], "Hello", SHORT, sides)
    assert again["sides"][0]["answer"] != first["sides"][0]["answer"]
    for turns in ([{"prompt": "Hello"}], ["Hello"], [{**turn, "answers": ["one"]}]):
        with pytest.raises(LabError, match="earlier turn"):
            compare.chat_as_dict(lab, workspace, run.id, turns, "Hello", SHORT, sides)


def test_sides_that_would_be_called_the_same_are_told_apart(workspace: Workspace, run: Run) -> None:
    sides = [
        {"weights": "tuned", "wording": "{prompt} Briefly."},
        {"weights": "base"},
        {"weights": "tuned", "wording": "{prompt} At length."},
    ]
    names = ["Tuned, own wording (side 1)", "Base", "Tuned, own wording (side 3)"]
    assert [side.label for side in compare.lineup(workspace, run.id, sides).sides] == names
    assert compare.labels(sides) == names
    assert compare.labels([{"weights": "base", "few_shot": 99}]) == ["base"]


def test_a_stop_ends_every_answer_of_the_workspace(lab: Lab, workspace: Workspace, run: Run, monkeypatch) -> None:
    asked = []

    def answer(lineup, turns, prompt, settings, stop):
        asked.append(stop)
        yield "begun"
        yield "ended"

    monkeypatch.setattr(lab.playground, "answer", answer)
    windows = [compare.chat(lab, workspace, run.id, [], "Hello", SHORT) for _ in range(2)]
    for window in windows:
        next(window)
    assert list(windows[1]) == ["ended"]
    compare.stop(workspace)
    assert [stop.is_set() for stop in asked] == [True, False]


WRONG: list[tuple[list[dict[str, Any]], str]] = [
    ([], "No side is on"),
    ([{}] * 5, "There are 5 sides, and 4 can answer at most"),
    ([{"weights": "base"}, {"weights": "../x"}], "Side 2: Who answers is “../x”; it must be base, tuned, the id"),
    ([{"weights": "nobody"}], "There is no run “nobody”"),
    ([{"weights": "tuned@7"}], "has no checkpoint of step 7. Steps that were kept: none"),
    ([{"few_shot": 99}], "Examples in the prompt is 99"),
    ([{"wording": "Say it in rhyme"}], "it must hold {prompt}"),
    ([{"few_shot_choice": "best"}], "must be one of nearest, random"),
    ([{"mood": "good"}], "no setting called “mood”"),
]


@pytest.mark.parametrize(("sides", "said"), WRONG)
def test_a_side_that_cannot_be_is_a_sentence(
    lab: Lab, workspace: Workspace, run: Run, sides: list[dict[str, Any]], said: str
) -> None:
    with pytest.raises(LabError) as refused:
        list(compare.chat(lab, workspace, run.id, [], "Hello", SHORT, sides))
    assert said in str(refused.value)
