"""Writing that never leaves a half-written file behind, and names that are safe as paths."""

import os
import re
import secrets
import shutil
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

SLUG_LENGTH = 60


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` so that a reader sees either the old file or the whole new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def write_json(path: Path, value: Any) -> None:
    """Write `value` as indented JSON, atomically."""
    write_atomically(path, orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS))


def write_table(path: Path, table: pa.Table) -> None:
    """Write an Arrow table as Parquet, atomically."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    pq.write_table(table, temporary, compression="zstd")
    temporary.replace(path)


def append_line(path: Path, value: Any) -> None:
    """Append `value` as one line of JSON and flush it."""
    with path.open("ab") as file:
        file.write(orjson.dumps(value) + b"\n")


def read_lines(path: Path) -> list[Any]:
    """The complete lines of a JSONL file that another process may be writing; a torn last line is left for later."""
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")[:-1]
    return [orjson.loads(line) for line in lines if line]


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
