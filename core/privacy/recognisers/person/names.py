"""Reads a name at a place of a text where a cue says that one begins; the cue decides how sure it must look."""

import re
from dataclasses import dataclass, field

from core.privacy.people.spelling import name_likeness
from core.privacy.people.words import Standing, folded, standing

_LETTER = r"[^\W\d_][\u0300-\u036f]*"
_WORD = re.compile(
    rf"(?:{_LETTER}\.(?:[ -]?{_LETTER}\.){{0,3}}|(?:{_LETTER}){{1,30}}+(?:['’‘-](?:{_LETTER}){{1,30}}+){{0,3}})"
    r"(?:['’]s(?!\w))?"
)
_POSSESSIVE = re.compile(r"['’]s$")
MOST_WORDS = 5
LIKE_A_NAME = 0.3
_LIKELY = (Standing.GIVEN, Standing.SURNAME)
_POSSIBLE = (*_LIKELY, Standing.ALSO_A_WORD, Standing.ALSO_A_PLACE, Standing.UNKNOWN, Standing.RARE)
_PARTICLE_TEXT = """
    van von der den de del della di da do das dos du la le los las ter ten te bin ibn bint al el af av zu zum y e i
"""
_LIKELY_OR_UNKNOWN = (*_LIKELY, Standing.UNKNOWN)
PARTICLES = frozenset(_PARTICLE_TEXT.split())
_STOP_TEXT = """
    i i'm i’m me my you your he she it we they his her its our their this that these those the a an and or but so if
    then when while where who what why how which there here not no yes ok okay please thanks thank from with at in on to
    for by as is am are was were be been has have had do does did will would can could should may might must just also
    only now today tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday january february march
    april june july august september october november december und oder aber ich du er sie es wir ihr mein dein der die
    das ein eine ist bin mit von aus et ou mais je tu il elle nous vous mon ma est suis y o pero yo soy es con e ma io
    sono con è eu sou com en maar ik ben en met i a ale ja jestem och men jag är hello hi dear sir madam all everyone
    everybody team customer customers client clients friend friends colleague colleagues user guest member members
    parents students student teacher folks guys ladies gentlemen mom dad mum mother father santa diary world kitty
    reader readers hiring manager recruiter editor admin administrator support sales service department committee
    president prime minister secretary chairman speaker ambassador senator pepper watson unknown anonymous none null
    name string text value example n/a tbd john_doe company corp corporation inc ltd llc gmbh ag university college
    school hospital bank group association office city county street road phone email tel mobile fax address re subject
    date time sincerely regards best herr frau mr mrs ms miss dr prof human resources assistant director sehr geehrte
    geehrter damen herren madame monsieur señor señora neighbor neighbour landlord landlady boss valued
    emeritus love cheers warmly varchar integer int char boolean required optional sra srta dra dott dottoressa sig
    pan pani bey hanım nurse officer lorem ipsum xin chào again here speaking back kolleginnen kollegen kunde kundin
    kunden
    weihnachten ostern frohe yetkili qty
"""
_STOP = frozenset(_STOP_TEXT.split())
_CAPITAL_NEXT = re.compile(r"[ \u00a0][A-ZÀ-ÞĀ-Ž]")
_INNER_CAPITAL = re.compile(r"[^\W\d_A-Z][A-Z]")
_ELIDED = re.compile(r"[dl]['’][A-ZÀ-Þ]")
_PREFIX = re.compile(r"Ma?c|De|Di|La|Le|Du|Van|Von|Fitz|O['’]?[A-Z]|Al|El|St")
_ORGANISATION = re.compile(
    r"[ ,]{1,2}(?:inc|corp|corporation|ltd|llc|llp|plc|gmbh|ag|kg|s\.?a\.?|s\.?r\.?l|company|co|group|bank|university|"
    r"college|institute|foundation|association|hospital|school|hotel|restaurant|team|department|services?|solutions|"
    r"systems|technologies|partners|street|avenue|road|award|prize|store|shop|memorial|cathedral)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Name:
    """A name that was read: where it ends, and its words (never shown, as they are personal data)."""

    end: int
    words: tuple[str, ...] = field(repr=False)

    @property
    def listed(self) -> bool:
        """Whether a list of names has one of the words."""
        return any(standing(folded(word)) in _LIKELY for word in self.words)

    @property
    def first_is_given(self) -> bool:
        """Whether the first word is foremost a given name."""
        return standing(folded(self.words[0])) is Standing.GIVEN

    @property
    def spelled_like_one(self) -> bool:
        """Whether a list of names has one of the words, or its first is in no list and spelled like a name."""
        first = folded(self.words[0])
        return self.listed or (standing(first) is Standing.UNKNOWN and name_likeness(first) >= LIKE_A_NAME)

    @property
    def possible(self) -> bool:
        """Whether the first word could be a name: it is neither an ordinary word nor a place."""
        return standing(folded(self.words[0])) in _POSSIBLE


def read_name(text: str, start: int, lower: bool = False, form: bool = False) -> Name | None:
    """The name that begins at `start`: capitalised words, initials and particles; None if there is none.

    With `lower`, a name may be in lower case throughout, if lists have its words as names or not at all. With `form`,
    nothing but the name is to be expected, so that ordinary words are part of it ("Ann Blanket"); without, only one
    that is the second and last of the capitalised words.
    """
    words: list[str] = []
    position, end = start, start
    for _ in range(MOST_WORDS + 4):
        match = _WORD.match(text, position)
        if not match or len(words) == MOST_WORDS:
            break
        word = _POSSESSIVE.sub("", match.group())
        if not _is_particle(word, words, lower):
            is_free = form or (len(words) == 1 and not _CAPITAL_NEXT.match(text, match.end()))
            if _is_stop(word) or not _is_part(word, words, lower, form, is_free):
                break
            words.append(word.rstrip("."))
            end = position + len(word)
        if word != match.group() or text[match.end() : match.end() + 1] not in (" ", "\u00a0"):
            break
        position = match.end() + 1
    if not words or all(len(word) < 2 for word in words) or _ORGANISATION.match(text, end):
        return None
    return Name(end, tuple(words))


def _is_particle(word: str, before: list[str], lower: bool) -> bool:
    small = word.lower()
    if small not in PARTICLES or (lower and small in ("i", "y", "e")):
        return False
    return bool(before) or lower or word[0].isupper()


def _is_stop(word: str) -> bool:
    is_initial = len(word) <= 2 and word[0].isupper() and word.endswith(".")
    return word.lower().rstrip(".") in _STOP and not is_initial


def _is_part(word: str, before: list[str], lower: bool, form: bool, is_free: bool) -> bool:
    """Whether `word` is one more part of a name that has the parts `before`; `is_free` lets an ordinary word be one."""
    if not word[0].isupper() and not _ELIDED.match(word):
        if not lower or len(word) < 3 or len(before) >= 3 or (before and before[0][0].isupper()):
            return False
        return (form and bool(before)) or standing(folded(word)) in (_LIKELY_OR_UNKNOWN if before else _POSSIBLE)
    is_shouted = len(word) > 1 and word.isupper() and "." not in word
    if before and (is_shouted or not is_free) and standing(folded(word)) in (Standing.ORDINARY, Standing.PLACE):
        return False
    return not _INNER_CAPITAL.search(word) or bool(_PREFIX.match(word))
