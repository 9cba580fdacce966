"""One job after the other, each claimed from the moment it is queued."""

import threading
import time
from pathlib import Path

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
