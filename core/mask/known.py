"""Search the rows of a masked dataset for the values that were masked, and tell leftovers from words that mean another.

A value counts wherever it stands; a short one, and the words of a person's name, within their own row. What only looks
like a leftover is counted as a namesake: a single word in another row ("Jordan"), and in the row of a Will Turner the
ordinary word (core/mask/ordinary.py). It is a leftover there if the detector calls it a person (core/mask/second.py).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from core.mask.left import Left
from core.mask.ordinary import is_ordinary_use
from core.mask.readings import Reading, readings, words_of
from core.mask.traces import Trace, Traces, Value, is_one_word, name_parts
from core.privacy import SHORTEST_IN_ROW
from core.records import Example

# A word that as many other rows write in small letters is an ordinary one, although somebody is called by it.
ORDINARY_FROM = 3
_SURE, _NAMESAKE, _SMALL = "sure", "namesake", "small"
_Standing = tuple[str, str, str]  # sort, kind, and the word of a name in small letters


class KnownSearch:
    """Takes the rows one after the other and counts; values are pairs of kind and text."""

    def __init__(self, values: Iterable[Value]) -> None:
        every = set(values)
        self._namesakes = 0
        self._everywhere = Traces(value for value in every if not is_one_word(value[1]))
        self._single = Traces(value for value in every if is_one_word(value[1]))
        self._parts = name_parts(every)
        self._found: list[Left] = []
        self._small: list[tuple[str, Left]] = []  # the word in its one form
        self._rows_in_small: Counter[str] = Counter()

    def look(self, texts: Sequence[str], values: Iterable[Value], row: Example) -> None:
        """Search the texts of a row; `values` are those masked in it."""
        own = _Own(values)
        small: set[str] = set()
        for at, text in enumerate(texts):
            shown: dict[_Standing, list[tuple[int, int]]] = {}
            for reading in readings(text):
                for standing, places in self._standing(reading, own).items():
                    # The readings show the same places, so the one that shows most of them counts.
                    shown[standing] = max(shown.get(standing, []), places, key=len)
                small |= self._parts.intersection(reading.written)
            for (sort, kind, word), places in shown.items():
                left = [Left(row.id, row.row, at, *place, kind, True, text[slice(*place)]) for place in places]
                self._count(sort, word, left)
        self._rows_in_small.update(small - own.parts)

    def left(self) -> tuple[list[Left], int]:
        """The places where a value is left, and how many hold a namesake, once every row was looked at."""
        sure = [left for word, left in self._small if self._rows_in_small[word] < ORDINARY_FROM]
        return [*self._found, *sure], self._namesakes + len(self._small) - len(sure)

    def _count(self, sort: str, word: str, left: list[Left]) -> None:
        if sort == _NAMESAKE:
            self._namesakes += len(left)
        elif sort == _SMALL:
            self._small += [(word, one) for one in left]
        else:
            self._found += left

    def _standing(self, reading: Reading, own: "_Own") -> dict[_Standing, list[tuple[int, int]]]:
        """What stands in a text and where; where two share a word, the first sort counts."""
        sorts = [(own.sort(trace, reading), trace) for trace in own.traces.find(reading)]
        sorts += [(_SURE, trace) for trace in self._everywhere.find(reading)]
        sorts += [(_NAMESAKE, trace) for trace in self._single.find(reading)]
        found: dict[_Standing, list[tuple[int, int]]] = defaultdict(list)
        taken: set[int] = set()
        for sort, trace in sorts:
            words = range(trace.first, trace.last)
            if taken.isdisjoint(words):
                taken.update(words)
                found[sort, trace.kind, trace.form if sort == _SMALL else ""].append(
                    reading.place(trace.first, trace.last)
                )
        return found


class _Own:
    """What was masked in one row."""

    def __init__(self, values: Iterable[Value]) -> None:
        values = list(values)
        self.traces = Traces(values, SHORTEST_IN_ROW, parts=True)
        self.parts = name_parts(values)
        self._written = {word for _, value in values for word in words_of(value)}

    def sort(self, trace: Trace, reading: Reading) -> str:
        """Whether what stands in the row is surely left over, or a name's word that may be no name here."""
        if trace.form not in self.parts:
            return _SURE
        if is_ordinary_use(reading, trace, self._written):
            return _NAMESAKE
        is_small = trace.written[0].islower() and trace.written[0] not in self._written
        return _SMALL if is_small else _SURE
