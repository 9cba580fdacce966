"""Rows of Parquet files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import FileProblem
from core.ingest.source import Row, Source, flatten, unique_names

BATCH_ROWS = 1000
UNPACKED_BYTES = 8_000_000_000
DAMAGE = (pa.ArrowException, OSError, ValueError, OverflowError)


def open_parquet(path: Path, name: str) -> Source:
    """The rows of a Parquet file.

    Raises:
        FileProblem: it is not a Parquet file, is cut off, or unpacks to more than `UNPACKED_BYTES`.
    """
    try:
        file = pq.ParquetFile(path)
        columns, notes = unique_names(list(file.schema_arrow.names))
        groups = (file.metadata.row_group(number) for number in range(file.metadata.num_row_groups))
        unpacked = sum(group.total_byte_size for group in groups)
    except DAMAGE as error:
        raise FileProblem(f"The file “{name}” is not a complete Parquet file. Save or download it again.") from error
    if unpacked > UNPACKED_BYTES:
        raise FileProblem(f"The file “{name}” unpacks to more than 8 GB. Split it into smaller files.")
    return Source(name, _rows(file, columns, name), notes)


def _rows(file: Any, columns: list[str], name: str) -> Iterator[Row]:
    number = 0
    try:
        for batch in file.iter_batches(batch_size=BATCH_ROWS):
            for values in batch.rename_columns(columns).to_pylist():
                number += 1
                yield Row(number, flatten(values))
    except DAMAGE as error:
        raise FileProblem(f"The file “{name}” is damaged after row {number}. Save or download it again.") from error
