"""Preview and writing of a masked version, in a workspace on disk."""

from dataclasses import replace

import pytest

from core.actions import Lab
from core.actions.background import Watch
from core.actions.curate import versions
from core.actions.mask import preview, search, write
from core.actions.mask import review as review_actions
from core.actions.mask.leftovers import standing
from core.actions.mask.report import report_of
from core.errors import LabError, NotFound, SettingProblem
from core.records import Dataset, Example, Message
from core.settings import HOME, SearchSettings

LONG = "lorem ipsum " * 2_000
FAST = SearchSettings(mode="fast")


@pytest.fixture
def lab(tmp_path, monkeypatch):
    lab = Lab(tmp_path / "lab", HOME)
    monkeypatch.setattr(lab.names, "load", lambda *_: (None, "Names were not searched."))
    return lab


@pytest.fixture
def workspace(lab):
    rows = [Example(f"r{i}", i + 1, (Message("user", f"write to ann{i}@firma.de"),)) for i in range(25)]
    rows.append(Example("quiet", 26, (Message("user", "nothing"), Message("assistant", "to see"))))
    rows.append(Example("long", 27, (Message("user", f"{LONG}bob@firma.de{LONG}<b>"),)))
    workspace = lab.workspace("")
    workspace.versions.save("mails", Dataset.of(rows), "ingest")
    return workspace


@pytest.fixture
def searched(lab, workspace):
    search.search(lab, workspace, "mails/v1", FAST, Watch())
    return workspace


def saved(lab, workspace, choices=None, watch=None):
    return write.save_masked(lab, workspace, "mails/v1", preview.settings_of(choices), watch)


def test_what_was_masked_is_kept_until_the_masked_version_is_gone(lab, searched):
    masked = saved(lab, searched).version_id
    with pytest.raises(LabError, match=rf"mails/v1 is kept: {masked} was made from it\. Delete {masked} first\."):
        versions.delete(searched, "mails/v1", True)
    versions.delete(searched, masked, True)
    assert versions.delete(searched, "mails/v1", True).next_id == ""


def test_rows_are_shown_ten_a_page(searched):
    first, last = (preview.page(searched, "mails/v1", number) for number in (1, 99))
    assert (len(first.rows), first.number, first.pages, first.total) == (10, 1, 3, 26)
    assert (len(last.rows), last.number) == (6, 3)
    assert preview.page(searched, "mails/v1", -5).number == 1


def test_a_page_shows_before_and_after(searched):
    message = preview.page(searched, "mails/v1", 1, {"email": "substitute"}).rows[0].messages[0]
    assert [(piece.text, piece.kind) for piece in message.before] == [("write to ", ""), ("ann0@firma.de", "EMAIL")]
    assert "@example." in message.after[1].text
    assert "ann0" not in repr(message)


def test_a_huge_cell_is_cut_short_around_the_finding(searched):
    message = preview.page(searched, "mails/v1", 3, {"EMAIL": "tag"}).rows[-1].messages[0]
    assert sum(len(piece.text) for piece in message.before) < 400
    assert [piece.text for piece in message.after if piece.kind] == ["[EMAIL_1]"]


@pytest.mark.parametrize(
    ("places", "shown", "said"), [(900, 20, "… 880 more places in this row"), (21, 20, "1 more place in"), (20, 20, "")]
)
def test_of_many_places_in_a_row_the_first_are_shown_and_the_others_counted(lab, places, shown, said):
    workspace = lab.workspace("")
    texts = ["; ".join(f"ann{place}@firma.de {'x' * 3_000}" for place in range(at, places, 2)) for at in (0, 1)]
    row = Example("r", 1, (Message("user", texts[0]), Message("assistant", texts[1])))
    workspace.versions.save("many", Dataset.of([row]), "ingest")
    search.search(lab, workspace, "many/v1", FAST, Watch())
    messages = preview.page(workspace, "many/v1", 1, {"EMAIL": "tag"}).rows[0].messages
    for pieces in ([piece for message in messages for piece in side(message)] for side in (before, after)):
        assert sum(bool(piece.kind) for piece in pieces) == shown
        assert sum(len(piece.text) for piece in pieces) < 10_000
        assert said in pieces[-1].text
        assert ("more place" in pieces[-1].text) == bool(said)


def before(message):
    return message.before


def after(message):
    return message.after


def test_a_value_as_long_as_a_book_is_cut_short_too(lab):
    pieces = preview.cut("a" * 200_000, [(0, 200_000, "SECRET", "")])
    assert (len(pieces), len(pieces[0].text) < 300) == (1, True)


