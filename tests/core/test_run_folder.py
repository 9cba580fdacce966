"""A run's folder tells the page what it can, whatever became of the run, its disk or its files."""

import errno
import threading
from pathlib import Path
from typing import Any

import pytest

from core.actions import Lab, Workspace, compare, train
from core.actions.train.running import queue
from core.compare import checkpoints
from core.errors import LabError
from core.settings import HOME, SPACE, Limits
from core.train import run as train_run
from core.workspace import Recipe, Run, Status, write_json
from core.workspace.runs import left_in_line
from tests.conftest import queue_run, taught_rows
from tests.core.test_workspace import recipe

NAN = float("nan")


def full(*_: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def trained(workspace: Workspace, **about: Any) -> Run:
    run = workspace.new_run("set", recipe(workspace).model_copy(update=about))
    run.write_status(Status(state="done"))
    return run


def step(number: int, loss: float) -> dict[str, Any]:
    counts = {"tokens": 9, "trained": 3, "padding": 0, "elapsed": 1.0, "tokens_per_second": 9.0, "memory_mb": 1.0}
    return {"kind": "train", "step": number, "loss": loss, "rate": 1.0, "norm": loss, **counts}


def test_a_run_whose_loss_stopped_being_a_number_is_shown_like_any_other(workspace: Workspace) -> None:
    run = trained(workspace)
    run.add_metric({"kind": "held-out", "step": 0, "loss": 3.0})
    for number, loss in enumerate((3.0, 2.0, NAN), 1):
        run.add_metric(step(number, loss))
    run.add_metric({"kind": "held-out", "step": 3, "loss": float("inf")})
    view = train.view(workspace, run.id)
    assert view is not None
    assert (view.train_loss, view.held_out_loss) == (2.0, 3.0)
    points = {line.name: line.points for line in view.series}
    assert (points["train"], points["held-out"]) == ([(1, 3.0), (2, 2.0)], [(0, 3.0)])
    assert [len(line.points) for line in train.overlay(workspace, [run.id, run.id]).train] == [2, 2]


def test_a_run_without_a_single_number_is_shown_too(workspace: Workspace) -> None:
    run = trained(workspace)
    run.add_metric(step(1, NAN))
    view = train.view(workspace, run.id)
    assert view is not None
    assert (view.train_loss, view.series, view.words) == (None, [], [])
    assert train.overlay(workspace, [run.id]).train == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("format: 2\nnew: true", "is of format 2, and this Tunebench reads up to 1. Update"),
        ("format: [", "run.yaml is damaged"),
        ("- model", "run.yaml is damaged"),
        ("", "run.yaml is damaged"),
        ("model: starter", "run.yaml is damaged"),
    ],
)
def test_a_run_that_cannot_be_read_says_why_and_the_others_are_listed_without_it(
    workspace: Workspace, written: str, said: str
) -> None:
    first, second, broken = (trained(workspace, sweep="ranks-1") for _ in range(3))
    for run in (first, second, broken):
        run.adapter.mkdir()
        (run.adapter / "adapter_model.safetensors").touch()
        (run.adapter / "adapter_config.json").touch()
    (broken.folder / "run.yaml").write_text(written)
    readable = {first.id, second.id}
    assert {run.id for run in workspace.runs()} == readable
    assert set(train.sweep_of(workspace, first.id)) == readable
    assert {value for _, value in compare.runs(workspace)} == readable
    shown = train.view(workspace, None)
    assert shown is not None
    assert shown.id in readable
    with pytest.raises(LabError, match=said):
        train.view(workspace, broken.id)
    with pytest.raises(LabError, match=said):
        train.recipe_of(workspace, broken.id)


