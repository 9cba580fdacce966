"""Phone numbers: a candidate by its shape, then `phonenumbers` decides by the rules of the country.

International numbers (`+`, `00`) are found for every country. National ones are found where their shape speaks for a
phone (North America, numbers with a leading 0 in groups, Brazil, Russia) and are tested against a few default regions.
Any other run of digits is found only right after a word such as "phone" or "call", or in groups after a weaker word
such as "my number".

A number without separators is found behind such a word, behind "my number is" if the plan of a country allows it, and
alone on its line, between commas or beside a name if it has the form of a mobile number; eleven digits that begin as
a British mobile number are found anywhere. The words are in phone_cues.py.

Not found: other national numbers without separators or a word in front, numbers in words, of fewer than 7 digits
(emergency and short numbers), and those that follow "order", "invoice", "ISBN" and the like.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import phonenumbers

from core.privacy.digits import only_digits, pick_windows
from core.privacy.kinds import PHONE
from core.privacy.people.words import Standing, folded, standing
from core.privacy.plain import digit_count, plain
from core.privacy.recognisers.phone_cues import (
    AND,
    CUE,
    CUE_AFTER,
    EXTENSION,
    KEY_OF_BARE_NUMBER,
    NOT_A_PHONE,
    WEAK_CUE,
)
from core.privacy.spans import Span

# Tried in this order. More regions find more and cost 40 microseconds each for every candidate that fails.
TRUNK_REGIONS = ("GB", "DE", "FR", "IT", "AU", "NL", "CH", "JP")
CUE_REGIONS = ("US", "ES", "BR", "IN", "PL", "DK", "NO", "PT", *TRUNK_REGIONS, "SE", "BE", "IE", "AT", "FI")

_FEWEST_DIGITS = 7
_SEPARATORS = r"[ .\-/()]"
_LETTER = r"0-9A-Za-z_\u00c0-\u0589"  # no Chinese or Japanese sign: there a number follows a word without a space
_RUN = re.compile(
    rf"(?<![{_LETTER}$€£¥₹#&@])(?<!\d[.,:/-])(?:\( |[+(]{{0,2}})\d(?:{_SEPARATORS}{{0,3}}\d)*+"
    r"(?!(?!(?:x|ext\.?) ?\d)\w|[%°]|[,:]\d|\s?[€£$¥])"
)
_EXTENSION = re.compile(EXTENSION, re.IGNORECASE)
_INTERNATIONAL = re.compile(r"\(?(?:\+\(?|00|011[ -])[1-9]")
_NORTH_AMERICA = re.compile(
    r"(?:1[-. ]?)?(?:\( ?[2-9]\d\d ?\)(?: ?- ?|[ .])?\d{3}(?: ?- ?|[ .])?|[2-9]\d\d([-. ]| - )\d{3}(?:\1|-| - ))\d{4}|"
    r"[2-9]\d\d-\d{7}|"
    r"[2-9]\d\d/\d{3}-\d{4}"
)
_TRUNK = re.compile(r"(?:\(?0 ?[1-9]\d{0,4}\)?|\(0\) ?[1-9]\d{1,4})(?:(?: ?[/-] ?|[ .])\d{2,8}){1,5}")
_RUSSIA = re.compile(r"8[ -]?\(\d{3}\) ?\d{3}[ -]\d\d[ -]\d\d|8[ -]\d{3}[ -]\d{3}[ -]\d\d[ -]\d\d")
_AUSTRALIA = re.compile(r"1[38]00 \d{3} \d{3}")
_BRAZIL = re.compile(r"\(\d\d\) ?9?\d{4}-\d{4}")
# Numbers of invented examples are in no plan, but nothing else is written like this.
_UNMISTAKABLE = re.compile(
    r"(?:1[-. ]?)?(?:\( ?[2-9]\d\d ?\)[ .-]?\d{3}[-. ]?|[2-9]\d\d[-/]\d{3}-|[2-9]\d\d\.\d{3}\.)\d{4}|"
    r"\((?!19|20)\d{2,5}\) ?(?:\d{3,4}[ -]\d{3,4}|\d{3} \d{2} \d{2}|\d{3} \d{3} \d{3})"
)
_SHAPE = re.compile(
    rf"\(?\+.*|(?:{_UNMISTAKABLE.pattern})|(?:{_NORTH_AMERICA.pattern})|(?:{_RUSSIA.pattern})|"
    rf"(?:{_AUSTRALIA.pattern})|(?:{_BRAZIL.pattern})|"
    rf"(?:{_TRUNK.pattern})"
)
_DATE = re.compile(
    r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)?\d\d)(?: \d{1,4})?|"
    r"1\d{3} ?[-/] ?[12]\d{3}\)?|20\d\d ?[-/ ] ?20\d\d\)?|(?:19|20)\d\d (?:19|20)\d\d(?: \d{4}){0,2}"
)
# Mobile numbers as written without groups, and what stands around them in signatures and lists of people.
_MOBILE = re.compile(r"07[1-57-9]\d{8}|0[67]\d{8}|04\d{8}|01[567]\d{8,9}")
_BRITISH_MOBILE = re.compile(r"07[1-57-9]\d{8}")  # no other number of eleven digits begins like it
_MOBILE_OR_US = re.compile(rf"{_MOBILE.pattern}|[6-9]\d{{4}}[ -]?\d{{5}}|[2-9]\d\d[2-9]\d{{6}}")
_NAME_BEFORE = re.compile(r"(?<![^\W_])[^\W\d_a-z][^\W\d_]{1,20} [^\W\d_a-z][^\W\d_]{1,20}(?:,| \||:| [-–])[ \t]$")
_ALONE_BEFORE = re.compile(r"(?:^|[^\d\s]\s{0,2}\n)[ \t]{0,4}$")
_ALONE_AFTER = re.compile(r"[ \t]{0,4}(?:$|[\n\r,|])")
_MORE_DIGITS = re.compile(r" ?\d{3}")
_SOCIAL_SECURITY = re.compile(r"\d{3}-\d{2}-\d{4}")
_CODE_IN_GROUPS = re.compile(r"[A-Za-z]\d{1,4}(?: \d{4}){0,7} $")  # such as a mistyped IBAN
_REACH = 45
_UP_TO_A_DIGIT = re.compile(r".*[\d\n]", re.DOTALL)
_LIST = re.compile(r"[^\n]*\n|\+?\(?\d[\d ().-]{5,18}\d[^\w\n]{0,4}(?:\w{1,4} )?")
_WORD_BEFORE = re.compile(r"(?<![^\W_])([^\W\d_a-z][^\W\d_]{1,20})[,:]? $")
_COUNTING = "01234567890123456789"
_ESCAPED = re.compile(r"%2B(?P<number>[1-9]\d{7,14})(?!\w)")
_SPELLED = re.compile(r"(?:\d ){3}- (?:\d ){3}- \d(?: \d){3}")
_SPACED_DIGITS = re.compile(r"\d(?: ?-)? \d(?!\d)")
_DIGIT_BY_DIGIT = re.compile(r"(?<![\w.,-])\+?\d(?: ?-? \d(?!\d)){6,13}(?! ?\d)")


@dataclass(frozen=True)
class _Around:
    """What stands before a candidate, the words of it that belong to the candidate, and what stands after."""

    before: str = field(repr=False)
    words: str = field(repr=False)
    after: str = field(repr=False)


def find_phone(text: str) -> Iterator[Span]:
    """Phone numbers in `text`, with an extension where there is one."""
    text = plain(text)
    if digit_count(text) < _FEWEST_DIGITS:
        return

    def judge(start: int, end: int) -> Span | None:
        behind_a_number = _is_behind_a_number(text, start)
        # Most windows of a long row of numbers end here, before the slower questions.
        if behind_a_number and not _SHAPE.fullmatch(text, start, end) and not CUE_AFTER.match(text, end):
            return None
        if not only_digits(text[start:end]).strip("01"):  # a row of bits
            return None
        around = _Around(text[max(0, start - _REACH) : start], _words_before(text, start), text[end : end + _REACH])
        reason = _reason(text[start:end], around, behind_a_number)
        if not reason:
            return None
        start += text[start] == "(" and ")" not in text[start:end]
        extension = _EXTENSION.match(text, end)
        return Span(start, extension.end() if extension else end, PHONE, reason[0], reason[1])

    yield from pick_windows(text, _RUN, range(_FEWEST_DIGITS, 18), judge)
    if "%2B" in text:
        yield from _matches(text, _ESCAPED, "an international number in a link")
    if _SPACED_DIGITS.search(text):
        yield from _matches(text, _DIGIT_BY_DIGIT, "beside a word for phone, digit by digit")


def _is_behind_a_number(text: str, start: int) -> bool:
    while start > 0 and text[start - 1] in " ()+":
        start -= 1
    return start > 0 and text[start - 1].isdigit()


def _words_before(text: str, start: int) -> str:
    """The text between the number before, or the line's beginning, and `start`; of a list what stands before it all."""
    before = text[max(0, start - _REACH) : start]
    last = _UP_TO_A_DIGIT.match(before)
    words = before[last.end() :] if last else before
    if last and words.strip(" \"'()").lower() in AND:
        return _LIST.sub("", text[max(0, start - 2 * _REACH) : start])
    return words


