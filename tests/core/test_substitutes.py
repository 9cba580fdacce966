"""Substitutes: one person is one substitute, nobody shares one, and none of them can belong to somebody."""

import ipaddress
import random
import re
import sys
from datetime import date
from subprocess import run

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.es import dni
from stdnum.in_ import aadhaar

from core.errors import LabError
from core.privacy import KINDS, fold
from core.privacy.digits import only_digits
from core.privacy.recognisers.card import luhn_holds
from core.privacy.recognisers.iban import is_iban
from core.privacy.substitutes import SUBSTITUTED, Ledger, Substitutes
from core.privacy.substitutes.name_lists import name_lists
from core.privacy.substitutes.tokens import name_key

KEY = b"k" * 32
FAMILY = [
    ("PERSON", "Eugenie Schottin"),
    ("PERSON", "Eugenie"),
    ("PERSON", "Ms Schottin"),
    ("PERSON", "E. Schottin"),
    ("PERSON", "SCHOTTIN, Eugenie"),
    ("PERSON", "eugenie schottin"),
    ("EMAIL", "eugenie.schottin@firma.de"),
    ("EMAIL", "eschottin@firma.de"),
    ("EMAIL", "Schottin_Eugenie77@firma.de"),
    ("USERNAME", "@eugenieschottin"),
]
UGLY = ["", " ", "\ud800", "…", "x" * 20_000, "7" * 20_000, "שלום", "é́́", "😀", "a\r\nb", '{"a": "b"}', "0", "@", "%40"]
# A little of everything, of the shapes that recognisers find.
VALUES = [
    *FAMILY,
    ("PHONE", "+44 20 7946 0958"),
    ("PHONE", "(415) 555-2671"),
    ("CARD", "4111 1111 1111 1111"),
    ("IBAN", "DE89 3704 0044 0532 0130 00"),
    ("IP", "10.1.2.3"),
    ("IP", "2001:4860:4860::8888"),
    ("SSN", "123-45-6789"),
    ("NATIONAL_ID", "12345678Z"),
    ("PASSPORT", "C01X00T47"),
    ("LICENSE", "D1234567"),
    ("BANK", "021000021"),
    ("MAC", "AA:BB:CC:DD:EE:01"),
    ("CRYPTO", "0x52908400098527886E0F7030069857D2E4169EE7"),
    ("ADDRESS", "12 Elm Road, Springfield, IL 62704"),
    ("CITY", "Springfield"),
    ("ORGANISATION", "Acme Corp."),
    ("URL", "https://www.acme.com/users/anna?id=5"),
    ("BIRTH_DATE", "12.03.1985"),
    ("DATE", "May 4th, 2021"),
]


def of(*values, key=KEY, ledger=None, words=()):
    """The substitutes of the values, in their order."""
    substitutes = Substitutes(key, values, ledger, words=words)
    return [substitutes.substitute(*value) for value in values]


def persons(*values):
    return of(*(("PERSON", value) for value in values))


def test_one_person_is_one_substitute_however_written():
    full, given, titled, short, turned, small, mail, initial, digits, user = of(*FAMILY)
    first, last = full.split()
    assert (given, titled, turned, small) == (first, f"Ms {last}", f"{last.upper()}, {first}", full.lower())
    assert short == f"{name_key(first)[0].upper()}. {last}"
    assert mail.split("@")[0] == f"{name_key(first)}.{name_key(last)}"
    assert initial.split("@")[0] == f"{name_key(first)[0]}{name_key(last)}"
    assert re.fullmatch(f"{name_key(last)}_{name_key(first)}\\d\\d", digits.split("@")[0].lower())
    assert user == f"@{name_key(first)}{name_key(last)}"


