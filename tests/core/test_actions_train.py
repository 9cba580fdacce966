"""What the buttons of the Train and Compare tabs do, on the tiny model."""

import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core.actions import Lab, Workspace, compare, train
from core.actions.mask import search
from core.errors import LabError
from core.mask import scan
from core.privacy.detector import Detector
from core.records import HELD_OUT, TRAIN, Dataset, Example, Message

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
    assert [sample["step"] for sample in view.samples] == [0, 0, view.steps, view.steps]
    assert compare.runs(workspace) == [(f"{run_id} · done", run_id)]
    assert compare.held_out_prompts(workspace, run_id) == [("Question 1?", "yes"), ("Question 2?", "no")]
    said = list(compare.chat(lab, workspace, run_id, [], "Question 1?", {"max_new_tokens": 8}))[-1]
    assert [reply.adapter for reply in said.replies] == [None, None, run_id]
    assert [len(reply.shown) for reply in said.replies] == [0, 4, 0]
    assert compare.download(workspace, run_id, tmp_path).name == f"{run_id}.zip"


def with_an_address(workspace: Workspace) -> str:
    """A version in which an e-mail address was found, and nobody has decided about it."""
    rows = [*ROWS, Example("r13", 13, (Message("user", "Write to ewa@example.com."), Message("assistant", "Done.")))]
    version = workspace.versions.save("tiny", Dataset.of(rows), "curate").id
    findings = scan(workspace.versions.load(version), Detector("fast"), workspace.secret_key())
    search.keep(workspace, version, findings, [])
    return version


def test_training_on_known_personal_data_is_refused_until_a_person_says_yes(
    lab: Lab, workspace: Workspace, tiny_model_folder: Path, tmp_path: Path
) -> None:
    version, values = with_an_address(workspace), settings(tiny_model_folder)
    for not_yes in (False, "yes", None):
        with pytest.raises(LabError, match=r"1 finding of personal data in 1 row.*source row 13.*tick “Train on it"):
            train.start(lab, workspace, version, values, not_yes)  # type: ignore[arg-type]
    assert workspace.runs() == []
    run_id = train.start(lab, workspace, version, values, train_all_the_same=True)
    recipe = workspace.run(run_id).recipe
    assert recipe.consent == {"open": {"EMAIL": 1}, "open_rows": 1, "leftovers": {}}
    view = finished(workspace, run_id)
    assert view.personal_data.startswith("Trained all the same, by choice: tiny/v1: 1 finding")
    with zipfile.ZipFile(compare.download(workspace, run_id, tmp_path)) as archive:
        card, kept = archive.read("README.md").decode(), archive.read("recipe.yaml").decode()
    assert "- Personal data: tiny/v1: 1 finding" in card
    assert "It was trained on all the same, by choice." in card
    assert "ewa@" not in card + kept


def test_a_version_that_was_never_searched_is_trained_on_and_the_card_says_so(
    lab: Lab, workspace: Workspace, version: str, tiny_model_folder: Path
) -> None:
    standing = train.personal_data(workspace, version)
    assert standing is not None
    assert (standing.is_searched, standing.needs_consent) == (False, False)
    run_id = train.start(lab, workspace, version, settings(tiny_model_folder, epochs="1"))
    recipe = workspace.run(run_id).recipe
    assert (recipe.consent, recipe.personal_data) == (None, standing.sentence)
    assert finished(workspace, run_id).personal_data == ""
    assert [train.personal_data(workspace, name) for name in ("", None, "x/v1")] == [None] * 3


def test_stopping_ends_a_run_once(lab: Lab, workspace: Workspace, version: str, tiny_model_folder: Path) -> None:
    run_id = train.start(lab, workspace, version, settings(tiny_model_folder, epochs="100"))
    train.stop(lab, workspace, run_id)
    assert finished(workspace, run_id).state == "stopped"
    with pytest.raises(LabError, match="stopped already"):
        train.stop(lab, workspace, run_id)


