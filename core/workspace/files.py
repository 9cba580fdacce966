"""Writing that never leaves a half-written file behind, and names that are safe as paths."""

import errno
import os
import re
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import LabError

SLUG_LENGTH = 60
_appending = threading.Lock()


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Makes a sentence of what the disk refuses while something is written into this folder.

    Raises:
        LabError: the disk is full, or the folder cannot be written.
    """
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        why = "the disk is full" if full else (error.strerror or type(error).__name__).lower()
        mend = "Make room there" if full else "Let Tunebench write there"
        raise LabError(
            f"The folder {folder.name} of the workspace cannot be written: {why}. What was saved before is whole. "
            f"{mend} and try again."
        ) from error


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """A new file beside `path`, which takes its place at the end; where writing it fails, it is taken away."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` so that a reader sees either the old file or the whole new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _aside(path) as temporary, temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def write_json(path: Path, value: Any) -> None:
    """Write `value` as indented JSON, atomically."""
    write_atomically(path, orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS))


def write_table(path: Path, table: pa.Table) -> None:
    """Write an Arrow table as Parquet, atomically."""
    with _aside(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


def append_line(path: Path, value: dict[str, Any]) -> None:
    """Add `value` as one line of JSON and see it written to the disk; a line torn before it is closed first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _appending, path.open("ab+") as file:
        file.write((b"\n" if _is_torn(file) else b"") + orjson.dumps(value) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The whole lines of a JSONL file that another process may be writing, oldest first.

    One that was torn when a program ended was never complete and is passed over.
    """
    if not path.exists():
        return []
    return [line for text in path.read_bytes().split(b"\n")[:-1] if (line := _parsed(text)) is not None]


def _is_torn(file: BinaryIO) -> bool:
    """Whether the last line has no end; the file is open at its own end."""
    if not file.tell():
        return False
    file.seek(-1, os.SEEK_END)
    return file.read() != b"\n"


def _parsed(text: bytes) -> dict[str, Any] | None:
    try:
        line = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return line if isinstance(line, dict) else None


def remove(path: Path) -> None:
    """Take a file or a whole folder away; nothing happens where another process was quicker."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    except FileNotFoundError:
        return


def slug(name: str) -> str:
    """A name that is safe as one part of a path: letters, digits, `-` and `_`."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")[:SLUG_LENGTH] or "unnamed"
