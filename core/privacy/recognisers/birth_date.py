"""Dates of birth: a date beside a word for birth, in text, in JSON and in lists.

Not found: a year alone ("born in 1980"), a date whose word stands in another sentence or further than 45 characters
away, and the dates of a table whose heading says what they are.
"""

import re
from collections.abc import Iterator

from core.privacy.clues import Pieces
from core.privacy.cues import says
from core.privacy.kinds import BIRTH_DATE
from core.privacy.plain import digit_count, plain
from core.privacy.recognisers.date import dates
from core.privacy.spans import Span

_WORDS = Pieces("""
    born,birth,dob,d.o.b,bday,b-day,geb,naissance,né ,née ,né(e),naci,nac.,cumple,nato il,nata il,nato a,nata a,
    nato in,nata in,nascit,nascid,nasc,urodz,ur. ,född,fødse,født,synty,naroz,szület,născ,naște,doğum,родил,рожд,
    народ,rođen,rojen,sinh,ipinanganak,kaarawan,lahir,kuzaliwa,jaiotze,γεννήθ,roden,dzim,gim,sünd,breith,geni ,dhjetë,
    lindje,γέννη,生年,出生,생년,b. ,(*,nací,* ,anniversaire,compleanno
""")
_NAMES = (
    r"(?<![a-z])born(?![a-z])|birth[\s_-]?(?:date|day)?|date[\s_-]?of[\s_-]?birth|"
    r"(?<![a-z])d\.?o\.?b\b\.?|b-?day|gebor(?:en|tedatum)|"
    r"\bgeb\b\.?|geburts(?:datum|tag)|naissance|\bnée?\b|né\(e\)|nacid[oa]|nací|nacimiento|\bnac\b\.?|cumpleaños|"
    r"\bnat[oa] (?:il|a|in)\b|nascita|nascid[oa]|nascimento|\bnasc\b\.?|urodz\w{1,5}|\bur\b\.|född\w{0,2}|"
    r"födelse\w{0,7}|født|fødsels\w{0,5}|synty\w{2,8}|narozen\w{0,2}|szület\w{0,6}|născut\w{0,2}|nașterii|"
    r"doğum\w{0,5}|родил\w{1,3}|рожд\w{1,6}|народ\w{1,6}|"
    r"rođen\w{0,3}|rojen\w{0,3}|(?:ngày )?sinh(?: ngày)?|ipinanganak(?: noong)?|kaarawan|lahir|kuzaliwa|jaiotze|"
    r"dzim\w{2,7}|"
    r"gim(?:imo|ęs|usi)\w{0,4}|sünd\w{2,7}|lindje|"
    r"γεννήθηκ\w{1,3}|γέννη\w{1,3}|生年月日|出生\w{0,2}|생년월일|(?:\(|[^\W\d_],? )b\."
)
# Behind the word: signs and at most one end of line, or the rest of a clause.
_BEFORE = re.compile(rf"(?:(?:{_NAMES})(?:[\W_]{{0,14}}|[^\d.!?\n]{{0,45}})|(?:^|[\s(])\* ?)$", re.IGNORECASE)
# “And your date of birth?”, and the answer in the next line of a chat.
_ASKED = re.compile(
    rf"(?:{_NAMES})[^.!?\n]{{0,30}}\?[^\S\n]{{0,3}}(?:\n[^\n:\d]{{0,20}}:?)?[^\d\n]{{0,24}}$", re.IGNORECASE
)
_RIGHT_BEFORE = re.compile(
    r"(?:(?:my|his|her|our|your|their|\w['’]s) (?:birthday|b-?day)|birthday\W{0,3}:|date[\s_-]?of[\s_-]?birth|"
    r"(?<![a-z])dob|geburtstag|cumpleaños|anniversaire|compleanno)"
    r"(?:[\W_]{1,4}(?:is|on|was|ist|am|est|le|es|el|è|il)(?=\W))*[\W_]{0,8}$",
    re.IGNORECASE,
)
_BEHIND = re.compile(rf"[\"')]?[\W_]{{1,3}}(?:(?:is|was|ist|est|es) (?:\w{{1,5}} )?)?(?:{_NAMES})", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_MONTH_NAME = re.compile(r"[^\W\d_]{3}")
_OLDEST = 1900  # who was born before is no longer alive, and data protection is for the living
_REACH = 62
_FAR = 110
_FEWEST_DIGITS = 4  # of the other forms
_OTHER_FORM = re.compile(
    r"(?<![\w.,/-])(?:(?:19|20)\d\d ?(?:0[1-9]|1[0-2]) ?(?:0[1-9]|[12]\d|3[01])|"
    r"(?:0?[1-9]|[12]\d|3[01])[ .](?:0?[1-9]|1[0-2])[ .]"
    r"(?:(?:19|20)\d\d|\d\d)|"
    r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?[ .-]?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|"
    r"dec)[a-z]{0,6}[ .,-]{0,2}"
    r"(?:(?:19|20)\d\d|\d\d)|"
    r"(?:19|20)\d\d\. ?[^\W\d_]{3,12} (?:0?[1-9]|[12]\d|3[01])|"
    r"(?:0?[1-9]|[12]\d|3[01])\. ?[^\W\d_]{4,12} (?:19|20)\d\d|"
    r"[^\W\d_]{4,12} (?:0?[1-9]|[12]\d|3[01]), ?(?:19|20)\d\d)(?![\w]|[.,/-]\d)",
    re.IGNORECASE,
)


def find_birth_date(text: str) -> Iterator[Span]:
    """Dates of birth in `text`."""
    text = plain(text)
    if not says(text, _WORDS) or not (digit_count(text) >= _FEWEST_DIGITS or dates(text)):
        return
    places = {*dates(text), *(match.span() for match in _OTHER_FORM.finditer(text))}
    for start, end in sorted(places):
        if _is_birth(text, start, end):
            yield Span(start, end, BIRTH_DATE, 0.85, "a date beside a word for birth")


def _is_birth(text: str, start: int, end: int) -> bool:
    year = _YEAR.search(text, start, end)
    if year and int(year.group()) < _OLDEST:
        return False
    before = text[max(0, start - _REACH) : start]
    # A day without its year is seldom somebody's birthday unless the sentence says just that.
    if not year and text[start:end].count(" ") and _MONTH_NAME.search(text, start, end):
        return bool(_RIGHT_BEFORE.search(before))
    return bool(_BEFORE.search(before) or _ASKED.search(text[max(0, start - _FAR) : start]) or _BEHIND.match(text, end))
