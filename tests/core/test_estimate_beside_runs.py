"""A measurement and a run do not go on at once: the run waits, and what was measured beside a run is not kept."""

import dataclasses
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from core.actions import Lab, train
from core.actions.answers import ASKING
from core.actions.background import Background
from core.actions.evaluate import reporting
from core.actions.train.running import MEASURING
from core.compare import Weights
from core.models import resolve
from core.settings import HOME, TrainSettings
from core.train import estimate as estimating
from core.train import room
from core.train.estimate import Estimator, Job
from core.train.probe import Probe
from core.train.workload import Footprint, Multiplications
from core.workspace import WORKER, Run, Status
from tests.conftest import queue_run, taught_rows
from tests.core.test_estimate import made, told
from tests.waiting import SECONDS, wait_until


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


@contextmanager
def report_made(lab: Lab) -> Iterator[None]:
    with reporting._one_at_a_time:
        yield


@contextmanager
def prompt_set_asked(lab: Lab) -> Iterator[None]:
    may_end = threading.Event()
    asked = Background(lab.workspace(""), ASKING, lambda _: may_end.wait(SECONDS))
    yield
    may_end.set()
    asked.result()


@contextmanager
def chat_answered(lab: Lab) -> Iterator[None]:
    with lab.playground._lock:
        yield


@pytest.mark.parametrize(
    ("goes_on", "said"),
    [
        (report_made, "A report is being made, and measuring beside it would be wrong."),
        (prompt_set_asked, "A prompt set is being asked, and measuring"),
        (chat_answered, "An answer is being written on the Compare tab, and measuring"),
    ],
)
def test_beside_other_work_nothing_is_measured_and_kept(
    goes_on: Any, said: str, tiny_model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    probes: list[Any] = []
    monkeypatch.setattr(estimating, "probe", lambda *about: probes.append(about) or told())
    lab = Lab(tmp_path / "home", HOME)
    workspace = lab.workspace("")
    version = workspace.versions.save("tiny", taught_rows(8), "curate").id
    with goes_on(lab):
        beside = train.estimate(lab, workspace, version, {"model": str(tiny_model_folder)})
    assert (beside.estimate.seconds, probes) == (None, [])
    assert beside.estimate.untimed.startswith(said)
    assert (beside.estimate.beside, beside.turn) == (False, "")  # no run gives memory back
    alone = train.estimate(lab, workspace, version, {"model": str(tiny_model_folder)}).estimate
    assert (alone.seconds is not None, len(probes)) == (True, 1)


def test_an_estimate_says_how_many_runs_are_before_it(
    tiny_model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = threading.Event()

    def run(folder: Path) -> None:
        may_end.wait(SECONDS)
        Run(folder).write_status(Status(state="done"))

    monkeypatch.setattr("core.actions.train.running.train_run", run)
    lab = Lab(tmp_path / "home", HOME)
    workspace = lab.workspace("")
    version = workspace.versions.save("tiny", taught_rows(8), "curate").id
    values = {"model": str(tiny_model_folder)}
    found = []
    for _ in range(2):
        train.start(lab, workspace, version, values)
        found.append(train.estimate(lab, workspace, version, values))
    may_end.set()
    wait_until(lambda: not lab.jobs.unfinished())
    assert [each.turn for each in found] == ["after the run in line", "after the 2 runs in line"]
    assert found[0].estimate.untimed.startswith("A run is going on, and measuring")
    assert found[1].estimate.untimed.startswith("2 runs are before this one, and measuring")


def test_what_compare_keeps_in_memory_does_not_come_back_and_a_run_of_an_ended_program_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own, models, orphan = room.FRESH_PROCESS + 3000 * 2**20, 1000 * 2**20, 700 * 2**20
    monkeypatch.setattr(room, "own_bytes", lambda: own)
    monkeypatch.setattr(room, "_resident", lambda _: 0)
    assert room.coming_back_bytes() == 3000 * 2**20
    with room.beside(models, orphan):
        assert room.coming_back_bytes() == 2000 * 2**20 + orphan
    monkeypatch.setattr(room, "own_bytes", lambda: room.FRESH_PROCESS // 2)
    with room.beside(0, orphan):
        assert room.coming_back_bytes() == orphan
    assert room.coming_back_bytes() == 0


def test_the_playground_tells_the_bytes_of_the_weights_it_keeps(tiny_model_folder: Path, tmp_path: Path) -> None:
    lab = Lab(tmp_path / "home", HOME)
    workspace = lab.workspace("")
    run = queue_run(workspace, workspace.versions.save("tiny", taught_rows(8), "curate"), tiny_model_folder)
    assert lab.playground.held_bytes == 0
    lab.playground._loaded.hold([Weights(run, None, "base")])
    weights = (tiny_model_folder / "model.safetensors").stat().st_size  # in float32
    assert 0.4 * weights < lab.playground.held_bytes < 1.1 * weights
    lab.playground.close()
    assert lab.playground.held_bytes == 0


def test_a_run_that_has_outlived_its_program_gives_back_what_it_was_seen_to_take(
    tiny_model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = Lab(tmp_path / "home", HOME)
    workspace = lab.workspace("")
    version = workspace.versions.save("tiny", taught_rows(8), "curate")
    orphan = queue_run(workspace, version, tiny_model_folder, isolated=True)
    orphan.write_status(Status(state="running", memory_mb=800))
    monkeypatch.setattr(estimating, "free_bytes", lambda: 0)
    monkeypatch.setattr(estimating, "margin_bytes", lambda: 0)
    monkeypatch.setattr(room, "_resident", lambda _: 0)
    for module in (room, estimating):
        monkeypatch.setattr(module, "own_bytes", lambda: 0)
    worker = orphan.claim(WORKER).take()
    found = train.estimate(lab, workspace, version.id, {"model": str(tiny_model_folder)})
    worker.release()
    assert (found.estimate.room, found.estimate.beside, found.before) == (800 * 2**20, True, 1)
