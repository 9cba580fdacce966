"""The values of JSON texts: forgiving where Python and JavaScript write what JSON forbids, and what becomes of them."""

import json
from typing import Any

import orjson

from core.ingest.chat import is_chat
from core.ingest.source import Batch, Broken, flatten, unique_names, whole
from core.words import counted

Value = dict[str, Any]


def _all_pairs(pairs: list[tuple[str, Any]]) -> Value:
    """An object whose keys stand twice keeps both values, the later under a name of its own."""
    keys = [whole(key) for key, _ in pairs]
    names = keys if len(set(keys)) == len(keys) else unique_names(keys)[0]
    return dict(zip(names, (value for _, value in pairs), strict=True))


# Takes NaN, Infinity and raw line ends inside a text.
LENIENT = json.JSONDecoder(strict=False, object_pairs_hook=_all_pairs)


def loads(text: str | bytes) -> Any:
    """The value of a JSON text. Raises `ValueError` where it is none."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return loads_leniently(text if isinstance(text, str) else text.decode())


def loads_leniently(text: str) -> Any:
    """The same, more slowly, and with both values of a key that stands twice."""
    try:
        return LENIENT.decode(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def has_repeated_keys(data: bytes, keys: int) -> bool:
    """Whether records without anything nested have more keys in their text than the `keys` that were found.

    A key ends with `":`; within a text, a backslash stands before the quotation mark.
    """
    return data.count(b'":') > keys and data.count(b'":') - data.count(b'\\":') > keys


def repeated_note(rows: int) -> str:
    """The sentence on rows in which a key stood twice."""
    return f"A key stands twice in {counted(rows, 'row')}; the later value is shown as “key (2)”."


def batch_of(numbered: list[tuple[int, Any]], broken: list[Broken]) -> Batch:
    """The rows among numbered values; a value that is no record is added to what is broken."""
    numbers: list[int] = []
    values: list[Value] = []
    wrong = list(broken)
    for number, value in numbered:
        if isinstance(value, dict):
            numbers.append(number)
            values.append(flatten(value) if dict in map(type, value.values()) else value)
        elif isinstance(value, list) and is_chat(value):
            numbers.append(number)
            values.append({"messages": value})
        else:
            wrong.append(Broken(number, f"a record in braces, {{…}}, is expected; this is {kind(value)}"))
    return Batch(numbers, values, sorted(wrong, key=lambda one: one.number))


def kind(value: Any) -> str:
    """What a JSON value is, in words."""
    kinds = {list: "a list", dict: "an object", str: "a text", bool: "a yes or no", type(None): "nothing (null)"}
    return kinds.get(type(value), "a number")


def where(error: Exception) -> str:
    """What is wrong and where, without any of the text itself."""
    if isinstance(error, json.JSONDecodeError):
        place = f"line {error.lineno}, " if error.lineno > 1 else ""
        return f"{error.msg.lower().removesuffix(' starting at').removesuffix(' at')}, {place}column {error.colno}"
    return "nested too deeply" if isinstance(error, RecursionError) else "a value is too large or too deep"
