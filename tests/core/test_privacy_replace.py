"""Tags, substitutes and known values."""

import ipaddress

import pytest

from core.privacy import SUBSTITUTED, KnownValues, Substitutes, Tags, find, fold, replace, resolve
from core.privacy.card import luhn_holds
from core.privacy.digits import only_digits
from core.privacy.iban import is_iban

KEY = b"k" * 32
VALUES = [
    ("EMAIL", "Ann@firma.de"),
    ("EMAIL", "bob@firma.de"),
    ("PHONE", "+44 20 7946 0958"),
    ("PHONE", "(415) 555-2671"),
    ("CARD", "4111 1111 1111 1111"),
    ("IBAN", "DE89 3704 0044 0532 0130 00"),
    ("IP", "10.1.2.3"),
    ("IP", "2001:4860:4860::8888"),
]


def test_text_between_the_spans_stays_as_it_is():
    text = "😀 ann@example.com\r\n\tand bob@example.org  é"
    replaced = replace(text, find(text), lambda span, value: "<>")
    assert replaced.text == "😀 <>\r\n\tand <>  é"
    assert [replaced.text[start:end] for start, end in replaced.places] == ["<>", "<>"]


def test_the_same_value_has_the_same_tag_however_it_is_written():
    tags = Tags()
    written = ["Ann@X.de", "bob@x.de", "ann@x.de"]
    assert [tags.tag("EMAIL", value) for value in written] == ["[EMAIL_1]", "[EMAIL_2]", "[EMAIL_1]"]
    assert tags.tag("PHONE", "+1 415-555-2671") == tags.tag("PHONE", "(415) 555 2671") == "[PHONE_1]"


def test_tags_go_on_after_those_already_in_the_text():
    assert Tags(["see [EMAIL_3] and [PHONE_x]"]).tag("EMAIL", "a@b.de") == "[EMAIL_4]"


@pytest.mark.parametrize(("kind", "value"), VALUES)
def test_a_substitute_is_of_the_same_kind_and_belongs_to_nobody(kind, value):
    new = Substitutes(KEY, VALUES).substitute(kind, value)
    assert fold(kind, new) != fold(kind, value)
    if kind == "EMAIL":
        assert new.endswith("@example.com")
    elif kind == "PHONE":
        assert only_digits(new)[-7:-2] == "55501"
    elif kind == "CARD":
        assert not luhn_holds(only_digits(new))
        assert new[0] == value[0]
        assert [len(group) for group in new.split()] == [4, 4, 4, 4]
    elif kind == "IBAN":
        assert not is_iban(new)
        assert new.startswith("DE")
        assert len(new) == len(value)
    else:
        nets = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"]
        assert any(ipaddress.ip_address(new) in ipaddress.ip_network(net) for net in nets)


def test_a_phone_keeps_its_layout():
    substitutes = Substitutes(KEY, VALUES)
    assert substitutes.substitute("PHONE", "(415) 555-2671")[0] == "("
    assert substitutes.substitute("PHONE", "+44 20 7946 0958").startswith("+1 ")


def test_substitutes_do_not_depend_on_the_order_of_the_values():
    one, other = Substitutes(KEY, VALUES), Substitutes(KEY, reversed(VALUES))
    assert [one.substitute(*value) for value in VALUES] == [other.substitute(*value) for value in VALUES]


def test_another_key_gives_other_substitutes():
    one, other = Substitutes(KEY, VALUES), Substitutes(b"x" * 32, VALUES)
    assert all(one.substitute(*value) != other.substitute(*value) for value in VALUES)


def test_a_substitute_is_never_a_value_of_the_data():
    first = Substitutes(KEY, [("EMAIL", "ann@firma.de")]).substitute("EMAIL", "ann@firma.de")
    both = [("EMAIL", "ann@firma.de"), ("EMAIL", first)]
    assert Substitutes(KEY, both).substitute("EMAIL", "ann@firma.de") != first


def test_different_values_get_different_substitutes():
    values = [("IP", f"10.0.{i}.1") for i in range(250)]
    substitutes = Substitutes(KEY, values)
    assert len({substitutes.substitute(*value) for value in values}) == 250


def test_more_values_than_a_reserved_range_has_still_get_substitutes():
    values = [("IP", f"10.0.{i // 250}.{i % 250}") for i in range(900)]
    substitutes = Substitutes(KEY, values)
    assert all(substitutes.substitute(*value) for value in values)


def test_no_iban_that_is_made_is_valid():
    values = [("IBAN", f"DE89 3704 0044 0532 01{i:02d} 00") for i in range(100)]
    substitutes = Substitutes(KEY, values)
    assert not any(is_iban(substitutes.substitute(*value)) for value in values)


def test_secrets_have_no_substitute():
    assert "SECRET" not in SUBSTITUTED
    assert "URL_CREDENTIALS" not in SUBSTITUTED


@pytest.mark.parametrize(
    ("kind", "value", "text", "found"),
    [
        ("EMAIL", "ann@x.de", "To ANN@X.DE!", ["ANN@X.DE"]),
        ("PHONE", "(415) 555-2671", "id 4155552671 and 1-415-555-2671", ["4155552671", "1-415-555-2671"]),
        ("PHONE", "415-555-2671", "(415) 555-2671", ["415) 555-2671"]),
        ("SECRET", "hunter2x", "hunter2xy xhunter2x hunter2x", ["hunter2x"]),
        ("CARD", "4111 1111 1111 1111", "4111111111111111.", ["4111111111111111"]),
        ("SECRET", "İstanbul99", "in İstanbul99 and İstanbul9", ["İstanbul99"]),
        ("SECRET", "short", "short", []),
        ("PHONE", "415-555-2671", "x4155552671 41555526712", []),
    ],
)
def test_known_values_are_found_at_word_limits(kind, value, text, found):
    spans = resolve(KnownValues([(kind, value)]).find(text))
    assert [text[span.start : span.end] for span in spans] == found
