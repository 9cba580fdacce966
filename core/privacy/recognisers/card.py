"""Payment card numbers: the Luhn checksum holds, and the issuer is known or a word for card stands near.

Right behind words such as "card number" a number is found even if Luhn does not hold, as people mistype their own.

Not found: numbers of an unlisted issuer or in unusual groups without a word for card near; numbers with some of their
digits masked; the expiry date and the security code next to the number.
"""

import re
from collections.abc import Iterator

from core.privacy.clues import Pieces
from core.privacy.cues import Cued, says
from core.privacy.digits import only_digits, pick_windows
from core.privacy.kinds import CARD
from core.privacy.plain import digit_count, plain
from core.privacy.spans import Span

_FEWEST_DIGITS = 12
_RUN = re.compile(r"[0-9](?<![\w.][0-9])(?:(?: ?- ?|[ ./_]| {2,3})?\d)*+(?!\w|\.\d)")
_GROUPS = re.compile(
    r"\d{12,19}|\d{4}([ .-]| - |  )(?:\d{4}\1\d{4}\1\d{4}(?:\1?\d{3})?|\d{6}\1\d{4,5})|\d{6} \d{10,13}"
)
_NUMBER = Cued(
    r"(?:credit|debit|payment|bank|charge)[\s_-]?cards?(?:[\s_-]?(?:number|num\b|no\b\.?|#))?|"
    r"card[\s_-]?(?:number|num\b|no\b\.?|#)|\bcc[\s_-]?(?:number|num\b|no\b|#)|kartennummer|kreditkarte(?:nnummer)?|"
    r"num[ée]ro de (?:la |ma )?carte|carte bancaire|n[úu]mero de (?:la |mi )?tarjeta|tarjeta de cr[ée]dito|"
    r"n[úu]mero do (?:meu )?cart[ãa]o|cart[ãa]o de cr[ée]dito|numero (?:di|della) carta|carta di credito|kaartnummer|"
    r"numer karty|kortnummer",
    r"\d(?:[ .-]{0,2}\d){12,18}+(?!\w|[.-]\d)",
)
_CARD_WORD = re.compile(
    r"card|\bcc\b|visa|kaart|\bkarty\b|kort\b|maestro|amex|credit|debit|karte|carte|tarjeta|cart[ãa]o", re.IGNORECASE
)
_WORD_REACH = 60
_DOUBLED = str.maketrans("0123456789", "0246813579")  # twice the digit, its own digits added
_CARD_WORDS = Pieces("card,cc,visa,maestro,amex,credit,debit,karte,carte,tarjeta,cart,kaart")
_WORDS = Pieces("card,cc,karte,carte,tarjeta,cart,kaart,karty,kort")

# Issuer identification numbers (ISO/IEC 7812), as in the public tables: first and last prefix, lengths, name.
_ISSUERS = (
    ("34", "34", (15,), "American Express"),
    ("37", "37", (15,), "American Express"),
    ("300", "305", (14,), "Diners Club"),
    ("36", "36", (14,), "Diners Club"),
    ("38", "39", (14,), "Diners Club"),
    ("35", "35", (16, 17, 18, 19), "JCB"),
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

    if digit_count(plain(text)) < _FEWEST_DIGITS:
        return
    text = plain(text)

    worded = says(text, _CARD_WORDS)

    def judge(start: int, end: int) -> Span | None:
        grouped = _GROUPS.fullmatch(text, start, end)
        if not grouped and not worded:
            return None
        digits = only_digits(text[start:end])
        if len(set(digits)) == 1 or not luhn_holds(digits):
            return None
        name = issuer(digits)
        if name and len(digits) >= 14 and grouped:
            return Span(start, end, CARD, 0.95, f"Luhn holds, issuer {name}")
        # One number in ten passes Luhn by chance, so the short and the unknown need a word that speaks of cards.
        if not worded or not _CARD_WORD.search(text[max(0, start - _WORD_REACH) : end + _WORD_REACH]):
            return None
        return Span(start, end, CARD, 0.8, f"Luhn holds near a word for card, issuer {name or 'unknown'}")

    yield from pick_windows(text, _RUN, range(_FEWEST_DIGITS, 20), judge)
    if says(text, _WORDS):
        for start, end in _NUMBER.find(text):
            if not luhn_holds(only_digits(text[start:end])) and len(set(only_digits(text[start:end]))) > 1:
                yield Span(start, end, CARD, 0.6, "right beside the words “card number”, though Luhn does not hold")


def issuer(digits: str) -> str | None:
    """The issuer whose prefix and length `digits` has, or None."""
    for first, last, lengths, name in _ISSUERS:
        if first <= digits[: len(first)] <= last and len(digits) in lengths:
            return name
    return None


def luhn_holds(digits: str) -> bool:
    """The checksum of ISO/IEC 7812-1 annex B."""
    total = sum(map(int, digits[-1::-2])) + sum(map(int, digits[-2::-2].translate(_DOUBLED)))
    return total % 10 == 0
