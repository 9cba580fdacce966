"""US social security numbers by their form, and the tax numbers of the same form (ITIN) as national numbers.

Three, two and four digits with hyphens, spaces or dots between them need no word beside them; nine digits in a row do.
The Social Security Administration gives out no area 000, 666 or 900 to 999, no group 00 and no serial 0000
(ssa.gov/employer/stateweb.htm); the IRS gives ITINs the area 9xx and the groups 50-65, 70-88, 90-92 and 94-99.

Not found: numbers with some of their digits masked ("***-**-1234"), the last four digits alone, nine digits in a row
without a word for it, and numbers that were never given out unless such a word stands beside them.
"""

import re
from collections.abc import Iterator

from core.privacy.clues import Pieces, Words
from core.privacy.cues import Cued, says
from core.privacy.kinds import NATIONAL_ID, SSN
from core.privacy.plain import digit_count, plain
from core.privacy.spans import Span

_WORDS = Pieces("social,ssn,ss#,ss #,ss no,seguro,itin,taxpayer,soc. sec,soc sec")
_TIN = Words(("tin",))
_CUE = (
    r"ssn(?!\w{0,3}[a-z])|social[\s_-]{0,2}(?:security|insurance)|socials?(?=(?: number| no\.?)? (?:is|was)\b|:)|"
    r"soc\.? ?sec\.?|\bss ?(?:#|no\b|number)|seguro[\s_-]?social|itin\b|taxpayer|\btin\b"
)
_GROUPS = re.compile(
    r"(?P<area>[0-9](?<![\w#-][0-9])(?<!\d[./][0-9])\d\d)(?P<between> ?- ?|[ ._/])"
    r"(?P<group>\d{2})(?P=between)(?P<serial>\d{4})(?!\w|[-/.,]\d)"
)
_CUED = Cued(_CUE, r"\d{3}(?P<between>[ ._/]| ?- ?|)\d{2}(?P=between)\d{4}(?![\w]|[-/.,]\d)")
_OTHER_WORD = re.compile(
    r"(?:phone|tel|fax|call|order|invoice|part|model|item|product|serial|sku|isbn|case|ticket|tracking|ref|zip)"
    r"[^\d\n]{0,15}$",
    re.IGNORECASE,
)
_IN_A_ROW_OF_NUMBERS = re.compile(r"\d[ .]$"), re.compile(r"[ .]\d")


def find_ssn(text: str) -> Iterator[Span]:
    """Social security numbers and ITINs in `text`."""
    if digit_count(plain(text)) < 9:
        return
    text = plain(text)
    cued = set(_CUED.find(text)) if says(text, _WORDS) or says(text, _TIN) else set()
    for start, end in sorted(cued):
        kind, reason = _kind(text[start:end])
        if kind:
            yield Span(start, end, kind, 0.9, f"{reason}, beside a word for it")
        elif set(text[start:end]) - set("0 .-_/"):
            yield Span(start, end, SSN, 0.6, "beside a word for a social security number, though never given out")
    for match in _GROUPS.finditer(text):
        if match.span() not in cued and _speaks_for_itself(text, match):
            kind, reason = _kind(match.group())
            if kind:
                yield Span(*match.span(), kind, 0.85 if "-" in match["between"] else 0.6, reason)


def _kind(written: str) -> tuple[str, str]:
    """The kind and the reason of nine digits, or empty words if no such number is given out."""
    digits = "".join(filter(str.isdigit, written))
    area, group, serial = int(digits[:3]), int(digits[3:5]), int(digits[5:])
    if area >= 900 and (50 <= group <= 65 or 70 <= group <= 88 or 90 <= group <= 92 or group >= 94):
        return NATIONAL_ID, "the form of a US individual taxpayer number (ITIN)"
    if area in (0, 666) or area >= 900 or not group or not serial:
        return "", ""
    return SSN, "the form of a US social security number, area given out"


def _speaks_for_itself(text: str, match: re.Match[str]) -> bool:
    if _OTHER_WORD.search(text[max(0, match.start() - 30) : match.start()]):
        return False
    if "-" in match["between"]:
        return True
    before, behind = _IN_A_ROW_OF_NUMBERS
    return not before.search(text[max(0, match.start() - 2) : match.start()]) and not behind.match(text, match.end())
