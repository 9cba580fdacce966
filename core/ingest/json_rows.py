"""Rows of JSON and JSONL files. What is broken is listed; every complete record is kept."""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import orjson

from core.errors import FileProblem
from core.ingest.chat import is_chat
from core.ingest.source import Row, Source, flatten
from core.ingest.text import Text

# Takes what Python and JavaScript write though JSON forbids it: NaN, Infinity, raw line ends inside a text.
LENIENT = json.JSONDecoder(strict=False)
NEXT_RECORD = re.compile(r"\}\s*,?\s*(?=\{)")
BETWEEN = re.compile(r"[\s,]*")


def open_json(text: Text, by_line: bool) -> Source:
    """The rows of a JSON document or of JSON lines; the content decides, `by_line` where it cannot.

    Raises:
        FileProblem: the file holds neither records nor a list of them.
    """
    notes = list(text.notes)
    if _is_lines(text, by_line):
        return Source(text.name, _lines(text), notes)
    whole = text.read()
    try:
        document = loads(whole)
    except ValueError as error:
        notes.append(f"The file is not complete JSON ({_where(error)}); every complete record was read.")
        return Source(text.name, _salvaged(whole), notes)
    records = _unwrap(document, notes, text.name)
    return Source(text.name, (_row(number, record) for number, record in enumerate(records, 1)), notes)


def loads(text: str) -> Any:
    """The value of a JSON text. Raises `ValueError` where it is none."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        try:
            return LENIENT.decode(text)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def _is_lines(text: Text, by_line: bool) -> bool:
    first = list(islice((line for line in text.lines() if line.strip()), 2))
    if not first:
        raise FileProblem(f"The file “{text.name}” is empty. Choose a file with at least one row.")
    if first[0].lstrip().startswith("["):
        return by_line and len(first) > 1 and _is_value(first[0])
    if len(first) == 1:
        return by_line and not _is_value(first[0])
    return by_line or _is_value(first[0])


def _is_value(line: str) -> bool:
    try:
        loads(line)
    except ValueError:
        return False
    return True


def _lines(text: Text) -> Iterator[Row]:
    for number, line in enumerate(text.lines(), 1):
        if not line.strip():
            continue
        try:
            yield _row(number, loads(line))
        except ValueError as error:
            yield Row(number, None, f"this line is not valid JSON ({_where(error)})")


def _row(number: int, record: Any) -> Row:
    if isinstance(record, dict):
        return Row(number, flatten(record))
    if is_chat(record):
        return Row(number, {"messages": record})
    return Row(number, None, f"a record in braces, {{…}}, is expected; this is {_kind(record)}")


def _salvaged(text: str) -> Iterator[Row]:
    """The complete records of a broken JSON list; each gap between them is one unreadable row."""
    position, number, known = _first_record(text), 0, set[str]()
    while (position := BETWEEN.match(text, position).end()) < len(text):  # type: ignore[union-attr]
        if text[position] == "]":
            return
        number += 1
        try:
            record, position = LENIENT.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            yield Row(number, None, f"this record is broken or cut off ({_where(error, text)})")
            position = _next_record(text, position, known)
        else:
            known |= set(record) if isinstance(record, dict) else set()
            yield _row(number, record)


def _first_record(text: str) -> int:
    """Behind the bracket that opens the list, or 0 where records stand without one."""
    start = len(text) - len(text.lstrip())
    try:
        LENIENT.raw_decode(text, start)
    except (ValueError, RecursionError):
        return text.find("[") + 1
    return start


def _next_record(text: str, position: int, known: set[str]) -> int:
    """Where the next record starts that has a key of the records before: a turn of a chat is not taken for a row."""
    for match in NEXT_RECORD.finditer(text, position):
        try:
            record, _ = LENIENT.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            continue
        if known & set(record):
            return match.end()
    return len(text)


def _unwrap(document: Any, notes: list[str], name: str) -> list[Any]:
    if isinstance(document, list):
        return document
    if not isinstance(document, dict):
        raise FileProblem(f"The file “{name}” holds {_kind(document)}; a list of records, [{{…}}, {{…}}], is expected.")
    lists = {key: value for key, value in document.items() if isinstance(value, list) and not is_chat(value)}
    wrapped = [key for key, value in lists.items() if value and all(isinstance(item, dict) for item in value)]
    if len(wrapped) == 1:
        notes.append(f"The rows were taken from “{wrapped[0]}”.")
        return list(lists[wrapped[0]])
    if len(lists) == len(document) > 1 and len({len(value) for value in lists.values()}) == 1:
        notes.append("The file holds a list for each column; they were joined into rows.")
        return [dict(zip(lists, cells, strict=True)) for cells in zip(*lists.values(), strict=True)]
    if len(document) > 1 and all(isinstance(value, dict) for value in document.values()):
        notes.append("The rows were taken from the values of the outermost object.")
        return list(document.values())
    return [document] if document else []


def _kind(value: Any) -> str:
    kinds = {list: "a list", dict: "an object", str: "a text", bool: "a yes or no", type(None): "nothing (null)"}
    return kinds.get(type(value), "a number")


def _where(error: Exception, text: str = "") -> str:
    """What is wrong and where, without any of the text itself."""
    if isinstance(error, json.JSONDecodeError):
        place = f"line {error.lineno}, " if error.lineno > 1 else ""
        return f"{error.msg.lower().removesuffix(' starting at').removesuffix(' at')}, {place}column {error.colno}"
    return "nested too deeply" if isinstance(error, RecursionError) else "a value is too large or too deep"