def test_a_search_says_what_was_not_looked_for(lab, workspace):
    notes = search.search(lab, workspace, "mails/v1", FAST, Watch()).notes
    assert any("most names in sentences are not found" in note for note in notes)
    notes = search.search(lab, workspace, "mails/v1", SearchSettings(), Watch()).notes
    assert notes == ("Names were not searched.",)
    assert search.found(workspace, "mails/v1").notes == notes


def test_the_kinds_to_mask_know_what_can_be_chosen(searched):
    (email,) = preview.kinds_to_mask(searched, "mails/v1")
    assert (email.kind, email.label, email.places, email.rows) == ("EMAIL", "E-mail address", 26, 26)
    assert {"tag", "substitute", "hash", "remove", "keep"} <= set(email.choices)
    assert email.usual in email.choices


def test_a_version_that_was_not_searched_has_no_kinds_and_no_preview(workspace):
    assert preview.kinds_to_mask(workspace, "mails/v1") == []
    with pytest.raises(LabError, match="not searched"):
        preview.page(workspace, "mails/v1", 1)


def test_what_was_rejected_is_neither_shown_nor_masked_nor_a_leftover(lab, searched):
    found = review_actions.reviewed(searched, "mails/v1")
    key = ":".join(found.groups.row(0, named=True)[name] for name in ("found", "value", "kind"))
    review_actions.decide(searched, "mails/v1", "reject", key)
    assert preview.page(searched, "mails/v1", 1).total == 25
    done = saved(lab, searched)
    assert done.is_clean, done.leak_check
    texts = [row.messages[0].content for row in searched.versions.load(done.version_id)]
    assert sum("firma.de" in text for text in texts) == 1


@pytest.mark.parametrize("choice", ["tag", "substitute", "hash"])
def test_the_preview_is_what_is_written(lab, searched, choice):
    choices = {"EMAIL": choice}
    shown = preview.page(searched, "mails/v1", 1, choices).rows[3].messages[0].after
    done = saved(lab, searched, choices)
    written = searched.versions.load(done.version_id).slice(3, 1)[0].messages[0].content
    assert written == "".join(piece.text for piece in shown)


def test_rows_can_be_taken_out(lab, searched):
    shown = preview.page(searched, "mails/v1", 1, {"EMAIL": "remove"})
    assert [row.removed for row in shown.rows] == [True] * 10
    done = saved(lab, searched, {"EMAIL": "remove"})
    assert searched.versions.get(done.version_id).rows == 1
    assert done.is_clean, done.leak_check


def test_a_masked_version_names_its_parent_and_carries_the_report(lab, searched):
    shares = []
    done = saved(lab, searched, {"EMAIL": "tag"}, Watch(shares.append))
    version = searched.versions.get(done.version_id)
    assert (version.stage, version.parent, version.rows) == ("mask", "mails/v1", 27)
    assert version.settings["choices"]["EMAIL"] == "tag"
    assert version.result["masked"] == {"EMAIL": 26}
    assert done.rows == [["E-mail address", "tag", 26, 26, 0]]
    assert done.is_clean
    assert write.verdict(searched, done.version_id) == write.Verdict(True, "mails/v2: 27 rows, 26 places masked.")
    assert shares == sorted(shares)
    kept = report_of(searched, done.version_id)
    assert kept.verification.is_clean
    assert "firma" not in version.model_dump_json() + repr(kept) + repr(done)


def test_a_version_that_was_not_searched_is_searched_first(lab, workspace):
    assert saved(lab, workspace).rows[0][2:] == [26, 26, 0]


def test_a_version_is_masked_as_another_one_was(lab, searched):
    first = searched.versions.get(saved(lab, searched, {"EMAIL": "hash"}).version_id)
    assert first.settings["search"]["mode"] == "fast"
    rows = [Example("n1", 1, (Message("user", "mail eve@firma.de"),))]
    searched.versions.save("new", Dataset.of(rows), "ingest")
    again = write.mask_again(lab, searched, "new/v1", first.settings)
    assert search.found(searched, "new/v1").mode == "fast"
    assert again.rows == [["E-mail address", "hash", 1, 1, 0]]


def test_a_masking_that_is_stopped_writes_nothing(lab, searched):
    with pytest.raises(LabError, match="stopped"):
        saved(lab, searched, watch=Watch(stopped=lambda: True))
    assert len(searched.versions.all()) == 1


