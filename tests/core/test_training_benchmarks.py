"""The benchmarks of training count as their docstrings say: real kills, every run, every round, the same rows."""

import random
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import resume
import training
import training_one

from core.settings import TrainSettings
from core.workspace import Run, Status, Workspace
from tests.conftest import queue_run, taught_rows


def process(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-S", *arguments])


def ended(*_: Any) -> subprocess.Popen[bytes]:
    """A process that has ended by itself."""
    found = process("-c", "")
    found.wait()
    return found


@pytest.fixture
def this(workspace: Workspace, tiny_model_folder: Path) -> Run:
    return queue_run(workspace, workspace.versions.save("tiny", taught_rows(8), "curate"), tiny_model_folder)


def test_a_process_that_had_ended_by_itself_was_not_killed(this: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resume, "_start", ended)
    for moment in resume.MOMENTS:
        assert resume._kill_once(this, moment, random.Random(1), 0.0) is None


def test_a_process_that_was_going_on_was_killed(this: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resume, "_start", lambda run: process("-c", "import time; time.sleep(600)"))
    found = resume._kill_once(this, "any", random.Random(1), 0.0)
    assert found is not None
    assert (found["moment"], found["lost"], found["state_shown"]) == ("any", 0, "interrupted")


def test_every_run_that_ended_is_held_against_the_one_left_alone(
    workspace: Workspace, tiny_model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    losses = iter([1.0, 1.5, 1.0])  # the one left alone, one that ended before its kill, the last

    def train(run: Run) -> subprocess.Popen[bytes]:
        run.add_metric({"kind": "train", "step": 1, "loss": next(losses)})
        run.write_status(Status(state="done", step=1, steps=1))
        return ended()

    def kill(run: Run, *_: Any) -> dict[str, Any] | None:
        if len(workspace.runs()) == 2:
            train(run)
            return None
        return {"lost": 0}

    monkeypatch.setattr(resume, "_start", train)
    monkeypatch.setattr(resume, "_kill_once", kill)
    version = workspace.versions.save("tiny", taught_rows(8), "curate")
    found = resume._killed(workspace, version, str(tiny_model_folder), 1, random.Random(1))
    assert (found["missed"], found["runs_compared"], found["kills"]) == (1, 2, [{"lost": 0}])
    assert found["largest_difference"] == 0.5


def test_speeds_are_compared_by_the_seconds_for_the_same_rows() -> None:
    def rounds(seconds: float, tokens: int, *losses: float) -> list[dict[str, Any]]:
        about = {"steps": 12, "trained_tokens": tokens, "computed_tokens": tokens, "peak_mb": 1000}
        about |= {"wall_seconds": seconds, "cpu_seconds": 2 * seconds}
        about |= {"trained_per_second": tokens / seconds, "trained_per_cpu_second": tokens / seconds / 2}
        return [{**about, training.LOSS: loss} for loss in losses]

    told = {
        "tunebench": training._summary(rounds(10, 1000, 2.0, 2.2, 2.1)),
        "other": training._summary(rounds(20, 4000, 1.9, 2.0, 2.1)),
    }
    ratios = training._ratios(told)["other"]
    assert (ratios["speed"], ratios["speed_by_cpu_time"], ratios["memory"]) == (2.0, 2.0, 1.0)
    assert ratios["held_out_loss_difference"] == pytest.approx(0.1)
    assert told["tunebench"][training.LOSS] == {"median": 2.1, "all": [2.0, 2.2, 2.1]}


def test_one_of_trls_contenders_has_the_weights_that_the_others_have(monkeypatch: pytest.MonkeyPatch) -> None:
    changed: list[dict[str, Any]] = []
    monkeypatch.setattr(training_one, "_sft", lambda *_, **values: changed.append(values))
    nothing: Any = None
    for contender in ("trl", "trl_kept", "trl_auto"):
        training_one.CONTENDERS[contender](nothing, nothing, nothing)
    kept = {"gradient_checkpointing": False}
    assert changed == [{}, kept, {**kept, "model_init_kwargs": {"dtype": "auto"}}]


def test_unsloth_trains_the_weights_that_the_others_train(monkeypatch: pytest.MonkeyPatch) -> None:
    class Loaded(Exception):
        """Ends the contender here; the rest needs a GPU."""

    def loaded(model: str, **values: Any) -> None:
        raise Loaded(values["load_in_4bit"])

    for name in ("unsloth", "datasets", "trl"):
        module = ModuleType(name)
        vars(module).update(dict.fromkeys(("FastLanguageModel", "Dataset", "SFTConfig", "SFTTrainer")))
        monkeypatch.setitem(sys.modules, name, module)
    sys.modules["unsloth"].FastLanguageModel = SimpleNamespace(from_pretrained=loaded)
    job: Any = SimpleNamespace(model="model", settings=TrainSettings())
    with pytest.raises(Loaded, match="False"):
        training_one.unsloth(job, Path(), training_one.Clock())
