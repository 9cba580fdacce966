"""Substitutes for phones: numbers that the authorities have set aside for films and books, or that can be nobody's.

What is guaranteed of a substitute:

- It is of the same country, where that is known (from `+` or `00`, or from how the number is written at home). What is
  written at home in 10 to 12 digits with a 0 in front is taken for British, French, German or Australian by its length
  and first digits. Numbers like that are in the plans of several countries (07700 900123 is British fiction and an
  Indian mobile), so the substitute is written with the code of its country, and is nobody's where another was meant.
- Where a country of the list below has numbers set aside for fiction, it is one of these; in North America 555-0100 to
  555-0199 of an area that has no free-phone or premium numbers. Ten digits that are not in the groups of North America
  (3, 3 and 4) may be a mobile of India or China, so the substitute has its +1 there too. In these groups, without +1,
  it is nobody's in North America, and may be somebody's where others group like that, as in Mexico.
- In every other country, and where those are used up, the number within the country begins with 000, and the plan of
  the country as `phonenumbers` has it holds no such number. ITU-T E.164 has 0 as the usual trunk prefix and 00 as the
  international one, so a third 0 leads nowhere.
- Of a number without any country, 0000 is in front of all: 000 is dialled before a country's code in East Africa and
  Singapore, and no code begins with 0. Such numbers are in no plan but those of Uruguay and Tajikistan (9 digits).
- The groups and the number of digits stay, unless a code comes in front, the numbers set aside are of another length,
  or those of this length are used up. An extension goes.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.privacy.digits import only_digits
from core.privacy.kinds import PHONE
from core.privacy.recognisers.phone_cues import EXTENSION
from core.privacy.substitutes.makers import Maker, laid_over
from core.privacy.values import fold

_TRIES = 30
_NOBODYS = "000"
_NOBODYS_ANYWHERE = "0000"
_FEWEST = 6  # digits of a number that can be nobody's, so that there are some to choose from
_NORTH_AMERICA = "1"
_EXTENSION = re.compile(rf"{EXTENSION}\s*$", re.IGNORECASE)
_BEGINS = re.compile(r"(?:[+(]\s?)*\d")
_PLUS = "%2B"  # of an address in a URL
_AMERICAN_GROUPS = re.compile(r"\(?(?:1[\s.-]+)?\(?\d{3}(?:\)[\s-]?|[\s.\-/]+)\d{3}[\s.-]+\d{4}")
_AMERICAN = re.compile(r"1?([2-9]\d{2}[2-9]\d{6})")
# Free-phone and premium areas, where only 555-0199 or none is set aside.
_NO_AREAS = ("800", "822", "833", "844", "855", "866", "877", "888", "900")


@dataclass(frozen=True)
class Country:
    """Its code, and its numbers set aside, without the leading 0; each # is any digit."""

    code: str
    mobile: tuple[str, ...]
    fixed: tuple[str, ...]
    is_mobile: str
    lengths: range  # digits of a national number without the leading 0

    def nearest(self, national: str) -> list[tuple[str, ...]]:
        """The numbers set aside in the same area or one beside it, those of the same sort, and all."""
        sort = self.mobile if re.match(self.is_mobile, national) else self.fixed
        areas = [tuple(form for form in sort if form[:digits] == national[:digits]) for digits in (2, 1)]
        return [forms for forms in (*areas, sort, self.fixed) if forms]


