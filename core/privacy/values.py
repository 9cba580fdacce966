"""When two written values are the same one, and where known values stand in a text."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator

from core.privacy.digits import only_digits
from core.privacy.kinds import CARD, IBAN, PHONE
from core.privacy.spans import Span

SHORTEST_EVERYWHERE = 7
SHORTEST_IN_ROW = 4

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d(?:[ \u00a0.\-–/()]{0,3}\d)*+")
_GROUP = re.compile(r"\d+")
_MOST_DIGITS = 19


def fold(kind: str, value: str) -> str:
    """The form in which two ways of writing a value of that kind are equal: case, width and separators fall away."""
    if kind in (CARD, PHONE):
        return _folded_number(only_digits(value))
    plain = unicodedata.normalize("NFKC", value).casefold().strip()
    return re.sub(r"[\s.-]", "", plain) if kind == IBAN else plain


def _folded_number(digits: str) -> str:
    digits = digits.removeprefix("00")
    # North America: with or without the country code it is the same phone.
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


class KnownValues:
    """Values of personal data, searched in texts at word limits: as written, in other case, and by digits alone.

    Word limits are needed: without them "ian" is found in "Christian".
    """

    def __init__(self, values: Iterable[tuple[str, str]], shortest: int = SHORTEST_EVERYWHERE) -> None:
        self._by_first_word: dict[str, dict[str, str]] = defaultdict(dict)
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
            bare = lowered[words[0].start() : words[-1].end()]
            self._by_first_word[words[0].group()].setdefault(bare, kind)
        digits = _folded_number(only_digits(value)) if kind in (CARD, PHONE) else ""
        if len(digits) >= SHORTEST_EVERYWHERE:
            self._numbers.setdefault(digits, kind)

    def _words(self, text: str) -> Iterator[Span]:
        if not self._by_first_word:
            return
        lowered = _lower(text)
        for word in _WORD.finditer(lowered):
            for value, kind in self._by_first_word.get(word.group(), {}).items():
                end = word.start() + len(value)
                if lowered.startswith(value, word.start()) and not _is_word(lowered[end : end + 1]):
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


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _lower(text: str) -> str:
    """Lower case of the same length, so that offsets hold ("İ" would become two characters)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
