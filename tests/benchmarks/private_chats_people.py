"""The invented people of the chat set: names, e-mail, phone and address of one country, from lists."""

import random
import string
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from private_chats_numbers import shaped

LISTS = Path(__file__).with_name("private_chats")
MAIL_HOSTS = [
    "gmx-post.example.org",
    "postkasten-nord.de",
    "mailbox.example.net",
    "posteo.example.com",
    "fastpost-mail.com",
    "kestrelmail.co.uk",
    "correo-sur.es",
]
WORK_HOSTS = [
    "northwind-freight.com",
    "bluepeak.io",
    "kestrel-energy.co.uk",
    "lumenhaus.de",
    "altiplano.es",
    "orbita.com.br",
    "fjordtech.no",
]
ASCII = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "æ": "ae", "å": "a", "ł": "l", "ı": "i", "Ł": "L", "Ø": "O"}
)


@dataclass(frozen=True)
class Person:
    """An invented person. `address` is the one line, `lines` the same place as an envelope has it."""

    country: str
    given: str
    family: str
    email: str
    work_email: str
    phone: str
    street: str
    town: str
    address: str
    lines: str
    username: str

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given} {self.family}"


@cache
def listed(name: str) -> dict[str, dict[str, Any]]:
    """One of the YAML lists, by country."""
    lists: dict[str, dict[str, Any]] = yaml.safe_load((LISTS / f"{name}.yaml").read_text(encoding="utf-8"))
    return lists


def plain(name: str) -> str:
    """Small letters a to z only, as an e-mail address has them."""
    folded = unicodedata.normalize("NFKD", name.lower().translate(ASCII))
    return "".join(sign for sign in folded if sign in string.ascii_lowercase)


def person(rng: random.Random, country: str) -> Person:
    """A person of that country."""
    names, places = listed("people")[country], listed("places")[country]
    given, family = (rng.choice(names[part].split(", ")) for part in ("given", "family"))
    number = rng.randint(2, 198)
    street = rng.choice(places["streets"]).format(n=number)
    unit = ", " + rng.choice(places["units"]) if rng.random() < 0.3 and "Flat" not in street else ""
    town = shaped(rng, rng.choice(places["towns"]))
    return Person(
        country=country,
        given=given,
        family=family,
        email=_email(rng, given, family),
        work_email=f"{plain(given)}.{plain(family)}@{rng.choice(WORK_HOSTS)}",
        phone=shaped(rng, rng.choice(places["phones"])),
        street=street + unit,
        town=town,
        address=f"{street}{unit}, {town}",
        lines=f"{street}{unit}\n{town}",
        username=_username(rng, given, family),
    )


def _email(rng: random.Random, given: str, family: str) -> str:
    first, last, host = plain(given), plain(family), rng.choice(MAIL_HOSTS)
    local = rng.choice(
        [f"{first}.{last}", f"{first[0]}.{last}", f"{first}{rng.randint(60, 99)}", f"{last}_{first}", f"{first}+shop",
         f"{first[0]}{last}{rng.randint(1, 9)}", f"{first}-{last}"]
    )  # fmt: skip
    return f"{local}@{host}"


def _username(rng: random.Random, given: str, family: str) -> str:
    first, last = plain(given), plain(family)
    return rng.choice([f"{first}{rng.randint(70, 99)}", f"{first[0]}{last}", f"{first}_{last[:3]}{rng.randint(1, 9)}"])
