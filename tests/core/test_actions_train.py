"""What the buttons of the Train and Compare tabs do, on the tiny model."""

import time
from pathlib import Path
from typing import Any

import pytest

from core.actions import Lab, Workspace, compare, train
from core.errors import LabError
from core.records import HELD_OUT, TRAIN, Dataset, Example, Message
from core.settings import HOME

ROWS = Dataset.of(
    Example(
        f"r{row}",
        row,
        (Message("user", f"Question {row}?"), Message("assistant", "yes" if row % 2 else "no")),
        None,
        HELD_OUT if row < 3 else TRAIN,
    )
    for row in range(1, 13)
)


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path / "home", HOME)


@pytest.fixture
def workspace(lab: Lab) -> Workspace:
    return lab.workspace("")


@pytest.fixture
def version(workspace: Workspace) -> str:
    return workspace.versions.save("tiny", ROWS, "curate").id


def settings(model: Path, **values: Any) -> dict[str, Any]:
    return {"model": str(model), "batch_size": "4", "epochs": "2", "evaluations": "1", **values}


def finished(workspace: Workspace, run_id: str) -> train.RunView:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        view = train.view(workspace, run_id)
        assert view is not None
        if not view.active:
            return view
        time.sleep(0.05)
    raise AssertionError("the run did not end")


def test_the_plan_is_what_the_run_then_does(
    lab: Lab, workspace: Workspace, version: str, tiny_model_folder: Path
) -> None:
    values = settings(tiny_model_folder)
    plan = train.plan(lab, workspace, version, values)
    assert (plan.rows, plan.held_out, plan.steps) == (10, 2, 6)
    assert "".join(text for text, learned in plan.picture if learned) == "yes<|im_end|>"
    view = finished(workspace, train.start(lab, workspace, version, values))
    assert (view.state, view.step, view.steps) == ("done", 6, 6)
    trained = [line for line in workspace.run(view.id).metrics() if line["kind"] == "train"]
    assert trained[-1]["tokens"] == plan.tokens * 2


def test_a_finished_run_can_be_seen_compared_and_downloaded(
    lab: Lab, workspace: Workspace, version: str, tiny_model_folder: Path, tmp_path: Path
) -> None:
    run_id = train.start(lab, workspace, version, settings(tiny_model_folder))
    view = finished(workspace, run_id)
    assert [line.name for line in view.series] == ["train", "train, smoothed", "held-out"]
    assert len(view.samples) == 2
    assert compare.runs(workspace) == [(f"{run_id} · done", run_id)]
    assert compare.held_out_prompts(workspace, run_id) == [("Question 1?", "yes"), ("Question 2?", "no")]
    pair = list(compare.chat(lab, workspace, run_id, [], "Question 1?", {"max_new_tokens": 8}))[-1]
    assert (pair.base_adapter, pair.tuned_adapter) == (None, run_id)
    assert compare.download(workspace, run_id, tmp_path).name == f"{run_id}.zip"


def test_stopping_ends_a_run_once(lab: Lab, workspace: Workspace, version: str, tiny_model_folder: Path) -> None:
    run_id = train.start(lab, workspace, version, settings(tiny_model_folder, epochs="100"))
    train.stop(lab, workspace, run_id)
    assert finished(workspace, run_id).state == "stopped"
    with pytest.raises(LabError, match="stopped already"):
        train.stop(lab, workspace, run_id)


def test_one_run_trains_at_a_time(lab: Lab, workspace: Workspace, version: str, tiny_model_folder: Path) -> None:
    run_id = train.start(lab, workspace, version, settings(tiny_model_folder, epochs="100"))
    with pytest.raises(LabError, match=f"Your run {run_id} is .*one at a time"):
        train.start(lab, workspace, version, settings(tiny_model_folder))
    train.stop(lab, workspace, run_id)
    finished(workspace, run_id)
    assert len(workspace.runs()) == 1


def test_the_estimate_is_measured_and_grows_with_the_run(
    lab: Lab, workspace: Workspace, version: str, tiny_model_folder: Path
) -> None:
    short, long = (
        train.estimate(lab, workspace, version, settings(tiny_model_folder, epochs=epochs)) for epochs in ("1", "100")
    )
    assert 0 < short < long


def test_the_estimate_does_not_disturb_a_run(
    lab: Lab, workspace: Workspace, version: str, tiny_model_folder: Path
) -> None:
    run_id = train.start(lab, workspace, version, settings(tiny_model_folder, epochs="100"))
    with pytest.raises(LabError, match="A run is going on"):
        train.estimate(lab, workspace, version, settings(tiny_model_folder))
    train.stop(lab, workspace, run_id)
    finished(workspace, run_id)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"learning_rate": "abc"}, "Learning rate is “abc”"),
        ({"learning_rate": "-1"}, "Learning rate is “-1”"),
        ({"model": "no/such-model-here"}, "no/such-model-here"),
        ({"model": "/no/such/folder"}, "does not exist"),
        ({"model": ""}, "There is no model"),
    ],
)
def test_a_wrong_choice_is_a_sentence_and_starts_nothing(
    lab: Lab,
    workspace: Workspace,
    version: str,
    tiny_model_folder: Path,
    values: dict[str, str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(LabError, match=said):
        train.start(lab, workspace, version, settings(tiny_model_folder) | values)
    assert workspace.runs() == []


@pytest.mark.parametrize(("version_id", "said"), [("", "No dataset version is chosen"), ("x/v1", "no dataset version")])
def test_a_missing_version_is_a_sentence(
    lab: Lab, workspace: Workspace, tiny_model_folder: Path, version_id: str, said: str
) -> None:
    with pytest.raises(LabError, match=said):
        train.plan(lab, workspace, version_id, settings(tiny_model_folder))


def test_without_runs_there_is_nothing_to_show_or_compare(lab: Lab, workspace: Workspace) -> None:
    assert train.view(workspace, None) is None
    assert compare.runs(workspace) == []
    with pytest.raises(LabError, match="No run is chosen"):
        list(compare.chat(lab, workspace, "", [], "hi", {}))
    with pytest.raises(LabError, match="Temperature"):
        list(compare.chat(lab, workspace, "x", [], "hi", {"temperature": 9}))
