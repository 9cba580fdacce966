"""Canaries: what is left of an invented person is found in every form, and nothing else is."""

import json
import re
import sys
from pathlib import Path
from urllib.parse import quote_plus

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import canaries


@pytest.fixture(scope="module")
def everybody():
    return canaries.identities(seed=0)


def test_there_are_200_people_and_each_value_belongs_to_one(everybody):
    assert len(everybody) == 200
    for part in ("given", "family", "email", "phone", "card", "ssn", "iban", "address"):
        assert len({getattr(who, part) for who in everybody}) == 200, part


def test_the_same_seed_gives_the_same_people(everybody):
    assert canaries.identities(seed=0) == everybody
    assert canaries.identities(seed=1) != everybody


def test_every_row_carries_something_that_is_found(everybody):
    for number, row in enumerate(canaries.rows(everybody[:20])):
        for message in row["messages"]:
            found = canaries.left(message["content"], everybody)
            assert {place.identity for place in found} == {number // 6}, message["content"]


def test_every_part_of_a_person_is_in_the_rows(everybody):
    who = everybody[0]
    text = "\n".join(message["content"] for row in canaries.rows([who]) for message in row["messages"])
    assert {place.part for place in canaries.left(text, [who])} == set(canaries.PARTS)
    assert {place.form for place in canaries.left(text, [who])} == {"raw", "folded", "escaped", "digits"}


@pytest.mark.parametrize(
    ("part", "form", "write"),
    [
        ("family", "folded", str.upper),
        ("name", "folded", lambda value: value.replace(" ", "\r\n")),
        ("email", "escaped", lambda value: value.replace("@", "%40")),
        ("name", "escaped", quote_plus),
        ("phone", "digits", lambda value: "+1" + re.sub(r"\D", "", value)),
        ("card", "digits", lambda value: " ".join(re.findall("..", value))),
        ("iban", "digits", lambda value: " ".join(re.findall(".{1,4}", value))),
        ("ssn", "digits", lambda value: value.replace("-", "")),
        ("ssn", "raw", lambda value: json.dumps({"ssn": value})),
    ],
)
def test_a_value_is_found_in_another_form(part, form, write, everybody):
    text = f"so {write(getattr(everybody[3], part))}, or not"
    assert (3, part, form) in {(place.identity, place.part, place.form) for place in canaries.left(text, everybody)}


@pytest.mark.parametrize(
    "write",
    [
        lambda who: f"{who.given}ian was here",
        lambda who: f"pre{who.family.lower()}",
        lambda who: who.card[:-1],
        lambda who: who.phone[1:4],
        lambda who: "[PERSON_1] wrote to [EMAIL_1]",
        lambda who: "",
        lambda who: "\ud800 \u200f 1111111111111111111111 " * 50,
    ],
)
def test_a_part_of_a_word_or_a_tag_is_nothing(write, everybody):
    assert canaries.left(write(everybody[5]), everybody) == []


def test_what_is_left_never_shows_a_value(everybody):
    who = everybody[0]
    shown = repr(canaries.left(f"{who.name} {who.email} {who.card}", everybody)) + repr(who)
    assert not any(value in shown for value in who.values().values())
