"""How a run is ended: in the middle of a step, and while it waits in line."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.actions import Lab, Workspace, train
from core.errors import LabError
from core.workspace import Run, Status, Wish
from tests.conftest import queue_run, taught_rows


@pytest.fixture
def version(workspace: Workspace) -> str:
    return workspace.versions.save("tiny", taught_rows(6), "curate").id


@pytest.fixture
def paused_in_line(lab: Lab, workspace: Workspace, version: str, tiny_model_folder: Path) -> Iterator[Run]:
    """A run that was paused, and goes on when another one has ended."""
    may_end = threading.Event()
    lab.jobs.start(make_run(workspace, version, tiny_model_folder), lambda _: wait(may_end))
    run = make_run(workspace, version, tiny_model_folder)
    (run.checkpoints / "step-000001").mkdir(parents=True)
    run.write_status(Status(state="paused", step=1, steps=6, reason="Paused at step 1."))
    train.resume(lab, workspace, run.id)
    yield run
    may_end.set()


def make_run(workspace: Workspace, version: str, model: Path) -> Run:
    return queue_run(workspace, workspace.versions.get(version), model, batch_size=4, epochs=2)


def test_a_paused_run_that_waits_to_go_on_is_paused_again(lab: Lab, workspace: Workspace, paused_in_line: Run) -> None:
    train.pause(lab, workspace, paused_in_line.id)
    status = paused_in_line.status()
    assert (status.state, status.step, status.reason) == ("paused", 1, "Paused at step 1.")


def test_a_paused_run_that_waits_to_go_on_is_stopped_when_its_result_is_written(
    lab: Lab, workspace: Workspace, paused_in_line: Run
) -> None:
    for ending in (train.stop, train.pause):  # the second changes nothing
        ending(lab, workspace, paused_in_line.id)
        assert (lab.jobs.waiting(), paused_in_line.wish()) == (1, "STOP")
    view = train.view(workspace, paused_in_line.id)
    assert view is not None
    assert view.reason == "1 run is before this one. Stopping after its next step."


def test_a_paused_run_that_cannot_be_asked_to_end_does_not_go_on(
    lab: Lab, workspace: Workspace, paused_in_line: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    train.pause(lab, workspace, paused_in_line.id)

    def full(*_: Any) -> None:
        raise LabError("The disk is full.")

    monkeypatch.setattr(Run, "ask", full)
    with pytest.raises(LabError, match="The disk is full"):
        train.stop(lab, workspace, paused_in_line.id)
    assert (lab.jobs.waiting(), paused_in_line.status().state) == (0, "paused")


@pytest.mark.parametrize(
    ("status", "wish", "said"),
    [
        (Status(state="running"), "STOP", "Stopping after this step."),
        (Status(state="running"), "PAUSE", "Pausing after this step."),
        (
            Status(state="running", reason="Loading the model."),
            "PAUSE",
            "Loading the model. Pausing after its next step.",
        ),
    ],
)
def test_a_run_says_how_it_is_about_to_end(
    workspace: Workspace, version: str, tiny_model_folder: Path, status: Status, wish: Wish, said: str
) -> None:
    run = make_run(workspace, version, tiny_model_folder)
    owner = run.claim().take()
    run.write_status(status)
    run.ask(wish)
    view = train.view(workspace, run.id)
    owner.release()
    assert view is not None
    assert view.reason == said


def test_a_run_that_ended_early_says_so_where_it_is_to_go_on(
    lab: Lab, workspace: Workspace, version: str, tiny_model_folder: Path
) -> None:
    run = make_run(workspace, version, tiny_model_folder)
    run.write_status(Status(state="done", step=3, steps=6, reason="Ended early at step 3: no better loss."))
    with pytest.raises(LabError, match=r"is done\. Ended early at step 3: no better loss\. Start another one"):
        train.resume(lab, workspace, run.id)


def wait(event: threading.Event) -> None:
    event.wait(5)
