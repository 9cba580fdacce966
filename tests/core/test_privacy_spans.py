"""Spans that overlap: firm kinds become one, soft ones give way and keep what is left of them."""

import pytest

from core.privacy import KINDS, SOFT, Span
from core.privacy.spans import rank, resolve, trimmed


def span(text, part, kind):
    return Span(text.index(part), text.index(part) + len(part), kind, 0.9, "why")


def shown(text, spans):
    return [(one.kind, text[one.start : one.end]) for one in spans]


@pytest.mark.parametrize(
    ("text", "person", "mail", "expected"),
    [
        ("Ada Berg <ada@x.com>", "Ada Berg <ada@x.com", "ada@x.com", [("PERSON", "Ada Berg")]),
        ("mail ada@x.com Berg", "ada@x.com Berg", "ada@x.com", [("PERSON", "Berg")]),
        ("Ada ada@x.com Berg", "Ada ada@x.com Berg", "ada@x.com", [("PERSON", "Ada"), ("PERSON", "Berg")]),
        ("ada@x.com", "ada", "ada@x.com", []),
        ("(ada@x.com).", "ada@x.com).", "ada@x.com", []),
        ("Ada Jr. x@y.com", "Ada Jr. x", "x@y.com", [("PERSON", "Ada Jr.")]),
    ],
)
def test_a_person_keeps_what_an_address_leaves_of_it(text, person, mail, expected):
    left = trimmed(text, [span(text, person, "PERSON"), span(text, mail, "EMAIL")])
    assert [one for one in shown(text, left) if one[0] == "PERSON"] == expected
    assert ("EMAIL", mail) in shown(text, left)


def test_firm_spans_stay_as_they_are_and_in_order():
    text = "card 4111 call 4111"
    firm = [span(text, "4111 call", "PHONE"), span(text, "4111", "CARD")]
    assert trimmed(text, firm) == sorted(firm)


def test_soft_spans_alone_stay_as_they_are():
    text = "Ada Berg, Example Street 5"
    soft = [span(text, "Ada Berg", "PERSON"), span(text, "Example Street 5", "ADDRESS")]
    assert trimmed(text, soft) == soft


def test_ten_thousand_of_each_are_trimmed_in_a_moment():
    text = "Ada a@b.co " * 10_000
    firm = [Span(at + 4, at + 10, "EMAIL", 0.9, "") for at in range(0, len(text), 11)]
    soft = [Span(at, at + 6, "PERSON", 0.9, "") for at in range(0, len(text), 11)]
    assert len(trimmed(text, [*soft, *firm])) == 20_000


def test_a_kind_of_the_users_own_names_the_place():
    text = "number 4711-0815"
    own, phone = span(text, "4711-0815", "CUSTOMER_NO"), span(text, "4711-0815", "PHONE")
    assert rank("CUSTOMER_NO") <= rank("SECRET")
    assert [one.kind for one in resolve([phone, own])] == ["CUSTOMER_NO"]


def test_soft_kinds_are_weaker_than_all_others():
    assert max(rank(kind) for kind in KINDS if kind not in SOFT) < min(rank(kind) for kind in SOFT)


def test_a_name_within_the_name_of_a_street_is_no_person():
    text = "Ada Berg, 5 Ada Berg Street"
    street = Span(10, 27, "ADDRESS", 0.9, "")
    people = [Span(0, 8, "PERSON", 0.9, ""), Span(12, 20, "PERSON", 0.9, "")]
    assert shown(text, trimmed(text, [street, *people])) == [("PERSON", "Ada Berg"), ("ADDRESS", text[10:])]
