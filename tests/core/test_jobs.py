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
from core.workspace import Recipe, Run, Status, Workspace


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
