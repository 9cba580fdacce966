"""Bytes to text: the encoding is found, said, and never a reason to lose the file; binary files are refused by name."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.errors import FileProblem

HEAD_BYTES = 65_536
BINARY_SHARE = 0.05  # random bytes hold 11 % of these control characters, text none
CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f"))
UTF16_NULS = 0.3  # share of NUL among the high bytes of Latin text in UTF-16
MIXED = "utf-8-or-windows-1252"
MAGIC = {
    b"PAR1": "a Parquet file; name it .parquet",
    b"PK\x03\x04": "a zip archive or an Excel or Word file; export the table as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file; export the table as CSV",
    b"\x1f\x8b": "compressed with gzip; unpack it first",
    b"\x28\xb5\x2f\xfd": "compressed with zstd; unpack it first",
    b"BZh": "compressed with bzip2; unpack it first",
    b"%PDF": "a PDF; export its text as a table",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"SQLite format 3": "a SQLite database; export the table as CSV",
    b"ARROW1": "an Arrow file; save it as Parquet",
    b"\x80\x02": "a Python pickle, which can run code; save it as CSV or JSON",
    b"\x80\x03": "a Python pickle, which can run code; save it as CSV or JSON",
    b"\x80\x04": "a Python pickle, which can run code; save it as CSV or JSON",
    b"\x80\x05": "a Python pickle, which can run code; save it as CSV or JSON",
}
BOMS = {
    b"\xff\xfe\x00\x00": ("utf-32", "UTF-32"),
    b"\xff\xfe": ("utf-16", "UTF-16"),
    b"\xfe\xff": ("utf-16", "UTF-16"),
}


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8 as Windows-1252; its five unused bytes as Latin-1."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    single = (bytes([byte]) for byte in wrong)
    return "".join(byte.decode("cp1252", "ignore") or byte.decode("latin-1") for byte in single), error.end


codecs.register_error(MIXED, _as_windows_1252)


@dataclass(frozen=True)
class Text:
    """A text file whose encoding is known. `notes` are sentences for the screen."""

    path: Path
    name: str
    encoding: str
    notes: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """The lines with their ends, read one at a time."""
        errors = MIXED if self.encoding.startswith("utf-8") else "replace"
        with self.path.open(encoding=self.encoding, errors=errors, newline="") as file:
            yield from file

    def read(self) -> str:
        """The whole text."""
        return "".join(self.lines())


def open_text(path: Path, name: str) -> Text:
    """Find the encoding of a text file.

    Raises:
        FileProblem: the file is empty, or is not text.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    _refuse_binary(head, name)
    encoding, notes = _encoding(head)
    if encoding.startswith("utf-8") and (line := _first_line_not_utf8(path)):
        notes.append(
            f"From line {line} on, some characters are not UTF-8 and were read as Windows-1252 (Latin-1). "
            "Look at the accented letters before you go on."
        )
    elif not encoding.startswith("utf-8"):
        _refuse_control_characters(head.decode(encoding, "replace").encode("utf-8", "replace"), name)
    return Text(path, name, encoding, tuple(notes))


def _encoding(head: bytes) -> tuple[str, list[str]]:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", ["The file starts with a byte order mark (BOM); it was removed."]
    for mark, (encoding, title) in BOMS.items():
        if head.startswith(mark):
            return encoding, [f"The file is written in {title}; it was read as such."]
    if encoding := _bare_utf16(head):
        return encoding, ["The file is written in UTF-16; it was read as such."]
    return "utf-8", []


def _bare_utf16(head: bytes) -> str:
    even, odd = head[0::2], head[1::2]
    if not odd:
        return ""
    if odd.count(0) > UTF16_NULS * len(odd) and even.count(0) < BINARY_SHARE * len(even):
        return "utf-16-le"
    if even.count(0) > UTF16_NULS * len(even) and odd.count(0) < BINARY_SHARE * len(odd):
        return "utf-16-be"
    return ""


def _first_line_not_utf8(path: Path) -> int:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 0


def _refuse_binary(head: bytes, name: str) -> None:
    if not head.strip():
        raise FileProblem(f"The file “{name}” is empty. Choose a file with at least one row.")
    for mark, what in MAGIC.items():
        if head.startswith(mark):
            raise FileProblem(f"The file “{name}” is {what}.")
    if head.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        raise FileProblem(f"The file “{name}” is a web page, not a table. Download the data file itself.")
    if not any(head.startswith(mark) for mark in BOMS) and not _bare_utf16(head):
        _refuse_control_characters(head, name)


def _refuse_control_characters(head: bytes, name: str) -> None:
    if len(head) - len(head.translate(None, CONTROL)) > BINARY_SHARE * len(head):
        raise FileProblem(
            f"The file “{name}” is not text but binary data. Save the table as CSV, TSV, JSON, JSONL or Parquet."
        )
