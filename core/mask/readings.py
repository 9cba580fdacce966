"""Texts made ready for comparing: words in one form, numbers as digits, and what stands behind escapes.

Words lose case, width, accents and the signs between them. A text that holds escapes (JSON, HTML, URL) is also read
without them, and one with letters such as ü as a passport spells them ("Mueller").
"""

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from urllib.parse import unquote

from core.privacy import SHORTEST_EVERYWHERE
from core.privacy.digits import only_digits
from core.privacy.values import spelled

GAP = "\x00"  # stands where nothing is searched; no value goes across it

# Scripts without spaces between words, and Hangul, whose particles hang on the name: each character is a word.
SPACELESS = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"{GAP}|[{SPACELESS}]|[^\W_{SPACELESS}]+")
# Combining marks, the vowel points of Hebrew and Arabic, soft hyphens and characters of no width.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u00ad\u200b-\u200f\u2060\ufeff]+")
_NUMBER = re.compile(r"\d(?:[ \u00a0.\-–/()]{0,3}\d)*+")
_DIGITS = re.compile(r"\d+")
_JSON = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\"'\\/])|([bfnrt]))")
_ESCAPES = re.compile(r"\\|&[#\w]|%[0-9A-Fa-f]{2}")
# Letters that are not just a letter of A to Z with a mark: the others are found without.
_SPELLED_OTHERWISE = re.compile("[äöüåøæœþßÄÖÜÅØÆŒÞẞłŁđĐðÐ]|[aouAOU][\u0308\u030a]")
_DEEPEST = 2  # JSON in JSON, a URL in HTML


class Reading:
    """A text made ready for searching: its words as written and in the one form, and its numbers as digits.

    `source` is the text that it was read from, where that is another one.
    """

    def __init__(self, text: str, source: str | None = None) -> None:
        self.source = text if source is None else source
        self.text = plain(text)
        self.spans = _spans(self.text)
        self.written = [self.text[start:end] for start, end in self.spans]
        self.words = [word.casefold() for word in self.written]

    @cached_property
    def folded(self) -> str:
        """The text in small letters."""
        return self.text.casefold()

    def place(self, first: int, last: int) -> tuple[int, int]:
        """Where the words `first` to `last` (not included) stand in the source; the whole of it if its words are
        others, as behind escapes."""
        if len(self._source_spans) != len(self.spans):
            return 0, len(self.source)
        return self._source_spans[first][0], self._source_spans[last - 1][1]

    @cached_property
    def _source_spans(self) -> list[tuple[int, int]]:
        return _spans(self.source)

    def numbers(self) -> Iterator[list[tuple[str, int]]]:
        """Runs of groups of digits, each with the word it is in, of 7 digits or more; a group at which a letter hangs
        is none of them."""
        for run in _NUMBER.finditer(self.text):
            groups = [
                (only_digits(group.group()), self._word_at(run.start() + group.start()))
                for group in _DIGITS.finditer(run.group())
            ]
            if sum(len(digits) for digits, _ in groups) >= SHORTEST_EVERYWHERE:
                begin = int(self.text[run.start() - 1 : run.start()].isalpha())  # "A1234567" is another number
                yield groups[begin : len(groups) - int(self.text[run.end() : run.end() + 1].isalpha())]

    def _word_at(self, place: int) -> int:
        return bisect_right(self.spans, place, key=lambda span: span[0]) - 1


def readings(text: str) -> list[Reading]:
    """A text, where it holds escapes also without them, and where it holds letters such as ü also as they are spelled
    in A to Z."""
    without = unescaped(text) if _ESCAPES.search(text) else text
    ways = dict.fromkeys((text, without))
    ways |= dict.fromkeys(spelled(way) for way in (text, without) if _SPELLED_OTHERWISE.search(way))
    return [Reading(way, text) for way in ways]


def unescaped(text: str) -> str:
    """The text with the escapes of JSON, HTML and URLs resolved, one in the other too."""
    for _ in range(_DEEPEST):
        before = text
        text = unquote(html.unescape(_JSON.sub(_unescaped_sign, text)))
        if text == before:
            break
    return text


def plain(text: str) -> str:
    """The text without accents, width and invisible characters (Unicode NFKD, then what is left put together)."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text)))


def _spans(text: str) -> list[tuple[int, int]]:
    return [word.span() for word in _WORD.finditer(text)]


def words_of(text: str) -> list[str]:
    """The words of a text as written, without accents."""
    return [word for word in _WORD.findall(plain(text)) if word != GAP]


def _unescaped_sign(found: re.Match[str]) -> str:
    four, two, sign, _ = found.groups()
    if four or two:
        return chr(int(four or two, 16))
    return str(sign) if sign else " "