_COUNTRIES = (
    # Ofcom, "Telephone numbers for use in TV and radio drama programmes".
    Country(
        "44",
        ("7700900###",),
        (
            *("2079460###", "1134960###", "1144960###", "1154960###", "1164960###", "1174960###", "1184960###"),
            *("1214960###", "1314960###", "1414960###", "1514960###", "1614960###", "1914980###", "2896496###"),
            *("2920180###", "1632960###"),
        ),
        "7",
        range(10, 11),
    ),
    # ACMA, "Phone numbers for use in TV shows, films and creative works".
    Country(
        "61",
        ("491570006", "491570110", "491570156", "491570157", "491570158", "491570159"),
        tuple(f"{area}{block}####" for area in "2378" for block in ("5550", "7010")),
        "4",
        range(9, 10),
    ),
    # Arcep, decision 2018-0881, numbers for works of fiction.
    Country(
        "33",
        ("63998####",),
        ("19900####", "26191####", "35301####", "46571####", "53649####"),
        "[67]",
        range(9, 10),
    ),
    # Bundesnetzagentur, "Rufnummern für Medienproduktionen", Mitteilung 148/2021.
    Country(
        "49",
        ("17139200##",),
        ("3023125###", "6990009###", "4066969###", "2214710###", "8999998###"),
        "1[567]",
        range(9, 12),
    ),
    # ComReg, "Numbering conditions of use", drama numbers.
    Country("353", (), ("2091#####",), "-", range(8, 10)),
    # PTS, "Telefonnummer för användning i böcker och filmer".
    Country(
        "46",
        tuple(f"7017406{tens}#" for tens in "123456789"),
        ("3139006##", "4062804##", "8465004##", "9803192##"),
        "7",
        range(7, 10),
    ),
)


@dataclass(frozen=True)
class Number:
    """A phone: the code of its country, empty where that is not known, and its digits there without the leading 0."""

    code: str
    national: str

    @property
    def form(self) -> str:
        """The form by which it is known: one phone, with or without the code of its country."""
        return f"+{self.code}{self.national}" if self.code else self.national


class Phones(Maker):
    """Phones as the docstring of this file says."""

    def __init__(self) -> None:
        super().__init__(PHONE)

    def known(self, value: str) -> str:
        """The digits, after + and the code of the country where that is known."""
        return _number(value).form

    def candidates(self, known: str, chance: random.Random) -> Iterator[str]:
        """Numbers in the form in which `known` is: of those set aside, then such as can be nobody's."""
        number = _split(known)
        yield from (Number(number.code, national).form for national in _set_aside(number, chance))
        yield from (other.form for other in _nobodys(number, chance))

    def written(self, value: str, new: str) -> str:
        """The digits in the layout of `value`, if there are as many."""
        before, plain = _apart(value)
        made = _laid_out(plain, new, _number(value))
        return before + (made.replace("+", _PLUS, 1) if _PLUS in value else made)


def _laid_out(plain: str, new: str, number: Number) -> str:
    digits = only_digits(plain)
    national = new[len(number.code) + 1 :] if number.code else new
    if not number.code:
        return laid_over(new, plain) if digits and len(digits) == len(new) else new
    if number.code == _NORTH_AMERICA:
        return _american(national, plain, digits)
    if digits.startswith("0") and not digits.startswith("00") and "+" not in plain:
        return _with_code(number.code, national, plain)
    code = number.code if digits.removeprefix("00").startswith(number.code) else ""
    zero = "0" if digits.removeprefix("00").removeprefix(code).startswith("0") else ""
    before = "00" if digits.startswith("00") else ""
    return _fitted(f"{before}{code}{zero}{national}", plain, f"+{number.code} {national}")


def _set_aside(number: Number, chance: random.Random) -> Iterator[str]:
    """Numbers of the same country that are set aside, without the leading 0."""
    if number.code == _NORTH_AMERICA:
        for _ in range(_TRIES * 3):
            # 211, 311 … 911 are services and not area codes.
            area = f"{chance.randrange(2, 10)}{chance.randrange(9)}{chance.choice('023456789')}"
            if area not in _NO_AREAS:
                yield f"{area}55501{chance.randrange(100):02d}"
    for country in _COUNTRIES:
        for forms in country.nearest(number.national) if country.code == number.code else ():
            for _ in range(_TRIES):
                digits = (chance.choice("0123456789") if char == "#" else char for char in chance.choice(forms))
                yield "".join(digits)


def _nobodys(number: Number, chance: random.Random) -> Iterator[Number]:
    """Numbers that no plan holds: as long as this one, and longer ones where those are used up."""
    length = max(len(number.national), _FEWEST)
    start = _NOBODYS if number.code else _NOBODYS_ANYWHERE
    for attempt in range(10**9):
        more = length + attempt // _TRIES - len(start)
        new = Number(number.code, start + "".join(chance.choice("0123456789") for _ in range(more)))
        if not number.code or not _is_in_a_plan(new):
            yield new


