"""Records out of broken JSON: each gap between complete records is one row that cannot be read."""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from core.ingest.json_values import LENIENT, where
from core.ingest.source import Broken

NEXT_RECORD = re.compile(r"\}\s*,?\s*(?=\{)")
BETWEEN = re.compile(r"[\s,]*")
LIST_END = re.compile(r'[\s,\]}]*(?:"[^"\\]*"\s*:\s*(?=\[))?(?P<next>[\[{]?)')
COMPARED = 50
CUT = 10  # characters before the end of a piece within which an error may come of the cut


class Salvage:
    """The records of a list, from behind its opening bracket, and of lists that follow.

    `number` is that of the next record, `known` the keys of those before it. After `read`, `found` and `broken` hold
    the values and the broken rows by number, and `rest` says that something stood behind the list that is no row.
    """

    def __init__(self, number: int, known: set[str]) -> None:
        self.number = number
        self.known = known
        self.found: list[tuple[int, Any]] = []
        self.broken: list[Broken] = []
        self.rest = False

    def read(self, text: str, last: bool) -> int:
        """Read a text; how many characters of it are done with.

        Unless the text is the `last` one, what seems to be cut off at its end is left for the next.
        """
        done = position = 0
        while (position := BETWEEN.match(text, position).end()) < len(text):  # type: ignore[union-attr]
            position = self._end(text, position, last) if text[position] == "]" else self._record(text, position, last)
            if position < 0:
                return done
            done = position
        return len(text)

    def take(self, values: list[Any]) -> None:
        """Count values as the next records."""
        self.known |= set(values[0]) if isinstance(values[0], dict) else set()
        self.found += enumerate(values, self.number)
        self.number += len(values)

    def _record(self, text: str, position: int, last: bool) -> int:
        """Read the record there; the place behind it, or -1 where more text is needed."""
        try:
            value, end = LENIENT.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            following = _next_record(text, position, self.known)
            if not last and (following == len(text) or _is_cut(error, text)):
                return -1
            return self._gap(f"this record is broken or cut off ({where(error)})", following)
        self.take(value if self._is_list_of_records(value) else [value])
        return end

    def _end(self, text: str, position: int, last: bool) -> int:
        """Go from the end of a list to the next, or to the end of the text; -1 where more text is needed."""
        match = LIST_END.match(text, position)
        assert match
        if match["next"]:
            return match.end() - (match["next"] == "{")
        following = _next_record(text, match.end(), self.known)
        if following < len(text):
            return self._gap("there is no record here but something else", following)
        self.rest = match.end() < len(text)
        return len(text) if last else -1

    def _gap(self, reason: str, following: int) -> int:
        self.broken.append(Broken(self.number, reason))
        self.number += 1
        return following

    def _is_list_of_records(self, value: Any) -> bool:
        """Whether a list stands, by a bracket too many, where a record should, and holds those that follow."""
        records = value if isinstance(value, list) else []
        return bool(records) and all(isinstance(one, dict) and self.known & set(one) for one in records)


def first_record(text: str) -> int:
    """Behind the bracket that opens the list, or at the first record where they stand without one."""
    start = len(text) - len(text.lstrip())
    if text[start] == "[":
        return start + 1
    try:
        LENIENT.raw_decode(text, start)
    except (ValueError, RecursionError):
        return text.find("[") + 1
    return start


def _is_cut(error: Exception, text: str) -> bool:
    if not isinstance(error, json.JSONDecodeError):
        return False
    return error.msg.startswith("Unterminated") or error.pos >= len(text) - CUT


def _next_record(text: str, position: int, known: set[str]) -> int:
    """Where the next record starts that has a key of the records before: a turn of a chat is not taken for a row."""
    known = known or _likely_keys(text, position)
    return next((start for start, _, keys in _objects(text, position) if known & keys), len(text))


def _objects(text: str, position: int) -> Iterator[tuple[int, int, set[str]]]:
    """Start, end and keys of the objects that stand behind another."""
    for match in NEXT_RECORD.finditer(text, position):
        try:
            record, end = LENIENT.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            continue
        yield match.end(), end, set(record)


def _likely_keys(text: str, position: int) -> set[str]:
    """The keys of the longest of the next objects: what is nested in a record is shorter than a record."""
    following = islice(_objects(text, position), COMPARED)
    return max(following, key=lambda found: found[1] - found[0], default=(0, 0, set[str]()))[2]
