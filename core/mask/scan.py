"""Find personal data in everything that each row says."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import polars as pl

from core.errors import LabError
from core.mask.findings import ELSEWHERE, ORDER, PLACES, Findings
from core.mask.overlaps import clusters
from core.mask.texts import texts
from core.mask.watch import Progress, Stop, Watch
from core.privacy import PERSON, SHORTEST_IN_ROW, SOFT, KnownValues, Span, fold, resolve
from core.privacy.people import spread
from core.privacy.spans import rank
from core.records import Dataset
from core.words import counted

RowPlaces = list[tuple[int, Span]]  # message and span

CHUNK = 256  # rows that are read together: enough for full batches of the tagger, few enough for a quick Stop
FIRST_PART = 0.9  # of the progress: reading; the rest is the search for what was found, in all rows
VALUE_HEX = 16
NOTHING_READ = "The search was stopped before any row was read; start it again at any time."
STOPPED = "Stopped after {read:,} of {rows}; the next search goes on from there."


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


class ScanStopped(LabError):
    """A scan was stopped; `read` is what it has read.

    These are no findings of the dataset, and only good for going on: `texts` has the hashes of the rows that were read
    and is empty for the others, and the values of `places` were searched in no other row.
    """

    def __init__(self, read: Findings) -> None:
        super().__init__(stopped_sentence(read))
        self.read = read


def stopped_sentence(read: Findings) -> str:
    """How far a scan came that was stopped, from what it has read."""
    rows = rows_read(read)
    return STOPPED.format(read=rows, rows=counted(read.total_rows, "row")) if rows else NOTHING_READ


def rows_read(read: Findings) -> int:
    """The number of rows that a scan has read."""
    return int((read.texts != "").sum())


def scan(
    dataset: Dataset,
    reader: Reader,
    key: bytes,
    earlier: Sequence[Findings] = (),
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Findings:
    """Findings over all rows, in two passes.

    The first reads every row; rows whose texts stand in one of `earlier` (a search by the same rules, or what one that
    was stopped had read) are taken from there. The second searches the values of the first in all rows (those of 4 to 6
    characters in their own row), so that a number known from "call 020 …" is also found where it stands alone. A name
    is searched everywhere if it has two words. `key` makes the hashes by which equal values are known. `progress` is
    told the share done, 0 to 1.

    Raises:
        ScanStopped: the scan was stopped.
    """
    watch = Watch(progress, stop, NOTHING_READ)
    hashes = [_text_hash(texts(example), key) for example in dataset]
    known = _Known(earlier, reader.stamp)
    read: dict[int, RowPlaces] = {}
    try:
        for position, row in _read(dataset, reader, hashes, known, watch):
            read[position] = row
        found = {position: row for position, row in read.items() if row}
        return _findings(dataset, reader, _everywhere(dataset, found, key, watch), hashes)
    except LabError as error:
        if not (stop and stop()):
            raise
        read |= known.rows(hashes)
        done = [text if position in read else "" for position, text in enumerate(hashes)]
        raise ScanStopped(_findings(dataset, reader, _as_read(dataset, read), done)) from error


def _findings(dataset: Dataset, reader: Reader, places: pl.DataFrame, hashes: list[str]) -> Findings:
    return Findings(
        content_hash=dataset.content_hash(),
        total_rows=len(dataset),
        places=places,
        texts=pl.Series("texts", hashes, dtype=pl.String),
        mode=reader.mode,
        kinds=frozenset(reader.kinds),
        stamp=reader.stamp,
    )


def _everywhere(dataset: Dataset, found: dict[int, RowPlaces], key: bytes, watch: Watch) -> pl.DataFrame:
    """The table of what was found, and of the same values in all rows."""
    everywhere = KnownValues(_values(dataset, found))
    places = _Places(key)
    for position, example in enumerate(dataset):
        if position % CHUNK == 0:
            watch.tell(FIRST_PART + (1 - FIRST_PART) * position / len(dataset))
        contents = texts(example)
        whole = _with_known(contents, found.get(position, []), everywhere)
        if whole:
            places.add(example.id, position, contents, whole)
    return places.frame()


def _as_read(dataset: Dataset, read: Mapping[int, RowPlaces]) -> pl.DataFrame:
    """The table of what was read, for going on from it: nothing is merged, and no value has a hash."""
    ids = dataset.table["id"].combine_chunks()
    lines = [
        (ids[position].as_py(), position, at, span.start, span.end, span.kind, span.score, span.reason, "", False)
        for position, row in read.items()
        for at, span in row
    ]
    return pl.DataFrame(lines, schema=PLACES, orient="row").sort(ORDER)


def value_hash(key: bytes, kind: str, value: str) -> str:
    """The keyed hash by which equal values of a kind are known: 16 hexadecimal digits."""
    return _digest(key, "value", fold(kind, value))[:VALUE_HEX]


class _Known:
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
    """What was found in each row that was read, by its hash, without what is only known from other rows."""
    hashes = findings.texts.to_list()
    places: dict[str, RowPlaces] = {text: [] for text in hashes if text}
    by_position: dict[int, RowPlaces] = {}
    own = findings.places.filter(pl.col("reason") != ELSEWHERE)
    for line in own.select("position", "message", "start", "end", "kind", "score", "reason").iter_rows():
        by_position.setdefault(line[0], []).append((line[1], Span(*line[2:])))
    return places | {hashes[position]: row for position, row in by_position.items()}


def _read(
    dataset: Dataset, reader: Reader, hashes: list[str], known: _Known, watch: Watch
) -> Iterator[tuple[int, RowPlaces]]:
    for first in range(0, len(dataset), CHUNK):
        watch.tell(FIRST_PART * first / len(dataset))
        rows = dict(enumerate(dataset.slice(first, CHUNK), first))
        fresh = [position for position in rows if known.row(hashes[position]) is None]
        read = dict(zip(fresh, reader.find_rows([texts(rows[position]) for position in fresh]), strict=True))
        for position in rows:
            if position in read:
                yield position, [(at, span) for at, spans in enumerate(read[position]) for span in spans]
            else:
                yield position, known.row(hashes[position]) or []


def _values(dataset: Dataset, found: dict[int, RowPlaces]) -> set[tuple[str, str]]:
    """The values that are searched in all rows."""
    values = set()
    some = Dataset(dataset.table.take(list(found))) if found else ()
    for row, example in zip(found.values(), some, strict=True):
        contents = texts(example)
        values |= {(span.kind, contents[at][span.start : span.end]) for at, span in row}
    return {(kind, value) for kind, value in values if kind not in SOFT or (kind == PERSON and " " in value.strip())}


def _with_known(contents: list[str], row: RowPlaces, everywhere: KnownValues) -> RowPlaces:
    """The places of a row and those of known values that they do not cover already, in order."""
    own = {(span.kind, contents[at][span.start : span.end]) for at, span in row if span.kind not in SOFT}
    here = KnownValues(own, SHORTEST_IN_ROW) if own else None
    more: RowPlaces = []
    for index, text in enumerate(contents):
        some = [span for at, span in row if at == index]
        for span in {*everywhere.find(text), *(here.find(text) if here else ())}:
            if not any(_covers(other, span) for other in some):
                more.append((index, Span(span.start, span.end, span.kind, span.score, ELSEWHERE)))
    return sorted([*row, *more, *_parts(contents, [*row, *more], more)])


def _parts(contents: list[str], row: RowPlaces, more: RowPlaces) -> RowPlaces:
    """Where parts of the names in `more` stand in their row."""
    if not any(span.kind == PERSON for _, span in more):
        return []
    by_text = [[span for at, span in row if at == index] for index in range(len(contents))]
    spread_out = enumerate(spread(contents, by_text))
    return [(index, replace(span, reason=ELSEWHERE)) for index, spans in spread_out for span in spans]


def _covers(span: Span, other: Span) -> bool:
    """Whether `span` makes `other`, of a known value, superfluous."""
    inside = span.start <= other.start and other.end <= span.end
    return inside and (span.kind == other.kind or other.kind in SOFT)


class _Places:
    """Collects the lines of the table."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._lines: list[tuple[Any, ...]] = []

    def add(self, row_id: str, position: int, contents: list[str], row: RowPlaces) -> None:
        """Take the places of a row; those of a kind that share a character become one."""
        for index in sorted({at for at, _ in row}):
            spans = [span for at, span in row if at == index]
            merged = [one for kind in {s.kind for s in spans} for one in resolve(s for s in spans if s.kind == kind)]
            for span, covered in _covered(sorted(merged)):
                value = value_hash(self._key, span.kind, contents[index][span.start : span.end])
                place = (span.start, span.end, span.kind, span.score, span.reason)
                self._lines.append((row_id, position, index, *place, value, covered))

    def frame(self) -> pl.DataFrame:
        """The table, in order."""
        return pl.DataFrame(self._lines, schema=PLACES, orient="row").sort(ORDER)


def _covered(spans: list[Span]) -> Iterator[tuple[Span, bool]]:
    """Each span, and whether one that is stronger shares a character with it."""
    for cluster in clusters(spans, lambda span: (0, span.start, span.end)):
        shown: list[Span] = []
        for span in sorted(cluster, key=lambda span: (rank(span.kind), -span.score, span)):
            hidden = any(span.overlaps(other) for other in shown)
            if not hidden:
                shown.append(span)
            yield span, hidden


def _text_hash(contents: list[str], key: bytes) -> str:
    return _digest(key, "texts", "\0".join(contents))


def _digest(key: bytes, what: str, text: str) -> str:
    data = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=16, key=key[:64], person=what.encode()).hexdigest()
