"""Texts that a person has marked, searched in the rows of a dataset."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from core.mask.steps import Place
from core.mask.texts import said_twice, texts
from core.privacy import CARD, PHONE, KnownValues
from core.privacy.own.words import Entry, Words
from core.records import Dataset, Example

Value = tuple[str, str]  # kind and text

_WORD = re.compile(r"\w+")
_NO_DIGITS = re.compile(r"\D+")
_NUMBERS = (CARD, PHONE)
_TAIL = 4  # the last digits of a number: a text that holds it has them, however it is grouped


def everywhere(dataset: Dataset, marked: Iterable[Value]) -> dict[Value, list[Place]]:
    """Where each of the values (kind and text) stands in a dataset: as a whole word or phrase in any case, a number
    also in other groups of digits. All are searched in one pass."""
    marks = list(dict.fromkeys(marked))
    found: dict[Value, list[Place]] = {mark: [] for mark in marks}
    search = _Search(marks)
    for position, example in _likely(dataset, marks):
        twice = said_twice(example)
        for message, text in enumerate(texts(example)):
            for number, spans in search.find(text).items() if message != twice else ():
                places = (Place(example.id, position, message, start, end) for start, end in _apart(sorted(spans)))
                found[marks[number]].extend(places)
    return found


class _Search:
    """Searches all marks in a text; they are told apart by their numbers."""

    def __init__(self, marks: Sequence[Value]) -> None:
        self._words = Words(Entry(value, str(at), 1.0, "", any_case=True) for at, (_, value) in enumerate(marks))
        tails = {at: _NO_DIGITS.sub("", value)[-_TAIL:] for at, (kind, value) in enumerate(marks) if kind in _NUMBERS}
        self._numbers = {at: (tail, KnownValues([marks[at]])) for at, tail in tails.items() if tail}

    def find(self, text: str) -> dict[int, set[tuple[int, int]]]:
        """Where they stand, by their numbers."""
        found: dict[int, set[tuple[int, int]]] = defaultdict(set)
        for span in self._words.find(text):
            found[int(span.kind)].add((span.start, span.end))
        digits = _NO_DIGITS.sub("", text) if self._numbers else ""
        for at, (tail, known) in self._numbers.items():
            if tail in digits:
                found[at] |= {(span.start, span.end) for span in known.find(text)}
        return found


def _likely(dataset: Dataset, marks: Sequence[Value]) -> Iterator[tuple[int, Example]]:
    """The rows that may hold one of the marks, with their positions; where a number is among them every row."""
    if any(kind in _NUMBERS for kind, _ in marks):
        return enumerate(dataset)
    hints = {hint for _, value in marks for hint in _hints(value)}
    positions = sorted({at for hint in hints for at in dataset.positions_containing(hint)})
    return zip(positions, Dataset(dataset.table.take(positions)) if positions else (), strict=True)


def _hints(value: str) -> set[str]:
    """Pieces of text of which every row that holds the value has at least one, in some case."""
    longest = max(_WORD.findall(value) or [value], key=len)
    return {unicodedata.normalize(form, longest) for form in ("NFC", "NFD")} | {longest}


def _apart(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Those that do not lie within the one before."""
    reach = 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if end > reach:
            yield start, end
        reach = max(reach, end)
