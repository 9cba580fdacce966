"""Text to spans: every recogniser over a text."""

from core.privacy.card import find_card
from core.privacy.email import find_email
from core.privacy.iban import find_iban
from core.privacy.ip import find_ip
from core.privacy.phone import find_phone
from core.privacy.secret import find_secret
from core.privacy.spans import Span, resolve
from core.privacy.url_credentials import find_url_credentials

RECOGNISERS = (find_secret, find_url_credentials, find_card, find_iban, find_email, find_ip, find_phone)

# Raised when a recogniser changes, so that findings kept on disk are made again.
RULES = 1


def find_all(text: str) -> list[Span]:
    """Every span that a recogniser found, in order of place; they may overlap.

    Who keeps one kind and masks another needs them all: a phone number may stand within an e-mail address.
    """
    return sorted(span for recogniser in RECOGNISERS for span in recogniser(text))


def find(text: str) -> list[Span]:
    """The personal data in `text`: spans in order, none overlapping, offsets in characters."""
    return resolve(find_all(text))