def _matches(text: str, pattern: re.Pattern[str], reason: str) -> Iterator[Span]:
    for match in pattern.finditer(text):
        before = text[max(0, match.start() - _REACH) : match.start()]
        number = "+" + match["number"] if pattern is _ESCAPED else ""
        if _possible(number) if number else (CUE.search(before) or _SPELLED.fullmatch(match.group())):
            yield Span(match.start(), match.end(), PHONE, 0.6, reason)


def _reason(written: str, around: _Around, behind_a_number: bool) -> tuple[float, str] | None:
    """Score and reason if `written` is a phone number, given the text around it."""
    digits = only_digits(written)
    if _INTERNATIONAL.match(written) and ("+" in written or not behind_a_number):
        international = _international(_plus(written), len(digits))
        if international:
            return international
    region = _valid(written, _regions(written, len(digits)))
    cued = len(digits) <= 13 and (
        CUE_AFTER.match(around.after) or (not behind_a_number and _is_announced(written, around.words))
    )
    weak = not behind_a_number and len(digits) <= 13 and _is_likely(written, around)
    shaped = _UNMISTAKABLE.fullmatch(written)
    if not (region or cued or weak or shaped) or _is_another_number(written, around, behind_a_number):
        return None
    if region:
        return 0.75, f"the shape of a phone number, valid in {region}"
    if cued:
        region = _valid(written, CUE_REGIONS)
        return 0.6, f"beside a word for phone, valid in {region}" if region else "beside a word for phone"
    if weak:
        return 0.55, "behind words such as “my number”, or alone on its line"
    return 0.55, "the shape of a phone number"


