"""What the buttons of the Mask tab do, in a workspace on disk."""

import pytest

from core.actions import mask
from core.errors import NotFound, SettingProblem
from core.records import Dataset, Example, Message
from core.workspace import Workspace

LONG = "lorem ipsum " * 20_000


@pytest.fixture
def workspace(tmp_path):
    rows = [Example(f"r{i}", i + 1, (Message("user", f"write to ann{i}@firma.de"),)) for i in range(25)]
    rows.append(Example("quiet", 26, (Message("user", "nothing"), Message("assistant", "to see"))))
    rows.append(Example("long", 27, (Message("user", f"{LONG}bob@firma.de{LONG}<b>"),)))
    workspace = Workspace(tmp_path)
    workspace.versions.save("mails", Dataset.of(rows), "ingest")
    return workspace


def test_a_scan_counts_and_is_kept_without_values(workspace, tmp_path):
    assert mask.found(workspace, "mails/v1") is None
    found = mask.scan(workspace, "mails/v1")
    assert found.sentence == "Found 26 places in 26 of 27 rows."
    assert [(kind.label, kind.places, kind.rows) for kind in found.kinds] == [("E-mail address", 26, 26)]
    assert mask.found(workspace, "mails/v1") == found
    assert "firma" not in (tmp_path / "datasets/mails/v1/findings.json").read_text()


def test_findings_are_shown_ten_rows_a_page(workspace):
    first, last = (mask.page(workspace, "mails/v1", number, {}) for number in (1, 99))
    assert (len(first.rows), first.number, first.pages, first.total) == (10, 1, 3, 26)
    assert (len(last.rows), last.number) == (6, 3)
    assert mask.page(workspace, "mails/v1", -5, {}).number == 1


def test_a_page_shows_before_and_after(workspace):
    message = mask.page(workspace, "mails/v1", 1, {"email": "substitute"}).rows[0].messages[0]
    assert [(piece.text, piece.kind) for piece in message.before] == [("write to ", ""), ("ann0@firma.de", "EMAIL")]
    assert message.after[1].text.endswith("@example.com")
    assert "ann0" not in repr(message)


def test_a_huge_cell_is_cut_short_around_the_finding(workspace):
    message = mask.page(workspace, "mails/v1", 3, {}).rows[-1].messages[0]
    assert sum(len(piece.text) for piece in message.before) < 400
    assert [piece.text for piece in message.after if piece.kind] == ["[EMAIL_1]"]


def test_the_preview_is_what_is_written(workspace):
    choices = {"EMAIL": "substitute"}
    shown = mask.page(workspace, "mails/v1", 1, choices).rows[3].messages[0].after
    saved = mask.save_masked(workspace, "mails/v1", choices)
    written = workspace.versions.load(saved.version_id).slice(3, 1)[0].messages[0].content
    assert written == "".join(piece.text for piece in shown)


def test_a_masked_version_names_its_parent_and_carries_the_report(workspace):
    saved = mask.save_masked(workspace, "mails/v1", {})
    version = workspace.versions.get(saved.version_id)
    assert (version.stage, version.parent, version.rows) == ("mask", "mails/v1", 27)
    assert version.settings["choices"]["EMAIL"] == "tag"
    assert version.result["masked"] == {"EMAIL": 26}
    assert saved.rows == [["E-mail address", "tag", 26, 26, 0]]
    assert saved.leak_check.startswith("Leak check passed")
    assert "firma" not in version.model_dump_json()
    assert [id for _, id in mask.versions(workspace)] == ["mails/v2", "mails/v1"]


def test_nothing_found_reminds_of_names(workspace):
    mask.save_masked(workspace, "mails/v1", {})
    assert "Person names are not searched" in mask.scan(workspace, "mails/v2").sentence


def test_secrets_offer_no_substitute():
    assert mask.choices_of("SECRET") == ["tag", "keep"]
    assert mask.choices_of("EMAIL") == ["tag", "substitute", "keep"]


@pytest.mark.parametrize(
    ("version", "choices", "error", "words"),
    [
        ("", {}, NotFound, "Choose a dataset version"),
        ("../etc/v1", {}, NotFound, "no dataset version"),
        ("mails/v9", {}, NotFound, "mails/v1"),
        ("mails/v1", {"EMAIL": "burn"}, SettingProblem, "one of tag, substitute, keep"),
        ("mails/v1", {"FOO": "tag"}, SettingProblem, "FOO"),
        ("mails/v1", {"SECRET": "substitute"}, SettingProblem, "SECRET"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(workspace, version, choices, error, words):
    with pytest.raises(error, match=words):
        mask.save_masked(workspace, version, choices)
    assert len(workspace.versions.all()) == 1
