"""Read a file of examples: every row becomes an example or a problem."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from core.errors import FileProblem
from core.ingest.convert import Converter, Unreadable
from core.ingest.formats import open_source
from core.ingest.guess import guess
from core.ingest.shapes import ACCEPTED, Mapping
from core.ingest.source import Row, Source, whole
from core.records import SCHEMA, Dataset, Example, Problem

SAMPLE_ROWS = 200
PREVIEW_ROWS = 5
PREVIEW_CHARACTERS = 200
BATCH_ROWS = 5000


@dataclass(frozen=True)
class Ingested:
    """What a file became. The rows of the file are `len(dataset) + len(problems)`; nothing is dropped silently.

    `columns` are those of the file, `notes` sentences on how it was read, `preview` its first rows, shortened; `unsure`
    is true where the mapping is no more than a guess from what the cells hold.
    """

    dataset: Dataset
    problems: list[Problem]
    mapping: Mapping
    columns: list[str]
    notes: list[str]
    preview: list[dict[str, str]]
    unsure: bool


def ingest(path: Path, name: str, mapping: Mapping | None = None, max_rows: int | None = None) -> Ingested:
    """Read the file at `path`, called `name` on the user's machine; without a mapping it is guessed.

    A row's id is "r" and its number with six digits, so that it stays the same under another mapping. The number is
    that of the line for JSONL, and else counts the data rows from 1.

    Raises:
        FileProblem: the file cannot be read, none of its rows can, or there are more than `max_rows` of them.
        SettingProblem: the mapping does not fit the columns.
    """
    source = open_source(path, name)
    rows = _bounded(source, max_rows)
    sample = list(islice(rows, SAMPLE_ROWS))
    if mapping:
        mapping.check_fields()
    chosen, unsure = (mapping, "") if mapping else _guessed(sample, name)
    reading = _Reading(Converter(chosen), strict=mapping is not None)
    table = pa.concat_tables([SCHEMA.empty_table(), *reading.tables(chain(sample, rows))])
    reading.check(name, len(table))
    notes = [*source.notes, *([unsure] if unsure else []), *reading.converter.notes()]
    columns, preview = list(reading.columns), _preview(sample)
    return Ingested(Dataset(table), reading.problems, chosen, columns, notes, preview, bool(unsure))


class _Reading:
    """One pass over the rows: examples in batches, problems and columns beside."""

    def __init__(self, converter: Converter, strict: bool) -> None:
        self.converter = converter
        self.strict = strict
        self.problems: list[Problem] = []
        self.columns: dict[str, None] = {}

    def tables(self, rows: Iterator[Row]) -> Iterator[pa.Table]:
        """The examples, so many at a time that their Python objects stay few."""
        examples = self._examples(rows)
        while batch := [example.as_row() for example in islice(examples, BATCH_ROWS)]:
            yield pa.Table.from_pylist(batch, schema=SCHEMA)

    def _examples(self, rows: Iterator[Row]) -> Iterator[Example]:
        for row in rows:
            if row.values is None:
                self.problems.append(Problem(row.number, "broken line", row.reason))
                continue
            self.columns |= dict.fromkeys(row.values)
            try:
                yield self.converter.example(row.number, row.values)
            except Unreadable as error:
                self.problems.append(Problem(row.number, error.check, str(error)))

    def check(self, name: str, rows: int) -> None:
        """Hold the mapping and the outcome against each other, once the whole file is known."""
        if self.strict and self.columns:
            self.converter.mapping.check_columns(list(self.columns))
        if not rows and self.problems:
            first = self.problems[0]
            raise FileProblem(f"No row of “{name}” can be read. Row {first.row}: {first.reason}. {ACCEPTED}")


def _bounded(source: Source, max_rows: int | None) -> Iterator[Row]:
    for count, row in enumerate(source.rows, 1):
        if max_rows is not None and count > max_rows:
            raise FileProblem(
                f"The file “{source.name}” has more than {max_rows:,} rows, the most that this place takes. "
                "Cut it shorter, or run Tunebench on your own machine."
            )
        yield row


def _guessed(sample: list[Row], name: str) -> tuple[Mapping, str]:
    values = [row.values for row in sample if row.values]
    if not sample:
        raise FileProblem(f"The file “{name}” holds no rows. {ACCEPTED}")
    if not values:
        raise FileProblem(
            f"None of the first {len(sample)} rows of “{name}” can be read. "
            f"Row {sample[0].number}: {sample[0].reason}. {ACCEPTED}"
        )
    mapping, unsure = guess(values)
    if mapping is None:
        columns = ", ".join(f"“{column}”" for column in dict.fromkeys(key for row in values for key in row))
        raise FileProblem(f"No column of “{name}” holds text. Its columns: {columns}. {ACCEPTED}")
    return mapping, unsure


def _preview(sample: list[Row]) -> list[dict[str, str]]:
    readable = [row.values for row in sample if row.values is not None]
    return [{key: _short(value) for key, value in values.items()} for values in readable[:PREVIEW_ROWS]]


def _short(value: Any) -> str:
    text = "" if value is None else whole(str(value)[: PREVIEW_CHARACTERS + 1])
    return text if len(text) <= PREVIEW_CHARACTERS else text[:PREVIEW_CHARACTERS] + "…"
