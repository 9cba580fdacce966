"""The kinds of personal data: their names, the words for them, and how they stand to each other."""

from dataclasses import dataclass

SECRET = "SECRET"
URL_CREDENTIALS = "URL_CREDENTIALS"
CARD = "CARD"
IBAN = "IBAN"
CRYPTO = "CRYPTO"
SSN = "SSN"
NATIONAL_ID = "NATIONAL_ID"
PASSPORT = "PASSPORT"
LICENSE = "LICENSE"
BANK = "BANK"
EMAIL = "EMAIL"
IP = "IP"
MAC = "MAC"
PHONE = "PHONE"
BIRTH_DATE = "BIRTH_DATE"
USERNAME = "USERNAME"
URL = "URL"
ADDRESS = "ADDRESS"
PERSON = "PERSON"
ORGANISATION = "ORGANISATION"
CITY = "CITY"
DATE = "DATE"
AGE = "AGE"


@dataclass(frozen=True)
class Kind:
    """A kind of personal data.

    `searched` says whether it is looked for unless the user chooses otherwise. The places of a `soft` kind are
    recognised by their words alone and give way to the others; the rest has a form or a checksum that speaks for it.
    """

    label: str
    searched: bool = True
    soft: bool = False


# Strongest first: where two kinds overlap, the first one names the place.
ABOUT: dict[str, Kind] = {
    SECRET: Kind("Secret (key, token, password)"),
    URL_CREDENTIALS: Kind("User and password in a URL"),
    IBAN: Kind("Bank account (IBAN)"),
    CARD: Kind("Payment card number"),
    CRYPTO: Kind("Crypto address"),
    SSN: Kind("Social security number (US)"),
    NATIONAL_ID: Kind("National or tax number"),
    PASSPORT: Kind("Passport number"),
    LICENSE: Kind("Driving licence number"),
    BANK: Kind("Bank account or routing number"),
    EMAIL: Kind("E-mail address"),
    IP: Kind("IP address"),
    MAC: Kind("MAC address"),
    PHONE: Kind("Phone number"),
    BIRTH_DATE: Kind("Date of birth"),
    USERNAME: Kind("User name", searched=False),
    URL: Kind("URL", searched=False),
    ADDRESS: Kind("Postal address", soft=True),
    PERSON: Kind("Person", soft=True),
    ORGANISATION: Kind("Organisation", searched=False, soft=True),
    CITY: Kind("City", searched=False, soft=True),
    DATE: Kind("Date", searched=False, soft=True),
    AGE: Kind("Age", searched=False, soft=True),
}
KINDS = tuple(ABOUT)
SEARCHED = frozenset(kind for kind, about in ABOUT.items() if about.searched)
SOFT = frozenset(kind for kind, about in ABOUT.items() if about.soft)


def label(kind: str) -> str:
    """The words for a kind; one of the user's own rules is called by its name."""
    return ABOUT[kind].label if kind in ABOUT else kind
