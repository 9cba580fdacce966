"""When two written values are the same one, and where known values stand in a text."""

import html
import ipaddress
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from urllib.parse import unquote

from core.privacy.digits import only_digits
from core.privacy.kinds import (
    ADDRESS,
    BANK,
    CARD,
    CITY,
    CRYPTO,
    EMAIL,
    IBAN,
    IP,
    LICENSE,
    MAC,
    NATIONAL_ID,
    ORGANISATION,
    PASSPORT,
    PERSON,
    PHONE,
    SSN,
    URL,
    USERNAME,
)
from core.privacy.spans import Span

SHORTEST_EVERYWHERE = 7
SHORTEST_IN_ROW = 4

# Between the local part and the host of an e-mail address, and between the labels of a host, spelled or not.
AT = re.compile(r"\s?[\[({]\s?at\s?[\])}]\s?|@|%40|\uff20", re.IGNORECASE)
DOT = re.compile(r"\s?[\[({]\s?dot\s?[\])}]\s?", re.IGNORECASE)

# Latin letters as passports spell them: ICAO Doc 9303, part 3, section 6; what is not listed loses its marks.
_SPELLED = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe", "ß": "ss", "ĳ": "ij"}
_SPELLED |= {"þ": "th", "ð": "d", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ŋ": "n", "ı": "i", "ə": "e"}
_CAPITALS = {letter.upper(): new.capitalize() for letter, new in _SPELLED.items() if letter not in "ßı"}
_LETTERS = str.maketrans({**_SPELLED, **_CAPITALS, "ẞ": "SS"})
_MARKS = re.compile("(?<=[A-Za-z])[\u0300-\u036f]+")
_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ`", "'"))
_CODES = (IBAN, CRYPTO, SSN, NATIONAL_ID, PASSPORT, LICENSE, BANK, MAC)
_WORD = re.compile(r"[^\W_]+")
_ESCAPE_OR_WORD = re.compile(r"%[0-9a-f]{2}|[^\W_]+")
_BETWEEN = re.compile(r"(?:%[0-9a-f]{2}|[\W_]){1,3}")  # signs that may stand between the words of a value
_NUMBER = re.compile(r"\d(?:[ \u00a0.\-–/()]{0,3}\d)*+")
_GROUP = re.compile(r"\d+")
_MOST_DIGITS = 19


def fold(kind: str, value: str) -> str:
    """The form in which two ways of writing a value of that kind are equal: case, width and separators fall away.

    Names and places are spelled as in passports: Krämer and Kraemer, Strauß and Strauss, Sørensen and Soerensen, José
    and Jose are one. Kramer is another name than Krämer.
    """
    if kind in (CARD, PHONE):
        return _folded_number(only_digits(value)) or _plain(value)
    plain = _plain(value)
    if kind in _CODES:
        return "".join(filter(str.isalnum, plain)) or plain
    return _FOLDS[kind](plain) if kind in _FOLDS else plain


def _plain(value: str) -> str:
    """Without case and width, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def spelled(text: str) -> str:
    """The text with Latin letters as passports spell them, in A to Z: Krämer as Kraemer. Other scripts stay."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFC", text).translate(_LETTERS))
    return unicodedata.normalize("NFC", _MARKS.sub("", apart))


def _folded_email(plain: str) -> str:
    plain = unquote(html.unescape(plain.replace("\\u0040", "@")))
    at = AT.search(plain)
    return f"{plain[: at.start()]}@{DOT.sub('.', plain[at.end() :])}" if at else plain


def _folded_url(plain: str) -> str:
    scheme, mark, rest = plain.partition("://")
    return (rest if mark and scheme.isalpha() else plain).removeprefix("www.").rstrip("/")


def _folded_ip(plain: str) -> str:
    try:
        return str(ipaddress.ip_address(plain))
    except ValueError:
        return plain


def _folded_name(plain: str) -> str:
    return spelled(plain).translate(_APOSTROPHES)


_FOLDS: dict[str, Callable[[str], str]] = {
    **dict.fromkeys((PERSON, ORGANISATION, CITY, ADDRESS), _folded_name),
    EMAIL: _folded_email,
    URL: _folded_url,
    IP: _folded_ip,
    USERNAME: lambda plain: plain.removeprefix("@"),
}


def _folded_number(digits: str) -> str:
    digits = digits.removeprefix("00")
    # North America: with or without the country code it is the same phone.
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


class KnownValues:
    """Values of personal data, searched in texts at word limits: as written, in other case, and by digits alone.

    Values of two or more words of letters are also found with other signs between the words, as in the address of a
    page: `name=Ewa+Nowak`, `ewa%20nowak`. Word limits are needed: without them "ian" is found in
    "Christian".
    """

    def __init__(self, values: Iterable[tuple[str, str]], shortest: int = SHORTEST_EVERYWHERE) -> None:
        self._by_first_word: dict[str, dict[tuple[str, ...], tuple[str, str]]] = defaultdict(dict)
        self._numbers: dict[str, str] = {}
        for kind, value in values:
            self._add(kind, value, shortest)

    def find(self, text: str) -> list[Span]:
        """Where any of the values stands in `text`, in order; spans may overlap."""
        return sorted([*self._words(text), *self._digits(text)])

    def _add(self, kind: str, value: str, shortest: int) -> None:
        lowered = _lower(value)
        words = list(_WORD.finditer(lowered))
        if words and len(lowered) >= shortest:
            parts = tuple(word.group() for word in words)
            may_differ = sum(part.isalpha() for part in parts) > 1
            # Other signs between the groups of "10.0.0.5" would make it a list.
            bare = "" if may_differ else lowered[words[0].start() : words[-1].end()]
            self._by_first_word[parts[0]].setdefault((*parts, bare), (kind, bare))
        digits = _folded_number(only_digits(value)) if kind in (CARD, PHONE) else ""
        if len(digits) >= SHORTEST_EVERYWHERE:
            self._numbers.setdefault(digits, kind)

    def _words(self, text: str) -> Iterator[Span]:
        if not self._by_first_word:
            return
        lowered = _lower(text)
        words = [word for word in _ESCAPE_OR_WORD.finditer(lowered) if not word.group().startswith("%")]
        for at, word in enumerate(words):
            for (*parts, _), (kind, bare) in self._by_first_word.get(word.group(), {}).items():
                end = _end_of(lowered, words, at, parts, bare)
                if end:
                    yield Span(word.start(), end, kind, 0.9, "the same value was found elsewhere")

    def _digits(self, text: str) -> Iterator[Span]:
        if not self._numbers:
            return
        for run in _NUMBER.finditer(text):
            groups = [(run.start() + g.start(), run.start() + g.end()) for g in _GROUP.finditer(run.group())]
            for first in range(len(groups)):
                yield from self._digits_from(text, groups[first : first + _MOST_DIGITS])

    def _digits_from(self, text: str, groups: list[tuple[int, int]]) -> Iterator[Span]:
        start, digits = groups[0][0], ""
        if _is_word(text[start - 1 : start]):
            return
        for group_start, end in groups:
            if len(digits) + end - group_start > _MOST_DIGITS:
                return
            digits += only_digits(text[group_start:end])
            kind = self._numbers.get(_folded_number(digits))
            if kind and not _is_word(text[end : end + 1]):
                yield Span(start, end, kind, 0.9, "the same digits were found elsewhere")


def _end_of(text: str, words: Sequence[re.Match[str]], at: int, parts: Sequence[str], bare: str) -> int:
    """Where the value that begins with the word `at` ends, 0 if it does not stand there."""
    run = words[at : at + len(parts)]
    if [word.group() for word in run] != list(parts):
        return 0
    start, end = run[0].start(), run[-1].end()
    if bare:
        return end if text[start:end] == bare else 0
    return end if all(_BETWEEN.fullmatch(text, a.end(), b.start()) for a, b in pairwise(run)) else 0


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _lower(text: str) -> str:
    """Lower case of the same length, so that offsets hold ("İ" would become two characters)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