@pytest.mark.parametrize(
    ("value", "pattern"),
    [
        ("Dr. Anna-Maria O'Brien Jr.", r"Dr\. \w+-\w+ \w+ Jr\."),
        ("Ludwig van Beethoven", r"\w+ van \w+"),
        ("van Beethoven", r"van \w+"),
        ("ANNA", r"[^a-z]+"),
        ("anna", r"[^A-Z]+"),
        ("Anna's", r"\w+'s"),
        ("Van", r"(?!Van$)\w+"),
        ("Mr", r"(?!Mr$)\w+"),
        ("E.", r"\w{3,}\."),
        ("Иван Петров", r"[А-яёіїєґ]+ [А-яёіїєґ]+"),
        ("И. Петров", r"[А-ЯІЇЄҐ]\. [А-яёіїєґ]+"),
        ("Ö. Berg", r"(?!Ö)[A-Z]\. \w+"),
        ("王小明", r"[\u4e00-\u9fff]+"),
        ("김민수", r"[\uac00-\ud7a3]+"),
        ("محمد علي", r"[\u0600-\u06ff]+ [\u0600-\u06ff]+"),
    ],
)
def test_titles_particles_case_and_script_of_a_name_stay(value, pattern):
    (new,) = persons(value)
    assert re.fullmatch(pattern, new)
    assert new != value


def test_given_names_keep_their_likely_gender_and_language():
    sorts = [name_lists().sort(name_key(new)) for new in persons("Linda", "Robert")]
    assert [(sort.language, sort.gender) for sort in sorts] == [("en", "female"), ("en", "male")]


