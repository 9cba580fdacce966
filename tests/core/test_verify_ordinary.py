"""Names that are ordinary words ("Will", "Rose"): left over where they are written as names, and else not."""

import pytest

from core.privacy import Span
from tests.core.test_verify import check, finding, row

WORDS_AND_NAMES = [
    ("Will Turner", "You will like it.", {}),
    ("Will Turner", "Will you like it?", {}),
    ("Will Turner", "It is so. Will you like it?", {}),
    ("Will Turner", 'He said: "Yes." "Will you?" - he asked', {}),
    ("Will Turner", "- Will you?\n2. Will they?", {}),
    ("Will Turner", "YES YOU WILL GO", {}),
    ("Will Turner", "I asked Will about it.", {"PERSON": 1}),
    ("Will Turner", "Thanks, Will", {"PERSON": 1}),
    ("Will Turner", "Ask WILL about it.", {"PERSON": 1}),
    ("Will Turner", "will turner", {"PERSON": 1}),
    ("Will", "He will. Will he? She WILL NOT.", {}),
    ("Rose", "The sun rose. Rose petals fell.", {}),
    ("Rose Miller", "I gave Rose a rose.", {"PERSON": 1}),
    ("Mark", "Please mark it. Mark it now!", {}),
    ("Mark", "Tell Mark to mark it.", {}),
    ("Mark Lee", "Tell Mark to mark it.", {"PERSON": 1}),
    ("Grace Hope", "By the grace of hope. Hope is all.", {}),
    ("Ewa Nowak", "Nowak! Dear nowak", {"PERSON": 2}),
]


@pytest.mark.parametrize(("name", "text", "left"), WORDS_AND_NAMES)
def test_a_name_that_is_an_ordinary_word_is_left_over_only_where_it_is_written_as_a_name(name, text, left):
    found = check([row(1, f"I met {name} here.", text)], {"r1": {("PERSON", name)}})
    assert found.known_left == left
    assert found.is_clean == (not left)
    assert left or found.namesakes > 0


def test_an_ordinary_word_is_left_over_where_the_detector_calls_it_a_person():
    find = finding({"Will you come?": Span(0, 4, "PERSON", 0.9, "")})
    rows = [row(1, "I met Will Turner.", "Will you come?")]
    assert check(rows, {"r1": {("PERSON", "Will Turner")}}, find_rows=find).found_left == {"PERSON": 1}
