"""What a reader is given and what every reader hands on: rows with their numbers, and notes on how they were read."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.ingest.shapes import WHOLE

NESTING = 3
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class File:
    """A file to read: where it lies, and what it is called on the user's machine."""

    path: Path
    name: str


@dataclass(frozen=True)
class Broken:
    """A row of the file that cannot be read, numbered as a person would, and why."""

    number: int
    reason: str


@dataclass(frozen=True)
class Batch:
    """Some rows of a file, so many at a time that they are quick to handle together.

    `numbers` and `values` go together: the row's number in the file, and its cells by (flattened) column name.
    """

    numbers: list[int]
    values: list[dict[str, Any]]
    broken: list[Broken] = field(default_factory=list)


def _unknown() -> float:
    return 0.0


@dataclass
class Source:
    """The rows of a file, read while they are iterated, and sentences about how they were read.

    More notes may come while it is read; `share` says how much of the file was read, 0 to 1.
    """

    name: str
    batches: Iterator[Batch]
    notes: list[str] = field(default_factory=list)
    share: Callable[[], float] = _unknown


def whole(text: str) -> str:
    """The text with lone surrogates, which no file can hold, as U+FFFD."""
    return text if text.isascii() else LONE_SURROGATE.sub("\ufffd", text)


def flatten(values: dict[str, Any], depth: int = NESTING) -> dict[str, Any]:
    """Nested columns under dotted names: `{"a": {"b": 1}}` becomes `{"a.b": 1}`; those of `WHOLE` stay as they are."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, dict) and value and depth and key not in WHOLE:
            flat |= {f"{whole(key)}.{inner}": part for inner, part in flatten(value, depth - 1).items()}
        else:
            flat[whole(key)] = value
    return flat


def unique_names(names: list[str]) -> tuple[list[str], list[str]]:
    """Column names without gaps and repeats, and notes on those that were renamed."""
    unique: dict[str, None] = {}
    notes: list[str] = []
    for number, name in enumerate(names, 1):
        wanted = whole(name).strip() or f"column {number}"
        free, count = wanted, 1
        while free in unique:
            count += 1
            free = f"{wanted} ({count})"
        if free != wanted:
            notes.append(f"Two columns are called “{wanted}”; the later one is shown as “{free}”.")
        unique[free] = None
    return list(unique), notes