def test_runs_wait_in_line_and_one_that_waits_can_be_taken_out(
    lab: Lab, workspace: Workspace, version: str, tiny_model_folder: Path
) -> None:
    values = settings(tiny_model_folder, epochs="100")
    first, second, third = (train.start(lab, workspace, version, values) for _ in range(3))
    assert [workspace.run(run_id).status().state for run_id in (second, third)] == ["queued", "queued"]
    assert workspace.run(third).status().reason == "2 runs are before this one."
    train.stop(lab, workspace, second)
    train.stop(lab, workspace, first)
    train.pause(lab, workspace, third)
    assert finished(workspace, first).state == "stopped"
    assert finished(workspace, third).state in ("paused", "stopped")
    assert workspace.run(second).status().reason == "Stopped before it began."


def test_a_paused_run_is_resumed_from_the_page(
    lab: Lab, workspace: Workspace, version: str, tiny_model_folder: Path
) -> None:
    run_id = train.start(lab, workspace, version, settings(tiny_model_folder, epochs="20"))
    while not workspace.run(run_id).status().step:
        time.sleep(0.01)
    train.pause(lab, workspace, run_id)
    paused = finished(workspace, run_id)
    assert (paused.state, paused.can_resume) == ("paused", True)
    train.resume(lab, workspace, run_id)
    assert finished(workspace, run_id).state == "done"
    with pytest.raises(LabError, match="is done"):
        train.resume(lab, workspace, run_id)


def test_a_paused_run_can_be_ended_with_what_it_has_learned(
    lab: Lab, workspace: Workspace, version: str, tiny_model_folder: Path
) -> None:
    run_id = train.start(lab, workspace, version, settings(tiny_model_folder, epochs="100"))
    while not workspace.run(run_id).status().step:
        time.sleep(0.01)
    train.pause(lab, workspace, run_id)
    paused = finished(workspace, run_id)
    assert (paused.state, paused.can_stop, workspace.run(run_id).has_result) == ("paused", True, False)
    train.stop(lab, workspace, run_id)
    stopped = finished(workspace, run_id)
    assert (stopped.state, stopped.can_stop, workspace.run(run_id).has_result) == ("stopped", False, True)
    assert stopped.step == paused.step + 1
    assert stopped.memory_mb >= paused.memory_mb > 0


def test_beside_a_run_its_memory_is_told_and_its_minutes_wait(
    lab: Lab, workspace: Workspace, version: str, tiny_model_folder: Path
) -> None:
    values = settings(tiny_model_folder, epochs="100")
    run_id = train.start(lab, workspace, version, values)
    beside = train.estimate(lab, workspace, version, values)
    train.stop(lab, workspace, run_id)
    assert beside.estimate.peak > 0
    assert (beside.estimate.seconds, beside.mends) == (None, [])
    assert beside.estimate.untimed.startswith("A run is going on")
    finished(workspace, run_id)
    while lab.jobs.unfinished():
        time.sleep(0.02)
    counted = train.estimate(lab, workspace, version, values, measure=False).estimate
    assert (counted.seconds, counted.untimed) == (None, "The time is not measured yet.")
    long, short = (
        train.estimate(lab, workspace, version, {**values, "epochs": epochs}).estimate for epochs in ("100", "1")
    )
    assert 0 < (short.seconds or 0) < (long.seconds or 0)


def test_an_estimate_of_what_cannot_be_trained_is_a_sentence(
    lab: Lab, workspace: Workspace, version: str, tiny_model_folder: Path
) -> None:
    with pytest.raises(LabError, match="Batch size is “0”"):
        train.estimate(lab, workspace, version, settings(tiny_model_folder, batch_size="0"))
    with pytest.raises(LabError, match="No dataset version is chosen"):
        train.estimate(lab, workspace, "", settings(tiny_model_folder))


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
