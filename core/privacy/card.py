"""Payment card numbers: the Luhn checksum holds, and the issuer is known or a word for card stands near.

Not found: numbers with a mistyped digit, with other separators than one space or hyphen in the usual groups, in other
digits than 0-9, of an unlisted issuer without such a word; the expiry date and the security code next to the number.
"""

import re
from collections.abc import Iterator

from core.privacy.digits import only_digits, pick_windows
from core.privacy.kinds import CARD
from core.privacy.spans import Span

_RUN = re.compile(r"(?<![\w.])[0-9](?:[ \u00a0-]?[0-9])*+(?![\w]|\.[0-9])")
_GROUPS = re.compile(
    r"[0-9]{12,19}|[0-9]{4}([ \u00a0-])(?:[0-9]{4}\1[0-9]{4}\1[0-9]{4}(?:\1?[0-9]{3})?|[0-9]{6}\1[0-9]{4,5})"
)
_CARD_WORD = re.compile(r"card|\bcc\b|visa|maestro|amex|credit|debit|karte|carte|tarjeta|cart[ãa]o", re.IGNORECASE)
_WORD_REACH = 60

# Issuer identification numbers (ISO/IEC 7812), as in the public tables: first and last prefix, lengths, name.
_ISSUERS = (
    ("34", "34", (15,), "American Express"),
    ("37", "37", (15,), "American Express"),
    ("300", "305", (14,), "Diners Club"),
    ("36", "36", (14,), "Diners Club"),
    ("38", "39", (14,), "Diners Club"),
    ("3528", "3589", (16, 17, 18, 19), "JCB"),
    ("2131", "2131", (15,), "JCB"),
    ("1800", "1800", (15,), "JCB"),
    ("4", "4", (13, 16, 19), "Visa"),
    ("51", "55", (16,), "Mastercard"),
    ("2221", "2720", (16,), "Mastercard"),
    ("6011", "6011", (16, 17, 18, 19), "Discover"),
    ("644", "659", (16, 17, 18, 19), "Discover"),
    ("62", "62", (16, 17, 18, 19), "UnionPay"),
    ("2200", "2204", (16, 17, 18, 19), "Mir"),
    ("60", "60", (16,), "RuPay"),
    ("81", "82", (16,), "RuPay"),
    ("50", "50", (12, 13, 14, 15, 16, 17, 18, 19), "Maestro"),
    ("56", "58", (12, 13, 14, 15, 16, 17, 18, 19), "Maestro"),
    ("6304", "6304", (12, 13, 14, 15, 16, 17, 18, 19), "Maestro"),
    ("6759", "6763", (12, 13, 14, 15, 16, 17, 18, 19), "Maestro"),
)


def find_card(text: str) -> Iterator[Span]:
    """Payment card numbers in `text`."""

    def judge(start: int, end: int) -> Span | None:
        if not _GROUPS.fullmatch(text, start, end):
            return None
        digits = only_digits(text[start:end])
        if not luhn_holds(digits):
            return None
        name = issuer(digits)
        if name and len(digits) >= 14:
            return Span(start, end, CARD, 0.95, f"Luhn holds, issuer {name}")
        # One number in ten passes Luhn by chance, so the short and the unknown need a word that speaks of cards.
        if not _CARD_WORD.search(text[max(0, start - _WORD_REACH) : end + _WORD_REACH]):
            return None
        return Span(start, end, CARD, 0.8, f"Luhn holds near a word for card, issuer {name or 'unknown'}")

    return pick_windows(text, _RUN, range(12, 20), judge)


def issuer(digits: str) -> str | None:
    """The issuer whose prefix and length `digits` has, or None."""
    for first, last, lengths, name in _ISSUERS:
        if first <= digits[: len(first)] <= last and len(digits) in lengths:
            return name
    return None


def luhn_holds(digits: str) -> bool:
    """The checksum of ISO/IEC 7812-1 annex B."""
    total = sum(map(int, digits[-1::-2]))
    total += sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return total % 10 == 0
