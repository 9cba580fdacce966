"""One job after the other, each claimed from the moment it is queued."""

import errno
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from core.errors import LabError
from core.jobs import Jobs
from core.settings import TrainSettings
from core.workspace import WORKER, Recipe, Run, Status, Workspace


def new_run(workspace: Workspace) -> Run:
    source = {"path_or_id": "x", "revision": "1", "gguf_file": None, "title": "x"}
    about = {"dataset": "s/v1", "dataset_hash": "", "workspace": str(workspace.root), "created": ""}
    return workspace.new_run(
        "set", Recipe(model="m", source=source, settings=TrainSettings(), most_steps=1, versions={}, **about)
    )


def wait_for(state: str, run: Run, seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while run.status().state != state and time.monotonic() < end:
        time.sleep(0.01)
    assert run.status().state == state


def test_jobs_run_in_order_and_a_waiting_one_is_queued_not_interrupted(workspace: Workspace) -> None:
    jobs, may_end, order = Jobs(), threading.Event(), []

    def work(folder: Path) -> None:
        may_end.wait(5)
        order.append(folder.name)
        Run(folder).write_status(Status(state="done"))

    first, second = new_run(workspace), new_run(workspace)
    jobs.start(first, work)
    jobs.start(second, work)
    assert second.status().state == "queued"
    may_end.set()
    wait_for("done", second)
    assert order == [first.id, second.id]


def test_a_queued_job_can_be_stopped_before_it_begins(workspace: Workspace) -> None:
    jobs, may_end = Jobs(), threading.Event()

    def work(folder: Path) -> None:
        may_end.wait(5)
        Run(folder).write_status(Status(state="done"))

    first, second = new_run(workspace), new_run(workspace)
    jobs.start(first, work)
    jobs.start(second, work)
    assert jobs.drop(second)
    assert second.status().state == "stopped"
    may_end.set()
    wait_for("done", first)
    assert not jobs.drop(first)


def test_a_job_that_breaks_does_not_take_the_next_one_with_it(workspace: Workspace) -> None:
    jobs = Jobs()

    def broken(folder: Path) -> None:
        raise RuntimeError("a bug")

    first, second = new_run(workspace), new_run(workspace)
    jobs.start(first, broken)
    jobs.start(second, lambda folder: Run(folder).write_status(Status(state="done")))
    wait_for("done", second)
    assert first.status().state == "interrupted"


@contextmanager
def waiting(workspace: Workspace, run: Run) -> Iterator[Jobs]:
    """The run in line behind another one."""
    jobs, may_end = Jobs(), threading.Event()
    jobs.start(new_run(workspace), lambda folder: may_end.wait(5) and None)
    jobs.start(run, lambda folder: None)
    yield jobs
    may_end.set()


def test_a_run_that_waits_to_go_on_still_says_where_it_stands(workspace: Workspace) -> None:
    run = new_run(workspace)
    (run.checkpoints / "step-000012").mkdir(parents=True)
    run.write_status(Status(state="running", step=12, steps=48, elapsed=60, best_step=8, best_loss=1.5))
    with waiting(workspace, run) as jobs:
        queued = run.status()
        assert jobs.drop(run)
    stopped = run.status()
    for status in (queued, stopped):
        assert (status.step, status.steps, status.elapsed, status.best_loss) == (12, 48, 60, 1.5)
    assert (queued.state, queued.reason) == ("queued", "1 run is before this one.")
    assert (stopped.state, "before it went on" in stopped.reason) == ("stopped", True)


@pytest.mark.parametrize("state", ["paused", "stopped", "failed"])
def test_a_run_that_is_taken_out_of_the_line_stands_where_it_stood(workspace: Workspace, state: Any) -> None:
    run = new_run(workspace)
    run.write_status(Status(state=state, step=12, steps=48, reason="As before."))
    before = run.status()
    with waiting(workspace, run) as jobs:
        assert jobs.drop(run)
    assert run.status().model_copy(update={"updated": before.updated}) == before


def test_a_full_disk_does_not_keep_a_run_in_line(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    run = new_run(workspace)
    with waiting(workspace, run) as jobs:
        with monkeypatch.context() as patch:
            patch.setattr("core.workspace.runs.write_json", full)
            with pytest.raises(LabError, match="the disk is full"):
                jobs.drop(run)
        assert jobs.waiting() == 0
        assert run.status().state == "interrupted"
    run.claim().take(seconds=0.1).release()


def done(folder: Path) -> None:
    Run(folder).write_status(Status(state="done"))


def wait_for_reason(reason: str, run: Run, seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while run.status().reason != reason and time.monotonic() < end:
        time.sleep(0.01)
    assert run.status().reason == reason


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.jobs.LOOK_SECONDS", 0.01)


def test_a_run_waits_for_one_that_has_outlived_the_program_which_began_it(workspace: Workspace, quick: None) -> None:
    jobs, orphan, run, other = Jobs(), *(new_run(workspace) for _ in range(3))
    worker = orphan.claim(WORKER).take()
    jobs.start(run, done)
    jobs.start(other, done)
    wait_for_reason("2 runs are before this one.", other)
    assert (run.status().state, run.status().reason) == ("queued", "1 run is before this one.")
    assert (jobs.unfinished(), jobs.unfinished(workspace.root / "runs")) == (2, 3)
    assert [each.id for each in jobs.apart(workspace.root / "runs")] == [orphan.id]
    assert jobs.drop(run)
    assert run.status().state == "stopped"
    worker.release()
    wait_for("done", other)


def test_a_job_in_a_process_of_its_own_is_counted_once(workspace: Workspace) -> None:
    jobs, run, begun, may_end = Jobs(), new_run(workspace), threading.Event(), threading.Event()

    def work(folder: Path) -> None:
        worker = Run(folder).claim(WORKER).take()
        begun.set()
        may_end.wait(5)
        worker.release()
        done(folder)

    jobs.start(run, work)
    assert begun.wait(5)
    assert jobs.unfinished(workspace.root / "runs") == 1
    may_end.set()
    wait_for("done", run)


def test_a_run_of_another_workspace_is_not_waited_for(workspace: Workspace, tmp_path: Path, quick: None) -> None:
    worker = new_run(Workspace(tmp_path / "another")).claim(WORKER).take()
    run = new_run(workspace)
    Jobs().start(run, done)
    wait_for("done", run)
    worker.release()


def test_what_holds_the_first_in_line_up_is_said_and_it_can_be_stopped(workspace: Workspace, quick: None) -> None:
    jobs, first, second, free = Jobs(), new_run(workspace), new_run(workspace), threading.Event()

    def held_up() -> str:
        return "" if free.is_set() else "A report is made first."

    for run in (first, second):
        jobs.start(run, done, "Again.", held_up)
    wait_for_reason("Again. A report is made first.", first)
    assert second.status().reason == "Again. 1 run is before this one."
    assert jobs.drop(first)
    wait_for_reason("Again. A report is made first.", second)
    assert first.status().reason == "Stopped before it began."
    free.set()
    wait_for("done", second)
