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
def lab(tmp_path, monkeypatch):
    lab = Lab(tmp_path / "lab", HOME)
    monkeypatch.setattr(lab.names, "load", lambda *_: (None, "Names were not searched."))
    return lab


@pytest.fixture
def workspace(lab):
    rows = [Example("a", 1, (Message("user", "write to ann.k@firma.de or bob@firma.de"), Message("assistant", "Done")))]
    rows.append(Example("b", 2, (Message("user", f"My card {CARD} or ann.k@firma.de"), Message("assistant", "Done"))))
    workspace = lab.workspace("")
    workspace.versions.save("mails", Dataset.of(rows), "ingest")
    mask(lab, workspace, "mails/v1", {"CARD": "keep"})
    return workspace


def mask(lab, workspace, version_id, choices):
    search.search(lab, workspace, version_id, SearchSettings(mode="fast"), Watch())
    write.save_masked(lab, workspace, version_id, preview.settings_of(choices))


def test_each_value_is_named_once_and_what_was_kept_is_none(workspace):
    values, why = masked_values(workspace, "mails/v2")
    assert sorted(values) == [("EMAIL", "ann.k@firma.de"), ("EMAIL", "bob@firma.de")]
    assert why == ""


def test_a_version_made_of_a_masked_one_has_its_values_too(workspace):
    curated = workspace.versions.save("mails", workspace.versions.load("mails/v2"), "curate", parent="mails/v2")
    assert len(masked_values(workspace, curated.id)[0]) == 2


def test_a_version_that_was_not_masked_has_none(workspace):
    assert masked_values(workspace, "mails/v1") == ([], "")


def test_what_an_earlier_masking_took_away_counts_too(lab, workspace):
    mask(lab, workspace, "mails/v2", {})
    values, why = masked_values(workspace, "mails/v3")
    assert {text for _, text in values} >= {"ann.k@firma.de", "bob@firma.de", CARD}
    assert why == ""


def test_values_whose_origin_was_deleted_are_not_known_any_more(workspace, monkeypatch):
    (workspace.versions.folder / "mails" / "v1" / "manifest.json").unlink()
    values, why = masked_values(workspace, "mails/v2")
    assert values == []
    assert why == "The values masked in mails/v2 are not known any more: mails/v1 was deleted."


def test_a_masked_version_that_was_deleted_is_missed_and_not_taken_for_none(workspace):
    workspace.versions.save("mails", workspace.versions.load("mails/v2"), "curate", parent="mails/v2")
    (workspace.versions.folder / "mails" / "v2" / "manifest.json").unlink()
    values, why = masked_values(workspace, "mails/v3")
    assert (values, "mails/v2 was deleted" in why) == ([], True)
