"""A run in a process of its own: killed at any moment, it loses the steps since its checkpoint and no more."""

import os
import signal
import threading
import time
from pathlib import Path

import psutil
import pytest

from core.train import run, run_apart
from core.workspace import Run, Workspace
from tests.core.test_train import queued, rows


def make(workspace: Workspace, model: Path, **settings: object) -> Run:
    version = workspace.versions.save("tiny", rows(18), "curate")
    return queued(workspace, version, model, **{"epochs": 3, "evaluations": 3, "isolated": True, **settings})


def trained_apart(this: Run) -> threading.Thread:
    worker = threading.Thread(target=run_apart, args=(this.folder,), daemon=True)
    worker.start()
    return worker


def wait_for_step(this: Run, step: int) -> None:
    end = time.monotonic() + 120
    while this.status().step < step and time.monotonic() < end:
        time.sleep(0.02)


def child_of(this: Run) -> int:
    children = psutil.Process().children(recursive=True)
    return next(child.pid for child in children if str(this.folder) in child.cmdline())


@pytest.mark.slow
def test_a_killed_process_is_told_and_resume_ends_as_if_nothing_had_happened(
    workspace: Workspace, tiny_model_folder: Path
) -> None:
    whole, killed = make(workspace, tiny_model_folder, epochs=12), make(workspace, tiny_model_folder, epochs=12)
    run(whole.folder)
    claim = killed.claim().take()
    worker = trained_apart(killed)
    wait_for_step(killed, 17)
    os.kill(child_of(killed), signal.SIGKILL)
    worker.join(60)
    status = killed.status()
    assert status.state == "interrupted"
    assert "ran out of memory" in status.reason
    run_apart(killed.folder)
    claim.release()
    assert killed.status().state == "done"
    losses = [[(line["kind"], line["step"], line["loss"]) for line in this.metrics()] for this in (whole, killed)]
    assert [line[:2] for line in losses[0]] == [line[:2] for line in losses[1]]
    assert [line[2] for line in losses[0]] == pytest.approx([line[2] for line in losses[1]], abs=1e-4)


@pytest.mark.slow
def test_a_run_whose_queueing_program_has_gone_is_still_running(workspace: Workspace, tiny_model_folder: Path) -> None:
    this = make(workspace, tiny_model_folder, epochs=100)
    worker = trained_apart(this)  # nobody holds the claim, as if the page's program had ended
    wait_for_step(this, 2)
    assert this.status().state == "running"
    this.ask("STOP")
    worker.join(60)
    assert this.status().state == "stopped"
    assert this.has_result


def test_a_run_says_it_is_running_before_its_process_is_there(
    workspace: Workspace, tiny_model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    this, said = make(workspace, tiny_model_folder), []

    def begins(*_: object, **__: object) -> None:
        said.append((this.status().state, this.is_left_in_line))
        raise KeyboardInterrupt  # the program ends at this moment

    monkeypatch.setattr("core.train.apart.subprocess.run", begins)
    assert this.is_left_in_line
    claim = this.claim().take()
    with pytest.raises(KeyboardInterrupt):
        run_apart(this.folder)
    claim.release()
    assert said == [("running", False)]
    assert (this.status().state, this.is_left_in_line) == ("interrupted", False)
