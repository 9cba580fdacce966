"""Where masked values still stand in a text, whichever way they are written there.

Values and texts are compared as words in one form: without case, width, accents and the signs between words, so that
"Ewa Nowak", "NOWAK, Ewa", "ewa_nowak" and "ewa.nowak" are one. Numbers are compared by their digits. A text that
holds escapes (JSON, HTML, URL) is also read without them. Word limits are needed: without them "ian" is found in
"Christian". Not found: a value cut up or spelled otherwise ("Müller" as "Mueller"), and base64.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote

from core.privacy import IP, PERSON, PHONE, SHORTEST_EVERYWHERE
from core.privacy.digits import only_digits

GAP = "\x00"  # stands where nothing is searched; no value goes across it
SHORTEST_PART = 3
SHORTEST_PHONE = 8  # digits without the country code: with fewer, any number that ends alike would be the same

# Scripts without spaces between words, and Hangul, whose particles hang on the name: each character is a word.
_SPACELESS = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"{GAP}|[{_SPACELESS}]|[^\W_{_SPACELESS}]+")
# Combining marks, the vowel points of Hebrew and Arabic, soft hyphens and characters of no width.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u00ad\u200b-\u200f\u2060\ufeff]+")
_NUMBER = re.compile(r"\d(?:[ \u00a0.\-–/()]{0,3}\d)*+")
_DIGITS = re.compile(r"\d+")
_MOST_DIGITS = 19
_JSON = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\"'\\/])|([bfnrt]))")
_ESCAPES = re.compile(r"\\|&[#\w]|%[0-9A-Fa-f]{2}")
_DEEPEST = 2  # JSON in JSON, a URL in HTML

Value = tuple[str, str]  # kind and text


@dataclass(frozen=True)
class Trace:
    """A value that still stands in a text: the words `first` to `last` (not included), its kind and its one form.

    `written` are the words as the text has them, of which a name's parts are judged; the form of a number is digits.
    """

    first: int
    last: int
    kind: str
    form: str = field(repr=False)
    written: tuple[str, ...] = field(default=(), repr=False)


class Reading:
    """A text made ready for searching: its words as written and in the one form, and its numbers as digits."""

    def __init__(self, text: str) -> None:
        self.text = plain(text)
        self.written = _WORD.findall(self.text)
        self.words = [word.casefold() for word in self.written]

    @cached_property
    def folded(self) -> str:
        """The text in small letters."""
        return self.text.casefold()

    def numbers(self) -> Iterator[list[str]]:
        """Runs of groups of digits, of 7 digits or more; a group at which a letter hangs is none of them."""
        for run in _NUMBER.finditer(self.text):
            groups = _DIGITS.findall(run.group())
            groups = groups if run.group().isascii() else [only_digits(group) for group in groups]
            if sum(map(len, groups)) >= SHORTEST_EVERYWHERE:
                begin = int(self.text[run.start() - 1 : run.start()].isalpha())  # "A1234567" is another number
                yield groups[begin : len(groups) - int(self.text[run.end() : run.end() + 1].isalpha())]


class Traces:
    """Known values, to be searched in many texts; those with fewer than `shortest` characters are left aside.

    With `parts`, the words of persons' names count as values too (`SHORTEST_PART` letters or more): right within the
    row of that person, where "Nowak" is nobody else.
    """

    def __init__(self, values: Iterable[Value], shortest: int = SHORTEST_EVERYWHERE, parts: bool = False) -> None:
        self._kinds: dict[str, str] = {}
        self._literal: dict[str, str] = {}
        self._lengths: dict[str, set[int]] = {}
        self._numbers: dict[str, str] = {}
        for kind, value in sorted(values):
            if len(value) >= shortest or _is_spaceless(value):
                self._add(kind, value)
            for part in name_parts([(kind, value)]) if parts else ():
                self._put(kind, [part])

    def __len__(self) -> int:
        return len(self._kinds) + len(self._numbers)

    def find(self, reading: Reading) -> list[Trace]:
        """The values that stand in a text, in order, none sharing a word; of several the longest."""
        found: list[Trace] = []
        if self._kinds:
            found += self._in_words(reading)
        if self._numbers:
            found += [trace for groups in reading.numbers() for trace in self._in_number(groups)]
        return found

    def _in_words(self, reading: Reading) -> Iterator[Trace]:
        words, done = reading.words, 0
        for first, word in enumerate(words):
            if first < done or word not in self._lengths:
                continue
            for length in sorted(self._lengths[word], reverse=True):
                form = " ".join(words[first : first + length])
                if form in self._kinds and (form not in self._literal or self._literal[form] in reading.folded):
                    done = first + length
                    yield Trace(first, done, self._kinds[form], form, tuple(reading.written[first:done]))
                    break

    def _in_number(self, groups: list[str]) -> Iterator[Trace]:
        done = 0
        for first in range(len(groups)):
            for last, number in _from(groups, first) if first >= done else ():
                if number in self._numbers:
                    done = last
                    yield Trace(0, 0, self._numbers[number], number)
                    break

    def _add(self, kind: str, value: str) -> None:
        words = Reading(value).words
        digits = only_digits(value)
        if not any(char.isalpha() for char in value) and len(digits) >= SHORTEST_EVERYWHERE and kind != IP:
            for number in {digits, *(_national(value, digits) if kind == PHONE else ())}:
                self._numbers.setdefault(_number(number), kind)
            return
        self._put(kind, words)
        if not any(char.isalpha() for char in value):
            # "10.0.0.1" is not every list that has 10, 0, 0 and 1.
            self._literal.setdefault(" ".join(words), plain(value).casefold())
            return
        whole = "".join(words)
        if len(words) > 1 and len(whole) >= SHORTEST_EVERYWHERE:
            self._put(kind, [whole])
        if kind == PERSON and len(words) == 2 and " ".join(words[::-1]) not in self._kinds:
            self._put(kind, words[::-1])
            self._literal[" ".join(words[::-1])] = f"{words[1]}, {words[0]}"  # the comma tells it from other names
        if _is_in_groups(words) or (len(words) == 1 and len(digits) >= SHORTEST_EVERYWHERE):
            self._put(kind, re.findall(".{1,4}", whole))  # an IBAN is written whole, or in groups of four

    def _put(self, kind: str, words: list[str]) -> None:
        if words:
            self._literal.pop(" ".join(words), None)
            self._kinds.setdefault(" ".join(words), kind)
            self._lengths.setdefault(words[0], set()).add(len(words))


def readings(text: str) -> list[Reading]:
    """A text, and where it holds escapes also the text without them."""
    without = unescaped(text) if _ESCAPES.search(text) else text
    return [Reading(text)] if without == text else [Reading(text), Reading(without)]


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


def name_parts(values: Iterable[Value]) -> set[str]:
    """The words of the persons among the values, in small letters, as far as they are long enough to mean somebody."""
    words = (word for kind, value in values if kind == PERSON for word in Reading(value).words)
    return {word for word in words if len(word) >= SHORTEST_PART and word.isalpha()}


def words_of(text: str) -> list[str]:
    """The words of a text as written, without accents."""
    return [word for word in _WORD.findall(plain(text)) if word != GAP]


def is_one_word(value: str) -> bool:
    """Whether a value is a single word of letters, which may mean something else in another row ("Jordan", "Rose")."""
    return len(_WORD.findall(plain(value))) == 1 and plain(value).strip().isalpha()


def _from(groups: list[str], first: int) -> list[tuple[int, str]]:
    """The numbers that begin with a group, the longest first, each with the group that comes after it."""
    numbers: list[tuple[int, str]] = []
    digits = ""
    for after, group in enumerate(groups[first : first + _MOST_DIGITS], first + 1):
        digits += group
        if len(digits) > _MOST_DIGITS:
            break
        if len(digits) >= SHORTEST_EVERYWHERE:
            numbers.append((after, _number(digits)))
    return numbers[::-1]


def _number(digits: str) -> str:
    """The form in which numbers are compared: without 00, and without the 1 of North America before ten digits."""
    digits = digits.removeprefix("00")
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


def _national(value: str, digits: str) -> Iterator[str]:
    """A phone number that begins with + as it is written within its country; country codes have 1 to 3 digits."""
    if value.lstrip("( ").startswith("+"):
        for code in (1, 2, 3):
            if len(digits) - code >= SHORTEST_PHONE:
                yield from (digits[code:], f"0{digits[code:]}")


def _is_spaceless(value: str) -> bool:
    return len(value) > 1 and bool(re.search(f"[{_SPACELESS}]", value))


def _is_in_groups(words: list[str]) -> bool:
    return len(words) > 2 and {len(word) for word in words[:-1]} == {4}


def _unescaped_sign(found: re.Match[str]) -> str:
    four, two, sign, _ = found.groups()
    if four or two:
        return chr(int(four or two, 16))
    return str(sign) if sign else " "
