"""Invented values in the place of real ones, drawn from a key, so that the same value always gets the same one.

Only values that can belong to nobody are made: phones 555-0100 to 555-0199 (set aside by the North American numbering
plan), mail at example.com (RFC 2606), addresses of 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 (RFC 5737) and
2001:db8::/32 (RFC 3849), cards that fail Luhn and IBANs that fail their checksum. There are no substitutes for secrets.
"""

import hashlib
import hmac
import ipaddress
import random
from collections.abc import Iterable

from core.privacy.card import luhn_holds
from core.privacy.digits import only_digits
from core.privacy.iban import is_iban
from core.privacy.kinds import CARD, EMAIL, IBAN, IP, PHONE
from core.privacy.names import FIRST_NAMES, LAST_NAMES
from core.privacy.values import fold

SUBSTITUTED = (CARD, IBAN, EMAIL, IP, PHONE)
_ATTEMPTS = 200
_TEST_NETS = ("192.0.2", "198.51.100", "203.0.113")


class Substitutes:
    """The substitutes for all values of a dataset.

    They depend on the key and on the set of values, never on the order in which those were met. No substitute is
    itself one of the values, and two values share one only where a reserved range is used up.
    """

    def __init__(self, key: bytes, values: Iterable[tuple[str, str]]) -> None:
        self._key = key
        written: dict[tuple[str, str], str] = {}
        for kind, value in values:
            known = (kind, fold(kind, value))
            written[known] = min(value, written.get(known, value))
        self._taken = set(written)
        self._given: dict[tuple[str, str], str] = {}
        for known in sorted(written, key=self._digest):
            if known[0] in SUBSTITUTED:
                self._given[known] = self._draw(known, written[known])

    def substitute(self, kind: str, value: str) -> str:
        """The substitute of one of the values, in the layout in which it is written here."""
        return _in_layout(kind, self._given[(kind, fold(kind, value))], value)

    def _digest(self, known: tuple[str, str], attempt: int = 0) -> bytes:
        message = "\0".join([*known, str(attempt)]).encode("utf-8", "surrogatepass")
        return hmac.new(self._key, message, hashlib.sha256).digest()

    def _draw(self, known: tuple[str, str], value: str) -> str:
        kind = known[0]
        for attempt in range(_ATTEMPTS):
            drawn = _MAKERS[kind](random.Random(self._digest(known, attempt)), value)
            if (kind, fold(kind, drawn)) not in self._taken:
                break
        self._taken.add((kind, fold(kind, drawn)))
        return drawn


def _email(draw: random.Random, value: str) -> str:
    first, last = draw.choice(FIRST_NAMES), draw.choice(LAST_NAMES)
    return f"{first}.{last}{draw.randrange(10, 100)}@example.com"


def _phone(draw: random.Random, value: str) -> str:
    # 211, 311 … 911 are services and not area codes.
    area = f"{draw.randrange(2, 10)}{draw.randrange(0, 9)}{draw.choice('023456789')}"
    return f"{area}-555-01{draw.randrange(100):02d}"


def _card(draw: random.Random, value: str) -> str:
    digits = only_digits(value)
    drawn = digits[0] + "".join(draw.choices("0123456789", k=len(digits) - 1))
    return drawn[:-1] + str((int(drawn[-1]) + 1) % 10) if luhn_holds(drawn) else drawn


def _iban(draw: random.Random, value: str) -> str:
    compact = fold(IBAN, value).upper()
    body = "".join(draw.choices("0123456789", k=len(compact) - 4))
    # Real check digits run from 02 to 98; 00 may still satisfy the sum, 01 then does not.
    return compact[:2] + ("01" if is_iban(compact[:2] + "00" + body) else "00") + body


def _ip(draw: random.Random, value: str) -> str:
    if ":" in value:
        return str(ipaddress.IPv6Address((0x20010DB8 << 96) | draw.getrandbits(96)))
    return f"{draw.choice(_TEST_NETS)}.{draw.randrange(1, 255)}"


_MAKERS = {EMAIL: _email, PHONE: _phone, CARD: _card, IBAN: _iban, IP: _ip}


def _in_layout(kind: str, drawn: str, written: str) -> str:
    if kind == EMAIL:
        return drawn.upper() if written.isupper() else drawn
    if kind == PHONE:
        return _phone_layout(drawn, written)
    if kind in (CARD, IBAN):
        return _laid_over(drawn, written)
    return drawn


def _phone_layout(drawn: str, written: str) -> str:
    digits = only_digits(written)
    if len(digits) == 10 and not written.startswith("+"):
        return _laid_over(only_digits(drawn), written)
    if len(digits) == 11 and digits.startswith("1"):
        return _laid_over("1" + only_digits(drawn), written)
    return f"+1 {drawn}" if written.startswith(("+", "00", "(+")) else drawn


def _laid_over(drawn: str, written: str) -> str:
    """The characters of `drawn` in the places where `written` has letters and digits."""
    new = iter(drawn)
    return "".join(next(new, "") if char.isalnum() else char for char in written)
