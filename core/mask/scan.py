"""Find personal data in everything that each row says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from core.errors import LabError
from core.mask.findings import ELSEWHERE, ORDER, PLACES, Findings
from core.mask.placed import Placed, RowPlaces
from core.mask.read import CHUNK, Known, Reader, read, text_hash
from core.mask.texts import said_twice, texts
from core.mask.watch import Progress, Stop, Watch
from core.privacy import PERSON, SHORTEST_IN_ROW, SOFT, KnownValues, Span, fold
from core.privacy.people import spread
from core.records import Dataset, Example
from core.words import counted

FIRST_PART = 0.9  # of the progress: reading; the rest is the search for what was found, in all rows
NOTHING_READ = "The search was stopped before any row was read; start it again at any time."
STOPPED = "Stopped after {read:,} of {rows}; the next search goes on from there."


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
    was stopped had read) are taken from there. Labels, categories, groups, sources and tags are read once each,
    however many rows have them. The second searches the values of the first in all rows (those of 4 to 6 characters in
    their own row), so that a number known from "call 020 …" is also found where it stands alone. A name is searched
    everywhere if it has two words. `key` makes the hashes by which equal values are known. `progress` is told the share
    done, 0 to 1.

    Raises:
        ScanStopped: the scan was stopped.
    """
    watch = Watch(progress, stop, NOTHING_READ)
    hashes = [text_hash(example, key) for example in dataset]
    known = Known(earlier, reader.stamp)
    every: dict[int, RowPlaces] = {}
    try:
        for position, row in read(dataset, reader, hashes, known, lambda share: watch.tell(FIRST_PART * share)):
            every[position] = row
        found = {position: row for position, row in every.items() if row}
        return _findings(dataset, reader, _everywhere(dataset, found, key, watch), hashes)
    except LabError as error:
        if not (stop and stop()):
            raise
        every |= known.rows(hashes)
        done = [text if position in every else "" for position, text in enumerate(hashes)]
        raise ScanStopped(_findings(dataset, reader, _as_read(dataset, every), done)) from error


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
    places = Placed(key)
    for position, example in enumerate(dataset):
        if position % CHUNK == 0:
            watch.tell(FIRST_PART + (1 - FIRST_PART) * position / len(dataset))
        whole = _with_known(example, found.get(position, []), everywhere)
        if whole:
            places.add(example.id, position, texts(example), whole)
    return places.frame()


def _as_read(dataset: Dataset, rows: Mapping[int, RowPlaces]) -> pl.DataFrame:
    """The table of what was read, for going on from it: nothing is merged, and no value has a hash."""
    ids = dataset.table["id"].combine_chunks()
    lines = [
        (ids[position].as_py(), position, at, span.start, span.end, span.kind, span.score, span.reason, "", False)
        for position, row in rows.items()
        for at, span in row
    ]
    return pl.DataFrame(lines, schema=PLACES, orient="row").sort(ORDER)


def _values(dataset: Dataset, found: dict[int, RowPlaces]) -> set[tuple[str, str]]:
    """The values that are searched in all rows."""
    values = set()
    some = Dataset(dataset.table.take(list(found))) if found else ()
    for row, example in zip(found.values(), some, strict=True):
        contents = texts(example)
        values |= {(span.kind, contents[at][span.start : span.end]) for at, span in row}
    return {(kind, value) for kind, value in values if kind not in SOFT or (kind == PERSON and " " in value.strip())}


def _with_known(example: Example, row: RowPlaces, everywhere: KnownValues) -> RowPlaces:
    """The places of a row and those of known values that they do not cover already, in order."""
    contents = texts(example)
    own = {(span.kind, contents[at][span.start : span.end]) for at, span in row}
    firm = [(kind, value) for kind, value in own if kind not in SOFT]
    here = KnownValues(firm, SHORTEST_IN_ROW) if firm else None
    more: RowPlaces = []
    twice, facts_from = said_twice(example), len(example.texts)
    for index, text in enumerate(contents):
        if index == twice:
            continue
        some = [span for at, span in row if at == index]
        same = _same(text, own) if index >= facts_from else ()
        for span in {*everywhere.find(text), *(here.find(text) if here else ()), *same}:
            if not any(_covers(other, span) for other in some):
                more.append((index, Span(span.start, span.end, span.kind, span.score, ELSEWHERE)))
    # The detector has looked for parts of the row's own names in its texts, and not in what stands beside them.
    first = 0 if any(span.kind == PERSON for _, span in more) else facts_from
    parts = [(at, span) for at, span in _parts(contents, [*row, *more]) if at >= first and at != twice]
    return sorted([*row, *more, *parts])


def _same(fact: str, own: Iterable[tuple[str, str]]) -> Iterator[Span]:
    """The whole of a fact, where it is a name in its row: "Jordan" is a person there."""
    same = (kind for kind, value in sorted(own) if kind in SOFT and fold(kind, value) == fold(kind, fact))
    return (Span(0, len(fact), kind, 1.0, ELSEWHERE) for kind in same)


def _parts(contents: list[str], row: RowPlaces) -> RowPlaces:
    """Where parts of the names in a row stand in it besides."""
    if not any(span.kind == PERSON for _, span in row):
        return []
    by_text = [[span for at, span in row if at == index] for index in range(len(contents))]
    spread_out = enumerate(spread(contents, by_text))
    return [(index, replace(span, reason=ELSEWHERE)) for index, spans in spread_out for span in spans]


def _covers(span: Span, other: Span) -> bool:
    """Whether `span` makes `other`, of a known value, superfluous."""
    inside = span.start <= other.start and other.end <= span.end
    return inside and (span.kind == other.kind or other.kind in SOFT)
