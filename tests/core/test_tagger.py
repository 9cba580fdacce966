"""The token classifier: its words, its windows, and what it says when its files are damaged."""

import hashlib
import json
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from core.errors import LabError
from core.models import rampart
from core.privacy.tagger import Tagger, load
from core.privacy.tagger.decode import labelled
from core.privacy.tagger.tagger import OVERLAP_TOKENS, WINDOW_TOKENS, _joined, _windows


def read(tagger: Tagger, text: str, least: float = 0.5) -> list[tuple[str, str]]:
    return [(span.kind, text[span.start : span.end]) for span in tagger.tag([text])[0] if span.score >= least]


def test_a_word_has_the_mean_of_its_pieces():
    scores = np.array([[0.1, 0.9, 0.0], [0.5, 0.5, 0.0], [0.99, 0.0, 0.01]], dtype=np.float32)
    spans = list(labelled([(0, 3), (3, 7), (8, 12)], [0, 0, 1], scores, ["GIVEN_NAME", "CITY"]))
    assert [(span.start, span.end, span.kind, round(span.score, 2)) for span in spans] == [(0, 7, "GIVEN_NAME", 0.7)]


@pytest.mark.parametrize("tokens", [0, 1, WINDOW_TOKENS, WINDOW_TOKENS + 1, 1000])
def test_windows_cover_every_token_once_they_are_joined(tokens: int):
    windows = list(_windows(tokens))
    assert all(end - start <= WINDOW_TOKENS for start, end in windows)
    assert all(left[1] - right[0] == OVERLAP_TOKENS for left, right in pairwise(windows))
    if windows:
        pieces = [np.arange(start, end, dtype=np.float32)[:, None] for start, end in windows]
        assert _joined(pieces)[:, 0].tolist() == list(range(tokens))


@pytest.fixture
def copied(tmp_path: Path, tagger: Tagger, models_folder: Path) -> Path:
    """A copy of the real folder, to be damaged."""
    return Path(shutil.copytree(rampart.folder(models_folder), tmp_path / "copy"))


@pytest.mark.starter
@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "config.json", "source.json"])
@pytest.mark.parametrize("damage", ["missing", "cut", "turned over"])
def test_a_damaged_file_gives_a_sentence(copied: Path, name: str, damage: str):
    content = (copied / name).read_bytes()
    if damage == "missing":
        (copied / name).unlink()
    else:
        (copied / name).write_bytes(content[: len(content) // 2] if damage == "cut" else content[::-1])
    with pytest.raises(LabError, match=r"is damaged: .*\. Names are not searched\."):
        load(copied)


@pytest.mark.starter
def test_a_file_that_only_looks_whole_gives_a_sentence(copied: Path):
    source = json.loads((copied / "source.json").read_text())
    (copied / "model.onnx").write_bytes(b"no model")
    source["files"]["model.onnx"]["sha256"] = hashlib.sha256(b"no model").hexdigest()
    (copied / "source.json").write_text(json.dumps(source))
    with pytest.raises(LabError, match="Names are not searched"):
        load(copied)


def test_an_empty_folder_gives_a_sentence(tmp_path: Path):
    with pytest.raises(LabError, match=r"source\.json is missing"):
        load(tmp_path)


@pytest.mark.starter
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My name is Oriel Tavistock.", [("GIVEN_NAME", "Oriel"), ("SURNAME", "Tavistock")]),
        ("\ud800 Ask Mirela Ionescu", [("GIVEN_NAME", "Mirela"), ("SURNAME", "Ionescu")]),
        ("Ich heiße Jörg Mu\u0308ller.", [("GIVEN_NAME", "Jörg"), ("SURNAME", "Mu\u0308ller")]),
        ("", []),
        (" \n\t", []),
    ],
)
def test_places_are_those_of_the_text(tagger: Tagger, text: str, expected: list[tuple[str, str]]):
    assert read(tagger, text) == expected


@pytest.mark.starter
def test_a_name_is_found_wherever_a_long_text_has_it(tagger: Tagger):
    filler = "The lamp in the hall has been out for a week and nobody has come to see about it. "
    text = "".join(filler * 3 + f"Please ask Mirela Ionescu about lamp {number}. " for number in range(12))
    starts = [span.start for span in tagger.tag([text])[0] if span.kind == "SURNAME" and span.score > 0.5]
    assert starts == [place for place in range(len(text)) if text.startswith("Ionescu", place)]


@pytest.mark.starter
def test_a_text_is_read_the_same_in_any_company_and_on_any_number_of_threads(tagger: Tagger, models_folder: Path):
    texts = ["Dana Popescu called.", "The quick brown fox. " * 60 + "Ask Jonas Lindqvist.", "", "Anna"]
    alone = [tagger.tag([text])[0] for text in texts]
    assert tagger.tag(texts) == alone
    assert tagger.tag(texts[::-1]) == alone[::-1]
    assert load(rampart.folder(models_folder), threads=2).tag(texts) == alone


@pytest.mark.starter
@pytest.mark.parametrize(
    "text", ["1" * 20_000, "a" * 20_000, "\u0301" * 2000, "🙂" * 500, "\ud800" * 500, "שלום " * 200]
)
def test_ugly_text_is_read_without_an_error(tagger: Tagger, text: str):
    assert all(0 <= span.start < span.end <= len(text) for span in tagger.tag([text])[0])
