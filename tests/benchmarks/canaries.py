"""Canaries: invented people whose data is put into rows, to see afterwards whether any of it is still there.

They are a check of their own: what counts as left is decided here, and shares nothing with the code that masks.
"""

import html
import json
import random
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus

import private_chats_numbers as numbers
import private_chats_people as people

COUNT = 200
PARTS = ("name", "given", "family", "email", "phone", "card", "address", "street", "ssn", "iban")
NUMBERS = {"phone", "card", "ssn", "iban"}
DIGITS = re.compile(r"\d(?:[^\w\n]{0,3}\d)*+")
Value = tuple[int, str, str]  # whose, which part, and the value in some form
# Parts of made-up names, so that a canary's name occurs nowhere else in a training set.
STARTS = (
    "Brun",
    "Cal",
    "Del",
    "Fen",
    "Gar",
    "Hal",
    "Jor",
    "Kel",
    "Lor",
    "Mar",
    "Ner",
    "Os",
    "Per",
    "Quil",
    "Ros",
    "Tal",
)
MIDDLES = ("a", "e", "i", "o", "an", "en", "il", "or", "es", "ar")
GIVEN_ENDS = ("vina", "drik", "lette", "mund", "thea", "gard", "bela", "nius")
FAMILY_ENDS = ("hausen", "wick", "quist", "berry", "ovski", "mont", "shaw", "etti", "dahl", "combe")


@dataclass(frozen=True)
class Identity:
    """An invented person; every field occurs with nobody else of the same list."""

    given: str = field(repr=False)
    family: str = field(repr=False)
    email: str = field(repr=False)
    phone: str = field(repr=False)
    card: str = field(repr=False)
    street: str = field(repr=False)
    town: str = field(repr=False)
    ssn: str = field(repr=False)
    iban: str = field(repr=False)

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given} {self.family}"

    @property
    def address(self) -> str:
        """Street and town in one line."""
        return f"{self.street}, {self.town}"

    def values(self) -> dict[str, str]:
        """Each part by its name."""
        return {part: getattr(self, part) for part in PARTS}


@dataclass(frozen=True)
class Left:
    """A canary's value that is still in the text: whose, which part, and in which form. Never the value."""

    identity: int
    part: str
    form: str
    start: int


def identities(seed: int = 0, count: int = COUNT) -> list[Identity]:
    """`count` invented people; the same seed gives the same ones."""
    rng = random.Random(f"canaries/{seed}")
    given = _words(rng, GIVEN_ENDS, count)
    family = _words(rng, FAMILY_ENDS, count)
    houses, phones = rng.sample(range(1000, 9999), count), rng.sample(range(2_000_000, 9_999_999), count)
    return [_identity(rng, *parts) for parts in zip(given, family, houses, phones, strict=True)]


def _words(rng: random.Random, ends: Sequence[str], count: int) -> list[str]:
    words = [start + middle + end for start in STARTS for middle in MIDDLES for end in ends]
    return rng.sample(words, count)


def _identity(rng: random.Random, given: str, family: str, house: int, phone: int) -> Identity:
    area = rng.choice(["212", "312", "415", "503", "617", "713"])
    streets, towns = (people.listed("places")["US"][name] for name in ("streets", "towns"))
    return Identity(
        given=given,
        family=family,
        email=f"{given}.{family}@{rng.choice(people.MAIL_HOSTS)}".lower(),
        phone=f"({area}) {phone // 10000}-{phone % 10000:04}",
        card=re.sub(r"\D", "", numbers.card(rng)),
        street=rng.choice(streets).format(n=house),
        town=numbers.shaped(rng, rng.choice(towns)),
        ssn=numbers.ssn(rng),
        iban=numbers.iban(rng, rng.choice(["GB", "DE", "FR", "NL", "ES"])).replace(" ", ""),
    )


def rows(identities: Iterable[Identity]) -> list[dict[str, Any]]:
    """Six rows of messages for each person: plain, form, other case, grouped digits, JSON in a message, URL."""
    return [
        {"messages": [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]}
        for who in identities
        for asked, answered in _chats(who)
    ]


