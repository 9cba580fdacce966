"""Phone numbers: a candidate by its shape, then `phonenumbers` decides by the rules of the country.

International numbers (`+`, `00`) are found for every country. National ones are found where their shape speaks for a
phone (North America, numbers with a leading 0 in groups, Brazil, Russia) and are tested against a few default regions.
Any other run of digits is found only right after a word such as "phone" or "call", or in groups after a weaker word
such as "my number".

A number without separators is found behind such a word, behind "my number is" if the plan of a country allows it, and
alone on its line or between commas if it has the form of a mobile number.

Not found: other national numbers without separators or a word in front, numbers in words, of fewer than 7 digits
(emergency and short numbers), and those that follow "order", "invoice", "ISBN" and the like.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

from core.privacy.digits import only_digits, pick_windows
from core.privacy.kinds import PHONE
from core.privacy.plain import digit_count, plain
from core.privacy.spans import Span

# Tried in this order. More regions find more and cost 40 microseconds each for every candidate that fails.
TRUNK_REGIONS = ("GB", "DE", "FR", "IT", "AU", "NL", "CH", "JP")
CUE_REGIONS = ("US", "ES", "BR", "IN", "PL", "DK", "NO", "PT", *TRUNK_REGIONS, "SE", "BE", "IE", "AT", "FI")

_FEWEST_DIGITS = 7
_SEPARATORS = r"[ .\-/()]"
_RUN = re.compile(
    rf"(?<![\w$€£¥₹#&@])(?<!\d[.,:/-])[+(]{{0,2}}\d(?:{_SEPARATORS}{{0,3}}\d)*+"
    r"(?!(?!(?:x|ext\.?) ?\d)\w|[%°]|[,:]\d|\s?[€£$¥])"
)
_EXTENSION = re.compile(
    r",?\s?(?:x|ext\b\.?|extn\b\.?|extension|durchwahl|poste|anexo|interno|ramal|#)[:.]?\s?\d{1,6}(?!\w)", re.IGNORECASE
)
_INTERNATIONAL = re.compile(r"\(?(?:\+\(?|00)[1-9]")
_NORTH_AMERICA = re.compile(
    r"(?:1[-. ]?)?(?:\([2-9]\d\d\)(?: ?- ?|[ .])?|[2-9]\d\d([-. ]| - ))\d{3}(?:\1|-| - )\d{4}|[2-9]\d\d-\d{7}"
)
_TRUNK = re.compile(r"\(?0[1-9]\d{0,3}\)?(?:[ .\-/]\d{2,8}){1,5}")
_RUSSIA = re.compile(r"8[ -]?\(\d{3}\) ?\d{3}-\d\d-\d\d|8-\d{3}-\d{3}-\d\d-\d\d")
_BRAZIL = re.compile(r"\(\d\d\) ?9?\d{4}-\d{4}")
# Numbers of invented examples are in no plan, but nothing else is written like this.
_UNMISTAKABLE = re.compile(
    r"(?:1[-. ]?)?(?:\([2-9]\d\d\) ?\d{3}[-. ]|[2-9]\d\d-\d{3}-|[2-9]\d\d\.\d{3}\.)\d{4}|"
    r"\((?!19|20)\d{2,5}\) ?(?:\d{3,4}[ -]\d{3,4}|\d{3} \d{2} \d{2}|\d{3} \d{3} \d{3})"
)
_SHAPE = re.compile(
    rf"\(?\+.*|(?:{_UNMISTAKABLE.pattern})|(?:{_NORTH_AMERICA.pattern})|(?:{_RUSSIA.pattern})|(?:{_BRAZIL.pattern})|"
    rf"(?:{_TRUNK.pattern})"
)
_DATE = re.compile(
    r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)?\d\d)(?: \d{1,4})?|"
    r"1\d{3} ?[-/] ?[12]\d{3}\)?|20\d\d ?[-/] ?20\d\d\)?"
)
_CUE = re.compile(
    r"(?:phone|mobile|\bcell|\bfax|\btel|\bcall\b|\bdial|\bsms|\bmob\b|\bmobil\b|\bph\b|whatsapp|wa\.me/|landline|"
    r"\bviber|\bsignal\b|\btelegram|\bmsisdn|\bcaller|call-?back|\botp\b|\bring(?: me| us)?\b|"
    r"hotline|telefon|handy|t[ée]l[ée]phone|\bt[ée]l\b|rufnummer|rückruf|\bruf\w{0,2} \w{2,4} an|erreichbar|\bnatel\b|"
    r"portable|\bport\.|joignable|appele[zr]|rappele[zr]|\btel[ée]fono?|m[óo]vil|celular|cellulare|\bll[áa]ma(?:me|r|"
    r"nos)|"
    r"\bcontactar|\btfno|\btlf|\btlfno|chiama\w{2}|recapito|\bbel me|\bbellen|bereikbaar|\bgsm\b|\bkom\.|komórk\w{1,3}|"
    r"zadzwo\w{1,4}|dzwoni\w{1,3}|\bfone\b|telem[óo]vel|\bzap\b|\bme liga|\bligue\b|contacto\b|\btfn\b|\bring mig|"
    r"\bnås på|\bpuh\b|puhelin|\bsoita|мобильн\w{2}|телефон|\bтел\b|電話|电话|"
    r"\bdesk|contact[\s_-]?(?:number|no\b)|messages? to|\btext(?: me| us)? (?:at|on)|answering (?:at|on)|"
    r"(?:reach|get) (?:me|us|her|him|them) (?:at|on))[^\d\n]{0,25}$",
    re.IGNORECASE,
)
_WEAK_CUE = re.compile(
    r"(?:\b(?:my|his|her|their|our|your|registered|new|old|home|work|office|emergency|alternate|alternative|alt|"
    r"meine|unsere|mijn|mon|mi|meu|minha|il mio|mój|mera|mitt|mit|min)"
    r"(?: (?:new|old|other|neue|nuevo|nouveau|nowy|contact))?"
    r"(?: (?:number|no\b\.?|num\b|nr\b\.?|nummer|num[ée]ro|número|numero|numer))?(?:['’]s)?"
    r"(?: (?:is|ist|lautet|est(?: le)?|es(?: el)?|è(?: il)?|é(?: o)?|to|är|er|hai))?|"
    r"\b(?:number|contact|kontakt|numeroni on|number on file(?: is)?|linked to|registered with|registered mobile|"
    r"code to|sent to|kontakt)|\b[TMPFCOH][:.]|\b[TM]|\bdirect|"
    r"\bring(?: me| us)?(?: on| at)?)[ :\"'#-]{0,3}$",
    re.IGNORECASE,
)
# Mobile numbers as written without groups, and what stands around them in signatures and lists of people.
_MOBILE = re.compile(r"07[1-57-9]\d{8}|0[67]\d{8}|04\d{8}|01[567]\d{8,9}")
_MOBILE_OR_US = re.compile(rf"{_MOBILE.pattern}|[6-9]\d{{4}}[ -]?\d{{5}}|[2-9]\d\d[2-9]\d{{6}}")
_NAME_BEFORE = re.compile(r"(?<![^\W_])[^\W\d_a-z][^\W\d_]{1,20} [^\W\d_a-z][^\W\d_]{1,20}(?:,| \||:| [-–])[ \t]$")
_ALONE_BEFORE = re.compile(r"(?:^|[^\d\s]\s{0,2}\n)[ \t]{0,4}$")
_ALONE_AFTER = re.compile(r"[ \t]{0,4}(?:$|[\n\r,|])")
_CUE_AFTER = re.compile(
    r"[ ,\\-]{0,3}[(]?(?:office|fax|mobile|cell|home|work|desk|landline|"
    r"(?:is|ist|est|es|è|é|är) (?:my|mein\w?|mon|mi|(?:il )?mio|(?:o )?meu|mitt) (?:\w{2,8} )?(?:phone|mobile|cell|"
    r"num\w{2,4}|"
    r"número|no\b|tel\w*)|(?:call|ring|text|whatsapp) me)\b",
    re.IGNORECASE,
)
_MORE_DIGITS = re.compile(r" ?\d{3}")
_SOCIAL_SECURITY = re.compile(r"\d{3}-\d{2}-\d{4}")
_NOT_A_PHONE = re.compile(
    r"(?:order|invoice|ticket|ref|reference|case|isbn|issn|ean|sku|serial|tracking|account|policy|part|article|model|"
    r"product|item|batch|patent|doi|zip|id)s?\b(?: ?(?:number|no\.?|nr\.?|id|code))?[ :#.=]*$",
    re.IGNORECASE,
)
_CODE_IN_GROUPS = re.compile(r"[A-Za-z]\d{1,4}(?: \d{4}){0,7} $")  # such as a mistyped IBAN
_REACH = 45


def find_phone(text: str) -> Iterator[Span]:
    """Phone numbers in `text`, with an extension where there is one."""

    if digit_count(plain(text)) < _FEWEST_DIGITS:
        return iter(())
    text = plain(text)

    def judge(start: int, end: int) -> Span | None:
        behind_a_number = _is_behind_a_number(text, start)
        # Most windows of a long row of numbers end here, before the slower questions.
        if behind_a_number and not _SHAPE.fullmatch(text, start, end) and not _CUE_AFTER.match(text, end):
            return None
        before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
        reason = _reason(text[start:end], before, after, behind_a_number)
        if not reason:
            return None
        extension = _EXTENSION.match(text, end)
        return Span(start, extension.end() if extension else end, PHONE, reason[0], reason[1])

    return pick_windows(text, _RUN, range(_FEWEST_DIGITS, 18), judge)


def _is_behind_a_number(text: str, start: int) -> bool:
    while start > 0 and text[start - 1] in " (+":
        start -= 1
    return start > 0 and text[start - 1].isdigit()


def _reason(written: str, before: str, after: str, behind_a_number: bool) -> tuple[float, str] | None:
    """Score and reason if `written` is a phone number, given the text on both sides of it."""
    digits = len(only_digits(written))
    if _INTERNATIONAL.match(written) and ("+" in written or not behind_a_number):
        international = _international(_plus(written), digits)
        if international:
            return international
    region = _valid(written, _regions(written, digits))
    cued = bool((not behind_a_number and _CUE.search(before)) or _CUE_AFTER.match(after)) and digits <= 13
    weak = not behind_a_number and digits <= 13 and _is_likely(written, before, after)
    shaped = _UNMISTAKABLE.fullmatch(written)
    if not (region or cued or weak or shaped) or _is_another_number(written, before, behind_a_number):
        return None
    if region:
        return 0.75, f"the shape of a phone number, valid in {region}"
    if cued:
        region = _valid(written, CUE_REGIONS)
        return 0.6, f"beside a word for phone, valid in {region}" if region else "beside a word for phone"
    if weak:
        return 0.55, "behind words such as “my number”, or alone on its line"
    return 0.55, "the shape of a phone number"


def _is_likely(written: str, before: str, after: str) -> bool:
    """Whether a word such as "my number" stands before it, or it is a mobile number alone on its line."""
    if _MORE_DIGITS.match(after):
        return False
    if _WEAK_CUE.search(before):
        return bool(re.search(r"\d[ .-]\d", written)) or bool(
            len(only_digits(written)) >= 9 and _valid(written, CUE_REGIONS)
        )
    if not _ALONE_AFTER.match(after):
        return False
    if _ALONE_BEFORE.search(before):
        return bool(_MOBILE.fullmatch(written))
    return bool(_NAME_BEFORE.search(before) and _MOBILE_OR_US.fullmatch(written) and _valid(written, CUE_REGIONS))


def _is_another_number(written: str, before: str, behind_a_number: bool) -> bool:
    if _DATE.fullmatch(written.lstrip("(")) or _SOCIAL_SECURITY.fullmatch(written):
        return True
    return bool((_CODE_IN_GROUPS if behind_a_number else _NOT_A_PHONE).search(before))


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
