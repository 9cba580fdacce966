"""Substitutes for numbers and codes: the same layout, other digits, and a checksum that does not hold."""

import random
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any

from core.privacy.kinds import BANK, CARD, CRYPTO, IBAN, LICENSE, NATIONAL_ID, PASSPORT, SSN
from core.privacy.recognisers.card import luhn_holds
from core.privacy.recognisers.iban import is_iban
from core.privacy.recognisers.national_numbers import NATIONAL_NUMBERS
from core.privacy.substitutes.makers import Maker, laid_over, other_code

Drawing = Callable[[str, random.Random], str]

_TRIES_LONGER = 300
_CHANGING = re.compile(r"[0-9a-z]")
_INSURANCE = re.compile(r"[a-z]{2}\d{6}[a-d]")  # British National Insurance number
_LONG_ENOUGH, _LONGEST = 7, 30
# Without the letters and digits that base58 or bech32 do not use.
_BASE_LETTERS, _BASE_DIGITS = "acdefghjkmnpqrstuvwxyz", "23456789"


class Numbers(Maker):
    """Codes of letters and digits, in the layout in which each is written."""

    def __init__(self, kind: str, drawing: Drawing) -> None:
        super().__init__(kind)
        self._drawing = drawing

    def candidates(self, known: str, chance: random.Random) -> Iterator[str]:
        """Codes as long as this one; where those are used up, longer ones."""
        first = 0 if _CHANGING.search(known) else _TRIES_LONGER
        for attempt in range(first, 10**9):
            more = "".join(chance.choice("0123456789") for _ in range(attempt // _TRIES_LONGER))
            yield self._drawing(known, chance) + more

    def written(self, value: str, new: str) -> str:
        """The code in the layout and case of `value`."""
        return laid_over(new, value)


def _card(known: str, chance: random.Random) -> str:
    """The first digit stays, and Luhn's checksum does not hold."""
    new = known[:1] + "".join(chance.choice("0123456789") for _ in known[1:])
    return new[:-1] + str((int(new[-1]) + 1) % 10) if new.isdecimal() and luhn_holds(new) else new


def _iban(known: str, chance: random.Random) -> str:
    """The country stays. Check digits run from 02 to 98; 00 may still satisfy the sum, 01 then does not."""
    body = other_code(known[4:], chance)
    return known[:2] + ("01" if is_iban(f"{known[:2]}00{body}".upper()) else "00") + body


def _social_security(known: str, chance: random.Random) -> str:
    """An area from 900 on has never been given out (SSA), and groups below 50 not to taxpayers either (IRS)."""
    digits = f"9{chance.randrange(100):02d}{chance.randrange(50):02d}{chance.randrange(10_000):04d}"
    return digits if len(known) == 9 else "9" + other_code(known[1:], chance)


def _national(known: str, chance: random.Random) -> str:
    """No checksum of any country holds; a British number begins with QQ, which is not given out (HMRC)."""
    if _INSURANCE.fullmatch(known):
        return f"qq{chance.randrange(1_000_000):06d}{chance.choice('abcd')}"
    new = other_code(known, chance)
    for _ in range(_TRIES_LONGER):
        if not _is_valid_somewhere(new):
            break
        new = other_code(known, chance)
    return new


def _document(known: str, chance: random.Random) -> str:
    """Passports, licences and accounts of seven digits and more begin with two zeros, as none in use does."""
    new, places = list(other_code(known, chance)), [at for at, char in enumerate(known) if char.isdecimal()]
    if len(places) >= _LONG_ENOUGH:
        new[places[0]] = new[places[1]] = "0"
    code = "".join(new)
    return code[:-1] + str((int(code[-1]) + 1) % 10) if _is_routing_number(code) else code


def _coin(known: str, chance: random.Random) -> str:
    """An address of the same form; the chance that its checksum holds is one in a thousand million."""
    head = next((sign for sign in ("0x", "bc1", "ltc1", "addr1", "tb1") if known.startswith(sign)), known[:1])
    letters, digits = ("abcdef", "0123456789") if head == "0x" else (_BASE_LETTERS, _BASE_DIGITS)
    rest = (chance.choice(letters if char.isalpha() else digits) for char in known[len(head) :])
    return head + "".join(rest)


def _is_routing_number(code: str) -> bool:
    """The checksum of the American Bankers Association."""
    weights = (3, 7, 1) * 3
    return len(code) == 9 and code.isdecimal() and sum(w * int(d) for w, d in zip(weights, code, strict=True)) % 10 == 0


def _is_valid_somewhere(code: str) -> bool:
    return len(code) <= _LONGEST and any(is_valid(code.upper()) for is_valid in _checks(len(code)))


@lru_cache(maxsize=64)
def _checks(length: int) -> list[Callable[[str], bool]]:
    """The checks of numbers of that length."""
    modules = [import_module(f"stdnum.{check}") for check in sorted({n.check for n in NATIONAL_NUMBERS if n.check})]
    return [module.is_valid for module in modules if _may_have(module, length)]


def _may_have(module: Any, length: int) -> bool:
    from stdnum.exceptions import InvalidLength, ValidationError

    try:
        module.validate("1" * length)
    except InvalidLength:
        return False
    except ValidationError:
        return True
    return True


DRAWINGS: dict[str, Drawing] = {
    CARD: _card,
    IBAN: _iban,
    SSN: _social_security,
    NATIONAL_ID: _national,
    PASSPORT: _document,
    LICENSE: _document,
    BANK: _document,
    CRYPTO: _coin,
}
