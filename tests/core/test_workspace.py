"""Nothing half-written is ever taken for whole, and nothing outside the workspace is reached."""

from pathlib import Path

import pytest

from core.errors import Busy, NotFound
from core.records import Dataset, Example, Message
from core.settings import TrainSettings
from core.workspace import Recipe, Run, Status, Workspace, append_line, read_lines

ROWS = Dataset.of([Example("r1", 1, (Message("user", "hi"), Message("assistant", "hello")))])


def recipe(workspace: Workspace) -> Recipe:
    return Recipe(
        model="starter",
        source={"path_or_id": "/models/starter", "revision": "1", "gguf_file": None, "title": "Starter"},
        dataset="set/v1",
        dataset_hash="",
        workspace=str(workspace.root),
        settings=TrainSettings(),
        most_steps=10,
        versions={},
        created="",
    )


def test_a_version_comes_back_as_it_was_saved(workspace: Workspace) -> None:
    saved = workspace.versions.save("My set!", ROWS, "ingest", settings={"a": 1})
    workspace.versions.keep_extra(saved.id, "problems", [1])
    assert saved.id == "My-set/v1"
    assert workspace.versions.get(saved.id) == saved
    assert list(workspace.versions.load(saved.id)) == list(ROWS)
    assert workspace.versions.extra(saved.id, "problems") == [1]
    assert workspace.versions.save("My set!", ROWS, "curate", parent=saved.id).id == "My-set/v2"


def test_a_version_without_its_manifest_does_not_exist(workspace: Workspace) -> None:
    saved = workspace.versions.save("set", ROWS, "ingest")
    (workspace.root / "datasets" / saved.id / "manifest.json").unlink()
    assert workspace.versions.all() == []
    with pytest.raises(NotFound, match="no dataset version"):
        workspace.versions.load(saved.id)
    assert workspace.versions.save("set", ROWS, "ingest").id == "set/v2"


@pytest.mark.parametrize("name", ["../../etc/v1", "", "set", "/etc/passwd", "set/v1/../../x", "set/v1\n", None])
def test_only_version_ids_reach_the_disk(workspace: Workspace, name: str) -> None:
    with pytest.raises(NotFound):
        workspace.versions.load(name)


@pytest.mark.parametrize("name", ["../x", "", ".", "/etc", "nope", None])
def test_only_run_ids_reach_the_disk(workspace: Workspace, name: str) -> None:
    with pytest.raises(NotFound, match="There is no run"):
        workspace.run(name)


def test_a_source_outside_the_workspace_is_not_found(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x")
    kept = workspace.keep_source(tmp_path / "secret.txt", "../evil name.TXT")
    assert kept.parent == workspace.root / "sources"
    assert workspace.source(kept.name) == kept
    with pytest.raises(NotFound):
        workspace.source("../../secret.txt")


def test_a_run_keeps_its_recipe_and_status(workspace: Workspace) -> None:
    run = workspace.new_run("my set", recipe(workspace))
    assert workspace.run(run.id).recipe == recipe(workspace)
    with_owner = run.claim().take()
    run.write_status(Status(state="running", step=3, steps=10))
    assert (run.status().state, run.status().step) == ("running", 3)
    with_owner.release()


def test_a_running_run_without_an_owner_is_interrupted(workspace: Workspace) -> None:
    run = workspace.new_run("set", recipe(workspace))
    run.write_status(Status(state="running", step=3, steps=10, remaining=5.0))
    status = run.status()
    assert (status.state, status.step, status.remaining) == ("interrupted", 3, None)
    assert "last checkpoint" in status.reason


def test_a_finished_run_needs_no_owner(workspace: Workspace) -> None:
    run = workspace.new_run("set", recipe(workspace))
    run.write_status(Status(state="done"))
    assert run.status().state == "done"


def test_a_run_has_one_owner(workspace: Workspace) -> None:
    run = workspace.new_run("set", recipe(workspace))
    owner = run.claim().take()
    with pytest.raises(Busy):
        Run(run.folder).claim().take(seconds=0.1)
    owner.release()
    run.claim().take(seconds=0.1).release()


def test_a_torn_last_line_is_left_for_later(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    append_line(path, {"step": 1})
    with path.open("ab") as file:
        file.write(b'{"step": 2, "lo')
    assert read_lines(path) == [{"step": 1}]


def test_the_key_is_made_once_and_is_private(workspace: Workspace) -> None:
    assert workspace.secret_key() == workspace.secret_key()
    assert len(workspace.secret_key()) == 32
    assert (workspace.root / "key").stat().st_mode & 0o077 == 0
