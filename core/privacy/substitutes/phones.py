"""Substitutes for phones: numbers that the authorities have set aside for films and books, and that nobody has."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.privacy.digits import only_digits
from core.privacy.kinds import PHONE
from core.privacy.substitutes.makers import Maker, laid_over
from core.privacy.values import fold

_TRIES = 30
_EXTENSION = re.compile(r"\s?(?:x|ext\.?|extension)\s?\d{1,6}$", re.IGNORECASE)


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


class Phones(Maker):
    """Phones keep their country where it has such numbers; the others become numbers of North America."""

    def __init__(self) -> None:
        super().__init__(PHONE)

    def known(self, value: str) -> str:
        """The digits, with the code of the country where that is known: one phone, with or without it."""
        digits = fold(PHONE, value)
        country, national = _country(digits)
        return country.code + national if country else digits

    def candidates(self, known: str, chance: random.Random) -> Iterator[str]:
        """Digits without signs: of the country, then 555-0100 to 555-0199 of any area, then of areas there are not."""
        country, national = _country(known)
        for forms in country.nearest(national) if country else ():
            for _ in range(_TRIES):
                digits = (chance.choice("0123456789") if char == "#" else char for char in chance.choice(forms))
                yield country.code + "".join(digits) if country else ""
        for _ in range(_TRIES * 3):
            # 211, 311 … 911 are services and not area codes.
            area = f"{chance.randrange(2, 10)}{chance.randrange(9)}{chance.choice('023456789')}"
            yield f"{area}55501{chance.randrange(100):02d}"
        for attempt in range(10**9):
            more = "".join(chance.choice("0123456789") for _ in range(attempt // _TRIES))
            yield f"0{chance.randrange(100):02d}55501{chance.randrange(100):02d}{more}"

    def written(self, value: str, new: str) -> str:
        """The digits in the layout of `value`, if there are as many."""
        plain = _EXTENSION.sub("", value)
        digits = only_digits(plain)
        is_abroad = plain.lstrip(" (").startswith(("+", "00"))
        country, national = _country(new)
        if country is None:
            shown = f"{new[:3]}-{new[3:6]}-{new[6:]}"
            if len(digits) == 11 and digits[0] == "1":
                return laid_over("1" + new, plain)
            return f"+1 {shown}" if is_abroad else laid_over(new, plain) if len(digits) == len(new) else shown
        if digits.startswith("0") and not digits.startswith("00"):
            return _fitted(f"0{national}", plain, f"0{national}")
        zero = "0" if digits.removeprefix("00").removeprefix(country.code).startswith("0") else ""
        before = "00" if digits.startswith("00") else ""
        return _fitted(f"{before}{country.code}{zero}{national}", plain, f"+{country.code} {national}")


def _fitted(digits: str, written: str, otherwise: str) -> str:
    return laid_over(digits, written) if len(digits) == len(only_digits(written)) else otherwise


def _country(digits: str) -> tuple[Country | None, str]:
    """The country that a number is of, if it is one of the list, and the number without the code and its 0."""
    for country in _COUNTRIES:
        match = re.fullmatch(rf"{country.code}0?([1-9]\d*)", digits)
        if match and len(match.group(1)) in country.lengths and len(digits) > 10:
            return country, match.group(1)
    if digits.startswith("0") and len(digits) in (10, 11, 12) and digits[1] != "0" and digits[3:8] != "55501":
        return _COUNTRIES[_at_home(digits)], digits[1:]
    return None, digits


def _at_home(digits: str) -> int:
    """Whose number begins with a 0 and no country: British ones have 11 digits, French and Australian ones 10."""
    if len(digits) == 10:
        return 1 if digits[:2] == "04" else 2
    return 3 if len(digits) == 12 or digits.startswith(("015", "016", "017")) else 0