def _is_in_a_plan(number: Number) -> bool:
    """Whether it may be somebody's, also with a 0 more or less in front, as people write it."""
    import phonenumbers

    ways = (f"0{number.national}", number.national, number.national[1:])
    try:
        return any(phonenumbers.is_valid_number(phonenumbers.parse(f"+{number.code}{way}")) for way in ways)
    except phonenumbers.NumberParseException:
        return False


def _american(national: str, plain: str, digits: str) -> str:
    shown = f"{national[:3]}-{national[3:6]}-{national[6:]}"
    is_abroad = plain.lstrip(" (").startswith(("+", "00"))
    if not is_abroad and not _AMERICAN_GROUPS.fullmatch(plain):
        return f"+1{national}" if plain.isdecimal() else f"+1 {shown}"
    if len(digits) == 11 and digits.startswith("1"):
        return _fitted(f"1{national}", plain, f"+1 {national}")
    return f"+1 {shown}" if is_abroad else _fitted(national, plain, shown)


def _with_code(code: str, national: str, plain: str) -> str:
    """The number as it is dialled from abroad, in the groups of one that is written at home, its 0 in front."""
    gap = "" if plain.isdecimal() else " "
    start, rest = re.split(r"\d", plain, maxsplit=1)
    if rest.startswith(")"):
        start, rest = start.rstrip("("), rest[1:]
    rest = rest.lstrip(" -./")
    return f"+{code}{gap}{start}{_fitted(national, rest, national)}"


def _fitted(digits: str, written: str, otherwise: str) -> str:
    return laid_over(digits, written) if len(digits) == len(only_digits(written)) else otherwise


def _number(value: str) -> Number:
    """The phone that is written, by its country where it names one or is written as in one of the list."""
    _, plain = _apart(value)
    digits = only_digits(plain)
    is_abroad = plain.lstrip(" (").startswith("+") or digits.startswith("00")
    digits = digits.removeprefix("00")
    if not digits:
        return Number("", fold(PHONE, value))
    if american := _AMERICAN.fullmatch(digits) if not is_abroad or digits.startswith("1") else None:
        return Number(_NORTH_AMERICA, american.group(1))
    for country in _COUNTRIES:
        match = re.fullmatch(rf"{country.code}0?([1-9]\d*)", digits)
        if match and len(match.group(1)) in country.lengths and (is_abroad or len(digits) > 10):
            return Number(country.code, match.group(1))
    if not is_abroad and digits.startswith("0") and len(digits) in (10, 11, 12) and digits[1] != "0":
        return Number(_COUNTRIES[_at_home(digits)].code, digits[1:])
    return _abroad(digits) if is_abroad or len(digits) > 10 else Number("", digits)


def _apart(value: str) -> tuple[str, str]:
    """What stands before a number, as “tel. ”, and the number without its extension."""
    plain = _EXTENSION.sub("", value.replace(_PLUS, "+"))
    begins = _BEGINS.search(plain)
    start = begins.start() if begins else 0
    return plain[:start], plain[start:]


def _abroad(digits: str) -> Number:
    """The number behind the code of any country; one without such a code is of none."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    codes = (digits[:length] for length in (1, 2, 3))
    code = next((code for code in codes if int(code) in COUNTRY_CODE_TO_REGION_CODE and not code.startswith("0")), "")
    return Number(code, digits[len(code) :].removeprefix("0")) if code else Number("", digits)


def _split(known: str) -> Number:
    """The number in the form by which it is known."""
    if not re.fullmatch(r"\+\d+", known):
        return Number("", known)
    return _abroad(known[1:])


def _at_home(digits: str) -> int:
    """Whose number begins with a 0 and no country: British ones have 11 digits, French and Australian ones 10."""
    if len(digits) == 10:
        return 1 if digits[:2] == "04" else 2
    return 3 if len(digits) == 12 or digits.startswith(("015", "016", "017")) else 0
