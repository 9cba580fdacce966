"""The reader for a file, by its extension."""

from pathlib import Path

from core.errors import FileProblem
from core.ingest.csv_rows import open_csv
from core.ingest.json_rows import open_json
from core.ingest.parquet_rows import open_parquet
from core.ingest.source import Source
from core.ingest.text import open_text

FORMATS = "CSV, TSV, JSON, JSONL or Parquet"
REFUSED = {
    ".xlsx": "is an Excel file. In Excel, save the sheet as CSV (UTF-8)",
    ".xlsm": "is an Excel file with macros. In Excel, save the sheet as CSV (UTF-8)",
    ".xls": "is an Excel file. In Excel, save the sheet as CSV (UTF-8)",
    ".ods": "is a spreadsheet. Save the sheet as CSV",
    ".html": "is a web page. Download the data file itself",
    ".htm": "is a web page. Download the data file itself",
    ".pkl": "is a Python pickle, which can run code and is never opened. Save the table as CSV or Parquet",
    ".pickle": "is a Python pickle, which can run code and is never opened. Save the table as CSV or Parquet",
    ".gz": "is compressed. Unpack it first",
    ".zip": "is compressed. Unpack it first",
    ".zst": "is compressed. Unpack it first",
}


def open_source(path: Path, name: str) -> Source:
    """The rows of a file, read by its extension.

    Raises:
        FileProblem: the extension is not known, or the file is empty, binary or has no rows; a sentence says which.
    """
    suffix = Path(name).suffix.lower()
    if suffix == ".parquet":
        _refuse_empty(path, name)
        return open_parquet(path, name)
    if suffix in (".csv", ".tsv"):
        return open_csv(open_text(path, name), "\t" if suffix == ".tsv" else "")
    if suffix in (".json", ".jsonl", ".ndjson"):
        return open_json(open_text(path, name), by_line=suffix != ".json")
    what = REFUSED.get(suffix, f"has the extension “{suffix}”, which is not known" if suffix else "has no extension")
    raise FileProblem(f"The file “{name}” {what}. Accepted files: {FORMATS}.")


def _refuse_empty(path: Path, name: str) -> None:
    if not path.stat().st_size:
        raise FileProblem(f"The file “{name}” is empty. Choose a file with at least one row.")
