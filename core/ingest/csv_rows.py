"""Rows of CSV and TSV files. Broken quoting costs the one row that has it, not the rest of the file."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import chain, islice

from core.errors import FileProblem
from core.ingest.source import Batch, Broken, Source, unique_names
from core.ingest.text import Text

CELL_CHARACTERS = 20_000_000
SNIFFED = 30
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
EXCEL_LINE = re.compile(rb"sep=([,;\t|])[\r\n]")  # Excel's own first line; no row
LONG_NAME = 60
MISSING = {"NaN", "nan", "NULL", "null", "None", "<NA>", "#N/A"}  # as pandas, SQL, Python and Excel write them
NOT_CLOSED = "unexpected end of data"  # what the csv module says where a quoted cell has no end

Record = tuple[list[str] | None, int, str]  # cells, first line and, where there are no cells, the reason


def open_csv(text: Text, delimiter: str = "") -> Source:
    """The rows of a CSV file, counted from 1; the delimiter is found from the first rows where none is given.

    Raises:
        FileProblem: the header cannot be read, or the file has no row below it.
    """
    told = EXCEL_LINE.match(next(text.chunks(), b""))
    delimiter = told[1].decode() if told else delimiter or _sniff(text)
    if delimiter not in ",\t":
        text.notes.append(f"The columns are separated by {DELIMITERS[delimiter]}.")
    blocks = _blocks(text, delimiter, skipped=1 if told else 0)
    first = _first_records(blocks)
    if not first or first[0][0] is None:
        why = f" (line {first[0][1]}: {first[0][2]})" if first else ""
        raise FileProblem(f"The file “{text.name}” has no header that can be read{why}. {_expected()}")
    if len(first) == 1:
        raise FileProblem(f"The file “{text.name}” has only a header and no rows. Add rows below it. {_expected()}")
    header = first[0][0]
    if _looks_like_data(header, [cells for cells, _, _ in first[1 : SNIFFED + 1] if cells]):
        text.notes.append("The first line looks like data, so it was read as row 1 and the columns were numbered.")
        header = [""] * len(header)
    else:
        first = first[1:]
    columns, renamed = unique_names(header)
    text.notes.extend(renamed)
    return Source(text.name, _batches(columns, chain([first], blocks)), text.notes, text.content.share)


def _expected() -> str:
    return "The first line holds the column names, each line after it one row."


def _first_records(blocks: Iterator[list[Record]]) -> list[Record]:
    """The records of the first blocks, so many that there is one below the header."""
    first: list[Record] = []
    while len(first) < 2 and (block := next(blocks, None)) is not None:
        first += block
    return first


def _batches(columns: list[str], blocks: Iterator[list[Record]]) -> Iterator[Batch]:
    first, width = 1, len(columns)
    for block in blocks:
        batch = Batch([], [], [])
        for number, (cells, line, reason) in enumerate(block, first):
            if cells is None:
                batch.broken.append(Broken(number, f"line {line}: {reason}"))
            elif len(cells) > width and any(cell.strip() for cell in cells[width:]):
                much = f"it has {len(cells)} cells, but there are {width} columns"
                reason = f"line {line}: {much}; put quotes around text that holds the separator"
                batch.broken.append(Broken(number, reason))
            else:
                batch.numbers.append(number)
                batch.values.append(_row(columns, cells))
        first += len(block)
        yield batch


def _row(columns: list[str], cells: list[str]) -> dict[str, str | None]:
    if MISSING.isdisjoint(map(str.strip, cells)):
        return dict(zip(columns, cells, strict=False))
    return {name: None if cell.strip() in MISSING else cell for name, cell in zip(columns, cells, strict=False)}


def _blocks(text: Text, delimiter: str, skipped: int = 0) -> Iterator[list[Record]]:
    """The records of the file, some megabytes at a time; blank lines are no records."""
    csv.field_size_limit(CELL_CHARACTERS)
    lines: list[str] = []
    first = 1
    blocks = text.blocks()
    block = next(blocks, None)
    while block is not None:
        lines += io.StringIO(text.decode(block, first + len(lines)), newline="").readlines()
        block = next(blocks, None)
        found, used = _records(lines, first, delimiter, last=block is None)
        yield found[skipped:]
        skipped = 0
        first, lines = first + used, lines[used:]


def _records(lines: list[str], first: int, delimiter: str, last: bool) -> tuple[list[Record], int]:
    """The records of these lines, the first of which has that number, and how many lines they take.

    Unless the lines are the `last`, a record that has no end in them is left for later.
    """
    found: list[Record] = []
    used = 0
    while used < len(lines):
        start = used
        reader = csv.reader(map(lines.__getitem__, range(start, len(lines))), delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                if cells:
                    found.append((cells, first + used, ""))
                used = start + reader.line_num
        except csv.Error as error:
            if not last and NOT_CLOSED in str(error):
                break
            found.append((None, first + used, _broken(error)))
            used += 1
    return found, used


def _broken(error: csv.Error) -> str:
    if "field limit" in str(error):
        return f"a cell is longer than {CELL_CHARACTERS:,} characters, or a quotation mark is not closed"
    return "a quotation mark is not closed, or one inside a cell is not doubled"


def _sniff(text: Text) -> str:
    """The delimiter that gives the most columns in the most rows of the same width."""

    def fit(delimiter: str) -> tuple[float, int]:
        records = islice(chain.from_iterable(_blocks(text, delimiter)), SNIFFED)
        widths = [len(cells) for cells, _, _ in records if cells]
        if not widths or widths[0] < 2:
            return 0.0, 0
        return widths.count(widths[0]) / len(widths), widths[0]

    fits = {delimiter: fit(delimiter) for delimiter in DELIMITERS}
    best = max(fits, key=lambda delimiter: fits[delimiter])
    return best if fits[best][1] else ","


def _looks_like_data(header: list[str], rows: list[list[str]]) -> bool:
    """A column name is short, is no sentence and is not a value of its own column."""
    for position, name in enumerate(header):
        values = {row[position] for row in rows if position < len(row) and row != header}
        if name.strip() and (len(name) > LONG_NAME or name in values or _is_sentence(name)):
            return True
    return False


def _is_sentence(name: str) -> bool:
    """Several words that end as a sentence does; “No.” alone is a column name."""
    return " " in name.strip() and name.strip().endswith((".", "?", "!"))
