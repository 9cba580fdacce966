"""Verifying what stands beside the texts of a row: label, category, group, source and tags."""

import dataclasses

from core.mask.verify import verify
from core.privacy import Span
from core.records import Dataset
from tests.core.test_verify import EWA, MASKED, check, finding, masked, row


def test_facts_beside_the_texts_are_searched_too():
    rows = [row(1, "Ewa Nowak", "Hi"), row(2, "x", "y", source="ewa-nowak.txt", tags=("Ewa Nowak",))]
    assert check(rows, {"r1": {EWA}}).known_left == {"PERSON": 2}


def test_a_fact_that_was_masked_may_be_another_and_is_not_searched():
    before = row(1, "Ewa Nowak", "Hi", source="Ewa Nowak", category="x")
    change = masked(before, {EWA}, "Eva Kern")
    find = finding({"Eva Kern": Span(0, 8, "PERSON", 0.9, "")})
    for source, same in (("Eva Kern", 0), ("Ewa Nowak", 1), ("Eva Kern 2", 1), (None, 1)):
        after = dataclasses.replace(change.example(before), source=source)
        found = verify(Dataset.of([before]), Dataset.of([after]), {"r1": change}, find, MASKED)
        assert (found.facts_changed, found.known_left == {}) == (same, source != "Ewa Nowak")
        assert found.found_left == {}


def test_a_single_word_beside_the_texts_is_no_person():
    find = finding({"Austin": Span(0, 6, "PERSON", 0.9, ""), "Ann Lee": Span(0, 7, "PERSON", 0.9, "")})
    for category, left in (("Austin", {}), ("Ann Lee", {"PERSON": 1})):
        assert check([row(1, "x", "y", category=category)], {}, find_rows=find).found_left == left


def test_a_label_that_is_the_answer_is_no_other_leftover():
    before = row(1, "who?", "Ewa Nowak", label="Ewa Nowak", source="x")
    found = check([before, row(2, "Ewa Nowak", "ok")], {"r2": {EWA}})
    assert (found.known_left, found.facts_changed) == ({"PERSON": 1}, 0)


def test_a_label_that_becomes_the_answer_moves_nothing_else():
    before = row(1, "who?", "Ewa Nowak", label="EWA NOWAK", source="by Ewa Nowak")
    change = masked(before, {EWA, ("PERSON", "EWA NOWAK")})
    after = change.example(before)
    assert after.label == after.answer == "[PERSON_1]"
    found = verify(
        Dataset.of([before]), Dataset.of([after]), {"r1": change}, lambda rows: [[[] for _ in r] for r in rows], MASKED
    )
    assert (found.facts_changed, found.known_left) == (0, {})
