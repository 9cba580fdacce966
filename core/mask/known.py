"""Search the rows of a masked dataset for the values that were masked, and tell leftovers from words that mean another.

A value counts wherever it stands; a short one, and the words of a person's name, within their own row. Two things look
like leftovers and are not: a single word in another row ("Jordan", counted as a namesake), and in the row of a Will
Turner the "will" that the dataset also writes in small letters elsewhere.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from core.mask.traces import Reading, Trace, Traces, Value, is_one_word, name_parts, readings, words_of
from core.privacy import PERSON, SHORTEST_IN_ROW

# A word that as many other rows write in small letters is an ordinary one, although somebody is called by it.
ORDINARY_FROM = 3
_SURE, _NAMESAKE, _SMALL = "sure", "namesake", "small"


class KnownSearch:
    """Takes the rows one after the other and counts; values are pairs of kind and text."""

    def __init__(self, values: Iterable[Value]) -> None:
        every = set(values)
        self.namesakes = 0
        self._everywhere = Traces(value for value in every if not is_one_word(value[1]))
        self._single = Traces(value for value in every if is_one_word(value[1]))
        self._parts = name_parts(every)
        self._found: list[tuple[int, str, int]] = []  # source row, kind, places
        self._small: list[tuple[int, str, int]] = []  # source row, word, places
        self._rows_in_small: Counter[str] = Counter()

    def look(self, texts: Sequence[str], values: Iterable[Value], row: int) -> None:
        """Search the texts of a row; `values` are those masked in it, `row` its number in the source file."""
        own = _Own(values)
        small: set[str] = set()
        for text in texts:
            shown: Counter[tuple[str, str, str]] = Counter()
            for reading in readings(text):
                shown |= self._standing(reading, own)  # the readings show the same places, so the most counts
                small |= self._parts.intersection(reading.written)
            for (sort, kind, form), places in shown.items():
                self._count(sort, (row, form if sort == _SMALL else kind, places))
        self._rows_in_small.update(small - own.parts)

    def left(self) -> tuple[Counter[str], set[int]]:
        """Places where a value is left, by kind, and the source rows, once every row was looked at."""
        sure = [(row, PERSON, places) for row, word, places in self._small if not self._is_ordinary(word)]
        kinds: Counter[str] = Counter()
        for _, kind, places in [*self._found, *sure]:
            kinds[kind] += places
        return kinds, {row for row, *_ in [*self._found, *sure]}

    def _is_ordinary(self, word: str) -> bool:
        return self._rows_in_small[word] >= ORDINARY_FROM

    def _count(self, sort: str, line: tuple[int, str, int]) -> None:
        if sort == _NAMESAKE:
            self.namesakes += line[2]
        else:
            (self._found if sort == _SURE else self._small).append(line)

    def _standing(self, reading: Reading, own: "_Own") -> Counter[tuple[str, str, str]]:
        """What stands in a text: its sort, kind and form; where two share a word, the first sort counts."""
        sorts = [(own.sort(trace), trace) for trace in own.traces.find(reading) if trace.last]
        sorts += [(_SURE, trace) for trace in self._everywhere.find(reading)]
        sorts += [(_NAMESAKE, trace) for trace in self._single.find(reading)]
        counts: Counter[tuple[str, str, str]] = Counter()
        taken: set[int] = set()
        for sort, trace in sorts:
            words = range(trace.first, trace.last)
            if taken.isdisjoint(words):
                taken.update(words)
                counts[sort, trace.kind, trace.form] += 1
        return counts


class _Own:
    """What was masked in one row."""

    def __init__(self, values: Iterable[Value]) -> None:
        values = list(values)
        self.traces = Traces(values, SHORTEST_IN_ROW, parts=True)
        self.parts = name_parts(values)
        self._written = {word for _, value in values for word in words_of(value)}

    def sort(self, trace: Trace) -> str:
        """Whether what stands in the row is surely left over, or a name's word in small letters that may be no name."""
        is_small = trace.form in self.parts and trace.written[0].islower() and trace.written[0] not in self._written
        return _SMALL if is_small else _SURE
