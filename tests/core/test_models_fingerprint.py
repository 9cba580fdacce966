"""The fingerprint of a model's files: the same for a copy, another for other weights of the same names and shapes."""

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.models import ModelSource
from core.models.fingerprint import fingerprint

SIZE = 2_000_000


def weights(seed: int, name: str = "weight") -> bytes:
    header = json.dumps({name: {"dtype": "U8", "shape": [SIZE], "data_offsets": [0, SIZE]}}).encode()
    return len(header).to_bytes(8, "little") + header + random.Random(seed).randbytes(SIZE)


@pytest.fixture
def source(tmp_path: Path) -> ModelSource:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text('{"hidden_size": 64}')
    (folder / "model.safetensors").write_bytes(weights(1))
    return ModelSource(str(folder), "local folder", None, "model")


def test_a_copy_elsewhere_has_the_same(source: ModelSource, tmp_path: Path) -> None:
    copy = shutil.copytree(source.path_or_id, tmp_path / "copy" / "model")
    assert fingerprint(replace(source, path_or_id=str(copy))) == fingerprint(source) != ""


CHANGES: dict[str, Callable[[Path], object]] = {
    "weights": lambda folder: (folder / "model.safetensors").write_bytes(weights(2)),
    "header": lambda folder: (folder / "model.safetensors").write_bytes(weights(1, "tensor")),
    "size": lambda folder: (folder / "model.safetensors").write_bytes(weights(1) + b"\0"),
    "name": lambda folder: (folder / "model.safetensors").rename(folder / "other.safetensors"),
    "one more": lambda folder: (folder / "more.safetensors").write_bytes(b"\0"),
    "config": lambda folder: (folder / "config.json").write_text('{"hidden_size": 65}'),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_gives_another(source: ModelSource, what: str) -> None:
    before = fingerprint(source)
    CHANGES[what](Path(source.path_or_id))
    assert fingerprint(source) != before


def test_a_gguf_file_is_told_by_itself(source: ModelSource) -> None:
    file = Path(source.path_or_id) / "small.gguf"
    file.write_bytes(b"GGUF" + random.Random(1).randbytes(SIZE))
    gguf = replace(source, gguf_file=file.name)
    before = fingerprint(gguf)
    assert before != fingerprint(source)
    file.write_bytes(b"GGUF" + random.Random(2).randbytes(SIZE))
    assert fingerprint(gguf) != before


def test_a_model_of_the_hub_is_told_by_its_revision() -> None:
    assert fingerprint(ModelSource("someone/model", "0" * 40, None, "someone/model")) == ""
