"""Nothing half-written is ever taken for whole, and nothing outside the workspace is reached."""

import errno
import os
from pathlib import Path

import orjson
import pytest

from core.errors import Busy, FileProblem, LabError, NotFound
from core.records import Dataset, Example, Message
from core.settings import TrainSettings
from core.workspace import Recipe, Run, Status, Workspace, append_line, read_lines, versions

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


def test_a_deleted_version_is_gone_with_everything_beside_it(workspace: Workspace) -> None:
    kept, gone = (workspace.versions.save("set", ROWS, "ingest") for _ in range(2))
    workspace.versions.keep_extra(gone.id, "findings", {"a": 1})
    workspace.versions.add_line(gone.id, "decisions", {"a": 1})
    (workspace.root / "datasets" / gone.id / "ifd").mkdir()
    workspace.versions.load(gone.id)
    workspace.versions.delete(gone.id)
    assert [version.id for version in workspace.versions.all()] == [kept.id]
    files = [path.relative_to(workspace.root / "datasets") for path in workspace.root.rglob("*") if path.is_file()]
    assert {str(path.parent) for path in files} == {kept.id}
    for look in (workspace.versions.get, workspace.versions.load, workspace.versions.delete):
        with pytest.raises(NotFound, match=r"“set/v2” was deleted\. Saved versions: set/v1"):
            look(gone.id)


def test_the_number_of_a_deleted_version_is_not_given_again(workspace: Workspace) -> None:
    for number in (1, 2):
        assert workspace.versions.save("set", ROWS, "ingest").id == f"set/v{number}"
        workspace.versions.delete(f"set/v{number}")
    assert workspace.versions.save("set", ROWS, "ingest").id == "set/v3"


