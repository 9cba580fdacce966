"""The bytes of a file, plain or packed with gzip, zstd or zip; what is packed is told by its first bytes.

Nothing is unpacked to disk but what must be read at any place (Parquet), and never more than the bounds below: a file
of a few kilobytes can be made to unpack to terabytes.
"""

import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

import zstandard

from core.errors import FileProblem
from core.ingest.source import File

HEAD_BYTES = 65_536
FIRST_BYTES, BLOCK_BYTES = 262_144, 8_388_608  # little at first, so that a preview need not wait
UNPACKED_BYTES = 8_000_000_000
RATIO, FREE_BYTES = 200, 100_000_000  # text packs 3 to 20 times; gzip can be made to reach 1,032, zstd 30,000
MEMBERS = 1_000
ZSTD_WINDOW = 2**27  # what the zstd program itself takes without --long
# What goes in at once, so that little comes out at once: gzip makes at most 66 MB of 64 KB, zstd 64 MB of 2 KB.
GZIP_FEED, ZSTD_FEED = 65_536, 2_048
ZIP_FEED = 1_048_576
PACKINGS = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"PK\x03\x04": "zip", b"PK\x05\x06": "zip"}
PACKED_SUFFIXES = (".gz", ".gzip", ".zst", ".zstd", ".zip")
TABLE_SUFFIXES = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".arrow", ".feather", ".ipc")
DAMAGE = (EOFError, OSError, zlib.error, zstandard.ZstdError, zipfile.BadZipFile, NotImplementedError, RuntimeError)


class Content:
    """The bytes of one table, which can be read from the start as often as needed.

    `name` is what it is called; `packing` is `gzip`, `zstd`, `zip` or empty, `member` its place in a zip archive. After
    reading, `damage` is a sentence where a packed file broke off.
    """

    def __init__(self, file: File, name: str, packing: str = "", member: zipfile.ZipInfo | None = None) -> None:
        self.file = file
        self.name = name
        self.packing = packing
        self.member = member
        self.packed_size = member.compress_size if member else file.path.stat().st_size
        self.damage = ""
        self._share = 0.0
        self._unpacked: BinaryIO | None = None

    def share(self) -> float:
        """How much of it was read in the current reading, 0 to 1."""
        return min(1.0, self._share)

    def head(self) -> bytes:
        """The first bytes, at most `HEAD_BYTES`. Raises like `chunks`."""
        head = b""
        for chunk in self.chunks():
            head += chunk
            if len(head) >= HEAD_BYTES:
                break
        return head[:HEAD_BYTES]

    def chunks(self) -> Iterator[bytes]:
        """The bytes from the start, unpacked, some megabytes at a time.

        Raises:
            FileProblem: it unpacks to more than is allowed, or nothing of it can be unpacked.
        """
        done, damage = 0, list[Exception]()
        with self.file.path.open("rb") as raw:
            pieces = self._plain(raw) if not self.packing else _joined(_until_damage(self._unpacking(raw), damage))
            for data in pieces:
                done += len(data)
                self._share = done / max(1, self.member.file_size) if self.member else raw.tell() / self.packed_size
                self._check_size(done)
                yield data
        if damage and not done:
            raise FileProblem(
                f"The file “{self.name}” cannot be unpacked; it is damaged or not complete. Save or download it again."
            ) from damage[0]
        if damage:
            self.damage = f"The packed file “{self.name}” breaks off or is damaged; what comes before that was read."

    def seekable(self) -> BinaryIO:
        """A file that can be read at any place: itself, or a temporary copy of what is packed in it."""
        if not self.packing:
            return self.file.path.open("rb")
        if self._unpacked is None:
            self._unpacked = tempfile.TemporaryFile()  # noqa: SIM115
            for chunk in self.chunks():
                self._unpacked.write(chunk)
        self._unpacked.seek(0)
        return self._unpacked

    def _plain(self, raw: BinaryIO) -> Iterator[bytes]:
        return iter(lambda: raw.read(BLOCK_BYTES if raw.tell() else FIRST_BYTES), b"")

    def _unpacking(self, raw: BinaryIO) -> Iterator[bytes]:
        if self.packing == "gzip":
            return _inflated(raw, lambda: zlib.decompressobj(wbits=31), GZIP_FEED)
        if self.packing == "zstd":
            return _inflated(raw, zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).decompressobj, ZSTD_FEED)
        return _zip_member(raw, self.member)

    def _check_size(self, done: int) -> None:
        if self.packing:
            check_unpacked(self.name, done, self.packed_size)


