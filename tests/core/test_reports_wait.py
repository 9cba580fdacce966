"""Runs and reports take turns: neither begins while the other is at work, and each says what it waits for."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.actions import Lab, Workspace, background, evaluate, train
from core.actions.answers import ASKING
from core.actions.background import Background
from core.actions.evaluate import reporting
from core.actions.train.running import queue
from core.errors import LabError
from core.workspace import WORKER, Run, Status
from tests.conftest import queue_run, taught_rows
from tests.waiting import SECONDS, wait_until


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.jobs.LOOK_SECONDS", 0.01)
    monkeypatch.setattr(reporting, "WAIT_SECONDS", 0.01)


@pytest.fixture
def make(workspace: Workspace, tiny_model_folder: Path) -> Callable[[], Run]:
    version = workspace.versions.save("tiny", taught_rows(6), "curate")
    return lambda: queue_run(workspace, version, tiny_model_folder)


class Work:
    """What would be trained or examined, in the order in which it begins; each ends once `go_on` is set."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.go_on = threading.Event()

    def train(self, folder: Path) -> None:
        self.begun.append(f"run {folder.name}")
        self.go_on.wait(SECONDS)
        Run(folder).write_status(Status(state="done"))

    def examine(self, run: Run, *_: Any) -> None:
        self.begun.append(f"report on {run.id}")
        self.go_on.wait(SECONDS)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    found = Work()
    monkeypatch.setattr("core.actions.train.running.train_run", found.train)
    monkeypatch.setattr("core.evaluate.examine.examine", found.examine)
    monkeypatch.setattr("core.actions.evaluate.material.material_of", lambda *_: None)
    yield found
    found.go_on.set()


def sentence(workspace: Workspace) -> str:
    told = evaluate.progress(workspace)
    return told.sentence if told else ""


def test_a_report_says_how_many_runs_are_before_it_and_begins_when_all_have_ended(
    lab: Lab, workspace: Workspace, make: Callable[[], Run], work: Work
) -> None:
    first, second, examined = make(), make(), make()
    for run in (first, second):
        queue(lab, workspace, run)
    report = evaluate.begin(lab, workspace, examined.id, {})
    wait_until(lambda: sentence(workspace) == "Waiting for 2 runs to end")
    work.go_on.set()
    report.result()
    assert work.begun == [f"run {first.id}", f"run {second.id}", f"report on {examined.id}"]


def test_a_report_waits_for_a_run_that_has_outlived_the_program_which_began_it(
    lab: Lab, workspace: Workspace, make: Callable[[], Run], work: Work
) -> None:
    worker = make().claim(WORKER).take()
    work.go_on.set()
    report = evaluate.begin(lab, workspace, make().id, {})
    wait_until(lambda: sentence(workspace) == "Waiting for 1 run to end")
    assert work.begun == []
    worker.release()
    report.result()
    assert len(work.begun) == 1


def test_a_run_waits_for_the_report_that_is_at_work_and_can_be_stopped_meanwhile(
    lab: Lab, workspace: Workspace, make: Callable[[], Run], work: Work
) -> None:
    report = evaluate.begin(lab, workspace, make().id, {})
    wait_until(lambda: work.begun)
    stopped, run = make(), make()
    for each in (stopped, run):
        queue(lab, workspace, each)
    waits = "A report is being made; this run begins when that has ended."
    wait_until(lambda: stopped.status().reason == waits)
    train.stop(lab, workspace, stopped.id)
    assert (stopped.status().state, stopped.status().reason) == ("stopped", "Stopped before it began.")
    wait_until(lambda: run.status().reason == waits)
    work.go_on.set()
    report.result()
    wait_until(lambda: run.status().state == "done")
    assert work.begun[1:] == [f"run {run.id}"]


def test_a_report_that_waits_for_its_turn_holds_no_run_up(
    lab: Lab, workspace: Workspace, make: Callable[[], Run], work: Work
) -> None:
    first, second = make(), make()
    queue(lab, workspace, first)
    report = evaluate.begin(lab, workspace, make().id, {})
    wait_until(lambda: sentence(workspace) == "Waiting for 1 run to end")
    queue(lab, workspace, second)
    work.go_on.set()
    report.result()
    assert work.begun[:2] == [f"run {first.id}", f"run {second.id}"]


def test_a_report_that_waits_can_be_stopped(
    lab: Lab, workspace: Workspace, make: Callable[[], Run], work: Work
) -> None:
    queue(lab, workspace, make())
    report = evaluate.begin(lab, workspace, make().id, {})
    wait_until(lambda: sentence(workspace) == "Waiting for 1 run to end")
    evaluate.stop(workspace)
    with pytest.raises(LabError, match="Stopped"):
        report.result()
    assert not reporting.is_at_work()


def test_a_run_waits_for_the_prompt_set_of_its_own_workspace(
    lab: Lab, workspace: Workspace, make: Callable[[], Run], work: Work, tmp_path: Path
) -> None:
    may_end = threading.Event()
    own, _ = (
        Background(place, ASKING, lambda _: may_end.wait(SECONDS)) for place in (workspace, Workspace(tmp_path / "x"))
    )
    work.go_on.set()
    run = make()
    queue(lab, workspace, run)
    wait_until(lambda: run.status().reason.startswith("A prompt set is being asked; this run begins"))
    background.stop(workspace, ASKING)
    may_end.set()
    own.result()
    wait_until(lambda: run.status().state == "done")
