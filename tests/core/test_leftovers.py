"""Where a version stands: searched or not, what is open, what masking left over; training and exports say so."""

import dataclasses

import pytest

from core.actions.mask import search
from core.actions.mask.leftovers import standing
from core.actions.mask.quick_look import quick_look
from core.actions.mask.report import EXTRA, keep_replaced, replaced_places
from core.actions.mask.words import counts, joined, named
from core.errors import NotFound
from core.mask import scan
from core.mask.plan import MaskedRow
from core.mask.steps import Step
from core.mask.verification import Verification
from core.privacy import KINDS, Replaced, Span
from core.records import Dataset, Example, Message

TEXTS = ["Write to ewa@example.com.", "Call ewa@example.com or Jan Lis.", "Nothing here.", "Jan Lis again."]
KEY = b"k" * 32


def row(number, text, **other):
    return Example(f"r{number}", number, (Message("user", text), Message("assistant", "Yes.")), **other)


ROWS = [row(number, text) for number, text in enumerate(TEXTS, 1)]


class Words:
    """A detector that knows two values."""

    mode, kinds, stamp = "fast", frozenset({"EMAIL", "PERSON"}), "1"

    def find_rows(self, rows):
        known = {"EMAIL": "ewa@example.com", "PERSON": "Jan Lis"}
        return [
            [
                [Span(t.index(v), t.index(v) + len(v), kind, 0.9, "known") for kind, v in known.items() if v in t]
                for t in texts
            ]
            for texts in rows
        ]


def find(workspace, version_id, notes=()):
    """Search a version and keep what was found."""
    findings = scan(workspace.versions.load(version_id), Words(), workspace.secret_key())
    return search.keep(workspace, version_id, findings, list(notes))


def save(workspace, rows, stage="ingest", name="facts", **about):
    return workspace.versions.save(name, Dataset.of(rows), stage, **about).id


def mask(workspace, parent, rows, verification, changes=None, masked=None):
    version_id = save(workspace, rows, "mask", parent=parent, result={"masked": masked or {"EMAIL": 2, "PERSON": 2}})
    keep_replaced(workspace, version_id, changes or {})
    if verification:
        workspace.versions.keep_extra(version_id, EXTRA, verification.as_dict())
    return version_id


@pytest.fixture
def version(workspace):
    return save(workspace, ROWS)


def test_a_version_that_nobody_searched_says_so_and_needs_no_consent(workspace, version):
    found = standing(workspace, version)
    assert (found.is_searched, found.needs_consent) == (False, False)
    assert found.sentence == "facts/v1 was never searched for personal data: find out on the Mask tab."


def test_findings_are_open_until_they_are_rejected_or_masked(workspace, version):
    findings = find(workspace, version, ["A fast search reads patterns only."])
    found = standing(workspace, version)
    assert (found.open, found.open_rows, found.rows) == ((("EMAIL", 2), ("PERSON", 2)), 3, (1, 2, 4))
    assert found.needs_consent
    assert found.sentence == (
        "facts/v1: 4 findings of personal data in 3 rows are neither masked nor kept by choice "
        "(E-mail address 2, Person 2), "
        "source rows 1, 2, 4. A fast search reads patterns only."
    )
    person = findings.places.filter(kind="PERSON").row(0, named=True)
    for what, kind, value in (("accept", "EMAIL", ""), ("reject", "PERSON", person["value"])):
        step = Step(what, "kind" if what == "accept" else "value", kind, value)
        workspace.versions.add_line(version, "review", step.as_line())
    found = standing(workspace, version)
    assert (found.open, found.open_rows) == ((("EMAIL", 2),), 2)


def test_a_search_that_found_nothing_leaves_nothing_open(workspace):
    version = save(workspace, [row(1, "Nothing.")])
    find(workspace, version)
    assert standing(workspace, version).sentence == "facts/v1 was searched for personal data, and no finding is open."


def test_what_is_open_goes_with_the_rows_into_versions_made_from_it(workspace, version):
    find(workspace, version)
    child = save(workspace, [ROWS[3], row(9, "New and unread.")], "curate", parent=version)
    found = standing(workspace, child)
    assert (found.open, found.rows, found.via, found.unread) == ((("PERSON", 1),), (4,), (version,), 1)
    assert "1 row in it came or changed after that, and nobody searched there." in found.sentence
    clean = standing(workspace, save(workspace, [ROWS[2]], "curate", parent=child))
    assert (clean.needs_consent, clean.unread) == (False, 0)
    assert (
        clean.sentence
        == "facts/v3 was searched for personal data in facts/v1, which it was made from, and no finding is open."
    )


def test_a_clean_masked_version_says_what_was_masked(workspace, version):
    find(workspace, version, ["A note."])
    masked = mask(workspace, version, ROWS, Verification(rows=4))
    found = standing(workspace, masked)
    assert (found.is_searched, found.needs_consent, found.open) == (True, False, ())
    assert found.sentence == (
        "4 places of personal data were masked, and the check of the written rows found nothing left over. A note."
    )


