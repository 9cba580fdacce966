"""How quick a run is and how long it takes still, on a clock that only goes on when it is told to."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.train.progress import Progress
from core.train.recorder import RECENT, Recorder
from core.workspace import Run, Workspace
from tests.conftest import queue_run, taught_rows

Pass = Callable[[float], None]


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Pass:
    now = [100.0]
    monkeypatch.setattr("core.train.recorder.time", SimpleNamespace(monotonic=lambda: now[0]))

    def passes(seconds: float) -> None:
        now[0] += seconds

    return passes


@pytest.fixture
def run(workspace: Workspace, tiny_model_folder: Path) -> Iterator[Run]:
    run = queue_run(workspace, workspace.versions.save("tiny", taught_rows(6), "curate"), tiny_model_folder)
    owner = run.claim().take()
    yield run
    owner.release()


def step(recorder: Recorder, tokens: int) -> None:
    recorder.progress.step += 1
    recorder.progress.tokens += tokens
    recorder.step(1.0, 0.1, 1.0)


def test_the_evaluation_before_the_first_step_is_not_spread_over_all_steps(run: Run, wait: Pass) -> None:
    recorder = Recorder(run, 40, Progress(), 10)
    wait(60)
    recorder.samples([])
    wait(2)
    step(recorder, 100)
    assert run.status().remaining == 39 * 2 + 4 * 60
    assert run.metrics()[-1]["tokens_per_second"] == 50
    assert (run.metrics()[-1]["elapsed"], run.metrics()[-1]["tokens"]) == (62, 100)


def test_a_resumed_run_goes_by_its_new_speed(run: Run, wait: Pass) -> None:
    recorder = Recorder(run, 20, Progress(step=10, tokens=10**6, elapsed=1000), 20)
    wait(1)
    step(recorder, 30)
    assert (run.metrics()[-1]["tokens_per_second"], run.status().remaining) == (30, 9)
    assert (run.metrics()[-1]["elapsed"], run.metrics()[-1]["tokens"]) == (1001, 10**6 + 30)


def test_only_the_last_steps_tell_how_quick_it_is(run: Run, wait: Pass) -> None:
    recorder = Recorder(run, 10**6, Progress())
    for seconds in (*[9] * 5, *[1] * RECENT):
        wait(seconds)
        step(recorder, 10)
    assert run.metrics()[-1]["tokens_per_second"] == 10
