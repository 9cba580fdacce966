"""Bytes to text: the encoding is found, said, and never a reason to lose the file; binary files are refused by name."""

import codecs
from collections.abc import Iterator

from core.errors import FileProblem
from core.ingest.contents import Content

LONGEST_LINE = 256_000_000
BINARY_SHARE = 0.05  # random bytes hold 11 % of these control characters, text none
CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f"))
UTF16_NULS = 0.3  # share of NUL among the high bytes of Latin text in UTF-16
MIXED = "utf-8-or-windows-1252"
MAGIC = {
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file; export the table as CSV",
    b"BZh": "compressed with bzip2; unpack it first",
    b"\xfd7zXZ": "compressed with xz; unpack it first",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive; unpack it first",
    b"Rar!": "a RAR archive; unpack it first",
    b"%PDF": "a PDF; export its text as a table",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"SQLite format 3": "a SQLite database; export the table as CSV",
    b"FEA1": "an old Feather file; save it as Parquet or CSV",
    b"\x80\x02": "a Python pickle, which can run code; save it as CSV or JSON",
    b"\x80\x03": "a Python pickle, which can run code; save it as CSV or JSON",
    b"\x80\x04": "a Python pickle, which can run code; save it as CSV or JSON",
    b"\x80\x05": "a Python pickle, which can run code; save it as CSV or JSON",
}
TAR, TAR_PLACE = b"ustar", 257
BOMS = {
    codecs.BOM_UTF8: ("utf-8", ""),
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


class Text:
    """A text whose encoding is known. `notes` are sentences for the screen; more may come while it is read."""

    def __init__(self, content: Content, encoding: str, notes: list[str]) -> None:
        self.content = content
        self.name = content.name
        self.encoding = encoding
        self.notes = notes
        self._said = False

    def chunks(self) -> Iterator[bytes]:
        """The text as UTF-8 without its byte order mark; bytes that are not UTF-8 stay in it for `decode` to mend."""
        if self.encoding == "utf-8":
            chunks = self.content.chunks()
            yield next(chunks, b"").removeprefix(codecs.BOM_UTF8)
            yield from chunks
        else:
            decoder = codecs.getincrementaldecoder(self.encoding)("replace")
            for chunk in self.content.chunks():
                yield decoder.decode(chunk).encode()
            yield decoder.decode(b"", True).encode()
        if self.content.damage and self.content.damage not in self.notes:
            self.notes.append(self.content.damage)

    def blocks(self) -> Iterator[bytes]:
        """The same in pieces that end where a line ends, but for the last.

        Raises:
            FileProblem: a line is longer than `LONGEST_LINE`.
        """
        parts: list[bytes] = []
        for chunk in self.chunks():
            end = _last_line_end(chunk)
            if end:
                yield b"".join([*parts, chunk[:end]])
                parts = []
            parts.append(chunk[end:])
            if sum(map(len, parts)) > LONGEST_LINE:
                raise FileProblem(
                    f"A line of “{self.name}” has more than {LONGEST_LINE // 1_000_000} MB. Save a record on each line."
                )
        if rest := b"".join(parts):
            yield rest

    def decode(self, data: bytes, line: int = 0) -> str:
        """A piece of the text as characters; says so where it is not UTF-8.

        The piece begins with that line, counted from 1; 0 where that is not known.
        """
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            before = data[: error.start] + b"."
            self._say_not_utf8(line + len(before.splitlines()) - 1 if line else 0)
            return data.decode("utf-8", MIXED)

    def _say_not_utf8(self, line: int) -> None:
        start = f"From line {line:,} on, some" if line else "Some"
        note = (
            f"{start} characters are not UTF-8 and were read as Windows-1252 (Latin-1). "
            "Look at the accented letters before you go on."
        )
        self.notes.extend([] if self._said else [note])
        self._said = True


def open_text(content: Content, head: bytes) -> Text:
    """Find the encoding of a text file from its first bytes.

    Raises:
        FileProblem: the file is empty, or is not text.
    """
    _refuse_binary(head, content.name)
    encoding, notes = _encoding(head)
    if encoding != "utf-8":
        _refuse_control_characters(head.decode(encoding, "replace").encode("utf-8", "replace"), content.name)
    return Text(content, encoding, notes)


def _last_line_end(chunk: bytes) -> int:
    """Behind the last end of a line; a lone CR at the very end may be half of one."""
    return chunk.rfind(b"\n") + 1 or chunk.rfind(b"\r", 0, -1) + 1


def _encoding(head: bytes) -> tuple[str, list[str]]:
    for mark, (encoding, title) in BOMS.items():
        if head.startswith(mark) and title:
            return encoding, [f"The file is written in {title}; it was read as such."]
        if head.startswith(mark):
            return encoding, ["The file starts with a byte order mark (BOM); it was removed."]
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


def _refuse_binary(head: bytes, name: str) -> None:
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise FileProblem(f"The file “{name}” is empty. Choose a file with at least one row.")
    for mark, what in MAGIC.items():
        if head.startswith(mark):
            raise FileProblem(f"The file “{name}” is {what}.")
    if head[TAR_PLACE:].startswith(TAR):
        raise FileProblem(f"The file “{name}” is a tar archive; unpack it first.")
    if head.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        raise FileProblem(f"The file “{name}” is a web page, not a table. Download the data file itself.")
    if not any(head.startswith(mark) for mark in BOMS) and not _bare_utf16(head):
        _refuse_control_characters(head, name)


def _refuse_control_characters(head: bytes, name: str) -> None:
    if len(head) - len(head.translate(None, CONTROL)) > BINARY_SHARE * len(head):
        raise FileProblem(
            f"The file “{name}” is not text but binary data. Save the table as CSV, TSV, JSON, JSONL or Parquet."
        )