def test_leftovers_of_a_masked_version_need_consent_there_and_later(workspace, version):
    find(workspace, version)
    masked = mask(workspace, version, ROWS, Verification(rows=4, known_left={"EMAIL": 1}, source_rows=(2,)))
    child = save(workspace, ROWS[:2], "curate", parent=masked)
    for version_id in (masked, child):
        found = standing(workspace, version_id)
        assert found.needs_consent
        assert found.counts() == {"open": {}, "open_rows": 0, "leftovers": {"EMAIL": 1}}
        assert "the check of the written rows found 1 leftover (E-mail address 1), source row 2." in found.sentence
    assert "were masked in facts/v2, which it was made from, and the check" in found.sentence


def test_a_check_that_was_stopped_is_said(workspace, version):
    find(workspace, version)
    found = standing(workspace, mask(workspace, version, ROWS, None))
    assert found.needs_consent
    assert "the written rows were not checked to the end, so nothing says that nothing is left over" in found.sentence


def test_invented_names_that_a_later_search_finds_are_not_open(workspace, version):
    find(workspace, version)
    rows = [row(1, "Ask Jan Lis."), row(2, "Jan Lis was left here.")]
    changes = {"r1": MaskedRow((Replaced("Ask Jan Lis.", ((4, 11),)), Replaced("Yes.", ())), {}, frozenset())}
    masked = mask(workspace, version, rows, Verification(rows=2), changes)
    find(workspace, masked)
    assert replaced_places(workspace, masked).rows() == [("r1", 0, 4, 11)]
    assert replaced_places(workspace, version).is_empty()
    found = standing(workspace, masked)
    assert (found.open, found.rows) == ((("PERSON", 1),), (2,))


def test_a_mix_is_searched_where_all_of_its_parts_are(workspace, version):
    other = save(workspace, [row(1, "Jan Lis"), row(2, "x")], name="other")
    parts = {"parts": [{"version": version}, {"version": other}]}
    rows = [dataclasses.replace(ROWS[0], id="facts:r1", row=1), dataclasses.replace(ROWS[2], id="other#2:r1", row=2)]
    mix = save(workspace, rows, "mix", name="mix", settings=parts)
    assert standing(workspace, mix).unsearched == (mix,)
    find(workspace, version)
    found = standing(workspace, mix)
    assert (found.unsearched, found.open) == ((other,), (("EMAIL", 1),))
    assert found.sentence.startswith("other/v1 in it was never searched for personal data. mix/v1: 1 finding of")
    find(workspace, other)
    assert standing(workspace, mix).is_searched


def test_a_version_that_is_not_there_is_said(workspace):
    with pytest.raises(NotFound):
        standing(workspace, "none/v1")


def test_a_parent_that_was_taken_away_leaves_the_version_unsearched(workspace):
    child = save(workspace, ROWS, "curate", parent="gone/v1")
    assert standing(workspace, child).unsearched == (child,)


def test_no_value_stands_in_what_is_said(workspace, version):
    find(workspace, version)
    found = standing(workspace, version)
    said = found.sentence + repr(found) + repr(found.counts())
    assert not [value for value in ("ewa", "example", "Jan", "Lis") if value in said]


def test_a_quick_look_counts_and_says_where_it_stopped(workspace):
    rows = [row(number, f"Write to person{number}@example.com.") for number in range(1, 301)]
    found = quick_look(workspace, Dataset.of(rows), most_rows=260)
    assert (found.rows, found.rows_read, found.rows_found, found.kinds) == (300, 260, 260, {"EMAIL": 260})
    assert found.sentence == (
        "A fast search now (300 rows, the first 260) found personal data in 260 rows (E-mail address 260); "
        "it does not find most names."
    )
    assert "found nothing" in quick_look(workspace, Dataset.of([row(1, "Nothing.")])).sentence


IN_WORDS = [
    ("EMAIL", 1, "an e-mail address"),
    ("EMAIL", 2, "2 e-mail addresses"),
    ("IP", 1, "an IP address"),
    ("URL", 1, "a URL"),
    ("CITY", 3, "3 cities"),
    ("BIRTH_DATE", 2, "2 dates of birth"),
    ("SECRET", 1, "a secret"),
    ("ORDER_NUMBER", 1, "an order number"),
]


@pytest.mark.parametrize(("kind", "number", "words"), IN_WORDS)
def test_a_kind_is_said_in_words(kind, number, words):
    assert named(kind, number) == words


def test_every_kind_has_words_and_counts_come_in_order():
    assert all(named(kind) and "(" not in named(kind) for kind in KINDS)
    assert counts({"PERSON": 1, "EMAIL": 1_000, "URL": 0, "BADGE": 2}) == "BADGE 2, E-mail address 1,000, Person 1"
    assert [joined(things) for things in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
