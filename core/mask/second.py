"""Ask the detector about rows that were masked, and leave aside what it finds of the tags and substitutes."""

from collections.abc import Callable, Sequence

from core.mask.compared import ComparedRow
from core.mask.left import Left
from core.mask.readings import words_of
from core.mask.texts import counts_in_fact
from core.privacy import Replaced, Span, resolve

FindRows = Callable[[Sequence[Sequence[str]]], list[list[list[Span]]]]


class SecondSearch:
    """What the detector `find_rows` finds of `kinds` in written rows."""

    def __init__(self, find_rows: FindRows, kinds: frozenset[str]) -> None:
        self._find_rows, self._kinds = find_rows, kinds

    def left(self, rows: Sequence[ComparedRow]) -> list[list[Left]]:
        """For each row the places that masking did not put there and that nobody chose to leave.

        A place that lies half over a substitute counts if what sticks out is also found without it: in "Ann Lee moved"
        the substitute makes a name of the word beside it.
        """
        searched = self._found([row.texts for row in rows], rows)
        found = [self._others(row, spans) for row, spans in zip(rows, searched, strict=True)]
        unsure = [at for at, row in enumerate(rows) if _is_unsure(row, found[at])]
        filled = self._found([rows[at].filled() for at in unsure], [rows[at] for at in unsure]) if unsure else []
        alone = dict(zip(unsure, filled, strict=True))
        return [_sure(row, found[at], alone.get(at)) for at, row in enumerate(rows)]

    def _found(self, texts: Sequence[Sequence[str]], rows: Sequence[ComparedRow]) -> list[list[list[Span]]]:
        """The spans in the texts of each row; what stands beside them is read apart, as in the first search."""
        counts = [len(row.after.texts) for row in rows]
        facts = {fact: None for some, count in zip(texts, counts, strict=True) for fact in some[count:]}
        beside = dict(zip(facts, self._find_rows([[fact] for fact in facts]) if facts else [], strict=True))
        said = self._find_rows([some[:count] for some, count in zip(texts, counts, strict=True)])
        return [
            [*found, *([span for span in beside[fact][0] if counts_in_fact(span, fact)] for fact in some[count:])]
            for found, some, count in zip(said, texts, counts, strict=True)
        ]

    def _others(self, row: ComparedRow, spans: Sequence[Sequence[Span]]) -> list[list[Span]]:
        """The spans in each text that are not wholly of tags, substitutes and what was left."""
        ours: set[str] | None = None
        found: list[list[Span]] = []
        for at, some in enumerate(spans):
            text = Replaced(row.texts[at], tuple(row.places(at)))
            others = [span for span in some if span.kind in self._kinds and not text.covers(span)]
            if others and ours is None:
                ours = row.our_words()
            # A name that masking put there is also found where one of its words stands alone.
            found.append([span for span in others if not _words(text.text, span) <= (ours or set())])
        return found


def _sure(row: ComparedRow, found: Sequence[Sequence[Span]], alone: Sequence[Sequence[Span]] | None) -> list[Left]:
    """The places found that count; `alone` are those found without the tags and substitutes."""
    left: list[Left] = []
    for at, spans in enumerate(found):
        rests = alone[at] if alone else ()
        sure = [one for one in spans if not _is_beside(row, at, one) or any(one.overlaps(rest) for rest in rests)]
        left += [
            Left(
                row.after.id, row.after.row, at, one.start, one.end, one.kind, False, row.texts[at][one.start : one.end]
            )
            for one in resolve(sure)
        ]
    return left


def _is_unsure(row: ComparedRow, found: Sequence[Sequence[Span]]) -> bool:
    return any(_is_beside(row, at, span) for at, spans in enumerate(found) for span in spans)


def _is_beside(row: ComparedRow, at: int, span: Span) -> bool:
    """Whether a span shares a character with something that masking put there."""
    return any(span.start < end and start < span.end for start, end in row.places(at))


def _words(text: str, span: Span) -> set[str]:
    return {word.casefold() for word in words_of(text[span.start : span.end])}
