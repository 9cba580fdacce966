"""Rows of Arrow files, as `datasets` and pandas (Feather) write them."""

from collections.abc import Iterator
from typing import Any

import orjson
import pyarrow as pa

from core.errors import FileProblem
from core.ingest.contents import Content
from core.ingest.source import Batch, Broken, Source, flatten, unique_names

DAMAGE = (pa.ArrowException, OSError, ValueError, OverflowError)
BATCH_ROWS = 5_000


def open_arrow_file(content: Content) -> Source:
    """The rows of an Arrow file (Feather 2), counted from 1. Raises `FileProblem` if it is damaged."""
    stream = content.seekable()
    try:
        reader = pa.ipc.open_file(pa.PythonFile(stream, "r"))
    except DAMAGE as error:
        raise _damaged(content, 0) from error
    parts = (reader.get_batch(number) for number in range(reader.num_record_batches))
    return _source(content, stream, reader.schema, parts)


def open_arrow_stream(content: Content) -> Source:
    """The rows of an Arrow stream, as `datasets` saves them, counted from 1. Raises `FileProblem` if it is damaged."""
    stream = content.seekable()
    try:
        reader = pa.ipc.open_stream(pa.PythonFile(stream, "r"))
    except DAMAGE as error:
        raise _damaged(content, 0) from error
    return _source(content, stream, reader.schema, iter(reader))


class Table:
    """How the columns of an Arrow table become cells: their names, made unique, and the names of classes.

    `datasets` stores classes as numbers and their names beside them; `notes` say where they were put in.
    """

    def __init__(self, schema: Any) -> None:
        self.columns, self.notes = unique_names(list(schema.names))
        self._classes = _class_names(schema, self.columns)
        self._nested = any(pa.types.is_struct(field.type) for field in schema)
        named = ", ".join(f"“{column}”" for column in self._classes)
        self.notes += [f"The numbers in {named} were read as the class names that the file gives."] if named else []

    def rows(self, batch: Any, first: int) -> Batch:
        """The rows of a record batch, the first with that number. A text that is not UTF-8 costs only its row."""
        numbers = list(range(first, first + len(batch)))
        try:
            return Batch(numbers, self._values(batch))
        except UnicodeDecodeError:
            return self._one_by_one(batch, numbers)

    def _values(self, batch: Any) -> list[dict[str, Any]]:
        cells = [self._cells(name, column) for name, column in zip(self.columns, batch.columns, strict=True)]
        rows = [dict(zip(self.columns, row, strict=True)) for row in zip(*cells, strict=True)]
        return [flatten(row) for row in rows] if self._nested else rows

    def _cells(self, name: str, column: Any) -> list[Any]:
        cells: list[Any] = column.to_pylist()
        names = self._classes.get(name)
        if names is None:
            return cells
        return [names[cell] if isinstance(cell, int) and 0 <= cell < len(names) else cell for cell in cells]

    def _one_by_one(self, batch: Any, numbers: list[int]) -> Batch:
        found = Batch([], [], [])
        for place, number in enumerate(numbers):
            try:
                found.values.extend(self._values(batch.slice(place, 1)))
                found.numbers.append(number)
            except UnicodeDecodeError:
                found.broken.append(Broken(number, "a text in this row is not UTF-8"))
        return found


def _class_names(schema: Any, columns: list[str]) -> dict[str, list[str]]:
    """The names of the classes of each column that has some, as `datasets` writes them into a schema."""
    try:
        told = orjson.loads((schema.metadata or {}).get(b"huggingface", b"{}"))
        features = told["info"]["features"]
        listed = {column: features[name]["names"] for column, name in zip(columns, schema.names, strict=True)
                  if features.get(name, {}).get("_type") == "ClassLabel"}  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError):  # it is what anybody wrote
        return {}
    return {column: list(map(str, names)) for column, names in listed.items()}


def _source(content: Content, stream: Any, schema: Any, parts: Iterator[Any]) -> Source:
    table = Table(schema)
    size = max(1, content.file.path.stat().st_size)
    return Source(content.name, _batches(content, table, parts), table.notes, lambda: min(1.0, stream.tell() / size))


def _batches(content: Content, table: Table, parts: Iterator[Any]) -> Iterator[Batch]:
    read = 0
    try:
        for part in parts:
            for start in range(0, len(part), BATCH_ROWS):
                yield table.rows(part.slice(start, BATCH_ROWS), read + 1)
                read += min(BATCH_ROWS, len(part) - start)
    except DAMAGE as error:
        raise _damaged(content, read) from error


def _damaged(content: Content, read: int) -> FileProblem:
    where = f"damaged after row {read:,}" if read else "not a complete Arrow file"
    return FileProblem(f"The file “{content.name}” is {where}. Save or download it again.")