def check_unpacked(name: str, unpacked: int, packed: int) -> None:
    """Raises `FileProblem` if so many bytes are more than a file of `packed` bytes may unpack to."""
    if unpacked > max(FREE_BYTES, RATIO * packed):
        raise FileProblem(
            f"The file “{name}” unpacks to more than {RATIO} times its size, which no table does. It was not read."
        )
    if unpacked > UNPACKED_BYTES:
        raise FileProblem(f"The file “{name}” unpacks to more than 8 GB. Split it into smaller files.")


def contents_of(file: File) -> tuple[list[Content], list[str]]:
    """What a file holds, itself or what is packed in it, and notes on members of an archive that are no tables.

    Raises:
        FileProblem: an archive is damaged, encrypted, or holds no table, another archive, or two files of one name.
    """
    with file.path.open("rb") as raw:
        packing = packing_of(raw.read(4))
    if packing == "zip":
        return _members(file)
    path = PurePosixPath(file.name)
    inner = path.stem if packing and path.suffix.lower() in PACKED_SUFFIXES else file.name
    return [Content(file, inner, packing)], []


def packing_of(head: bytes) -> str:
    """`gzip`, `zstd` or `zip` if the first bytes say so, else an empty text."""
    return next((packing for magic, packing in PACKINGS.items() if head.startswith(magic)), "")


def _members(file: File) -> tuple[list[Content], list[str]]:
    try:
        with zipfile.ZipFile(file.path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir() and not _is_hidden(info.filename)]
    except (*DAMAGE, ValueError) as error:
        sentence = f"The file “{file.name}” is not a complete zip archive. Save or download it again."
        raise FileProblem(sentence) from error
    _refuse_archive(file, infos)
    tables = [info for info in infos if info.filename.lower().endswith(TABLE_SUFFIXES)]
    others = [f"“{info.filename}”" for info in infos if info not in tables]
    if not tables:
        raise FileProblem(f"The archive “{file.name}” holds no table ({', '.join(TABLE_SUFFIXES)}).")
    notes = [f"Not read, since they are no tables: {', '.join(others[:5])}{' …' * (len(others) > 5)}."]
    return [Content(file, info.filename, "zip", info) for info in tables], notes if others else []


def _is_hidden(name: str) -> bool:
    """Whether it is what an operating system puts into archives by itself."""
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith(".")


def _refuse_archive(file: File, infos: list[zipfile.ZipInfo]) -> None:
    names = [info.filename for info in infos]
    if "[Content_Types].xml" in names:
        raise FileProblem(f"The file “{file.name}” is an Excel or Word file. Save the table as CSV (UTF-8).")
    if len(names) > MEMBERS:
        raise FileProblem(f"The archive “{file.name}” holds more than {MEMBERS:,} files. Join them, or load fewer.")
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise FileProblem(f"The archive “{file.name}” holds two files called “{twice}”. Pack it again with one.")
    if nested := next((name for name in names if name.lower().endswith(PACKED_SUFFIXES)), ""):
        raise FileProblem(f"The archive “{file.name}” holds another, “{nested}”. Unpack it and load that one.")
    if any(info.flag_bits & 1 for info in infos):
        raise FileProblem(f"The archive “{file.name}” is encrypted. Unpack it yourself and load what is in it.")
    check_unpacked(file.name, sum(info.file_size for info in infos), file.path.stat().st_size)


def _until_damage(pieces: Iterator[bytes], damage: list[Exception]) -> Iterator[bytes]:
    """The pieces until one is damaged; the error goes into the list, so that nothing before it is lost."""
    try:
        yield from pieces
    except DAMAGE as error:
        damage.append(error)


def _joined(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Small pieces put together to blocks: a small one first, large ones after it."""
    wanted, parts, size = FIRST_BYTES, list[bytes](), 0
    for piece in pieces:
        parts.append(piece)
        size += len(piece)
        if size >= wanted:
            yield b"".join(parts)
            wanted, parts, size = BLOCK_BYTES, [], 0
    if parts:
        yield b"".join(parts)


def _inflated(raw: BinaryIO, new: Callable[[], Any], feed: int) -> Iterator[bytes]:
    """What is packed in a stream of one or more parts. Raises `EOFError` where it breaks off."""
    unpacker, begun = new(), False
    while data := raw.read(feed):
        while data:
            begun = True
            if piece := unpacker.decompress(data):
                yield piece
            data = b""
            if unpacker.eof:
                data = unpacker.unused_data.lstrip(b"\0")  # padding is allowed
                unpacker, begun = new(), False
    if begun:
        raise EOFError("The packed stream breaks off.")


def _zip_member(raw: BinaryIO, info: Any) -> Iterator[bytes]:
    with zipfile.ZipFile(raw) as archive, archive.open(info) as stream:
        yield from iter(lambda: cast(zipfile.ZipExtFile, stream).read1(ZIP_FEED), b"")
