"""Rows of CSV and TSV files. Broken quoting costs the one row that has it, not the rest of the file."""

import csv
from collections import deque
from collections.abc import Iterator
from itertools import chain, islice

from core.errors import FileProblem
from core.ingest.source import Row, Source, unique_names
from core.ingest.text import Text

CELL_CHARACTERS = 20_000_000
SNIFFED = 30
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
LONG_NAME = 60
MISSING = {"NaN", "nan", "NULL", "null", "None", "<NA>", "#N/A"}  # as pandas, SQL, Python and Excel write them

Record = tuple[list[str] | None, int, str]


def open_csv(text: Text, delimiter: str = "") -> Source:
    """The rows of a CSV file; the delimiter is found from the first rows where none is given.

    Raises:
        FileProblem: the file has no row below its header.
    """
    delimiter = delimiter or _sniff(text)
    notes = list(text.notes)
    if delimiter not in ",\t":
        notes.append(f"The columns are separated by {DELIMITERS[delimiter]}.")
    records = _records(text.lines(), delimiter)
    header = next((cells for cells, _, _ in records if cells), None)
    if header is None:
        raise FileProblem(f"The file “{text.name}” has no header that can be read. {_expected()}")
    sample = list(islice(records, SNIFFED))
    if not sample:
        raise FileProblem(f"The file “{text.name}” has only a header and no rows. Add rows below it. {_expected()}")
    if _looks_like_data(header, [cells for cells, _, _ in sample if cells]):
        notes.append("The first line looks like data, so it was read as row 1 and the columns were numbered.")
        sample.insert(0, (header, 1, ""))
        header = [""] * len(header)
    columns, renamed = unique_names(header)
    return Source(text.name, _rows(columns, chain(sample, records)), notes + renamed)


def _expected() -> str:
    return "The first line holds the column names, each line after it one row."


def _rows(columns: list[str], records: Iterator[Record]) -> Iterator[Row]:
    for number, (cells, line, reason) in enumerate(records, 1):
        if cells is None:
            yield Row(number, None, f"line {line}: {reason}")
        elif any(cell.strip() for cell in cells[len(columns) :]):
            much = f"it has {len(cells)} cells, but there are {len(columns)} columns"
            yield Row(number, None, f"line {line}: {much}; put quotes around text that holds the separator")
        else:
            values = (None if cell.strip() in MISSING else cell for cell in cells)
            yield Row(number, dict(zip(columns, values, strict=False)))


class _Lines:
    """Lines that can be given back, so that reading can go on after a row whose quotes are broken."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 1

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.taken.append(line)
        return line

    def done(self, lines: int) -> None:
        """Count the first `lines` lines as read and give the others back."""
        self._again.extendleft(reversed(self.taken[lines:]))
        self.number += lines
        self.taken = []


def _records(lines: Iterator[str], delimiter: str) -> Iterator[Record]:
    """Cells, first line and, where there are no cells, the reason; blank lines are no records."""
    csv.field_size_limit(CELL_CHARACTERS)
    source = _Lines(lines)
    while True:
        first = source.number
        try:
            cells = next(csv.reader(source, delimiter=delimiter, strict=True))
        except StopIteration:
            return
        except csv.Error as error:
            source.done(1)
            yield None, first, _broken(error)
        else:
            source.done(len(source.taken))
            if cells:
                yield cells, first, ""


def _broken(error: csv.Error) -> str:
    if "field limit" in str(error):
        return f"a cell is longer than {CELL_CHARACTERS:,} characters, or a quotation mark is not closed"
    return "a quotation mark is not closed, or one inside a cell is not doubled"


def _sniff(text: Text) -> str:
    """The delimiter that gives the most columns in the most rows of the same width."""

    def fit(delimiter: str) -> tuple[float, int]:
        widths = [len(cells) for cells, _, _ in islice(_records(text.lines(), delimiter), SNIFFED) if cells]
        if not widths or widths[0] < 2:
            return 0.0, 0
        return widths.count(widths[0]) / len(widths), widths[0]

    best = max(DELIMITERS, key=fit)
    return best if fit(best)[1] else ","


def _looks_like_data(header: list[str], rows: list[list[str]]) -> bool:
    """A column name is short and is not a value of its own column."""
    for position, name in enumerate(header):
        values = {row[position] for row in rows if position < len(row) and row != header}
        if name.strip() and (len(name) > LONG_NAME or name in values):
            return True
    return False