@pytest.mark.parametrize(
    ("kind", "value", "pattern"),
    [
        ("EMAIL", "coolguy@web.de", r"[a-z]+\d\d@example\.(com|org|net)"),
        ("EMAIL", "info [at] acme [dot] com", r"[a-z]+\d+ \[at\] example \[dot\] (com|org|net)"),
        ("EMAIL", "ANN@FIRMA.DE", r"[A-Z]+\d*@EXAMPLE\.(COM|ORG|NET)"),
        ("EMAIL", "anna.k%40firma.de", r"[a-z]+\.[a-z]%40example\.(com|org|net)"),
        ("PHONE", "(415) 555-2671", r"\([2-9]\d\d\) 555-01\d\d"),
        ("PHONE", "+1 415 555 2671", r"\+1 [2-9]\d\d 555 01\d\d"),
        ("PHONE", "+44 (0)20 7946 0958", r"\+44 \(0\)20 7946 0\d\d\d"),
        ("PHONE", "07700 123456", r"\+44 7700 900\d\d\d"),
        ("PHONE", "06 12 34 56 78", r"\+33 6 39 98 \d\d \d\d"),
        ("PHONE", "(020) 7946 0958", r"\+44 \(20\) 7946 0\d\d\d"),
        ("PHONE", "(0)20 7946 0958", r"\+44 20 7946 0\d\d\d"),
        ("PHONE", "07700123456", r"\+447700900\d\d\d"),
        ("PHONE", "0171 1234567", r"\+49 171 39200\d\d"),
        ("PHONE", "tel. 07700 123456", r"tel\. \+44 7700 900\d\d\d"),
        ("PHONE", "tel. +49 171 1234567", r"tel\. \+49 171 39200\d\d"),
        ("PHONE", "(415)-555-2671", r"\([2-9]\d\d\)-555-01\d\d"),
        ("PHONE", "(415) 555-2671 #12", r"\([2-9]\d\d\) 555-01\d\d"),
        ("PHONE", "020 7946 0958\n#1", r"\+44 20 7946 0\d\d\d"),
        ("PHONE", "020 7946 0958 ext: 12", r"\+44 20 7946 0\d\d\d"),
        ("PHONE", "%2B442079460958", r"%2B442079460\d\d\d"),
        ("PHONE", "020\n7946\n0958", r"\+44 20\n7946\n0\d\d\d"),
        ("PHONE", "٠٧٧٠٠ ١٢٣٤٥٦", r"\+44 7700 900\d\d\d"),
        ("PHONE", "98765 43210", r"\+1 [2-9]\d\d-555-01\d\d"),
        ("PHONE", "9876543210", r"\+1[2-9]\d\d55501\d\d"),
        ("PHONE", "+49 171 1234567", r"\+49 171 39200\d\d"),
        ("PHONE", "+61 2 1234 5678", r"\+61 2 (5550|7010) \d\d\d\d"),
        ("PHONE", "0412 345 678", r"\+61 491 570 \d\d\d"),
        ("PHONE", "+353 87 123 4567", r"\+353 20 91\d \d\d\d\d"),
        ("PHONE", "+46 70 123 45 67", r"\+46 70 174 06 \d\d"),
        ("PHONE", "+91 98765 43210", r"\+91 000\d\d \d{5}"),
        ("PHONE", "+91-98765-43210", r"\+91-000\d\d-\d{5}"),
        ("PHONE", "0034 612 345 678", r"0034 000 \d{3} \d{3}"),
        ("PHONE", "612 345 678", r"000 \d{3} \d{3}"),
        ("PHONE", "12 34 56 78", r"00 0\d \d\d \d\d"),
        ("PHONE", "+39 06 1234 5678", r"\+39 00 00\d\d \d{4}"),
        ("PHONE", "8 (912) 345-67-89", r"0 \(00\d\) \d{3}-\d\d-\d\d"),
        ("PHONE", "(415) 555-2671 x12", r"\(\d\d\d\) 555-01\d\d"),
        ("IP", "10.1.2.3", r"(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+"),
        ("IP", "FE80::1", r"2001:DB8:[0-9A-F:]+"),
        ("MAC", "AA-BB-CC-DD-EE-01", r"00-00-5E-00-53-[0-9A-F]{2}"),
        ("SSN", "123-45-6789", r"9\d\d-[0-4]\d-\d{4}"),
        ("NATIONAL_ID", "AB 12 34 56 C", r"QQ \d\d \d\d \d\d [A-D]"),
        ("PASSPORT", "123456789", r"00\d{7}"),
        ("LICENSE", "D1234567", r"[A-Z]00\d{5}"),
        ("CRYPTO", "bc1qar0srrr7", r"bc1[a-z]{3}\d[a-z]{4}\d"),
        ("ADDRESS", "12b Elm Road, IL 62704", r"[1-9]\d[a-z] [A-Z][a-z]+ Road, IL [1-9]\d{4}"),
        ("ADDRESS", "Hauptstraße 5, 10115 Berlin", r"[A-Z][a-z]+straße [1-9], [1-9]\d{4} [A-Z][a-z]+"),
        ("ADDRESS", "London SW1A 2AA", r"[A-Z][a-z]+ [A-Z]{2}[1-9][A-Z] [1-9][A-Z]{2}"),
        ("ORGANISATION", "Bank of Elmford Ltd", r"Bank of [A-Z][a-z]+ Ltd"),
        ("URL", "https://www.acme.com/users/anna?id=5", r"https://www\.[a-z]+\.example\.(com|org|net)/[a-z]+/[a-z]+"),
        ("USERNAME", "@dragonslayer", r"@[a-z]+\d\d"),
        ("BIRTH_DATE", "3/12/1985", r"\d\d?/\d\d?/\d{4}"),
        ("BIRTH_DATE", "12. März 1985", r"\d\d?\. [A-Z][a-zä]+ \d{4}"),
        ("DATE", "May 4th, 2021", r"[A-Z][a-z]+ \d\d?(st|nd|rd|th), \d{4}"),
        ("DATE", "May 2021", r"[A-Z][a-z]+ \d{4}"),
        ("DATE", "soon", r"\d{4}-\d\d-\d\d"),
    ],
)
def test_a_substitute_has_the_layout_of_the_value_and_belongs_to_nobody(kind, value, pattern):
    (new,) = of((kind, value))
    assert re.fullmatch(pattern, new)
    assert fold(kind, new) != fold(kind, value)


