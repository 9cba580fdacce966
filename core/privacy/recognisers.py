"""Text to spans: every recogniser over a text."""

from core.privacy.address import find_address
from core.privacy.age import find_age
from core.privacy.bank import find_bank
from core.privacy.birth_date import find_birth_date
from core.privacy.card import find_card
from core.privacy.crypto import find_crypto
from core.privacy.date import find_date
from core.privacy.email import find_email
from core.privacy.iban import find_iban
from core.privacy.ip import find_ip
from core.privacy.keyed import find_by_key
from core.privacy.kinds import AGE, DATE, KINDS, SEARCHED, URL, USERNAME
from core.privacy.licence import find_licence
from core.privacy.mac import find_mac
from core.privacy.national_id import find_national_id
from core.privacy.passport import find_passport
from core.privacy.person import find_person
from core.privacy.phone import find_phone
from core.privacy.secret import find_secret
from core.privacy.spans import Span, resolve
from core.privacy.ssn import find_ssn
from core.privacy.url import find_url
from core.privacy.url_credentials import find_url_credentials
from core.privacy.username import find_username

# Those of one kind that is only searched on wish are asked only then: user names alone take as long as all the rest.
OFFERED = {find_username: USERNAME, find_url: URL, find_date: DATE, find_age: AGE}
RECOGNISERS = (
    *(find_secret, find_url_credentials, find_card, find_iban, find_crypto, find_ssn, find_national_id, find_passport),
    *(find_licence, find_bank, find_email, find_ip, find_mac, find_phone, find_birth_date),
    *(find_address, find_person, find_by_key),
    *OFFERED,
)

# Raised when a recogniser changes, so that findings kept on disk are made again.
RULES = 3


def find_all(text: str, kinds: frozenset[str] = frozenset(KINDS)) -> list[Span]:
    """Every span that a recogniser found, in order of place; they may overlap, and some may be of other kinds.

    Who keeps one kind and masks another needs them all: a phone number may stand within an e-mail address.
    """
    asked = (recogniser for recogniser in RECOGNISERS if recogniser not in OFFERED or OFFERED[recogniser] in kinds)
    return sorted(span for recogniser in asked for span in recogniser(text))


def find(text: str) -> list[Span]:
    """The personal data in `text` of the kinds that are searched by default: spans in order, none overlapping."""
    return resolve(span for span in find_all(text, SEARCHED) if span.kind in SEARCHED)
