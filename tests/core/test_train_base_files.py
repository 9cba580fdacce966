"""A run goes on over the weights it began with, and no others of the same name and shapes."""

import json
import shutil
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from core.train import checkpoints, run
from core.train.samples import Sampler
from core.workspace import Run, Workspace
from tests.conftest import queue_run, taught_rows


@pytest.fixture(autouse=True)
def _no_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers take most of a tiny run's time."""
    monkeypatch.setattr(Sampler, "ask", lambda self, step: iter(()))


@pytest.fixture
def model(tiny_model_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_model_folder, tmp_path / "model"))


@pytest.fixture
def paused(workspace: Workspace, model: Path) -> Run:
    """A run that was paused after its first step and may go on."""
    version = workspace.versions.save("tiny", taught_rows(10), "curate")
    this = queue_run(workspace, version, model, epochs=2, evaluations=1)
    this.ask("PAUSE")
    run(this.folder)
    assert this.status().state == "paused"
    this.forget_wish()
    return this


def test_a_run_does_not_go_on_over_other_weights_until_its_own_are_put_back(paused: Run, model: Path) -> None:
    own, other = model / "own", model / "other"
    shutil.copy(model / "model.safetensors", own)
    save_file({name: 1.01 * each for name, each in load_file(own).items()}, other, {"format": "pt"})
    other.replace(model / "model.safetensors")
    run(paused.folder)
    assert paused.status().state == "failed"
    assert "files of the base model have changed since the checkpoint step-000001" in paused.status().reason
    own.replace(model / "model.safetensors")
    run(paused.folder)
    assert paused.status().state == "done"


def test_a_checkpoint_that_does_not_tell_the_files_of_its_base_model_is_taken(paused: Run) -> None:
    path = paused.checkpoints / "step-000001" / "progress.json"
    kept = json.loads(path.read_bytes())
    assert len(kept["of"].pop(checkpoints.BASE_FILES)) == 64
    path.write_text(json.dumps(kept))
    run(paused.folder)
    assert paused.status().state == "done"
