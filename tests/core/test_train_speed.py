"""How quick the disk is: seen once, and never in the way."""

import errno
from pathlib import Path
from typing import Any

import pytest

from core.train import speed


def test_a_folder_is_written_to_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = speed.write_speed(tmp_path / "runs")
    monkeypatch.setattr("core.train.speed.tempfile.TemporaryFile", lambda **_: pytest.fail("measured again"))
    assert speed.write_speed(tmp_path / "runs") == first > 0


def test_a_full_disk_is_taken_for_a_usual_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("core.train.speed.tempfile.TemporaryFile", full)
    assert speed.write_speed(tmp_path) == speed.USUAL_WRITE