def _chats(who: Identity) -> Iterator[tuple[str, str]]:
    fours = " ".join(who.iban[at : at + 4] for at in range(0, len(who.iban), 4))
    card = "-".join(who.card[at : at + 4] for at in range(0, len(who.card), 4))
    yield (
        f"Hi, my name is {who.name}. You can reach me at {who.email} or {who.phone}.",
        f"Thank you, {who.given}! I have noted {who.email} for you.",
    )
    yield (
        f"Name: {who.name}\nAddress: {who.address}\nSSN: {who.ssn}\nIBAN: {who.iban}",
        f"The form of Mr. {who.family} is complete.",
    )
    yield (
        f"hello, my name is {who.name.lower()} and i live at {who.address}, mail me: {who.email.upper()}",
        f"DEAR MS. {who.family.upper()}, WE WILL WRITE TO {who.email.upper()}.",
    )
    yield (
        f"Please charge my card {card} or take it from {fours}. Phone: +1{re.sub(r'[^0-9]', '', who.phone)}",
        f"Done. The receipt goes to {who.name}.",
    )
    record = {"name": who.name, "email": who.email, "phone": who.phone, "card_number": who.card, "ssn": who.ssn}
    yield (f"Parse this: {json.dumps(record)}", json.dumps({"content": json.dumps({"first_name": who.given})}))
    yield (
        f"Why does https://shop.altiplano.es/signup?name={quote_plus(who.name)}&email={quote(who.email)} fail?",
        f"The parameter name is empty for {who.name}.",
    )


def left(text: str, identities: Sequence[Identity]) -> list[Left]:
    """Where a value of a canary still stands at word limits in the text; empty if none does.

    Each value is looked for raw, folded (case, accents and runs of white space do not count), behind the escapes of
    URLs, JSON and HTML, and, for numbers, by its digits alone; one that is found in two of these forms comes twice.
    `start` counts in the text as that form has it. Give a whole file at once: that is quicker than line by line.
    """
    return _search(tuple(identities)).left(text)


@lru_cache(maxsize=4)
def _search(identities: tuple[Identity, ...]) -> "_Search":
    return _Search(identities)


@dataclass(frozen=True)
class _Search:
    """The values of all people in the forms in which they are looked for."""

    identities: tuple[Identity, ...]

    def left(self, text: str) -> list[Left]:
        found = [*_standing(self._values, text, "raw"), *_standing(self._folded, _folded(text), "folded")]
        if (decoded := _decoded(text)) != text:
            found += _standing(self._folded, _folded(decoded), "escaped")
        return [*found, *self._digits(text)]

    def _digits(self, text: str) -> Iterator[Left]:
        wanted = {figures: (number, part) for number, part, figures in self._figures}
        lengths = sorted({len(figures) for figures in wanted})
        for run in DIGITS.finditer(text):
            figures = _figures(run[0])
            for size in lengths:
                for at in range(len(figures) - size + 1):
                    if figures[at : at + size] in wanted:
                        yield Left(*wanted[figures[at : at + size]], "digits", run.start())

    @cached_property
    def _values(self) -> list[Value]:
        return [
            (number, part, value) for number, who in enumerate(self.identities) for part, value in who.values().items()
        ]

    @cached_property
    def _folded(self) -> list[Value]:
        return [(number, part, _folded(value)) for number, part, value in self._values]

    @cached_property
    def _figures(self) -> list[Value]:
        # Behind the last letter: the fours of an IBAN with letters are apart in a text, its figures are not.
        behind = [
            (number, part, re.split("[A-Z]", value)[-1]) for number, part, value in self._values if part in NUMBERS
        ]
        return [(number, part, _figures(value)) for number, part, value in behind]


def _standing(values: Iterable[Value], text: str, form: str) -> Iterator[Left]:
    for number, part, value in values:
        at = text.find(value)
        while at >= 0:
            if _free(text, at, at + len(value)):
                yield Left(number, part, form, at)
            at = text.find(value, at + 1)


def _free(text: str, start: int, end: int) -> bool:
    before = start == 0 or not (text[start - 1].isalnum() and text[start].isalnum())
    return before and (end == len(text) or not (text[end].isalnum() and text[end - 1].isalnum()))


def _folded(text: str) -> str:
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(plain.casefold().split())


def _figures(text: str) -> str:
    return re.sub(r"\D", "", text)


def _decoded(text: str) -> str:
    """The text with the escapes of JSON (also of JSON in JSON), URLs and HTML read."""
    unescaped = re.sub(r"\\++u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text)
    unescaped = re.sub(r"\\++([nrt\"/])", lambda sign: sign[1] if sign[1] in '"/' else " ", unescaped)
    return html.unescape(unquote_plus(unescaped))
