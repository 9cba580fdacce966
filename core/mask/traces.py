"""Where masked values still stand in a text, whichever way they are written there.

Values and texts are compared as words in one form (core/mask/readings.py), so that "Ewa Nowak", "NOWAK, Ewa",
"ewa_nowak" and "ewa.nowak" are one, and numbers by their digits. Word limits are needed: without them "ian" is found in
"Christian". Not found: a value cut up, and base64.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from core.mask.readings import SPACELESS, Reading, plain, readings, words_of
from core.privacy import IP, PERSON, PHONE, SHORTEST_EVERYWHERE
from core.privacy.digits import only_digits
from core.privacy.values import spelled

__all__ = ["Trace", "Traces", "Value", "is_one_word", "name_parts", "readings"]

SHORTEST_PART = 3
SHORTEST_PHONE = 8  # digits without the country code: with fewer, any number that ends alike would be the same
_MOST_DIGITS = 19

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
                for way in dict.fromkeys((value, spelled(value))):
                    self._add(kind, way)
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
                if first + length > len(words):
                    continue
                form = " ".join(words[first : first + length])
                if form in self._kinds and (form not in self._literal or self._literal[form] in reading.folded):
                    done = first + length
                    yield Trace(first, done, self._kinds[form], form, tuple(reading.written[first:done]))
                    break

    def _in_number(self, groups: list[tuple[str, int]]) -> Iterator[Trace]:
        done = 0
        for first in range(len(groups)):
            for last, number in _from(groups, first) if first >= done else ():
                if number in self._numbers:
                    done = last
                    yield Trace(groups[first][1], groups[last - 1][1] + 1, self._numbers[number], number)
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


def name_parts(values: Iterable[Value]) -> set[str]:
    """The words of the persons among the values, in small letters, as far as they are long enough to mean somebody."""
    names = (name for kind, value in values if kind == PERSON for name in {value, spelled(value)})
    words = (word for name in names for word in Reading(name).words)
    return {word for word in words if len(word) >= SHORTEST_PART and word.isalpha()}


def is_one_word(value: str) -> bool:
    """Whether a value is a single word of letters, which may mean something else in another row ("Jordan", "Rose")."""
    return len(words_of(value)) == 1 and plain(value).strip().isalpha()


def _from(groups: list[tuple[str, int]], first: int) -> list[tuple[int, str]]:
    """The numbers that begin with a group, the longest first, each with the group that comes after it."""
    numbers: list[tuple[int, str]] = []
    digits = ""
    for after, (group, _) in enumerate(groups[first : first + _MOST_DIGITS], first + 1):
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
    return len(value) > 1 and bool(re.search(f"[{SPACELESS}]", value))


def _is_in_groups(words: list[str]) -> bool:
    return len(words) > 2 and {len(word) for word in words[:-1]} == {4}
