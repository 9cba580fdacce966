"""What was masked in a version is known from the version before it: what no answer of a model may say."""

import pytest

from core.actions import Lab
from core.actions.background import Watch
from core.actions.evaluate.masked_values import masked_values
from core.actions.mask import preview, search, write
from core.records import Dataset, Example, Message
from core.settings import HOME, SearchSettings

CARD = "4539 1488 0343 6467"


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    lab = Lab(tmp_path / "lab", HOME)
    monkeypatch.setattr(lab.names, "load", lambda *_: (None, "Names were not searched."))
    rows = [Example("a", 1, (Message("user", "write to ann.k@firma.de or bob@firma.de"), Message("assistant", "Done")))]
    rows.append(Example("b", 2, (Message("user", f"My card {CARD} or ann.k@firma.de"), Message("assistant", "Done"))))
    workspace = lab.workspace("")
    workspace.versions.save("mails", Dataset.of(rows), "ingest")
    search.search(lab, workspace, "mails/v1", SearchSettings(mode="fast"), Watch())
    write.save_masked(lab, workspace, "mails/v1", preview.settings_of({"CARD": "keep"}))
    return workspace


def test_each_value_is_named_once_and_what_was_kept_is_none(workspace):
    values, why = masked_values(workspace, "mails/v2")
    assert sorted(values) == [("EMAIL", "ann.k@firma.de"), ("EMAIL", "bob@firma.de")]
    assert why == ""


def test_a_version_made_of_a_masked_one_has_its_values_too(workspace):
    curated = workspace.versions.save("mails", workspace.versions.load("mails/v2"), "curate", parent="mails/v2")
    assert len(masked_values(workspace, curated.id)[0]) == 2


def test_a_version_that_was_not_masked_has_none_and_says_so(workspace):
    assert masked_values(workspace, "mails/v1") == ([], "Nothing was masked in this version.")


def test_values_whose_origin_was_deleted_are_not_known_any_more(workspace, monkeypatch):
    (workspace.versions.folder / "mails" / "v1" / "manifest.json").unlink()
    values, why = masked_values(workspace, "mails/v2")
    assert values == []
    assert "not known any more" in why
