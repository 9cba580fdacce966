"""Rows of Parquet files."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import FileProblem
from core.ingest.arrow_rows import DAMAGE, Table
from core.ingest.contents import UNPACKED_BYTES, Content
from core.ingest.source import Batch, Source

BATCH_ROWS = 5_000


def open_parquet(content: Content) -> Source:
    """The rows of a Parquet file, counted from 1.

    Raises:
        FileProblem: it is not a Parquet file, is cut off, or unpacks to more than `UNPACKED_BYTES`.
    """
    try:
        file = pq.ParquetFile(pa.PythonFile(content.seekable(), "r"))
        groups = (file.metadata.row_group(number) for number in range(file.metadata.num_row_groups))
        unpacked = sum(group.total_byte_size for group in groups)
        table = Table(file.schema_arrow)
    except DAMAGE as error:
        raise FileProblem(
            f"The file “{content.name}” is not a complete Parquet file. Save or download it again."
        ) from error
    if unpacked > UNPACKED_BYTES:
        raise FileProblem(f"The file “{content.name}” unpacks to more than 8 GB. Split it into smaller files.")
    return _source(content, file, table)


def _source(content: Content, file: Any, table: Table) -> Source:
    read, rows = 0, max(1, file.metadata.num_rows)

    def batches() -> Iterator[Batch]:
        nonlocal read
        try:
            for part in file.iter_batches(batch_size=BATCH_ROWS, use_threads=False):
                yield table.rows(part, read + 1)
                read += len(part)
        except DAMAGE as error:
            raise FileProblem(
                f"The file “{content.name}” is damaged after row {read:,}. Save or download it again."
            ) from error

    return Source(content.name, batches(), table.notes, lambda: read / rows)
