"""The chat set of the privacy benchmark: the labels stand on the values, the numbers hold their checks."""

import importlib
import json
import random
import re
import sys
from collections import Counter
from pathlib import Path

import phonenumbers
import pytest
from stdnum import bitcoin, iban, luhn

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import private_chats  # noqa: E402
import private_chats_ids as ids  # noqa: E402
import private_chats_numbers as numbers  # noqa: E402
import private_chats_people as people  # noqa: E402
import private_chats_secrets as secrets  # noqa: E402

from core.privacy.kinds import KINDS  # noqa: E402

PLANTED = {
    "PERSON", "EMAIL", "PHONE", "CARD", "SSN", "NATIONAL_ID", "IBAN", "IP", "MAC", "CRYPTO", "SECRET",
    "URL_CREDENTIALS", "PASSPORT", "LICENSE", "BANK", "BIRTH_DATE", "ADDRESS", "URL", "USERNAME",
}  # fmt: skip
STDNUM = {
    "nhs": "gb.nhs", "pps": "ie.pps", "tfn": "au.tfn", "sin": "ca.sin", "aadhaar": "in_.aadhaar", "pan": "in_.pan",
    "steuer_id": "de.idnr", "austrian": "at.vnr", "ahv": "ch.ssn", "nir": "fr.nir", "belgian": "be.nn",
    "curp": "mx.curp",
    "codice_fiscale": "it.codicefiscale", "bsn": "nl.bsn", "pesel": "pl.pesel", "cpf": "br.cpf", "nif": "pt.nif",
    "personnummer": "se.personnummer", "fodselsnummer": "no.fodselsnummer", "cpr": "dk.cpr", "hetu": "fi.hetu",
}  # fmt: skip


@pytest.fixture(scope="module")
def rows():
    return private_chats.rows(seed=0)


@pytest.fixture
def rng():
    return random.Random(7)


def values(rows, kind):
    return [row["text"][start:end] for row in rows for start, end, labelled in row["spans"] if labelled == kind]


def test_the_set_is_large_and_a_quarter_of_it_is_clean(rows):
    assert len(rows) >= 700
    assert 0.2 <= sum(not row["spans"] for row in rows) / len(rows) <= 0.3
    assert len({row["text"] for row in rows}) > 0.9 * len(rows)


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(rows):
    assert private_chats.rows(seed=0) == rows
    assert private_chats.rows(seed=1) != rows


def test_all_kinds_are_planted_and_no_other(rows):
    counts = Counter(kind for row in rows for _, _, kind in row["spans"])
    assert set(counts) == PLANTED | {private_chats.UNSCORED}
    assert set(KINDS) >= PLANTED
    assert min(counts.values()) >= 15


def test_a_label_stands_on_the_value_and_nothing_else(rows):
    for row in rows:
        for start, end, kind in row["spans"]:
            value = row["text"][start:end]
            assert 0 <= start < end <= len(row["text"])
            assert value == value.strip(), (kind, value)
            assert not re.search(r"""^["'`,;:]|["'`,;:]$""", value) or kind == "SECRET", (kind, value)


def test_labels_do_not_overlap(rows):
    for row in rows:
        ends = [end for _, end, _ in row["spans"]]
        assert all(end <= start for end, (start, _, _) in zip(ends, row["spans"][1:], strict=False))


def test_no_slot_is_left_open(rows):
    assert not [row["text"] for row in rows if re.search(r"<<~?[a-z_]+(\.\d)?>>", row["text"])]


def test_every_template_can_be_filled():
    for name in (*private_chats.PLANTED, "clean"):
        for number, template in enumerate(private_chats.templates(name)):
            made = private_chats.row(template, random.Random(number), number)
            assert bool(made["spans"]) == (name != "clean"), template.text


def test_cards_hold_luhn_and_other_long_numbers_do_not(rng, rows):
    cards = [re.sub(r"\D", "", value) for value in values(rows, "CARD")]
    assert all(luhn.is_valid(card) for card in cards)
    assert not any(luhn.is_valid(re.sub(r"\D", "", numbers.not_a_card(rng))) for _ in range(200))


def test_ibans_hold_their_checks(rng, rows):
    assert all(iban.is_valid(value) for value in values(rows, "IBAN"))
    assert all(iban.is_valid(numbers.iban(rng, country)) for country in numbers.BBANS for _ in range(30))


@pytest.mark.parametrize("name", STDNUM)
def test_national_numbers_hold_their_checks(name, rng):
    checker = importlib.import_module(f"stdnum.{STDNUM[name]}")
    made = [getattr(ids, name)(rng) for _ in range(100)]
    assert [value for value in made if not checker.is_valid(value)] == []


def test_spanish_numbers_hold_their_letter(rng):
    dni, nie = (importlib.import_module(f"stdnum.es.{name}") for name in ("dni", "nie"))
    assert all(dni.is_valid(value) or nie.is_valid(value) for value in (ids.dni(rng) for _ in range(100)))


def test_american_numbers_hold_their_checks(rng, rows):
    ssn, rtn = (importlib.import_module(f"stdnum.us.{name}") for name in ("ssn", "rtn"))
    assert all(ssn.is_valid(value.replace(" ", "-")) for value in values(rows, "SSN"))
    assert all(rtn.is_valid(numbers.routing(rng)) for _ in range(100))


def test_bitcoin_addresses_hold_their_checks(rng):
    assert all(bitcoin.is_valid(numbers.bitcoin(rng)) for _ in range(100))


@pytest.mark.parametrize("country", people.listed("places"))
def test_phone_numbers_are_given_out_in_their_country(country, rng):
    for shape in people.listed("places")[country]["phones"]:
        made = [numbers.shaped(rng, shape) for _ in range(20)]
        valid = [phonenumbers.is_valid_number(phonenumbers.parse(value, country)) for value in made]
        assert sum(valid) >= 18, shape


def test_there_are_names_of_many_countries():
    lists = people.listed("people")
    assert all(people.listed(name).keys() == lists.keys() for name in ("places", "documents"))
    assert lists.keys() == ids.IDS.keys()
    assert sum(len(names[part].split(", ")) for names in lists.values() for part in names) >= 400


def test_the_rows_carry_keys_of_every_provider(rows):
    text = "\n".join(values(rows, "SECRET"))
    starts = [form.split("{")[0] for _, form in secrets.PROVIDERS]
    assert [start for start in starts if start not in text] == []


def test_rows_come_in_other_cases_in_json_and_with_marks(rows):
    texts = [row["text"] for row in rows]
    assert sum(text == text.lower() for text in texts) > 30
    assert sum(text == text.upper() for text in texts) > 10
    assert sum("\r\n" in text for text in texts) > 5
    assert any("\u200f" in text or "\u202b" in text for text in texts)
    inside = [json.loads(text)["content"] for text in texts if text.startswith('{"role"')]
    assert len(inside) > 15
