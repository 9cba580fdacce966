"""The rows of a masked dataset as written, each beside its original, and where in them masking put something."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pyarrow as pa

from core.mask.plan import MaskedRow
from core.mask.readings import GAP, words_of
from core.mask.texts import said_twice, texts
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

    `texts` are all that it says (core/mask/texts.py). `ours` are the places of tags and substitutes in each text,
    `left` those that a person left. `as_planned` has the texts (by index) in which all else is as it was.
    """

    before: Example | None
    after: Example
    change: MaskedRow | None
    texts: list[str] = field(repr=False)
    ours: list[list[Place]]
    left: list[list[Place]]
    as_planned: frozenset[int]

    @property
    def texts_are_as_planned(self) -> bool:
        """Whether the messages, and a rejected answer, are as they were but for what was masked."""
        count = len(self.after.texts)
        return self.before is None or (len(self.before.texts) == count and self.as_planned.issuperset(range(count)))

    @property
    def facts_are_as_planned(self) -> bool:
        """The same of label, category, group, source and tags."""
        return self.before is None or (
            _names(self.before) == _names(self.after)
            and self.as_planned.issuperset(range(len(self.after.texts), len(self.texts)))
        )

    def places(self, at: int) -> list[Place]:
        """What need not be searched in a text, in order; places that share a character are one."""
        places: list[Place] = []
        for start, end in sorted([*self.ours[at], *self.left[at]]):
            if places and start < places[-1][1]:
                places[-1] = places[-1][0], max(end, places[-1][1])
            else:
                places.append((start, end))
        return places

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
    contents = texts(after)
    ours: list[list[Place]] = [[] for _ in contents]
    stayed: list[list[Place]] = [[] for _ in contents]
    as_planned: set[int] = set()
    for at, was in enumerate(_originals(before, after) if before else ()):
        moves = _moves(change, at)
        if _is_as_planned(was, contents[at], moves):  # else nobody knows where the substitutes are: all is searched
            as_planned.add(at)
            ours[at] = [new for _, new in moves]
            stayed[at] = [place for message, *place_in in left if message == at for place in _moved(place_in, moves)]
    if (label := said_twice(after)) is not None:
        ours[label], stayed[label] = [(0, len(contents[label]))], []  # what is left in it is told of the answer
    return ComparedRow(before, after, change, contents, ours, stayed, frozenset(as_planned))


def _originals(before: Example, after: Example) -> list[str]:
    """What the texts of a written row were made of, without the facts if it has others, and nothing of other texts."""
    if len(before.texts) != len(after.texts):
        return []
    return texts(before) if _names(before) == _names(after) else texts(before)[: len(before.texts)]


def _names(example: Example) -> list[str]:
    return [name for name, _ in example.facts]


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
