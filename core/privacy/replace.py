"""Spans to text: put something else where personal data stood, and leave every other character as it is."""

import hashlib
import hmac
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from core.privacy.kinds import (
    ADDRESS,
    AGE,
    BIRTH_DATE,
    CITY,
    DATE,
    EMAIL,
    ORGANISATION,
    PERSON,
    SECRET,
    URL_CREDENTIALS,
)
from core.privacy.spans import Span
from core.privacy.values import AT, fold

HIDDEN = "•"
HASH_HEX = 10  # 40 bits: among 50,000 values the chance that any two share a hash is one in a thousand
SHOWN = 4
# Of fewer letters and digits the last four would be more than half.
SHORTEST_SHOWN = 8
# A secret is shown in part only where it is so long that it is no password: the shortest keys of providers.
SHORTEST_SECRET = 20

_TAG = re.compile(r"\[([A-Z][A-Z0-9_]{0,63})_([0-9]{1,6})\]")
_NAME_WORD = re.compile(r"[^\W\d_]{3,}")
_TITLES = {
    "mrs",
    "miss",
    "prof",
    "herr",
    "frau",
    "mme",
    "sig",
    "sra",
    "dhr",
    "mevr",
    "pan",
    "pani",
    "sir",
    "madam",
    "lady",
}
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


@dataclass(frozen=True)
class Replaced:
    """The new text, and where in it the replacements stand (start and end, in order)."""

    text: str = field(repr=False)
    places: tuple[tuple[int, int], ...]

    def covers(self, span: Span) -> bool:
        """Whether nothing but signs and spaces of `span`, a place in the new text, lies outside the replacements."""
        inside = [range(max(start, span.start), min(end, span.end)) for start, end in self.places]
        covered = {index for part in inside for index in part}
        return not any(self.text[i].isalnum() for i in range(span.start, span.end) if i not in covered)


def replace(text: str, spans: Iterable[Span], replacement: Callable[[Span, str], str]) -> Replaced:
    """`text` with `replacement(span, value)` in the place of every span. Spans must be in order and not overlap."""
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    done = length = 0
    for span in spans:
        new = replacement(span, text[span.start : span.end])
        between = text[done : span.start]
        parts += [between, new]
        places.append((length + len(between), length + len(between) + len(new)))
        length, done = places[-1][1], span.end
    return Replaced("".join([*parts, text[done:]]), tuple(places))


class Tags:
    """Tags such as `[EMAIL_1]` for one row: the same value has the same number, in the order of first appearance.

    A name whose words are all part of one other name of the row is the same person: "Ms Schottin", "Eugenie Schottin".
    Numbers go on after those of tags that already stand in the texts, so that a text can be masked twice.
    """

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._last: dict[str, int] = defaultdict(int)
        self._given: dict[tuple[str, str], str] = {}
        self._full: dict[str, set[str]] = {}  # tag of a person -> the words of the fullest name
        for text in texts:
            for kind, number in _TAG.findall(text):
                self._last[kind] = max(self._last[kind], int(number))

    def tag(self, kind: str, value: str) -> str:
        """The tag of a value."""
        key = (kind, fold(kind, value))
        if key not in self._given:
            self._given[key] = (kind == PERSON and self._same_person(key[1])) or self._next(kind)
            if kind == PERSON and (words := name_words(key[1])):
                self._full.setdefault(self._given[key], words)
        return self._given[key]

    def _next(self, kind: str) -> str:
        self._last[kind] += 1
        return f"[{kind}_{self._last[kind]}]"

    def _same_person(self, name: str) -> str:
        """The tag of the one person whose full name this is a part of, or completes; empty if none or several."""
        words = name_words(name)
        tags = [tag for tag, full in self._full.items() if words and (words <= full or full <= words)]
        if len(tags) != 1:
            return ""
        self._full[tags[0]] |= words
        return tags[0]


def name_words(name: str) -> set[str]:
    """The words of a folded name without titles and initials."""
    return {word for word in _NAME_WORD.findall(name) if word not in _TITLES}


def keyed_hash(key: bytes, kind: str, value: str) -> str:
    """`[EMAIL_3f9a2c71b0]`: the same for a value everywhere; without the key nobody can try out values."""
    message = f"hash\0{kind}\0{fold(kind, value)}".encode("utf-8", "surrogatepass")
    return f"[{kind}_{hmac.digest(key, message, hashlib.sha256).hex()[:HASH_HEX]}]"


def partial(kind: str, value: str) -> str:
    """A value with most of it hidden, in its layout: the last four letters and digits of eight and more.

    An e-mail address keeps its first letter and the end of its host, a name the first letters of its words, a date its
    year, a long key its last four; of addresses, ages, passwords and whatever is shorter nothing is shown.
    """
    if kind in (SECRET, URL_CREDENTIALS):
        return HIDDEN * 8 + (value[-SHOWN:] if len(value) >= SHORTEST_SECRET and kind == SECRET else "")
    if kind in (ADDRESS, AGE):
        return _hidden(value, set())
    if kind == EMAIL:
        return _partial_email(value)
    if kind in (PERSON, ORGANISATION, CITY):
        words = list(re.finditer(r"[^\W_]+", value))
        return _hidden(value, {word.start() for word in words if len(word.group()) > 2})
    if kind in (BIRTH_DATE, DATE):
        return _hidden(value, {at for year in _YEAR.finditer(value) for at in range(*year.span())})
    places = [at for at, char in enumerate(value) if char.isalnum()]
    return _hidden(value, set(places[-SHOWN:]) if len(places) >= SHORTEST_SHOWN else set())


def _partial_email(value: str) -> str:
    at = AT.search(value)
    if not at:
        return _hidden(value, set())
    end = max(value.rfind("."), value.rfind("]"), at.end())
    signs = set(range(at.start(), at.end()))
    first = {0} if at.start() > 2 else set()
    return _hidden(value, first | signs | set(range(end, len(value))))


def _hidden(value: str, shown: set[int]) -> str:
    """Dots for the characters of `value` other than signs, spaces and those `shown`; no less than one dot."""
    hidden = "".join(c if at in shown or not _is_hidden(c) else HIDDEN for at, c in enumerate(value))
    return hidden if HIDDEN in hidden else HIDDEN * max(len(value), 1)


def _is_hidden(char: str) -> bool:
    return not (char.isspace() or (char.isascii() and not char.isalnum()))
