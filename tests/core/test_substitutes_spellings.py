"""Names in different spellings: one person where they are one name, and two where they only look alike."""

import pytest

from core.privacy import fold
from core.privacy.substitutes import Ledger
from core.privacy.substitutes.tokens import name_key
from tests.core.test_substitutes import of, persons


def test_the_way_of_writing_an_accent_or_an_apostrophe_makes_no_other_person():
    assert len(set(map(name_key, persons("José O'Brien", "JOSE OBrien")))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Krämer", "Kraemer"),
        ("KRÄMER", "kraemer"),
        ("Kra\u0308mer", "Kraemer"),
        ("Jörg Weiß", "Joerg Weiss"),
        ("WEISS", "weiß"),
        ("Sørensen", "Soerensen"),
        ("Müller", "Mueller"),
        ("Ångström", "Aangstroem"),
        ("Łukasz Żak", "Lukasz Zak"),
        ("Nguyễn", "Nguyen"),
        ("O’Brien", "O'Brien"),
    ],
)
def test_a_name_is_one_however_its_letters_are_spelled(one, other):
    assert len(set(map(name_key, persons(one, other)))) == 1
    assert len({fold("PERSON", name) for name in (one, other)}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Krämer", "Kramer"), ("Michael", "Michal"), ("Noel", "Nol"), ("Muller", "Mueller"), ("Tom Kramer", "Ann Krämer")],
)
def test_names_that_only_look_alike_stay_two(one, other):
    assert len({name_key(new.split()[-1]) for new in persons(one, other)}) == 2
    assert fold("PERSON", one) != fold("PERSON", other)


def test_dots_that_are_left_away_make_no_other_person_where_the_whole_name_is_the_same():
    full, bare, mail, last = of(
        ("PERSON", "Björn Öberg"), ("PERSON", "Bjorn Oberg"), ("EMAIL", "bjorn.oberg@firma.se"), ("PERSON", "Oberg")
    )
    assert bare == full
    assert mail.split("@")[0] == ".".join(map(name_key, full.split()))
    assert last == full.split()[1]
    (mail,) = of(("PERSON", "Björn Öberg"), ("EMAIL", "oberg_bjorn@firma.se"))[1:]
    assert mail.split("@")[0] == "_".join(map(name_key, reversed(full.split())))


@pytest.mark.parametrize("order", [("Björn Öberg", "Bjorn Oberg"), ("Bjorn Oberg", "Björn Öberg")])
def test_what_an_earlier_dataset_gave_a_name_stands_for_its_other_spelling(order):
    ledger = Ledger()
    earlier = of(("PERSON", order[0]), ledger=ledger)[0]
    assert set(of(*(("PERSON", name) for name in order), ledger=ledger)) == {earlier}
    ledger = Ledger()
    apart = [of(("PERSON", name), ledger=ledger)[0] for name in order]
    assert of(*(("PERSON", name) for name in order), ledger=ledger) == apart
