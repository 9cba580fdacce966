"""Cells of any kind as clean texts, with a count of what had to be changed."""

import ast
import math
from collections import Counter
from collections.abc import Sequence
from itertools import repeat
from operator import contains
from typing import Any

import orjson
import pyarrow as pa

from core.ingest.source import whole
from core.words import counted

DEEPEST = 200  # levels; Python itself gives up at about five times as many
LITERAL_CHARACTERS = 1_000_000  # Python's own parser takes long over more
SENTENCES = {  # what was changed, and what is counted
    "missing": ("NaN, None or null stands in {} and counts as empty.", "cell"),
    "nul": ("NUL characters were removed from {}.", "cell"),
    "surrogate": ("Broken characters (lone surrogates) were replaced by � in {}.", "cell"),
    "nested": ("A list or an object stands in {}; it is shown as JSON.", "cell"),
    "first": ("Several answers stand in {}; the first was taken.", "cell"),
    "turns": ("Only the first turn was taken as the prompt in {}: the others need answers before them.", "row"),
    "tools": ("Tools were written into the system message, as <tools>…</tools>, in {}.", "row"),
    "calls": ("Calls of tools were written as text, as <tool_call>…</tool_call>, in {}.", "turn"),
    "unanswered": ("Not in any chat, since no answer follows: {}.", "message"),
}


class Unreadable(Exception):
    """A row that is no example; `check` names the kind of problem, the text says why."""

    def __init__(self, check: str, reason: str) -> None:
        super().__init__(reason)
        self.check = check


class Cleaner:
    """Makes texts of cells and arrays of texts, and counts what it changed."""

    def __init__(self) -> None:
        self.changed: Counter[str] = Counter()

    def text(self, value: Any) -> str:
        """Any cell as a text; nothing, NaN and None as an empty one."""
        if isinstance(value, str):
            return value
        if is_missing(value):
            self.changed["missing"] += 1
            return ""
        if isinstance(value, bytes):
            return value.decode("utf-8", "replace")
        return self._nested(value) if isinstance(value, list | dict) else str(value)

    def answer(self, value: Any) -> str:
        """The text of an answer; of several, the first."""
        if isinstance(value, dict) and "text" in value:
            value = value["text"]
        if isinstance(value, list):
            self.changed["first"] += len(value) > 1
            return self.answer(value[0]) if value else ""
        return self.text(value)

    def texts(self, cells: Sequence[Any], answers: bool = False) -> list[str]:
        """A column of cells as texts; quick where they are texts already."""
        if set(map(type, cells)) <= {str}:
            return list(cells)
        read = self.answer if answers else self.text
        return [cell if type(cell) is str else read(cell) for cell in cells]

    def array(self, texts: Sequence[str | None]) -> pa.Array:
        """Texts as an array, without NUL characters and lone surrogates, which a table cannot hold or show."""
        if any(map(contains, filter(None, texts), repeat("\0"))):
            texts = [self._without_nul(text) if text else text for text in texts]
        try:
            return pa.array(texts, pa.string())
        except UnicodeEncodeError:
            return pa.array([self._whole(text) if text else text for text in texts], pa.string())

    def notes(self) -> list[str]:
        """Sentences on what was changed, with counts."""
        changed = {key: count for key, count in self.changed.items() if count}
        return [text.format(counted(changed[key], thing)) for key, (text, thing) in SENTENCES.items() if key in changed]

    def _without_nul(self, text: str) -> str:
        self.changed["nul"] += "\0" in text
        return text.replace("\0", "")

    def _whole(self, text: str) -> str:
        clean = whole(text)
        self.changed["surrogate"] += clean != text
        return clean

    def _nested(self, value: list[Any] | dict[str, Any]) -> str:
        """The text in a list of one or in an object with a `text`, else JSON."""
        if isinstance(value, dict) and isinstance(value.get("text"), str):
            return str(value["text"])
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
            return value[0]
        self.changed["nested"] += 1
        return as_json(value)


def is_missing(value: Any) -> bool:
    """Whether a cell holds nothing: None or NaN."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def is_blank(value: Any) -> bool:
    """Whether a cell holds nothing that could be read: None, NaN, white space, an empty list."""
    return is_missing(value) or (isinstance(value, str) and not value.strip()) or value == [] or value == {}


def nested(value: Any) -> Any:
    """The list or object that a text holds as JSON or as Python prints it; any other value as it is."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("[", "{"):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        if len(value) > LITERAL_CHARACTERS:
            return value
    try:
        found = ast.literal_eval(value.strip())
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return value
    return found if isinstance(found, list | dict) else value


def _levels(value: Any) -> int:
    """How many lists and objects stand within each other, up to `DEEPEST`."""
    level, inner = 0, [value]
    while inner and level < DEEPEST:
        level += 1
        parts = [list(one.values()) if isinstance(one, dict) else one for one in inner if isinstance(one, dict | list)]
        inner = [part for one in parts for part in one]
    return level


def as_json(value: Any) -> str:
    """JSON in one line, whatever the value holds."""
    try:
        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    except orjson.JSONEncodeError:  # a lone surrogate, an integer beyond 64 bits, or too many levels
        return str(value) if _levels(value) < DEEPEST else "(nested too deeply to be shown)"
