"""Ages of people: a number up to 120 beside a word that makes it an age. The span is the number alone.

Not found: ages in words ("forty-five"), of months and weeks, ages of groups ("in their thirties").
"""

import re
from collections.abc import Iterator

from core.privacy.clues import Pieces
from core.privacy.cues import says
from core.privacy.kinds import AGE
from core.privacy.plain import digit_count, plain
from core.privacy.spans import Span

# The first digit stands before the look-behind, since the search then skips to the digits, five times as fast.
_NUMBER = re.compile(r"[0-9](?<![\w.,$€£/#-][0-9])(?:(?<=1)[01]\d|(?<=1)20|(?<!0)\d)?+(?![\d%]|[.,:/]\d)")
_BEHIND = re.compile(
    r"[ -]{0,3}(?:years?|yrs?)[\s-]{1,2}olds?\b|[ -]?(?:years?|yrs?) of age\b| ?y[./]?o\b|"
    r"[ -]?jährige?[rnms]?\b| jahre?n? alt\b| ans\b(?! d['’e])| años\b(?! de )| anni\b(?! di )| anos\b(?! de )|"
    r" jaar oud\b|[ -]jarige\b| år gammal\b| år gammel\b|[ -]?årige?\b|[ -]?vuotias\b| lat(?:a|ek)?\b| éves\b|"
    r" yaşında| лет\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:\bage[ds]?(?: (?:of|is|was|at))?|\balter|\bâgée?s? de|\bedad(?: de)?|\betà(?: di)?|\bidade(?: de)?|leeftijd|"
    r"\bwiek|\bålder|\balder|\bikä|возраст)[\"']?[ \t]?[:=]?[ \t]?[\"']?$",
    re.IGNORECASE,
)
_BEFORE_AT_END = re.compile(
    r"(?:\bturn(?:ed|s|ing)?|\bi['’]?m|\bi am|\b(?:when|since|before|after|until) (?:s?he|i|they) "
    r"(?:was|were|is|turned))"
    r"(?: just| already| only| now)? $",
    re.IGNORECASE,
)
# Behind "I'm 31" nothing may follow that the number counts or measures.
_COUNTED = re.compile(r"-|\s(?!y/?o|years?|yrs?|(?:and|now|but|or|when|this|last|next|in|on)\b)\w|\s?[%°€£$+*×=<>]")
_REACH = 32
_WORDS = Pieces("""
    old,of age,age,turn,yo,y/o,y.o,i'm,i’m,i am, was ,jähr,jahre,alter, ans,année,años,edad,anni,età,anos,idade,jaar,
    leeftijd,år,vuot,ikä,lat,wiek,éves,yaş,лет,возраст,âg
""")


def find_age(text: str) -> Iterator[Span]:
    """Ages in `text`."""
    text = plain(text)
    if not digit_count(text) or not says(text, _WORDS):
        return
    for match in _NUMBER.finditer(text):
        if _BEHIND.match(text, match.end()):
            yield Span(match.start(), match.end(), AGE, 0.75, "a number of years of age")
            continue
        before = text[max(0, match.start() - _REACH) : match.start()]
        if _BEFORE.search(before):
            yield Span(match.start(), match.end(), AGE, 0.75, "a number behind a word for age")
        elif _BEFORE_AT_END.search(before) and not _COUNTED.match(text, match.end()):
            yield Span(match.start(), match.end(), AGE, 0.6, "a number behind words such as “I am” and “turned”")
