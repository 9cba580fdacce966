"""Phone numbers: a candidate by its shape, then `phonenumbers` decides by the rules of the country.

International numbers (`+`, `00`) are found for every country. National ones are found where their shape speaks for a
phone (North America, numbers with a leading 0 in groups, Brazil) and are tested against a few default regions.
Any other run of digits is found only right after a word such as "phone" or "call".

Not found: national numbers without separators or a word in front, numbers in words, of fewer than 7 digits
(emergency and short numbers), and those that follow "order", "invoice", "ISBN" and the like.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

from core.privacy.digits import only_digits, pick_windows
from core.privacy.kinds import PHONE
from core.privacy.spans import Span

# Tried in this order. More regions find more and cost 40 microseconds each for every candidate that fails.
TRUNK_REGIONS = ("GB", "DE", "FR", "IT", "AU", "NL", "CH", "JP")
CUE_REGIONS = ("US", "ES", "BR", "IN", "PL", "DK", *TRUNK_REGIONS)

_SEPARATORS = r"[ \u00a0.\-–/()]"
_RUN = re.compile(
    rf"(?<![\w$€£¥₹#&@])(?<!\d[.,:/-])[+(]{{0,2}}\d(?:{_SEPARATORS}{{0,3}}\d)*+"
    r"(?!(?!(?:x|ext\.?) ?\d)\w|[%°]|[,:]\d|\s?[€£$¥])"
)
_EXTENSION = re.compile(r"\s?(?:x|ext\.?|extension)\s?\d{1,6}(?!\w)", re.IGNORECASE)
_INTERNATIONAL = re.compile(r"\(?(?:\+|00)[1-9]")
_NORTH_AMERICA = re.compile(r"(?:1[-. ])?(?:\([2-9]\d\d\)[ -]?|[2-9]\d\d([-. ]))\d{3}(?:\1|-)\d{4}")
_TRUNK = re.compile(r"\(?0\d{1,4}\)?(?:[ \u00a0.\-–/]\d{2,8}){1,5}")
_BRAZIL = re.compile(r"\(\d\d\) ?9?\d{4}-\d{4}")
_DATE = re.compile(
    r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)?\d\d)(?: \d{1,4})?|"
    r"(?:19|20)\d\d ?[-–] ?(?:19|20)\d\d"
)
_CUE = re.compile(
    r"(?:phone|mobile|\bcell|\bfax|\btel|\bcall\b|\bdial|\bsms|whatsapp|hotline|telefon|handy|t[ée]l[ée]phone|"
    r"portable|tel[ée]fono?|m[óo]vil|celular|cellulare|\bdesk|contact (?:number|no)|messages? to|"
    r"\btext(?: me| us)? (?:at|on)|answering (?:at|on)|reach (?:me|us|her|him|them) (?:at|on))"
    r"[^\d\n]{0,25}$",
    re.IGNORECASE,
)
_CUE_AFTER = re.compile(r"[ ,\\-]{0,3}[(]?(?:office|fax|mobile|cell|home|work|desk|landline)\b", re.IGNORECASE)
_SOCIAL_SECURITY = re.compile(r"\d{3}-\d{2}-\d{4}")
_NOT_A_PHONE = re.compile(
    r"(?:order|invoice|ticket|ref|reference|case|isbn|issn|ean|sku|serial|tracking|account|policy|part|article|model|"
    r"product|item|batch|patent|doi|zip|id)s?\b(?: ?(?:number|no\.?|nr\.?|id|code))?[ :#.=]*$",
    re.IGNORECASE,
)
_CODE_IN_GROUPS = re.compile(r"[A-Za-z]\d{1,4}(?:[ \u00a0]\d{4}){0,7}[ \u00a0]$")  # such as a mistyped IBAN
_REACH = 45


def find_phone(text: str) -> Iterator[Span]:
    """Phone numbers in `text`, with an extension where there is one."""

    def judge(start: int, end: int) -> Span | None:
        reason = _reason(text[start:end], text[max(0, start - _REACH) : start], text[end : end + _REACH])
        if not reason:
            return None
        extension = _EXTENSION.match(text, end)
        return Span(start, extension.end() if extension else end, PHONE, reason[0], reason[1])

    return pick_windows(text, _RUN, range(7, 18), judge)


def _reason(written: str, before: str, after: str) -> tuple[float, str] | None:
    """Score and reason if `written` is a phone number, given the text on both sides of it."""
    digits = only_digits(written)
    if _DATE.fullmatch(written.lstrip("(")) or _SOCIAL_SECURITY.fullmatch(written):
        return None
    after_a_number = before.rstrip(" \u00a0(+")[-1:].isdigit()
    if _INTERNATIONAL.match(written) and not (after_a_number and "+" not in written):
        return _international(_plus(written), len(digits))
    if not after_a_number and _NOT_A_PHONE.search(before):
        return None
    if after_a_number and _CODE_IN_GROUPS.search(before):
        return None
    region = _valid(written, _regions(written))
    if region:
        return 0.75, f"the shape of a phone number, valid in {region}"
    if len(digits) <= 13 and ((not after_a_number and _CUE.search(before)) or _CUE_AFTER.match(after)):
        region = _valid(written, CUE_REGIONS)
        return 0.6, f"beside a word for phone, valid in {region}" if region else "beside a word for phone"
    return None


def _international(written: str, digits: int) -> tuple[float, str] | None:
    if _valid(written, ("ZZ",)):
        return 0.95, "valid international number"
    # People also write numbers that were never given out, in examples and with a slip of the finger.
    in_groups = re.search(r"\d\D+\d", written) is not None
    return (0.6, "the form of an international number") if in_groups and 10 <= digits <= 15 else None


def _regions(written: str) -> tuple[str, ...]:
    """The regions for which the shape alone speaks."""
    if _NORTH_AMERICA.fullmatch(written):
        return ("US",)
    if _BRAZIL.fullmatch(written):
        return ("BR",)
    digits = len(only_digits(written))
    return TRUNK_REGIONS if 9 <= digits <= 12 and _TRUNK.fullmatch(written) else ()


def _plus(written: str) -> str:
    bare = written.lstrip("(")
    return "+" + bare[2:] if bare.startswith("00") else bare


@lru_cache(maxsize=4096)
def _valid(written: str, regions: tuple[str, ...]) -> str | None:
    """The first region in which the number is valid by the numbering plan, or None."""
    for region in regions:
        try:
            number = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return region
    return None
