"""Rows of a JSON document: a list of records, by itself or within an object. What is broken costs only itself."""

import re
from typing import Any

import orjson

from core.errors import FileProblem
from core.ingest.chat import is_chat
from core.ingest.json_pieces import Window, pieces, with_repeated_keys
from core.ingest.json_salvage import first_record
from core.ingest.json_values import batch_of, kind, loads, where
from core.ingest.source import Source
from core.ingest.text import Text

WHOLE_BYTES = 32_000_000  # a document up to this size is read at once
MOST_BYTES = 500_000_000  # of one that is no list, and so cannot be read in pieces; its values take five times as much
BATCH_ROWS = 10_000
# A list of records, or an object with such a list behind single values.
START_BYTES = 1_000_000
SINGLE = rb'(?:"(?:[^"\\]++|\\.)*+"|[-+.\w]+)'
LIST = re.compile(rb'\s*(?:\{\s*(?:"[^"\\]*"\s*:\s*' + SINGLE + rb'\s*,\s*)*"(?P<key>[^"\\]*)"\s*:\s*)?\[\s*(?=\{)')


def open_document(text: Text) -> Source:
    """The rows of a JSON document, counted from 1.

    Raises:
        FileProblem: it holds neither records nor a list of them, or is too large to be read at once and must be.
    """
    window = Window(text.chunks())
    window.fill(WHOLE_BYTES)
    if not window.ended and (start := LIST.match(window.data, 0, START_BYTES)):
        if start["key"] is not None:
            text.notes.append(_taken_from([start["key"].decode("utf-8", "replace")]))
        window.drop(start.end())
        return Source(text.name, pieces(text, window), text.notes, text.content.share)
    window.fill(MOST_BYTES)
    if not window.ended:
        raise FileProblem(
            f"“{text.name}” is one JSON value of more than {MOST_BYTES // 1_000_000} MB, and not a list of records. "
            "Save it as JSON lines (.jsonl), with a record on each line."
        )
    return _at_once(text, window)


def _at_once(text: Text, window: Window) -> Source:
    try:
        document = _value(text, window.data)
    except ValueError as error:
        text.notes.append(f"The file is not complete JSON ({where(error)}); every complete record was read.")
        whole = text.decode(window.data, 1)
        window.data = whole[first_record(whole) :].encode()
        return Source(text.name, pieces(text, window), text.notes, text.content.share)
    records = list(enumerate(_unwrap(document, text.notes, text.name), 1))
    parts = range(0, len(records), BATCH_ROWS)
    batches = (batch_of(records[part : part + BATCH_ROWS], []) for part in parts)
    return Source(text.name, batches, text.notes, text.content.share)


def _value(text: Text, data: bytes) -> Any:
    try:
        return with_repeated_keys(data, orjson.loads(data), text)
    except orjson.JSONDecodeError:
        return loads(text.decode(data, 1))


def _unwrap(document: Any, notes: list[str], name: str) -> list[Any]:
    if isinstance(document, list):
        return document
    if not isinstance(document, dict):
        raise FileProblem(f"The file “{name}” holds {kind(document)}; a list of records, [{{…}}, {{…}}], is expected.")
    lists = {key: value for key, value in document.items() if isinstance(value, list) and not is_chat(value)}
    wrapped = {key: value for key, value in lists.items() if value and all(isinstance(item, dict) for item in value)}
    if wrapped:
        return _joined(wrapped, notes)
    if isinstance(lists.get("columns"), list) and all(isinstance(row, list) for row in lists.get("data", [None])):
        notes.append("The file holds rows of cells below their column names, as pandas writes them.")
        return [dict(zip(map(str, lists["columns"]), cells, strict=False)) for cells in lists["data"]]
    if len(lists) == len(document) > 1 and len({len(value) for value in lists.values()}) == 1:
        notes.append("The file holds a list for each column; they were joined into rows.")
        return [dict(zip(lists, cells, strict=True)) for cells in zip(*lists.values(), strict=True)]
    if len(document) > 1 and all(isinstance(value, dict) for value in document.values()):
        return _by_key(document, notes)
    return [document] if document else []


def _joined(wrapped: dict[str, list[dict[str, Any]]], notes: list[str]) -> list[Any]:
    """The longest list of records, and the others of the same columns behind it."""
    longest = max(wrapped.values(), key=len)
    same = [key for key, value in wrapped.items() if value[0].keys() == longest[0].keys()]
    notes.append(_taken_from(same))
    if others := [f"“{key}”" for key in wrapped if key not in same]:
        notes.append(f"Not read, since their records are of another kind: {', '.join(others)}.")
    return [record for key in same for record in wrapped[key]]


def _by_key(document: dict[str, Any], notes: list[str]) -> list[Any]:
    """Records by key, or columns of cells by row number as pandas writes them."""
    columns = list(document.values())
    if all(key.isdecimal() for column in columns for key in column) and len({tuple(column) for column in columns}) == 1:
        notes.append("The file holds the cells of each column by row number, as pandas writes them; they were joined.")
        return [{name: column[row] for name, column in document.items()} for row in columns[0]]
    notes.append("The rows were taken from the values of the outermost object.")
    return columns


def _taken_from(keys: list[str]) -> str:
    return f"The rows were taken from {' and '.join(f'“{key}”' for key in keys)}."
