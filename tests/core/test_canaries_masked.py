"""200 invented people through search, masking, training and export: nothing is left of them, and nobody is called."""

import json
import socket
import sys
import time
import zipfile
from pathlib import Path

import pytest

from core.actions import Lab, compare, train
from core.actions.background import Watch
from core.actions.curate import source
from core.actions.mask import search, write
from core.settings import HOME, MaskSettings, SearchSettings

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import canaries

pytestmark = [pytest.mark.slow, pytest.mark.starter]
CHOICES = {"PERSON": "substitute", "EMAIL": "substitute", "PHONE": "partial", "CARD": "hash", "ADDRESS": "substitute"}
TEXT_FILES = {".json", ".jsonl", ".yaml", ".yml", ".md", ".txt", ".log", ".csv", ""}


@pytest.fixture
def offline(monkeypatch):
    def refuse(self, address, *rest):
        raise AssertionError(f"a call to {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The folder for temporary files, so that what is left in it can be read."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def test_nothing_is_left_of_200_people(
    tagger, models_folder, tiny_model_folder, tmp_path, temporary, offline, monkeypatch, caplog, capfd
):
    monkeypatch.setenv("TUNEBENCH_MODELS", str(models_folder))
    people = canaries.identities()
    file = tmp_path / "people.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in canaries.rows(people)), encoding="utf-8")
    lab = Lab(tmp_path / "home", HOME)
    workspace = lab.workspace("")
    given = source.load_files(workspace, HOME, str(file), tmp_path).version_id
    found = search.search(lab, workspace, given, SearchSettings(), Watch())
    assert found.rows_found == found.rows
    saved = write.save_masked(lab, workspace, given, MaskSettings(choices=CHOICES))
    assert saved.is_clean, saved.leak_check
    masked = workspace.versions.load(saved.version_id)
    assert canaries.left("\n".join(text for example in masked for _, text in example.texts), people) == []

    run = trained(lab, workspace, saved.version_id, tiny_model_folder)
    with zipfile.ZipFile(compare.download(workspace, run, temporary)) as archive:
        exported = "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    assert canaries.left(exported, people) == []
    said = capfd.readouterr()
    assert canaries.left("\n".join([caplog.text, said.out, said.err]), people) == []
    for path in written(workspace.root, given) + written(temporary):
        assert canaries.left(path.read_text(encoding="utf-8", errors="replace"), people) == [], path


def trained(lab, workspace, version, model):
    """The id of a short run on that version."""
    values = {"model": str(model), "batch_size": "8", "epochs": "0.05", "evaluations": "1", "max_tokens": "128"}
    run = train.start(lab, workspace, version, values)
    end = time.monotonic() + 240
    while (view := train.view(workspace, run)).active:
        assert time.monotonic() < end
        time.sleep(0.1)
    assert view.state == "done", view
    return run


def written(root, given=""):
    """The text files below a folder, without the source file and the version that was read from it."""
    kept = [root / "sources", root / "datasets" / given] if given else []
    files = [path for path in root.rglob("*") if path.is_file() and path.suffix in TEXT_FILES]
    return [path for path in files if not any(folder in path.parents for folder in kept)]
