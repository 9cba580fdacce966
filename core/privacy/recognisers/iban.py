"""International bank account numbers (ISO 13616): the country's structure and the checksum modulo 97 hold.

Right behind the word IBAN a number is found even if the checksum or the length does not hold.

Not found: other numbers with a mistyped character, account numbers without the country in front, bank codes.
"""

import re
from collections.abc import Iterator

from stdnum import iban

from core.privacy.kinds import IBAN
from core.privacy.plain import digit_count, plain
from core.privacy.spans import Span

# Country and length, from the SWIFT IBAN registry.
_LENGTHS = dict(
    re.findall(
        "([A-Z]{2})([0-9]{2})",
        """AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29
        ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20
        LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29
        PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20
        YE30""",
    )
)
# The digits behind the country, with what stands before them.
_START = re.compile(r"[0-9]{2}(?<=[A-Za-z]{2}[0-9]{2})(?<![A-Za-z0-9][A-Za-z]{2}[0-9]{2})(?=[ ./-]?[A-Za-z0-9])")
_FORMS = {
    length: re.compile(
        rf"[A-Za-z]{{2}}[0-9]{{2}}(?:(?:[ ./-]| {{2,3}})?[A-Za-z0-9]){{{int(length) - 4}}}(?![A-Za-z0-9])"
    )
    for length in set(_LENGTHS.values())
}
_ANY_LENGTH = re.compile(r"[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_WORD = re.compile(
    r"\biban\b[^A-Za-z0-9]{0,4}(?:(?:number|no|nr|nummer|code|is|ist|est|es|è)\b[^A-Za-z0-9]{1,4}){0,3}$", re.IGNORECASE
)
_FEWEST_DIGITS = 8


def find_iban(text: str) -> Iterator[Span]:
    """IBANs in `text`, with or without spaces."""
    text = plain(text)
    if digit_count(text) < _FEWEST_DIGITS:
        return
    for digits in _START.finditer(text):
        start = digits.start() - 2
        country = text[start : start + 2].upper()
        match = _FORMS[_LENGTHS[country]].match(text, start) if country in _LENGTHS else None
        if match and is_iban(match.group()):
            yield Span(match.start(), match.end(), IBAN, 0.95, f"checksum modulo 97 holds, country {country}")
        elif _WORD.search(text[max(0, start - 40) : start]):
            match = match or _ANY_LENGTH.match(text, start)
            if match:
                yield Span(match.start(), match.end(), IBAN, 0.6, "behind the word IBAN, though the checksum fails")


def is_iban(value: str) -> bool:
    """Whether `value` is an IBAN; national check digits within it are not looked at."""
    return bool(iban.is_valid(re.sub(r"[\W_]", "", value), check_country=False))