def test_what_a_deletion_that_was_cut_short_has_left_goes_with_the_next_version(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = workspace.versions.save("set", ROWS, "ingest")
    with monkeypatch.context() as killed:
        killed.setattr(versions, "remove", lambda path: None)
        workspace.versions.delete(saved.id)
    assert workspace.versions.all() == []
    assert len(list(workspace.root.rglob("data.parquet"))) == 1
    workspace.versions.save("other", ROWS, "ingest")
    assert [path.parent.parent.name for path in workspace.root.rglob("data.parquet")] == ["other"]


def test_a_manifest_is_read_again_only_when_it_was_written_again(workspace: Workspace) -> None:
    saved = workspace.versions.save("set", ROWS, "ingest")
    path = workspace.root / "datasets" / saved.id / "manifest.json"
    time = path.stat().st_mtime_ns
    assert workspace.versions.all() == [saved]
    path.write_bytes(orjson.dumps({**saved.model_dump(), "rows": 7}))
    for written, rows in ((time, 1), (time + 1, 7)):
        os.utime(path, ns=(written, written))
        assert [version.rows for version in workspace.versions.all()] == [rows]
        assert workspace.versions.get(saved.id).rows == rows


def test_the_rows_that_a_manifest_of_the_first_format_lists_are_not_kept_in_memory(workspace: Workspace) -> None:
    saved = workspace.versions.save("set", ROWS, "curate", settings={"keep": ["r1"], "decisions": [{"row": 1}]})
    path = workspace.root / "datasets" / saved.id / "manifest.json"
    path.write_bytes(orjson.dumps({**saved.model_dump(), "format": 1}))
    assert workspace.versions.get(saved.id).settings == {"keep": ["r1"]}


def test_a_version_is_called_the_same_in_every_list(workspace: Workspace) -> None:
    first = workspace.versions.save("set", ROWS, "ingest")
    workspace.versions.save("set", ROWS, "mask", parent=first.id)
    workspace.versions.save("set", ROWS, "a stage to come", parent=first.id)
    assert [label for label, _ in workspace.versions.choices()] == [
        "set · v3 · a stage to come · 1 row",
        "set · v2 · masked · 1 row",
        "set · v1 · imported · 1 row",
    ]
    assert [version_id for _, version_id in workspace.versions.choices(without=first.id)] == ["set/v3", "set/v2"]
    assert first.model_copy(update={"rows": 1204}).label == "set · v1 · imported · 1,204 rows"


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
    for name in ("../../secret.txt", "../sources", "gone.csv"):
        workspace.forget_source(name)
    assert (tmp_path / "secret.txt").exists()
    workspace.forget_source(kept.name)
    assert not kept.exists()


def test_a_run_keeps_its_recipe_and_status(workspace: Workspace) -> None:
    run = workspace.new_run("my set", recipe(workspace))
    assert workspace.run(run.id).recipe == recipe(workspace)
    with_owner = run.claim().take()
    run.write_status(Status(state="running", step=3, steps=10))
    assert (run.status().state, run.status().step) == ("running", 3)
    with_owner.release()


@pytest.mark.parametrize("damaged", [b"", b"{", b'{"state": "asleep"}', b"\xff", None])
def test_a_run_whose_status_is_damaged_can_be_shown_and_resumed(workspace: Workspace, damaged: bytes | None) -> None:
    run = workspace.new_run("toy", recipe(workspace))
    path = run.folder / "status.json"
    path.unlink()
    if damaged is not None:
        path.write_bytes(damaged)
    status = workspace.run(run.id).status()
    assert status.state == "interrupted"
    assert "status.json is missing or damaged" in status.reason
    assert status.reason.endswith("No checkpoint was saved yet.")
    run.update_status(state="queued")
    assert run.status().step == 0


def test_a_running_run_without_an_owner_is_interrupted(workspace: Workspace) -> None:
    run = workspace.new_run("set", recipe(workspace))
    run.write_status(Status(state="running", step=3, steps=10, remaining=5.0))
    status = run.status()
    assert (status.state, status.step, status.remaining) == ("interrupted", 3, None)
    assert "No checkpoint was saved yet" in status.reason
    (run.checkpoints / "step-000003").mkdir(parents=True)
    assert "saved at the last checkpoint is kept" in run.status().reason


def test_a_living_run_whose_status_is_damaged_is_running(workspace: Workspace) -> None:
    run = workspace.new_run("set", recipe(workspace))
    (run.folder / "status.json").write_bytes(b"{")
    owner = run.claim().take()
    status = run.status()
    assert (status.state, "status.json is missing or damaged" in status.reason) == ("running", True)
    owner.release()


def test_a_status_that_cannot_be_read_is_not_lost(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    run = workspace.new_run("set", recipe(workspace))
    run.write_status(Status(state="done", step=9))

    def refused(path: Path) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", refused)
        with pytest.raises(LabError, match=r"cannot be read: permission denied"):
            run.update_status(state="failed")
    assert (run.status().state, run.status().step) == ("done", 9)


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


def test_a_torn_line_costs_no_other_one(tmp_path: Path) -> None:
    path = tmp_path / "new" / "metrics.jsonl"
    append_line(path, {"step": 1})
    with path.open("ab") as file:
        file.write(b'{"step": 2, "lo')
    assert read_lines(path) == [{"step": 1}]
    append_line(path, {"step": 3})
    assert read_lines(path) == [{"step": 1}, {"step": 3}]
    assert read_lines(tmp_path / "none.jsonl") == []


def test_a_key_whose_making_broke_off_is_made_again_and_a_damaged_one_is_a_sentence(workspace: Workspace) -> None:
    path = workspace.root / "key"
    path.touch()
    assert len(workspace.secret_key()) == 32
    assert path.stat().st_mode & 0o077 == 0
    path.write_bytes(b"short")
    with pytest.raises(LabError, match="5 bytes instead of 32"):
        workspace.secret_key()


def test_rules_that_are_not_utf_8_are_a_sentence_with_the_line(workspace: Workspace) -> None:
    (workspace.root / "rules.yaml").write_bytes(b"allow:\n- caf\xe9\n")
    with pytest.raises(FileProblem, match=r"line 2 of rules\.yaml .* UTF-8"):
        workspace.rules_text()


def test_the_key_is_made_once_and_is_private(workspace: Workspace) -> None:
    assert workspace.secret_key() == workspace.secret_key()
    assert len(workspace.secret_key()) == 32
    assert (workspace.root / "key").stat().st_mode & 0o077 == 0
