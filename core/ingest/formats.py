"""The reader for a file: told by its first bytes, and by its extension where they do not say."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from core.errors import FileProblem
from core.ingest.arrow_rows import open_arrow_file, open_arrow_stream
from core.ingest.contents import Content, packing_of
from core.ingest.csv_rows import open_csv
from core.ingest.json_rows import holds_records, open_json
from core.ingest.parquet_rows import open_parquet
from core.ingest.source import Batch, Broken, Source
from core.ingest.text import open_text

FORMATS = "CSV, TSV, JSON, JSONL, Parquet or Arrow, also packed as .gz, .zst or .zip"
PARQUET, ARROW_FILE, ARROW_STREAM = b"PAR1", b"ARROW1", b"\xff\xff\xff\xff"
REFUSED = {
    ".xlsx": "is an Excel file. In Excel, save the sheet as CSV (UTF-8)",
    ".xlsm": "is an Excel file with macros. In Excel, save the sheet as CSV (UTF-8)",
    ".xls": "is an Excel file. In Excel, save the sheet as CSV (UTF-8)",
    ".ods": "is a spreadsheet. Save the sheet as CSV",
    ".html": "is a web page. Download the data file itself",
    ".htm": "is a web page. Download the data file itself",
    ".pkl": "is a Python pickle, which can run code and is never opened. Save the table as CSV or Parquet",
    ".pickle": "is a Python pickle, which can run code and is never opened. Save the table as CSV or Parquet",
    ".tar": "is a tar archive. Unpack it first",
    ".bz2": "is compressed with bzip2. Unpack it first",
    ".xz": "is compressed with xz. Unpack it first",
    ".7z": "is a 7-Zip archive. Unpack it first",
    ".rar": "is a RAR archive. Unpack it first",
}


def open_source(content: Content) -> Source:
    """The rows of a table.

    Raises:
        FileProblem: its kind is not known, or it is empty, binary, damaged or has no rows; a sentence says which.
    """
    suffix = PurePosixPath(content.name).suffix.lower()
    refuse_by_name(content.name)
    head = content.head()
    if not head:
        raise FileProblem(f"The file “{content.name}” is empty. Choose a file with at least one row.")
    if packing_of(head):
        raise FileProblem(f"The file “{content.name}” is packed more than once. Unpack it first.")
    if head.startswith(PARQUET) or suffix == ".parquet":
        return open_parquet(content)
    if head.startswith(ARROW_FILE):
        return open_arrow_file(content)
    if head.startswith(ARROW_STREAM) or suffix in (".arrow", ".feather", ".ipc"):
        return open_arrow_stream(content)
    source = _open_text(content, suffix, head)
    source.batches = _to_the_end(source.batches, content)
    return source


def _to_the_end(batches: Iterator[Batch], content: Content) -> Iterator[Batch]:
    """The batches, and where a packed file broke off a row that cannot be read: known once all before it were."""
    last = 0
    for batch in batches:
        last = max([last, *batch.numbers[-1:], *(one.number for one in batch.broken[-1:])])
        yield batch
    if content.damage:
        yield Batch(
            [], [], [Broken(last + 1, "the packed file breaks off or is damaged here; the rows after this are lost")]
        )


def refuse_by_name(name: str) -> None:
    """Raises `FileProblem` where the name says that the file is no table that can be read."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in REFUSED:
        raise FileProblem(f"The file “{name}” {REFUSED[suffix]}. Accepted files: {FORMATS}.")


def is_columnar(head: bytes) -> bool:
    """Whether the first bytes of a file are those of Parquet or Arrow."""
    return head.startswith((PARQUET, ARROW_FILE, ARROW_STREAM))


def _open_text(content: Content, suffix: str, head: bytes) -> Source:
    text = open_text(content, head)
    if suffix in (".json", ".jsonl", ".ndjson"):
        return open_json(text, by_line=suffix != ".json")
    if holds_records(text):
        text.notes.append("The file holds JSON, whatever its name says; it was read as such.")
        return open_json(text, by_line=False)
    if suffix in (".csv", ".tsv") or (content.packing and not suffix):
        return open_csv(text, "\t" if suffix == ".tsv" else "")
    what = f"has the extension “{suffix}”, which is not known" if suffix else "has no extension"
    raise FileProblem(f"The file “{content.name}” {what}. Accepted files: {FORMATS}.")