def test_no_checksum_of_what_is_made_holds():
    values = [
        *(("CARD", f"411111111111{i:04d}") for i in range(300)),
        *(("IBAN", f"DE89 3704 0044 0532 01{i:02d} 00") for i in range(100)),
        *(("NATIONAL_ID", f"{12345000 + i}Z") for i in range(60)),
        *(("NATIONAL_ID", f"2345 6789 {1000 + i}") for i in range(60)),
    ]
    new = of(*values)
    assert not any(luhn_holds(only_digits(card)) for card in new[:300])
    assert not any(is_iban(iban) for iban in new[300:400])
    assert not any(dni.is_valid(number) or aadhaar.is_valid(number) for number in new[400:])


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("PHONE", "+44 7700 123456", "07700123456"),
        ("PHONE", "02 9876 5432", "(02)98765432"),
        ("PHONE", "070-123 45 67", "0701234567"),
        ("PHONE", "040 123 4567", "0401234567"),
        ("PHONE", "020 7946 0958 #1", "+44 20 7946 0958"),
        ("PHONE", "tel. 0171 1234567", "+49 171 1234567"),
        ("IP", "2001:0db9::0001", "2001:db9::1"),
        ("BIRTH_DATE", "12.03.1985", "1985-03-12"),
        ("CARD", "4111 1111 1111 1111", "4111-1111-1111-1111"),
        ("MAC", "aa:bb:cc:dd:ee:ff", "AABB.CCDD.EEFF"),
        ("URL", "https://acme.com/x/", "www.acme.com/x"),
        ("EMAIL", "Ann@firma.de", "ann [at] firma [dot] de"),
    ],
)
def test_a_value_has_one_substitute_in_every_way_of_writing(kind, one, other):
    first, second = of((kind, one), (kind, other))
    if kind == "BIRTH_DATE":
        assert date(*map(int, reversed(first.split(".")))) == date.fromisoformat(second)
    elif kind == "PHONE":
        assert only_digits(first) == only_digits(second)
    else:
        assert fold(kind, first) == fold(kind, second)


def test_a_city_a_company_and_a_host_of_one_name_agree():
    city, address, company, url = of(
        ("CITY", "Elmford"), ("ADDRESS", "1 Elmford Road"), ("ORGANISATION", "Elmford Ltd"), ("URL", "elmford.com")
    )
    assert address.split()[1] == company.split()[0] == city
    assert url.startswith(city.lower() + ".example.")


def test_neither_order_nor_repetition_changes_anything():
    mixed = VALUES * 2
    random.Random(1).shuffle(mixed)
    assert dict(zip(mixed, of(*mixed), strict=True)) == dict(zip(VALUES, of(*VALUES), strict=True))


def test_another_key_gives_other_substitutes():
    same = [a for a, b in zip(of(*VALUES), of(*VALUES, key=b"x" * 32), strict=True) if a == b]
    assert same == []


def test_a_substitute_is_never_a_value_or_a_word_of_the_data():
    new = persons("Anna Lopez")[0]
    first, last = new.split()
    assert of(("PERSON", "Anna Lopez"), ("PERSON", first), ("CITY", last))[0].split()[0] != first
    again = of(("PERSON", "Anna Lopez"), words={first.lower(), last.lower()})[0].split()
    assert first not in again
    assert last not in again


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (
            "PERSON",
            [f"Name{'abcdefghij'[i % 10]}{'klmnopqrst'[i // 10 % 10]}{'uvwxyzabcd'[i // 100]}" for i in range(900)],
        ),
        ("IP", [f"10.0.{i // 250}.{i % 250}" for i in range(900)]),
        ("PHONE", [f"+44 7700 90{i:04d}" for i in range(1500)]),
        ("MAC", [f"aa:bb:cc:dd:{i // 250:02x}:{i % 250:02x}" for i in range(500)]),
        ("EMAIL", [f"info@firm{i}.de" for i in range(300)]),
        ("EMAIL", [f"anna.lopez@firm{i}.de" for i in range(300)]),
        ("ADDRESS", [f"Elm Road {i}" for i in range(300)]),
        ("SSN", [f"123-45-{i:04d}" for i in range(300)]),
        ("PASSPORT", [f"A{i}" for i in range(10)]),
        ("DATE", [f"{i}" for i in range(1900, 2100)]),
        ("URL", [f"elm.com/{i}" for i in range(300)]),
    ],
)
def test_where_a_range_is_used_up_there_is_still_one_for_each(kind, values):
    new = of(*((kind, value) for value in values))
    assert len({value.casefold() for value in new}) == len(values)
    assert not {value.casefold() for value in new} & {value.casefold() for value in values}


