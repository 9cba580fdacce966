"""Lines of JSON that are only ever added: what was written stays, however the program ends."""

import os
import threading
from pathlib import Path
from typing import Any, BinaryIO

import orjson

_lock = threading.Lock()


def append(path: Path, line: dict[str, Any]) -> None:
    """Add a line and see it written to the disk; a line that was torn before it is closed first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _lock, path.open("ab+") as file:
        file.write((b"\n" if _is_torn(file) else b"") + orjson.dumps(line) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> list[dict[str, Any]]:
    """All whole lines, oldest first; one that was torn when the program ended was never complete and is passed over."""
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