def _is_announced(written: str, before: str) -> bool:
    """Whether a word for phone stands before it; behind "call" a bare number must be one of some country."""
    cue = CUE.search(before)
    if cue and cue["verb"] and written.isdigit():
        return bool(_valid(written, CUE_REGIONS) or _valid("+" + written, ("ZZ",)))
    if not cue and KEY_OF_BARE_NUMBER.search(before):
        return written.isdigit() and bool(_valid("+" + written, ("ZZ",)))
    return bool(cue) or (before.endswith("+ ") and " " in written and _possible("+" + written))


def _is_likely(written: str, around: _Around) -> bool:
    """Whether a word such as "my number" stands before it, or it is a mobile number alone on its line or by a name."""
    if _MORE_DIGITS.match(around.after):
        return False
    cue = WEAK_CUE.search(around.words)
    if cue:
        fewest = 8 if cue["mine"] else 9
        in_groups = re.search(r"\d[ .-]\d", written)
        return bool(in_groups or (len(only_digits(written)) >= fewest and _valid(written, CUE_REGIONS)))
    if _ALONE_AFTER.match(around.after):
        if _ALONE_BEFORE.search(around.before):
            return bool(_MOBILE.fullmatch(written))
        if _NAME_BEFORE.search(around.words):
            return bool(_MOBILE_OR_US.fullmatch(written) and _valid(written, CUE_REGIONS))
    if _BRITISH_MOBILE.fullmatch(written):
        return True
    name = _WORD_BEFORE.search(around.words)
    known = name and standing(folded(name[1])) in (Standing.GIVEN, Standing.SURNAME)
    return bool(known and _MOBILE_OR_US.fullmatch(written) and _valid(written, CUE_REGIONS))


def _is_another_number(written: str, around: _Around, behind_a_number: bool) -> bool:
    if written in _COUNTING or _DATE.fullmatch(written.lstrip("(")) or _SOCIAL_SECURITY.fullmatch(written):
        return True
    return bool(_CODE_IN_GROUPS.search(around.before) if behind_a_number else NOT_A_PHONE.search(around.words))


def _international(written: str, digits: int) -> tuple[float, str] | None:
    if _valid(written, ("ZZ",)):
        return 0.95, "valid international number"
    # People also write numbers that were never given out, in examples and with a slip of the finger.
    in_groups = re.search(r"\d\D+\d", written) is not None
    if 10 <= digits <= 15 and (in_groups or _possible(written)):
        return 0.6, "the form of an international number"
    return None


def _regions(written: str, digits: int) -> tuple[str, ...]:
    """The regions for which the shape alone speaks."""
    if _NORTH_AMERICA.fullmatch(written):
        return ("US",)
    if _RUSSIA.fullmatch(written):
        return ("RU",)
    if _AUSTRALIA.fullmatch(written):
        return ("AU",)
    if _BRAZIL.fullmatch(written):
        return ("BR",)
    return TRUNK_REGIONS if 9 <= digits <= 12 and _TRUNK.fullmatch(written) else ()


def _possible(written: str) -> bool:
    """Whether the country code exists and has numbers of this length."""
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(written, "ZZ"))
    except phonenumbers.NumberParseException:
        return False


def _plus(written: str) -> str:
    bare = written.lstrip("(")
    exit_code = next((code for code in ("00", "011") if bare.startswith(code)), "")
    return "+" + bare[len(exit_code) :] if exit_code else bare


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