def test_a_new_kind_of_address_is_of_a_net_that_leads_nowhere():
    for new in of(*(("IP", f"10.0.{i // 250}.{i % 250}") for i in range(900))):
        address = ipaddress.ip_address(new)
        assert address.is_private or address.is_reserved


NAMES = st.text(alphabet="abcdeéßIJk -.'", min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["PERSON", "CITY", "ADDRESS", "EMAIL", "USERNAME"]), NAMES), max_size=12))
def test_in_both_directions_no_two_names_become_one(values):
    def form(kind, value):  # a letter with an accent is the same in a name, and another one in an address of mail
        return fold(kind, value) if kind in ("EMAIL", "USERNAME") else name_key(fold(kind, value))

    forms = {}
    for (kind, value), new in zip(values, of(*values), strict=True):
        forms.setdefault((kind, form(kind, value)), set()).add(form(kind, new))
    assert all(len(new) == 1 for new in forms.values())
    for kind in {kind for kind, _ in forms}:
        made = [new.pop() for (of_kind, _), new in sorted(forms.items()) if of_kind == kind]
        assert len(made) == len(set(made))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SUBSTITUTED), st.text(max_size=30)), max_size=8), st.randoms())
def test_any_text_has_a_substitute_that_does_not_depend_on_the_order(values, chance):
    mixed = values[:]
    chance.shuffle(mixed)
    assert dict(zip(mixed, of(*mixed), strict=True)) == dict(zip(values, of(*values), strict=True))


@settings(max_examples=40, deadline=None)
@given(st.lists(NAMES, max_size=8), st.lists(NAMES, max_size=8))
def test_a_later_dataset_keeps_what_an_earlier_one_gave_and_gives_it_to_nobody_else(earlier, later):
    ledger = Ledger()
    before = dict(zip(earlier, of(*(("PERSON", v) for v in earlier), ledger=ledger), strict=True))
    after = dict(zip(later, of(*(("PERSON", v) for v in later), ledger=ledger), strict=True))
    assert all(before[value] == new for value, new in after.items() if value in before)
    owner = {}
    for value, new in {**before, **after}.items():
        owner.setdefault(name_key(new), set()).add(name_key(fold("PERSON", value)))
    assert all(len(values) == 1 for values in owner.values())


@pytest.mark.parametrize("kind", SUBSTITUTED)
def test_ugly_values_have_substitutes_too(kind):
    new = of(*((kind, value) for value in UGLY))
    assert all(isinstance(value, str) and value for value in new)


def test_a_value_that_was_not_told_before_is_a_sentence_that_does_not_hold_it():
    with pytest.raises(LabError, match="Search this version") as raised:
        Substitutes(KEY, [("PHONE", "+49 30 901820")]).substitute("PHONE", "+49 30 118999")
    assert "118999" not in str(raised.value) + repr(raised.value.__cause__)


def test_a_real_value_that_stays_is_nobodys_substitute():
    for kind, value in (("IP", "10.1.2.3"), ("PHONE", "(212) 664-7665"), ("EMAIL", "ann@firma.de")):
        first = Substitutes(KEY, [(kind, value)]).substitute(kind, value)
        again = Substitutes(KEY, [(kind, value)], others=[(kind, first)]).substitute(kind, value)
        assert again not in (first, value)


def test_secrets_and_ages_have_no_substitute():
    assert set(KINDS) - set(SUBSTITUTED) == {"SECRET", "URL_CREDENTIALS", "AGE"}


def test_importing_the_substitutes_does_not_load_faker():
    code = "import sys, core.privacy.substitutes; sys.exit('faker' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0
