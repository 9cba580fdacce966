"""What the detector finds in each row, or what an earlier search by the same rules has found in the same texts."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import polars as pl

from core.mask.findings import ELSEWHERE, LONGER, Findings
from core.mask.placed import RowPlaces, keyed_digest
from core.mask.texts import counts_in_fact, said_twice
from core.privacy import Span
from core.records import Dataset, Example

CHUNK = 256  # rows that are read together: enough for full batches of the tagger, few enough for a quick Stop


class Reader(Protocol):
    """What finds personal data: the `Detector` of core.privacy."""

    @property
    def mode(self) -> str:
        """How thoroughly is looked."""

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds that are looked for."""

    @property
    def stamp(self) -> str:
        """A text that changes with what is looked for."""

    def find_rows(self, rows: Sequence[Sequence[str]]) -> list[list[list[Span]]]:
        """The spans of each text of each row."""


def text_hash(example: Example, key: bytes) -> str:
    """The keyed hash of the texts of a row, by which one that did not change is known."""
    return keyed_digest(key, "texts", "\0".join(content for _, content in example.texts))


class Known:
    """What earlier searches by the same rules found in rows of the same texts."""

    def __init__(self, earlier: Sequence[Findings], stamp: str) -> None:
        self._places: dict[str, RowPlaces] = {}
        for findings in earlier:
            if findings.stamp == stamp:
                self._places |= _own_places(findings)

    def row(self, text: str) -> RowPlaces | None:
        """The places of a row with this hash, or None if it was not read."""
        return self._places.get(text)

    def rows(self, hashes: Sequence[str]) -> dict[int, RowPlaces]:
        """The places of those rows that were read, by their position among these hashes."""
        return {position: self._places[text] for position, text in enumerate(hashes) if text in self._places}


def _own_places(findings: Findings) -> dict[str, RowPlaces]:
    """What was found in each row that was read, by its hash, without what is only known from other rows. A row in which
    that cannot be told apart is read again."""
    hashes = findings.texts.to_list()
    mixed = {hashes[position] for position in findings.places.filter(reason=LONGER)["position"].unique()}
    places: dict[str, RowPlaces] = {text: [] for text in hashes if text and text not in mixed}
    by_position: dict[int, RowPlaces] = {}
    own = findings.places.filter(pl.col("reason") != ELSEWHERE)
    for line in own.select("position", "message", "start", "end", "kind", "score", "reason").iter_rows():
        by_position.setdefault(line[0], []).append((line[1], Span(*line[2:])))
    return places | {hashes[at]: row for at, row in by_position.items() if hashes[at] not in mixed}


def read(
    dataset: Dataset, reader: Reader, hashes: Sequence[str], known: Known, tell: Callable[[float], None]
) -> Iterator[tuple[int, RowPlaces]]:
    """The position and the places of each row; `hashes` are those of the texts of all rows, by which `known` has them.

    `tell` is told the share done, 0 to 1, and may raise to stop.
    """
    facts = _Facts(reader)
    for first in range(0, len(dataset), CHUNK):
        tell(first / len(dataset))
        rows = dict(enumerate(dataset.slice(first, CHUNK), first))
        fresh = [position for position in rows if known.row(hashes[position]) is None]
        found = reader.find_rows([[content for _, content in rows[position].texts] for position in fresh])
        new = {position: list(_row_places(spans)) for position, spans in zip(fresh, found, strict=True)}
        beside = facts.find(list(rows.values()))
        for (position, row), more in zip(rows.items(), beside, strict=True):
            count = len(row.texts)
            own = new[position] if position in new else known.row(hashes[position]) or []
            yield position, [*(place for place in own if place[0] < count), *_row_places(more, count)]


def _row_places(spans: Sequence[Sequence[Span]], first: int = 0) -> Iterator[tuple[int, Span]]:
    """The spans of texts, of which the first is the text `first` of its row."""
    return ((at, span) for at, some in enumerate(spans, first) for span in some)


class _Facts:
    """What is found in the facts of rows; each is read once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._found: dict[str, list[Span]] = {}

    def find(self, rows: Sequence[Example]) -> list[list[list[Span]]]:
        """The spans of each fact of each row."""
        new = [fact for fact in {fact: None for row in rows for _, fact in row.facts} if fact not in self._found]
        for fact, [spans] in zip(new, self._reader.find_rows([[fact] for fact in new]) if new else [], strict=True):
            self._found[fact] = [span for span in spans if counts_in_fact(span, fact)]
        return [list(self._of(row)) for row in rows]

    def _of(self, row: Example) -> Iterator[list[Span]]:
        label = said_twice(row)
        for at, (_, fact) in enumerate(row.facts, len(row.texts)):
            yield [] if at == label else self._found[fact]
