"""The rows of a masked dataset as written, each beside its original, and where in them masking put something."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pyarrow as pa

from core.mask.plan import MaskedRow
from core.mask.readings import GAP, words_of
from core.mask.texts import texts
from core.records import Dataset, Example

Place = tuple[int, int]  # start and end in a text
LeftPlace = tuple[int, int, int]  # the text of the row, start and end in the original
FILLER = "…"


@dataclass(frozen=True)
class Pairs:
    """The written rows, each with its original or None, and what their ids show."""

    rows: Iterator[tuple[Example | None, Example]]
    missing: int
    unexpected: int
    is_in_order: bool


def paired(original: Dataset, written: Dataset, changes: Mapping[str, MaskedRow]) -> Pairs:
    """The written rows with their originals; those that were removed are not missed."""
    removed = {row_id for row_id, change in changes.items() if change.removed}
    known = {row_id: at for at, row_id in enumerate(original.table["id"].to_pylist()) if row_id not in removed}
    there = written.table["id"].to_pylist()
    places = [known[row_id] for row_id in there if row_id in known]
    befores = iter(Dataset(original.table.take(pa.array(places, pa.int64()))))
    rows = ((next(befores) if row.id in known else None, row) for row in written)
    is_in_order = all(first < second for first, second in pairwise(places))
    return Pairs(rows, len(known.keys() - set(there)), len(there) - len(places), is_in_order)


@dataclass(frozen=True)
class ComparedRow:
    """A written row: its original and what was done to it, and what is searched in it.

    `texts` are those that are searched (`searched`). `ours` are the places of tags and substitutes in each text, `left`
    those that a person left.
    """

    before: Example | None
    after: Example
    change: MaskedRow | None
    texts: list[str] = field(repr=False)
    ours: list[list[Place]]
    left: list[list[Place]]
    is_as_planned: bool

    def places(self, at: int) -> list[Place]:
        """What need not be searched in a text."""
        return sorted([*self.ours[at], *self.left[at]])

    def with_gaps(self) -> list[str]:
        """The texts, as long as they are, with gaps in each place that need not be searched."""
        return [_with(GAP, text, self.places(at)) for at, text in enumerate(self.texts)]

    def filled(self) -> list[str]:
        """The same with signs in each of these places."""
        return [_with(FILLER, text, self.places(at)) for at, text in enumerate(self.texts)]

    def our_words(self) -> set[str]:
        """The words of the tags and substitutes."""
        ours = [(text, place) for text, places in zip(self.texts, self.ours, strict=True) for place in places]
        return {word.casefold() for text, (start, end) in ours for word in words_of(text[start:end])}


def compared(
    before: Example | None, after: Example, change: MaskedRow | None, left: Sequence[LeftPlace]
) -> ComparedRow:
    """A written row beside its original; `left` are places in the original that a person chose to leave."""
    contents, facts = texts(after), _facts(after)
    changed = set(facts) - set(_facts(before)) if before and change and change.facts else set()
    old = texts(before) if before else []
    ours: list[list[Place]] = [[] for _ in (*contents, *facts)]
    stayed: list[list[Place]] = [[] for _ in (*contents, *facts)]
    is_as_planned = before is None or len(old) == len(contents)
    for at, (was, text) in enumerate(zip(old, contents, strict=False)):
        moves = _moves(change, at)
        if not _is_as_planned(was, text, moves):
            is_as_planned = False  # and where the substitutes are, nobody knows: all of it is searched
            continue
        ours[at] = [new for _, new in moves]
        stayed[at] = [place for message, *place_in in left if message == at for place in _moved(place_in, moves)]
    for at, fact in enumerate(facts, len(contents)):
        ours[at] = [(0, len(fact))] if fact in changed else []
    return ComparedRow(before, after, change, [*contents, *facts], ours, stayed, is_as_planned)


def searched(example: Example) -> list[str]:
    """What is searched in a row: its texts, and below them its label, category and the like."""
    return [*texts(example), *_facts(example)]


def _facts(example: Example) -> list[str]:
    """What a row says beside its texts; a label that is the answer is one of these."""
    label = example.label if example.label != example.answer else None
    return [fact for fact in (label, example.category, example.group, example.source, *example.tags) if fact]


def _moves(change: MaskedRow | None, at: int) -> list[tuple[Place, Place]]:
    """The places masked in a text, each as it was and as it is now."""
    if change is None or at >= len(change.texts):
        return []
    spans = [(span.start, span.end) for span in change.spans.get(at, ())]
    return list(zip(spans, change.texts[at].places, strict=True))


def _is_as_planned(was: str, text: str, moves: Sequence[tuple[Place, Place]]) -> bool:
    """Whether what lies outside of the masked places is the same, character for character."""
    ends = [((0, 0), (0, 0)), *moves, ((len(was), len(was)), (len(text), len(text)))]
    return all(
        was[old[1] : next_old[0]] == text[new[1] : next_new[0]] for (old, new), (next_old, next_new) in pairwise(ends)
    )


def _moved(place: Sequence[int], moves: Sequence[tuple[Place, Place]]) -> Iterator[Place]:
    """A place of the original as it lies in the written text; nothing if some of it was masked."""
    start, end = place
    if not any(old[0] < end and start < old[1] for old, _ in moves):
        by = next((new[1] - old[1] for old, new in reversed(moves) if old[1] <= start), 0)
        yield start + by, end + by


def _with(filler: str, text: str, places: Sequence[Place]) -> str:
    """The text with `filler` for each character at the places."""
    parts, done = [], 0
    for start, end in places:
        parts += [text[done:start], filler * (end - start)]
        done = end
    return "".join([*parts, text[done:]])
