"""A measurement and a run do not go on at once: the run waits, and what was measured beside a run is not kept."""

import dataclasses
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from core.actions import Lab, train
from core.actions.train.running import MEASURING
from core.models import resolve
from core.settings import HOME, TrainSettings
from core.train import estimate as estimating
from core.train import room
from core.train.estimate import Estimator, Job
from core.train.probe import Probe
from core.train.workload import Footprint, Multiplications
from core.workspace import Run, Status
from tests.conftest import taught_rows
from tests.core.test_estimate import made, told

SECONDS = 60


@pytest.fixture(autouse=True)
def _counted_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Footprint(2**20, 2**20, 2**20, 2**20, 0, 0, Multiplications(1000, 1000, 1))
    monkeypatch.setattr("core.train.footprint.footprint", lambda *_: counted)


def test_what_was_measured_beside_a_run_is_measured_again(
    tiny_model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ["", "A run is going on.", "", ""]  # asked before and after each measurement
    probes: list[Any] = []

    def probe(*about: Any) -> Probe:
        probes.append(about)
        return told()

    monkeypatch.setattr(estimating, "probe", probe)
    source = resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME)
    job = Job(source, TrainSettings.parse({"batch_size": 4}), made(), 10**6, tmp_path)
    estimator = Estimator()
    beside, alone, again = (estimator.estimate(job, lambda: said.pop(0)) for _ in range(3))
    assert (beside.seconds, beside.untimed) == (None, "A run is going on.")
    assert (len(probes), said) == (2, [])
    assert alone.seconds is not None
    assert again.untimed == alone.untimed == ""


@pytest.mark.parametrize("isolated", [False, True])
def test_the_memory_of_a_run_that_goes_on_is_not_missed(
    isolated: bool, tiny_model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME)
    job = Job(source, TrainSettings.parse({"batch_size": 4, "isolated": isolated}), made(), 10**6, tmp_path)
    held, free = 8000 * 2**20, 10 * 2**20
    for module in (room, estimating):
        monkeypatch.setattr(module, "own_bytes", lambda: held)
    monkeypatch.setattr(estimating, "free_bytes", lambda: free)
    monkeypatch.setattr(estimating, "margin_bytes", lambda: 0)
    alarm = Estimator().estimate(job)
    beside = Estimator().estimate(dataclasses.replace(job, beside=True))
    assert (alarm.fits, beside.fits) == (False, True)
    assert beside.parts["program"] == room.FRESH_PROCESS
    assert beside.room >= held - room.FRESH_PROCESS


@pytest.mark.parametrize("isolated", [False, True])
def test_a_run_that_is_started_while_something_is_measured_waits_for_it(
    isolated: bool, tiny_model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measuring, go_on = threading.Event(), threading.Event()
    trained: list[str] = []

    def probe(*_: Any) -> Probe:
        measuring.set()
        assert go_on.wait(SECONDS)
        return told()

    def run(folder: Path) -> None:
        trained.append(folder.name)
        Run(folder).write_status(Status(state="done"))

    monkeypatch.setattr(estimating, "probe", probe)
    for name in ("train_run", "run_apart"):
        monkeypatch.setattr(f"core.actions.train.running.{name}", run)
    lab = Lab(tmp_path / "home", HOME)
    workspace = lab.workspace("")
    version = workspace.versions.save("tiny", taught_rows(8), "curate").id
    values = {"model": str(tiny_model_folder), "isolated": isolated}
    found: list[Any] = []
    asked = threading.Thread(target=lambda: found.append(train.estimate(lab, workspace, version, values)))
    asked.start()
    try:
        assert measuring.wait(SECONDS)
        started = workspace.run(train.start(lab, workspace, version, values))
        wait_until(lambda: started.status().reason == MEASURING)
        assert (started.status().state, trained) == ("queued", [])
    finally:
        go_on.set()
    asked.join(SECONDS)
    wait_until(lambda: started.status().state == "done")
    assert trained == [started.id]
    assert found[0].estimate.seconds is None
    assert found[0].estimate.untimed.startswith("A run is going on")


def wait_until(holds: Any) -> None:
    end = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)
