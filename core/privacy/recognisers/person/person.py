"""Persons by the words beside them: titles, "my name is", forms, greetings, signatures, relatives, e-mail addresses.

Names within ordinary sentences ("Ann went home") are for the tagger, core/privacy/people. Not found: names in scripts
without capitals, names of one letter, and persons that a role alone tells ("the director").
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from core.privacy.clues import Words
from core.privacy.kinds import PERSON
from core.privacy.plain import caseless, lowered
from core.privacy.recognisers.near import matches, starts_before
from core.privacy.recognisers.person import cues
from core.privacy.recognisers.person.listed import find_listed
from core.privacy.recognisers.person.mail import find_by_mail
from core.privacy.recognisers.person.names import Name, read_name
from core.privacy.spans import Span

_ENDS = re.compile(
    r"[ \t*_\"'`)\]]{0,4}(?:$|[\r\n,;:<(|!?.}\\/]|[-–—]|@|"
    r"(?:and|und|et|y|e|&|tel|phone|email|from|speaking|calling|here)\b)"
)
_LINE_ENDS = re.compile(r"[ \t*_\"'`.!]{0,4}(?:$|[\r\n,;(|<\\}]|[-–—])")
_BOOKING_ENDS = re.compile(r"[ \t]{0,2}(?:$|[\r\n,;.!?]|(?:at|for|on|tonight|today|tomorrow|please|pls)\b)")
_LETTER_OPENINGS = ("dear", "lieb", "cher", "chèr", "esti", "quer", "gent", "prez", "geac")
_LAST_WORD = re.compile(r"[^\W\d_][\w.]*[ \u00a0]$")

_INTRODUCED = re.compile(r",? (?:here|speaking)\b")

Judge = Callable[[str, "re.Match[str]", Name], bool]


@dataclass(frozen=True)
class _Cue:
    """What stands beside names: `find` gives what ends where a name begins, in a text with one of the words or signs.

    `lower` says that a name may be in lower case, `alone` that nothing but a name is to be expected.
    """

    find: Callable[[str], Iterable[re.Match[str]]]
    is_person: Judge
    score: float
    reason: str
    words: Words | None = None
    signs: re.Pattern[str] | None = None
    lower: bool = False
    alone: bool = False

    def may_stand_in(self, text: str) -> bool:
        if self.words and self.words.stand_in(lowered(text)):
            return True
        return bool(self.signs and self.signs.search(text))


def find_person(text: str) -> Iterator[Span]:
    """The names of persons in `text` that a cue tells; the title before a name is not part of it."""
    for cue in _CUES:
        for match in cue.find(text) if cue.may_stand_in(text) else ():
            name = read_name(text, match.end(), lower=cue.lower, form=cue.alone)
            if name and cue.is_person(text, match, name):
                yield Span(match.end(), _with_given_name(text, name, match.re), PERSON, cue.score, cue.reason)
    yield from find_listed(text)
    if "@" in text:
        yield from find_by_mail(text)


def _in_lower_case(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    return pattern.finditer(caseless(text))


def _selves(text: str) -> Iterator[re.Match[str]]:
    return matches(cues.SELF, caseless(text), cues.SELF_STARTS.places(caseless(text)))


def _relatives(text: str) -> Iterator[re.Match[str]]:
    return matches(cues.KIN, caseless(text), cues.KIN_STARTS.places(caseless(text)))


def _fields(text: str) -> Iterator[re.Match[str]]:
    return matches(cues.FORM, caseless(text), starts_before(cues.FORM_SIGNS, cues.FORM_STARTS, text))


def _with_given_name(text: str, name: Name, pattern: re.Pattern[str]) -> int:
    """The end of the name; in a form that of "Stone, Wanda" as well."""
    if pattern is cues.FORM and len(name.words) == 1 and text[name.end : name.end + 2] == ", ":
        given = read_name(text, name.end + 2, form=True)
        if given and given.listed and _LINE_ENDS.match(text, given.end):
            return given.end
    return name.end


def _is_titled(text: str, cue: re.Match[str], name: Name) -> bool:
    title = cue.group().strip()
    # The M. of "James M. Cole" is an initial, and the Dr of "12 Oak Dr Leeds" a street.
    before = _LAST_WORD.search(text, max(0, cue.start() - 24), cue.start())
    if title in ("M.", "Dr", "Fr.", "Sr", "Don") and before and before.group()[0].isupper():
        return False
    if not text[cue.end()].isupper():
        return name.listed
    return name.possible if cue["long"] else True


def _is_said(text: str, cue: re.Match[str], name: Name) -> bool:
    if cue["called"]:  # things are called and named as well
        return name.listed and text[cue.end()].isupper()
    if not text[cue.end()].isupper():
        return name.possible
    return name.possible or bool(_ENDS.match(text, name.end))


def _is_self(text: str, cue: re.Match[str], name: Name) -> bool:
    if not text[cue.end()].isupper() or not name.possible:
        return False
    if len(name.words) > 1:
        return name.listed
    return name.first_is_given and bool(_ENDS.match(text, name.end))


def _is_relative(text: str, cue: re.Match[str], name: Name) -> bool:
    return text[cue.end()].isupper() and (name.listed or name.possible)


def _is_filled_in(text: str, cue: re.Match[str], name: Name) -> bool:
    if not _LINE_ENDS.match(text, name.end) or not name.possible:
        return False
    if not text[cue.end()].isupper():
        return bool(cue["sure"]) and name.listed
    return name.listed or bool(cue["sure"])


def _is_greeted(text: str, cue: re.Match[str], name: Name) -> bool:
    if not _ENDS.match(text, name.end) or len(name.words) > 3:
        return False
    if _INTRODUCED.match(text, name.end):
        return name.possible
    is_letter = cue["word"].lower().startswith(_LETTER_OPENINGS)
    return name.listed or (text[cue.end()].isupper() and name.possible and is_letter)


def _is_signed(text: str, cue: re.Match[str], name: Name) -> bool:
    is_after_comma = cue.group().rstrip().endswith((",", "-", "–", "—", ":"))
    if not cue["gap"] and not (is_after_comma and name.listed):
        return False
    return bool(_LINE_ENDS.match(text, name.end)) and (name.listed or (name.possible and text[cue.end()].isupper()))


def _is_signature(text: str, cue: re.Match[str], name: Name) -> bool:
    if not _LINE_ENDS.match(text, name.end) or not text[cue.end()].isupper():
        return False
    if cue["line"]:
        return name.listed or (name.possible and len(name.words) > 1)
    # The last line of a list of things begins with a dash as well.
    line_before = text[: cue.start()].rstrip().rpartition("\n")[2]
    return name.first_is_given and line_before[:1] not in "-–—~*•"


def _is_family(text: str, cue: re.Match[str], name: Name) -> bool:
    # “the Intel family” is none, nor are those of plants and animals; of “the Karahanoğlu family” the spelling tells.
    if not text[cue.end()].isupper() or not name.possible:
        return False
    return name.spelled_like_one or not cue["the"]


def _is_booked(text: str, cue: re.Match[str], name: Name) -> bool:
    if not text[cue.end()].isupper():
        return name.possible and not cue["weak"] and bool(_BOOKING_ENDS.match(text, name.end))
    return name.spelled_like_one or (name.possible and not cue["weak"])


def _is_declared(text: str, cue: re.Match[str], name: Name) -> bool:
    return len(name.words) > 1 and name.possible and text[cue.end()].isupper()


_CUES = (
    _Cue(
        cues.TITLE.finditer,
        _is_titled,
        0.85,
        "behind a title",
        Words(cues.TITLE_WORDS),
        cues.WRITTEN_TITLES,
        lower=True,
    ),
    _Cue(partial(_in_lower_case, cues.SAID), _is_said, 0.9, "said to be a name", Words(cues.SAID_WORDS), lower=True),
    _Cue(_selves, _is_self, 0.75, "behind words that introduce a person", Words(cues.SELF_WORDS)),
    _Cue(_relatives, _is_relative, 0.75, "the name of a relative or colleague", Words(cues.KIN_WORDS)),
    _Cue(_fields, _is_filled_in, 0.8, "behind a field for a name", signs=cues.FORM_SIGNS, lower=True, alone=True),
    _Cue(
        partial(_in_lower_case, cues.GREETING),
        _is_greeted,
        0.8,
        "greeted by name",
        Words(cues.GREETING_WORDS),
        lower=True,
    ),
    _Cue(
        *(partial(_in_lower_case, cues.SIGN_OFF), _is_signed, 0.8, "signed with a name", Words(cues.SIGN_OFF_WORDS)),
        lower=True,
        alone=True,
    ),
    _Cue(*(cues.SIGNATURE.finditer, _is_signature, 0.75, "signed with a name"), signs=cues.SIGNATURE_SIGNS, alone=True),
    _Cue(cues.FAMILY.finditer, _is_family, 0.75, "the name of a family", Words(cues.FAMILY_WORDS)),
    _Cue(
        partial(_in_lower_case, cues.BOOKED),
        _is_booked,
        0.75,
        "a booking is in this name",
        Words(cues.BOOKED_WORDS),
        lower=True,
    ),
    _Cue(cues.DECLARED.finditer, _is_declared, 0.8, "declares something in this name", Words(cues.DECLARED_WORDS)),
)
