"""Rows of JSON lines. A line that is broken is listed by its number; all others are kept."""

from collections.abc import Iterator
from typing import Any

import orjson

from core.ingest.json_values import batch_of, has_repeated_keys, loads, loads_leniently, repeated_note, where
from core.ingest.source import Batch, Broken, Source, flatten
from core.ingest.text import MIXED, Text

BLANK = object()
SHALLOW = 100  # lists in a line, so few that Python's own reader has no trouble with their depth


def open_lines(text: Text) -> Source:
    """The rows of a text with a JSON value on each line; a row's number is that of its line."""
    return Source(text.name, _batches(text), text.notes, text.content.share)


def _batches(text: Text) -> Iterator[Batch]:
    first, repeated = 1, 0
    for block in text.blocks():
        lines = block.splitlines()
        values = _values(text, lines, first)
        if has_repeated_keys(block, sum(len(value) for value in values if type(value) is dict)):
            repeated += _keep_repeated(lines, values)
        yield _batch(values, first, nested=block.count(b"{") > len(lines))
        first += len(lines)
    if repeated:
        text.notes.append(repeated_note(repeated))


def _values(text: Text, lines: list[bytes], first: int) -> list[Any]:
    """What stands on each line: a value, a `Broken`, or `BLANK`."""
    try:
        return [orjson.loads(line) for line in lines]
    except orjson.JSONDecodeError:
        return [_value(text, line, number) for number, line in enumerate(lines, first)]


def _value(text: Text, line: bytes, number: int) -> Any:
    try:
        return orjson.loads(line) if line.strip() else BLANK
    except orjson.JSONDecodeError:
        try:
            return loads(text.decode(line, number))
        except ValueError as error:
            return Broken(number, f"this line is not valid JSON ({_what(line, error)})")


def _batch(values: list[Any], first: int, nested: bool) -> Batch:
    if set(map(type, values)) != {dict}:
        there = [(number, value) for number, value in enumerate(values, first) if value is not BLANK]
        broken = [value for _, value in there if isinstance(value, Broken)]
        return batch_of([pair for pair in there if not isinstance(pair[1], Broken)], broken)
    if nested:
        values = [flatten(value) if dict in map(type, value.values()) else value for value in values]
    return Batch(list(range(first, first + len(values))), values)


def _keep_repeated(lines: list[bytes], values: list[Any]) -> int:
    """Read those rows again, if nothing is nested in them, that have a key twice; how many there are."""
    repeated = 0
    for place, (line, value) in enumerate(zip(lines, values, strict=True)):
        plain = type(value) is dict and line.count(b"{") == 1 and line.count(b"[") < SHALLOW
        if plain and has_repeated_keys(line, len(value)):
            again = loads_leniently(line.decode("utf-8", MIXED))
            repeated += len(again) > len(value)
            values[place] = again
    return repeated


def _what(line: bytes, error: ValueError) -> str:
    python = line.lstrip().startswith(b"{'")
    return "it is written as Python prints it, with single quotation marks" if python else where(error)
