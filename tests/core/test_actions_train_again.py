"""Runs that waited in line when the program ended are there again when it is started anew, in their old order."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.actions import Lab, Workspace, train
from core.settings import HOME, SPACE
from core.workspace import Run, Status, Wish
from tests.conftest import queue_run, taught_rows
from tests.waiting import SECONDS, wait_until

ROOT = Path(__file__).parents[2]
QUEUES = """
import sys, threading
from pathlib import Path
from core.actions import Lab
from core.actions.train import running
from core.settings import HOME
from core.workspace import Run

def train(folder):
    Run(folder).update_status(state="running")
    print("begun", flush=True)
    threading.Event().wait()

running.train_run = train
lab = Lab(Path(sys.argv[1]), HOME)
workspace = lab.workspace("")
for run in sys.argv[2:]:
    running.queue(lab, workspace, workspace.run(run))
print("queued", flush=True)
threading.Event().wait()
"""


@pytest.fixture
def make(workspace: Workspace, tiny_model_folder: Path) -> Callable[..., Run]:
    """Sets up a run and leaves it as it is told."""

    def make_run(before: int = 0, state: Any = "queued", **settings: Any) -> Run:
        version = workspace.versions.save("tiny", taught_rows(6), "curate")
        run = queue_run(workspace, version, tiny_model_folder, **settings)
        run.write_status(Status(state=state, before=before))
        return run

    return make_run


class Trained(list[str]):
    """The ids of the runs that have begun; they end once `go_on` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> Iterator[Trained]:
    """The runs that are trained, or would be."""
    found = Trained()

    def train_run(folder: Path) -> None:
        Run(folder).update_status(state="running", reason="")
        found.append(folder.name)
        found.go_on.wait(SECONDS)
        Run(folder).update_status(state="done")

    for name in ("train_run", "run_apart"):
        monkeypatch.setattr(f"core.actions.train.running.{name}", train_run)
    yield found
    found.go_on.set()


def test_a_killed_program_leaves_a_line_that_the_next_one_goes_on_with(
    workspace: Workspace, make: Callable[..., Run], trained: Trained
) -> None:
    late, early, begun = make(), make(), make()  # not the order of the line
    program = subprocess.Popen(
        [sys.executable, "-c", QUEUES, str(workspace.root), begun.id, early.id, late.id],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    assert {program.stdout.readline().strip() for _ in range(2)} == {"begun", "queued"}
    assert train.queue_again(Lab(workspace.root, HOME)) == []  # all belong to a program that is alive
    program.kill()
    program.communicate()
    assert {run.status().state for run in (begun, early, late)} == {"interrupted"}

    assert train.queue_again(Lab(workspace.root, HOME)) == [early.id, late.id]
    wait_until(lambda: trained == [early.id])
    said = "In line again since the program was started anew."
    assert (late.status().state, late.status().reason) == ("queued", f"{said} 1 run is before this one.")
    trained.go_on.set()
    wait_until(lambda: late.status().state == "done")
    assert trained == [early.id, late.id]
    assert begun.status().state == "interrupted"  # it had begun, so a person decides


def test_a_sweep_goes_on_behind_its_run_that_has_outlived_the_program(
    lab: Lab, workspace: Workspace, make: Callable[..., Run], trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.jobs.LOOK_SECONDS", 0.01)
    going, *rest = make(state="running", isolated=True), make(1, isolated=True), make(2, isolated=True)
    worker = going.claim("worker.lock").take()
    assert train.queue_again(lab) == [run.id for run in rest]
    wait_until(lambda: rest[1].status().reason.endswith("anew. 2 runs are before this one."))
    assert rest[0].status().reason.endswith("anew. 1 run is before this one.")
    assert (going.status().state, trained) == ("running", [])
    worker.release()
    trained.go_on.set()
    wait_until(lambda: rest[1].status().state == "done")
    assert trained == [run.id for run in rest]


@pytest.mark.parametrize("state", ["running", "paused", "stopped", "interrupted", "failed", "done"])
def test_a_run_that_did_not_wait_is_left_alone(lab: Lab, make: Callable[..., Run], state: Any) -> None:
    run = make(state=state)
    before = (run.folder / "status.json").read_bytes()
    assert train.queue_again(lab) == []
    assert (run.folder / "status.json").read_bytes() == before


@pytest.mark.parametrize(
    ("wish", "began", "queued", "said"),
    [
        ("STOP", False, False, "Stopped before it began."),
        ("PAUSE", False, False, "Stopped before it began."),
        ("PAUSE", True, False, "Stopped before it went on. What was saved at its last checkpoint is kept."),
        ("STOP", True, True, ""),  # it takes a step, and writes its result
    ],
)
def test_a_run_that_was_asked_to_end_meanwhile_ends(
    lab: Lab, make: Callable[..., Run], trained: Trained, wish: Wish, began: bool, queued: bool, said: str
) -> None:
    run = make()
    if began:
        (run.checkpoints / "step-000001").mkdir(parents=True)
    run.ask(wish)
    assert train.queue_again(lab) == ([run.id] if queued else [])
    assert run.wish() == ("STOP" if queued else None)
    if not queued:
        assert (run.status().state, run.status().reason) == ("stopped", said)


def test_a_run_whose_dataset_version_is_gone_says_so_and_the_next_one_is_in_line(
    lab: Lab, workspace: Workspace, make: Callable[..., Run], trained: Trained
) -> None:
    gone, there = make(0), make(1)
    workspace.versions.delete(gone.recipe.dataset)
    assert train.queue_again(lab) == [there.id]
    status = gone.status()
    assert status.state == "interrupted"
    assert f"its dataset version {gone.recipe.dataset} is no longer in the workspace" in status.reason
    trained.go_on.set()
    wait_until(lambda: there.status().state == "done")


def test_a_run_without_a_recipe_does_not_keep_the_program_from_starting(
    lab: Lab, make: Callable[..., Run], trained: Trained
) -> None:
    broken, well = make(0), make(1)
    (broken.folder / "run.yaml").write_text("format: [")
    assert train.queue_again(lab) == [well.id]
    trained.go_on.set()
    wait_until(lambda: well.status().state == "done")


def test_a_run_that_is_in_line_again_can_be_stopped(
    lab: Lab, workspace: Workspace, make: Callable[..., Run], trained: Trained
) -> None:
    first, second = make(0), make(1)
    train.queue_again(lab)
    wait_until(lambda: trained == [first.id])
    train.stop(lab, workspace, second.id)
    assert (second.status().state, second.status().reason) == ("stopped", "Stopped before it began.")


def test_of_two_programs_on_one_workspace_one_takes_the_line(
    lab: Lab, workspace: Workspace, make: Callable[..., Run], trained: Trained
) -> None:
    runs = [make(0), make(1)]
    assert train.queue_again(lab) == [run.id for run in runs]
    assert train.queue_again(Lab(workspace.root, HOME)) == []


def test_on_a_public_space_nothing_is_queued_by_itself(workspace: Workspace, make: Callable[..., Run]) -> None:
    run = make()
    assert train.queue_again(Lab(workspace.root, SPACE)) == []
    assert run.is_left_in_line
