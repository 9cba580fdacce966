"""What every reader hands on: rows with their numbers, and notes about how the file was read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

NESTING = 3
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Row:
    """A row of the file, numbered as a person would; if it cannot be read, `values` is None and `reason` says why."""

    number: int
    values: dict[str, Any] | None
    reason: str = ""


@dataclass
class Source:
    """The rows of a file, read while they are iterated, and sentences about how they were read."""

    name: str
    rows: Iterator[Row]
    notes: list[str] = field(default_factory=list)


def whole(text: str) -> str:
    """The text with lone surrogates, which no file can hold, as U+FFFD."""
    return text if text.isascii() else LONE_SURROGATE.sub("\ufffd", text)


def flatten(values: dict[str, Any], depth: int = NESTING) -> dict[str, Any]:
    """Nested columns under dotted names: `{"a": {"b": 1}}` becomes `{"a.b": 1}`."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, dict) and value and depth:
            flat |= {f"{whole(key)}.{inner}": part for inner, part in flatten(value, depth - 1).items()}
        else:
            flat[whole(key)] = value
    return flat


def unique_names(names: list[str]) -> tuple[list[str], list[str]]:
    """Column names without gaps and repeats, and notes on those that were renamed."""
    unique: list[str] = []
    notes: list[str] = []
    for number, name in enumerate(names, 1):
        wanted = name.strip() or f"column {number}"
        free, count = wanted, 1
        while free in unique:
            count += 1
            free = f"{wanted} ({count})"
        if free != wanted:
            notes.append(f"Two columns are called “{wanted}”; the later one is shown as “{free}”.")
        unique.append(free)
    return unique, notes
