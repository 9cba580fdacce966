"""What is left over after masking, one by one, and that it stays said when a person calls it not personal."""

import pytest

from core.actions import Lab
from core.actions.background import Watch
from core.actions.mask import not_personal, preview, search, write
from core.actions.mask.leftovers import standing
from core.actions.mask.report import report_of
from core.errors import NotFound, SettingProblem
from core.privacy import Span
from core.records import Dataset, Example, Message
from core.settings import HOME, SearchSettings

FAST = SearchSettings(mode="fast")
TEXTS = [
    "I met Zara Quist. Then Quist met 😀 me. Quist!",
    "Is Zara Quist there? He told quist of Krämer.",
    "Nothing is here.",
]


class Names:
    """A detector that reads whole names alone, so that parts of them are left over."""

    mode, kinds, stamp, own, reads_names = "fast", frozenset({"PERSON"}), "1", None, False

    def find_rows(self, rows):
        return [[[self._span(text)] if "Zara Quist" in text else [] for text in texts] for texts in rows]

    def _span(self, text):
        start = text.index("Zara Quist")
        return Span(start, start + 10, "PERSON", 0.9, "known")


@pytest.fixture
def lab(tmp_path, monkeypatch):
    monkeypatch.setattr(search, "detector", lambda *_: (Names(), []))
    return Lab(tmp_path / "lab", HOME)


@pytest.fixture
def workspace(lab):
    workspace = lab.workspace("")
    rows = [Example(f"r{at}", at, (Message("user", text),)) for at, text in enumerate(TEXTS, 1)]
    workspace.versions.save("met", Dataset.of(rows), "ingest")
    return workspace


def mask(lab, workspace, version_id="met/v1", choices=None):
    return write.save_masked(lab, workspace, version_id, preview.settings_of(choices))


def values(workspace, version_id):
    return {(one.value, one.places, one.is_personal) for one in not_personal.left_over(workspace, version_id).values}


def key_of(workspace, version_id, value):
    return next(one.key for one in not_personal.left_over(workspace, version_id).values if one.value == value)


def test_leftovers_are_shown_one_by_one_in_their_rows(lab, workspace):
    saved = mask(lab, workspace)
    assert (saved.version_id, saved.is_clean) == ("met/v2", False)
    found = not_personal.left_over(workspace, "met/v2")
    assert [(one.value, one.places, one.rows, one.row, one.kind) for one in found.values] == [
        ("Quist", 2, 1, 1, "Person"),
        ("quist", 1, 1, 2, "Person"),
    ]
    assert "".join(piece.text for piece in found.values[0].pieces) == "I met [PERSON_1]. Then Quist met 😀 me. Quist!"
    assert [piece.text for piece in found.values[0].pieces if piece.kind] == ["Quist"]
    assert found.sentence == "2 values left over in 3 places of met/v2."


def test_what_is_not_personal_is_said_once_and_counted_as_accepted(lab, workspace):
    mask(lab, workspace)
    said = not_personal.decide(workspace, "met/v2", key_of(workspace, "met/v2", "Quist"))
    assert said == "Not personal: “Quist” (Person), 2 places. 1 leftover is now left over in met/v2."
    check = report_of(workspace, "met/v2").verification
    assert (check.leftovers, check.accepted, check.source_rows) == ({"PERSON": 1}, {"PERSON": 2}, (2,))
    assert "2 leftovers were looked at and called not personal." in check.sentence
    assert standing(workspace, "met/v2").needs_consent
    said = not_personal.decide(workspace, "met/v2", key_of(workspace, "met/v2", "quist"))
    assert said.endswith("Nothing else is now left over in met/v2.")
    assert write.verdict(workspace, "met/v2").is_clean
    found = standing(workspace, "met/v2")
    assert not found.needs_consent
    assert "found nothing left over but 3 places that a person called not personal" in found.sentence
    assert values(workspace, "met/v2") == {("Quist", 2, False), ("quist", 1, False)}


def test_it_can_be_taken_back(lab, workspace):
    mask(lab, workspace)
    key = key_of(workspace, "met/v2", "Quist")
    before = report_of(workspace, "met/v2")
    not_personal.decide(workspace, "met/v2", key)
    assert not_personal.decide(workspace, "met/v2", key, personal=True).startswith("Personal after all: “Quist”")
    assert report_of(workspace, "met/v2") == before


def test_it_stays_said_when_the_same_version_or_this_one_is_masked_again(lab, workspace):
    mask(lab, workspace)
    not_personal.decide(workspace, "met/v2", key_of(workspace, "met/v2", "Quist"))
    again = mask(lab, workspace, choices={"PERSON": "hash"})
    assert values(workspace, again.version_id) == {("quist", 1, True), ("Quist", 2, False)}
    assert again.rows[0][-1] == 1
    not_personal.decide(workspace, again.version_id, key_of(workspace, again.version_id, "quist"))
    third = mask(lab, workspace, choices={"PERSON": "partial"})
    assert third.is_clean, third.leak_check


def test_a_later_search_does_not_find_again_what_was_called_not_personal(lab, workspace, monkeypatch):
    mask(lab, workspace)

    class More(Names):
        stamp = "2"

        def _span(self, text):
            return Span(text.index("Quist"), text.index("Quist") + 5, "PERSON", 0.9, "known")

        def find_rows(self, rows):
            return [[[self._span(text)] if "Quist" in text else [] for text in texts] for texts in rows]

    monkeypatch.setattr(search, "detector", lambda *_: (More(), []))
    found = search.search(lab, workspace, "met/v2", FAST, Watch())
    assert [kind.places for kind in found.kinds] == [1]
    not_personal.decide(workspace, "met/v2", key_of(workspace, "met/v2", "Quist"))
    assert standing(workspace, "met/v2").open == ()
    assert search.search(lab, workspace, "met/v2", FAST, Watch()).kinds == []


def test_no_value_is_kept_with_what_is_said(lab, workspace):
    mask(lab, workspace)
    not_personal.decide(workspace, "met/v2", key_of(workspace, "met/v2", "Quist"))
    kept = [
        path for path in workspace.root.rglob("*") if path.is_file() and path.name.startswith(("not-", "verif", "left"))
    ]
    assert len(kept) >= 3
    assert not any(b"uist" in path.read_bytes() for path in kept)
    assert "uist" not in repr(not_personal.left_over(workspace, "met/v2"))


def test_what_is_not_there_is_a_sentence(lab, workspace):
    with pytest.raises(NotFound):
        not_personal.left_over(workspace, "met/v9")
    assert "was not made by masking" in not_personal.left_over(workspace, "met/v1").sentence
    mask(lab, workspace)
    for key in ("", "PERSON:0000", None):
        with pytest.raises(SettingProblem, match="not among what is left over"):
            not_personal.decide(workspace, "met/v2", key)
