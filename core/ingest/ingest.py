"""Read files of examples: every row of theirs becomes an example or a problem."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from core.errors import FileProblem, LabError
from core.ingest.convert import Converter
from core.ingest.formats import open_source
from core.ingest.look import Look, Preview, look_at
from core.ingest.shapes import ACCEPTED, Mapping
from core.ingest.sink import Sink
from core.ingest.source import Batch, File
from core.records import SCHEMA, Dataset, Problem, with_schema


class Stopped(LabError):
    """A person stopped the reading."""


@dataclass(frozen=True)
class Ingested(Preview):
    """What files became: `rows` examples, and a problem for each row that is none; nothing is dropped silently."""

    rows: int
    problems: list[Problem]


def preview(files: Sequence[File]) -> Preview:
    """The first rows of some files and what they seem to be. Raises like `ingest`."""
    return look_at(files).preview()


def ingest(
    files: Sequence[File],
    mapping: Mapping | None = None,
    *,
    add: Callable[[pa.Table], None],
    max_rows: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Ingested:
    """Read files of the same columns; without a mapping it is guessed.

    The examples go to `add`, a table at a time, in a thread of their own; `progress` is told the share read, 0 to 1.
    A row's id is "r" and its number with six digits, so that it stays the same under another mapping; of several files,
    the name of the file goes before it. The number is that of the line for JSONL, and else counts the data rows from 1.

    Raises:
        FileProblem: a file cannot be read, none of its rows can, there are more than `max_rows` of them, or the files
            have different columns.
        SettingProblem: the mapping does not fit the columns.
        Stopped: `stopped` said yes; what was handed to `add` is to be thrown away.
    """
    if mapping:
        mapping.check_fields()
    look = look_at(files, mapping)
    reading = _Reading(look, max_rows, progress, stopped)
    with Sink(add) as sink:
        for place in range(len(look.contents)):
            reading.read(place, sink.add)
    if mapping:
        mapping.check_columns(list(reading.columns))
    if not sink.rows:
        first = f" Row {problem.row}: {problem.reason}." if (problem := next(iter(reading.problems), None)) else ""
        raise FileProblem(f"No row of “{look.name}” can be read.{first} {ACCEPTED}")
    about = look.preview(list(reading.columns), reading.notes)
    return Ingested(**vars(about), rows=sink.rows, problems=reading.problems)


def read(path: Path, name: str, mapping: Mapping | None = None) -> tuple[Dataset, Ingested]:
    """A small file as a dataset in memory. Raises like `ingest`."""
    tables = [SCHEMA.empty_table()]
    found = ingest([File(path, name)], mapping, add=lambda table: tables.append(with_schema(table)))
    return Dataset(pa.concat_tables(tables)), found


class _Reading:
    """One pass over all rows: problems, columns and notes of all files together."""

    def __init__(
        self, look: Look, max_rows: int | None, progress: Callable[[float], None], stopped: Callable[[], bool]
    ) -> None:
        self.look = look
        self.problems: list[Problem] = []
        self.columns: dict[str, None] = {}
        self.notes: list[str] = list(look.notes)
        self._max_rows = max_rows
        self._progress = progress
        self._stopped = stopped
        self._rows = 0

    def read(self, place: int, add: Callable[[pa.Table], None]) -> None:
        """Read the file at that place."""
        content, several = self.look.contents[place], len(self.look.contents) > 1
        source = open_source(content)
        converter = Converter(self.look.mapping, self.look.prefixes[place], content.name if several else None)
        for batch in source.batches:
            self._check(batch)
            add(converter.table(batch))
            self._progress(self.look.share(place, source.share()))
        add(converter.finish())
        self.columns |= converter.columns
        notes = [*source.notes, *converter.notes()]
        if several:
            notes = [f"{content.name}: {note}" for note in notes]
            said = (replace(problem, reason=f"{content.name}: {problem.reason}") for problem in converter.problems)
            converter.problems = list(said)
        self.problems += converter.problems
        self.notes += notes

    def _check(self, batch: Batch) -> None:
        if self._stopped():
            raise Stopped("Reading was stopped. Nothing of it was kept.")
        self._rows += len(batch.numbers) + len(batch.broken)
        if self._max_rows is not None and self._rows > self._max_rows:
            raise FileProblem(
                f"The file “{self.look.name}” has more than {self._max_rows:,} rows, the most that this place takes. "
                "Cut it shorter, or run Tunebench on your own machine."
            )