def test_a_recipe_that_was_written_again_is_read_again(workspace: Workspace) -> None:
    run = trained(workspace)
    assert run.recipe.sweep == ""
    again = trained(workspace, sweep="ranks-1")
    (again.folder / "run.yaml").replace(run.folder / "run.yaml")
    assert run.recipe.sweep == "ranks-1"


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_json(tmp_path / "status.json", 1)
    monkeypatch.setattr("core.workspace.files.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_json(tmp_path / "status.json", 2)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("status.json", "1")]


def test_a_workspace_that_cannot_be_written_is_a_sentence_at_start(workspace: Workspace) -> None:
    (workspace.root / "runs").write_text("a file in the way")
    with pytest.raises(LabError, match=r"runs of the workspace cannot be written: .*\. Let Tunebench write there"):
        workspace.new_run("set", recipe(workspace))


@pytest.mark.parametrize("write", ["add_metric", "add_sample"])
def test_a_full_disk_while_a_line_is_written_is_a_sentence(
    workspace: Workspace, write: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = trained(workspace)
    monkeypatch.setattr("core.workspace.runs.append_line", full)
    with pytest.raises(LabError, match=r"the disk is full.*Make room there"):
        getattr(run, write)({"step": 1})


def test_a_run_can_be_shown_where_not_even_a_lock_can_be_made(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = trained(workspace)
    run.write_status(Status(state="running", step=3))
    monkeypatch.setattr("filelock.FileLock.acquire", lambda *_, **__: full())
    assert (run.status().state, run.status().step) == ("interrupted", 3)
    with pytest.raises(LabError, match="the disk is full"):
        run.claim().take()


@pytest.fixture
def queued(workspace: Workspace, tiny_model_folder: Path) -> Run:
    return queue_run(workspace, workspace.versions.save("tiny", taught_rows(8), "curate"), tiny_model_folder)


def test_a_disk_that_fills_up_while_a_run_is_trained_is_what_it_failed_of(
    queued: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.workspace.runs.append_line", full)
    train_run(queued.folder)
    assert queued.status().state == "failed"
    assert "the disk is full" in queued.status().reason
    assert not (queued.folder / "log.txt").exists()


def test_a_traceback_that_cannot_be_kept_does_not_hide_the_failure(
    queued: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (queued.folder / "log.txt").mkdir()
    monkeypatch.setattr("core.train.recipe.Training", lambda *_: 1 / 0)
    train_run(queued.folder)
    status = queued.status()
    assert (status.state, "ZeroDivisionError" in status.reason) == ("failed", True)
    assert "log.txt" not in status.reason


def test_where_the_disk_takes_not_even_the_failure_the_run_is_found_interrupted(
    queued: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any) -> None:
        monkeypatch.setattr("core.workspace.runs.write_json", full)
        full()

    monkeypatch.setattr("core.train.recipe.Training", breaks)
    train_run(queued.folder)
    status = queued.status()
    assert (status.state, "the disk took no more" in status.reason) == ("interrupted", True)


def test_a_recipe_that_all_share_cannot_be_changed(workspace: Workspace) -> None:
    shared: Recipe = trained(workspace).recipe
    with pytest.raises(ValueError, match="frozen"):
        shared.model = "another"  # type: ignore[misc]


def with_checkpoint(run: Run, step: int, *names: str) -> None:
    folder = run.checkpoints / f"step-{step:06d}"
    folder.mkdir(parents=True)
    for name in (*names, "optimizer.pt", "progress.json"):
        (folder / name).write_bytes(b"x")


@pytest.mark.parametrize(("limits", "state"), [(SPACE, "done"), (SPACE, "stopped"), (SPACE, "failed"), (HOME, "done")])
def test_where_strangers_share_the_disk_a_run_that_cannot_go_on_keeps_no_more_than_its_adapters(
    queued: Run, workspace: Workspace, limits: Limits, state: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()

    def train_it(folder: Path) -> None:
        with_checkpoint(queued, 1, "adapter_config.json", "adapter_model.safetensors")
        with_checkpoint(queued, 2, "config.json", "model.safetensors")  # as after full tuning
        queued.write_status(Status(state=state))

    monkeypatch.setattr("core.actions.train.running.train_run", train_it)
    lab = Lab(workspace.root, limits)
    queue(lab, workspace, queued)
    lab.jobs.start(trained(workspace), lambda _: ended.set())
    assert ended.wait(5)
    left = {str(path.relative_to(queued.checkpoints)) for path in queued.checkpoints.rglob("*") if path.is_file()}
    adapter = {f"step-000001/{name}" for name in ("adapter_config.json", "adapter_model.safetensors", "progress.json")}
    if limits.public and state == "done":
        assert left == adapter
        assert checkpoints(queued) == [1]
    else:
        assert left > adapter | {"step-000001/optimizer.pt", "step-000002/model.safetensors"}
        assert checkpoints(queued) == [1, 2]


def test_a_run_on_a_space_leaves_no_optimizer_and_its_checkpoints_can_be_compared(
    workspace: Workspace, queued: Run
) -> None:
    lab, ended = Lab(workspace.root, SPACE), threading.Event()
    queue(lab, workspace, queued)
    lab.jobs.start(trained(workspace), lambda _: ended.set())
    assert ended.wait(60)
    assert (queued.status().state, queued.has_result) == ("done", True)
    assert list(queued.checkpoints.rglob("optimizer.pt")) == []
    assert checkpoints(queued)


def test_the_runs_that_are_left_in_line_keep_its_order(workspace: Workspace) -> None:
    runs = [trained(workspace) for _ in range(4)]
    for run, before in zip(runs, (2, 0, 10, 1), strict=True):
        run.write_status(Status(state="queued", before=before))
    assert [run.id for run in left_in_line(workspace.root / "runs")] == [runs[at].id for at in (1, 3, 0, 2)]
    owner = runs[1].claim().take()
    (runs[3].folder / "status.json").write_text("{")
    assert [run.id for run in left_in_line(workspace.root / "runs")] == [runs[0].id, runs[2].id]
    owner.release()
    assert left_in_line(workspace.root / "nothing here") == []