def test_a_version_whose_check_cannot_be_made_is_there_and_says_why(lab, searched, monkeypatch):
    monkeypatch.setattr(write, "verify", lambda *_: (_ for _ in ()).throw(LabError("The disk is full.")))
    done = saved(lab, searched)
    assert done.leak_check == f"{write.UNCHECKED} The disk is full."
    assert searched.versions.get(done.version_id).stage == "mask"


def test_what_nobody_has_checked_is_not_trained_on_without_a_yes_and_its_tags_are_no_findings(
    lab, searched, monkeypatch
):
    monkeypatch.setattr(write, "verify", lambda *_: (_ for _ in ()).throw(LabError("The disk is full.")))
    masked = saved(lab, searched, {"EMAIL": "substitute"}).version_id
    assert standing(searched, masked).needs_consent
    assert "were not checked to the end" in standing(searched, masked).sentence
    assert search.search(lab, searched, masked, FAST, Watch()).kinds == []


def test_a_check_that_would_read_less_than_the_search_is_none(lab, workspace, monkeypatch):
    monkeypatch.setattr(lab.names, "load", lambda *_: (None, ""))
    search.search(lab, workspace, "mails/v1", SearchSettings(), Watch())
    monkeypatch.setattr(lab.names, "load", lambda *_: (None, "The weights are damaged."))
    done = saved(lab, workspace)
    assert not done.is_clean
    assert "would read less than the search did: The weights are damaged." in done.leak_check


def test_what_was_typed_over_a_tag_later_is_found(lab, searched):
    masked = saved(lab, searched, {"EMAIL": "substitute"}).version_id
    rows = list(searched.versions.load(masked))
    rows[0] = replace(rows[0], messages=(Message("user", "write to eve@b.de"),))
    later = searched.versions.save("mails", Dataset.of(rows), "curate", parent=masked).id
    found = search.search(lab, searched, later, FAST, Watch())
    assert [(kind.kind, kind.places) for kind in found.kinds] == [("EMAIL", 1)]
    assert standing(searched, later).needs_consent
    again = write.save_masked(lab, searched, later, preview.settings_of({"EMAIL": "tag"}))
    assert again.is_clean
    assert "eve@b.de" not in str(searched.versions.load(again.version_id).table.to_pylist())


def test_a_version_whose_check_was_stopped_says_so(lab, searched, monkeypatch):
    asked = []

    def stopped(*_):
        asked.append(True)
        raise LabError("stopped")

    monkeypatch.setattr(write, "verify", stopped)
    done = saved(lab, searched, watch=Watch(stopped=lambda: bool(asked)))
    assert (done.is_clean, done.leak_check) == (False, write.UNCHECKED)
    assert not write.verdict(searched, done.version_id).is_clean


@pytest.mark.parametrize(
    ("version", "choices", "error", "words"),
    [
        ("", {}, NotFound, "Choose a dataset version first"),
        ("../etc/v1", {}, NotFound, "no dataset version"),
        ("mails/v9", {}, NotFound, "mails/v1"),
        ("mails/v1", {"EMAIL": "burn"}, SettingProblem, "tag, substitute"),
        ("mails/v1", {"SECRET": "substitute"}, SettingProblem, "SECRET|Secret"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(lab, searched, version, choices, error, words):
    with pytest.raises(error, match=words):
        write.begin(lab, searched, version, choices).result()
    assert len(searched.versions.all()) == 1


def test_a_masked_version_is_masked_again_without_taking_invented_names_for_leftovers(lab):
    workspace = lab.workspace("")
    rows = [Example(f"r{i}", i + 1, (Message("user", f"mail ann{i}@firma.de, IP 10.1.2.{i + 3}"),)) for i in range(5)]
    first = workspace.versions.save("twice", Dataset.of(rows), "ingest").id
    search.search(lab, workspace, first, FAST, Watch())
    second = write.save_masked(lab, workspace, first, preview.settings_of({"EMAIL": "substitute", "IP": "keep"}))
    found = search.search(lab, workspace, second.version_id, FAST, Watch())
    assert [kind.kind for kind in found.kinds] == ["IP"]
    third = write.save_masked(lab, workspace, second.version_id, preview.settings_of({}))
    assert third.is_clean, third.leak_check
    assert search.search(lab, workspace, third.version_id, FAST, Watch()).kinds == []
    texts = [row.messages[0].content for row in workspace.versions.load(third.version_id)]
    assert all("@example." in text and "[IP_1]" in text for text in texts)
