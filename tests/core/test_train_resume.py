"""A run that was broken off goes on from its newest checkpoint, and ends as if nothing had happened."""

import errno
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from safetensors import SafetensorError

from core.models import load_tokenizer, resolve
from core.settings import HOME
from core.train import advice, checkpoints, recipe, run
from core.train.__main__ import main
from core.train.progress import Progress
from core.train.samples import Sampler
from core.train.training import Training
from core.workspace import Run, Workspace
from tests.core.test_train import queued, rows

SETTINGS: dict[str, Any] = {"epochs": 3, "evaluations": 3, "lora_dropout": 0.1}


@pytest.fixture(autouse=True)
def _no_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers take most of a tiny run's time; test_train.py holds what they are."""
    monkeypatch.setattr(Sampler, "ask", lambda self, step: iter(()))


class Broken(BaseException):
    """Stands for whatever ends a program at once: nothing of ours may catch it."""


def make(workspace: Workspace, model: Path, **settings: Any) -> Run:
    version = workspace.versions.save("tiny", rows(18), "curate")
    return queued(workspace, version, model, **{**SETTINGS, **settings})


def lines(this: Run) -> list[tuple[str, int, float]]:
    return [(line["kind"], line["step"], line["loss"]) for line in this.metrics()]


def broken_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next training breaks off before this step is computed."""
    real = Training.step

    def breaks(self: Training, progress: Progress, recorder: Any) -> Any:
        if progress.step == step:
            raise Broken
        return real(self, progress, recorder)

    monkeypatch.setattr(Training, "step", breaks)


@pytest.mark.parametrize(
    "settings", [{}, {"packing": False}, {"accumulation": 2, "recompute": True}, {"method": "full"}]
)
def test_a_resumed_run_has_the_losses_of_one_that_was_not_broken_off(
    settings: dict[str, Any], workspace: Workspace, tiny_model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, broken = (make(workspace, tiny_model_folder, **settings) for _ in range(2))
    run(whole.folder)
    with monkeypatch.context() as patch:
        broken_at(7, patch)
        with pytest.raises(Broken):
            run(broken.folder)
    assert max(step for _, step, _ in lines(broken)) == 7
    run(broken.folder)
    assert broken.status().state == "done"
    assert lines(broken) == lines(whole)


def test_another_owner_of_the_global_generator_changes_nothing(
    workspace: Workspace, tiny_model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    first, second = (make(workspace, tiny_model_folder) for _ in range(2))
    run(first.folder)
    real = Training.step

    def disturbed(self: Training, progress: Progress, recorder: Any) -> Any:
        torch.manual_seed(progress.step % 3)
        return real(self, progress, recorder)

    monkeypatch.setattr(Training, "step", disturbed)
    run(second.folder)
    assert lines(first) == lines(second)


def test_a_paused_run_goes_on_where_it_was(workspace: Workspace, tiny_model_folder: Path) -> None:
    this = make(workspace, tiny_model_folder)
    this.ask("PAUSE")
    run(this.folder)
    assert this.status().state == "paused"
    assert this.status().step == 1
    assert not this.has_result
    this.forget_wish()
    run(this.folder)
    status = this.status()
    assert (status.state, status.step) == ("done", status.steps)


def test_a_paused_run_goes_on_where_it_is_started_by_its_folder(
    workspace: Workspace, tiny_model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    this = make(workspace, tiny_model_folder)
    this.ask("PAUSE")
    run(this.folder)
    monkeypatch.setattr(sys, "argv", ["core.train", str(this.folder)])
    assert main() == 0
    assert this.status().state == "done"


def test_a_wish_that_came_before_the_process_of_a_queued_run_holds(
    workspace: Workspace, tiny_model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    this = make(workspace, tiny_model_folder)
    this.ask("STOP")
    monkeypatch.setattr(sys, "argv", ["core.train", str(this.folder), "--queued"])
    assert main() == 0
    assert (this.status().state, this.status().step) == ("stopped", 1)


def test_a_run_that_cannot_go_on_still_says_where_it_stood(workspace: Workspace, tiny_model_folder: Path) -> None:
    this = make(workspace, tiny_model_folder)
    this.ask("PAUSE")
    run(this.folder)
    this.forget_wish()
    paused = this.status()
    shutil.rmtree(workspace.root / "datasets")
    run(this.folder)
    status = this.status()
    assert (status.state, status.step, status.steps) == ("failed", 1, paused.steps)
    assert status.elapsed == paused.elapsed


def test_a_half_written_checkpoint_is_not_gone_on_from(workspace: Workspace, tiny_model_folder: Path) -> None:
    this = make(workspace, tiny_model_folder)
    this.ask("PAUSE")
    run(this.folder)
    this.forget_wish()
    half = this.checkpoints / ".step-000005"
    shutil.copytree(this.checkpoints / "step-000001", half)
    (half / "optimizer.pt").write_bytes(b"torn")
    run(this.folder)
    assert this.status().state == "done"


def test_a_full_disk_ends_the_run_with_a_sentence_and_resume_goes_on(
    workspace: Workspace, tiny_model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    this = make(workspace, tiny_model_folder)
    real = checkpoints.save_weights

    def full(model: Any, folder: Path) -> None:
        if folder.name == ".step-000008":
            (folder / "adapter_model.safetensors").write_bytes(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")
        real(model, folder)

    with monkeypatch.context() as patch:
        patch.setattr(checkpoints, "save_weights", full)
        run(this.folder)
    status = this.status()
    assert status.state == "failed"
    assert "the disk is full" in status.reason
    assert [path.name for path in this.checkpoints.iterdir()] == ["step-000004"]
    run(this.folder)
    assert this.status().state == "done"


def test_a_disk_that_is_full_at_the_result_is_a_sentence_and_resume_writes_it(
    workspace: Workspace, tiny_model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    this = make(workspace, tiny_model_folder)
    real = checkpoints.save_weights

    def full(model: Any, folder: Path) -> None:
        if folder.name == ".adapter":
            raise SafetensorError("I/O error: No space left on device (os error 28)")
        real(model, folder)

    with monkeypatch.context() as patch:
        patch.setattr(checkpoints, "save_weights", full)
        run(this.folder)
    status = this.status()
    assert (status.state, status.reason.partition(".")[0]) == (
        "failed",
        "The result could not be saved: the disk is full",
    )
    assert not this.has_result
    run(this.folder)
    assert (this.status().state, this.has_result) == ("done", True)


@pytest.mark.parametrize(
    ("what", "sentence"),
    [("base model", "another base model"), ("dataset", "another dataset"), ("method", "another method")],
)
def test_a_checkpoint_of_another_run_is_refused(
    what: str, sentence: str, workspace: Workspace, tiny_model_folder: Path
) -> None:
    this = make(workspace, tiny_model_folder)
    this.ask("PAUSE")
    run(this.folder)
    this.forget_wish()
    path = this.checkpoints / "step-000001" / "progress.json"
    kept = json.loads(path.read_bytes())
    kept["of"][what] = "something else"
    path.write_text(json.dumps(kept))
    run(this.folder)
    assert this.status().state == "failed"
    assert sentence in this.status().reason


@pytest.mark.parametrize("name", ["optimizer.pt", "adapter_model.safetensors", "progress.json"])
def test_a_damaged_checkpoint_is_told_by_name(name: str, workspace: Workspace, tiny_model_folder: Path) -> None:
    this = make(workspace, tiny_model_folder)
    this.ask("PAUSE")
    run(this.folder)
    this.forget_wish()
    (this.checkpoints / "step-000001" / name).write_bytes(b"{")
    run(this.folder)
    assert this.status().state == "failed"
    assert "step-000001 cannot be read" in this.status().reason


def test_the_best_checkpoint_is_kept_and_becomes_the_result(
    workspace: Workspace, tiny_model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    this = make(workspace, tiny_model_folder, evaluations=6, epochs=6)
    measured = iter([5.0, 4.0, 3.0, 3.5, 3.6, 3.7, 3.8])
    monkeypatch.setattr(Training, "held_out_loss", lambda self: next(measured))
    run(this.folder)
    assert this.status().best_step == 8
    best = checkpoints.at(this.checkpoints, 8) / "adapter_model.safetensors"
    assert best.read_bytes() == (this.adapter / "adapter_model.safetensors").read_bytes()
    assert len(list(this.checkpoints.iterdir())) == 3


def test_where_nothing_got_better_the_best_of_the_run_is_kept_and_not_the_last(
    workspace: Workspace, tiny_model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    this = make(workspace, tiny_model_folder, evaluations=3)
    measured = iter([2.0, 2.4, 2.9, 3.1])
    monkeypatch.setattr(Training, "held_out_loss", lambda self: next(measured))
    run(this.folder)
    status = this.status()
    assert (status.state, status.best_step, status.best_loss) == ("done", 4, 2.4)
    best = checkpoints.at(this.checkpoints, 4) / "adapter_model.safetensors"
    assert best.read_bytes() == (this.adapter / "adapter_model.safetensors").read_bytes()
    train, held_out = ([line for line in this.metrics() if line["kind"] == kind] for kind in ("train", "held-out"))
    assert "the base model was better" in advice(train, held_out, status.steps)[0]


def test_a_held_out_loss_that_is_no_number_is_never_the_best() -> None:
    progress = Progress(step=4)
    progress.add_evaluation(float("nan"))
    assert (progress.best_step, progress.worse) == (None, 0)
    progress.add_evaluation(2.0)
    assert (progress.best_step, progress.best_loss) == (4, 2.0)


def test_early_stop_ends_the_run_where_nothing_gets_better(
    workspace: Workspace, tiny_model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    this = make(workspace, tiny_model_folder, evaluations=6, epochs=6, early_stop=2)
    measured = iter([5.0, 4.0, 4.5, 4.6, 4.7, 4.8, 4.9])
    monkeypatch.setattr(Training, "held_out_loss", lambda self: next(measured))
    run(this.folder)
    status = this.status()
    assert (status.state, status.step, status.best_step) == ("done", 12, 4)
    assert "no held-out loss since step 4 was lower" in status.reason


def test_a_broken_loss_ends_the_run_with_advice_and_keeps_the_last_good_checkpoint(
    workspace: Workspace, tiny_model_folder: Path
) -> None:
    this = make(workspace, tiny_model_folder, method="full", learning_rate=1.0, epochs=6, evaluations=6, warmup=0)
    run(this.folder)
    status = this.status()
    assert status.state == "failed"
    assert "learning rate is too high" in status.reason
    assert status.step < status.steps


def test_a_version_that_is_gone_is_said(workspace: Workspace, tiny_model_folder: Path) -> None:
    this = make(workspace, tiny_model_folder)
    shutil.rmtree(workspace.root / "datasets")
    run(this.folder)
    assert this.status().state == "failed"
    assert "tiny" in this.status().reason


def test_the_recipe_names_what_it_needs(tiny_model_folder: Path) -> None:
    """The fixture's model must have a tokenizer, or every test above would test nothing."""
    assert load_tokenizer(resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME)).chat_template
    assert recipe.SAVE_SECONDS > 0
