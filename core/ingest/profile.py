"""What a column holds, by a look at its first cells: kind of value, length, how often values come again."""

import re
import statistics
from collections.abc import Callable
from functools import cached_property
from typing import Any, Literal

from core.ingest.cells import is_blank
from core.ingest.chat import ROLE_KEYS, ROLE_NAMES, first_turns, is_chat, is_exchange, turns_of
from core.ingest.names import is_named_unlike_text
from core.ingest.preference import verdict_of

Kind = Literal["blank", "text", "number", "truth", "chat", "texts", "records", "record", "list"]

LABEL_LENGTH = 40
LABEL_WORDS = 5
LABEL_SHARE = 0.5  # of the rows; a label comes again
PROSE_WORDS = 4
LONG_WORDS = 40
MOST = 0.8
LONGEST_CODE = 200
READ_CHARACTERS = 20_000  # of a text; enough to see what it is
NUMBER = re.compile(r"[-+]?\d+([.,]\d+)*%?")
UNSPACED = re.compile("[\u3040-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")  # Japanese, Chinese, Korean, Thai
CODE = re.compile(  # ids, hashes, dates, addresses and paths: texts that nobody would answer with
    r"[0-9a-fA-F-]{8,}|\S*\d\S*[_-]\S*|[a-z]+_\d+\S*|https?://\S+|www\.\S+|\S+@\S+\.\S+|\S*[/\\]\S+\.\w{1,5}|"
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?|\d{1,2}:\d{2}(:\d{2})?|"
    r"(mon|tue|wed|thu|fri|sat|sun)\w* \w{3} \d.*|\w{3,9} \d{1,2},? \d{4}",
    re.IGNORECASE,
)


class Column:
    """A column with its cells, of which those that are blank are counted but not looked at."""

    def __init__(self, name: str, cells: list[Any]) -> None:
        self.name = name
        cells = [_cut(cell) for cell in cells]
        self.rows = cells
        self.cells = [cell for cell in cells if not is_blank(cell)]

    @property
    def filled(self) -> float:
        """The share of rows in which there is something."""
        return len(self.cells) / max(1, len(self.rows))

    @cached_property
    def kind(self) -> Kind:
        """What most cells hold; lists and objects that stand in a text as JSON count as what they are."""
        kinds = [_kind(cell) for cell in self.cells]
        return statistics.mode(kinds) if kinds else "blank"

    @cached_property
    def texts(self) -> list[str]:
        """The cells that are texts, without space around them."""
        return [cell.strip() for cell in self.cells if isinstance(cell, str)]

    @cached_property
    def values(self) -> list[str]:
        """The cells as texts, whatever they are."""
        return [str(cell).strip() for cell in self.cells]

    @cached_property
    def words(self) -> float:
        """Words in the median text; a language without spaces has a word for every two characters."""
        counts = [max(len(text.split()), len(UNSPACED.findall(text)) // 2) for text in self.texts]
        return statistics.median(counts) if counts else 0

    @cached_property
    def distinct(self) -> int:
        """How many different values there are."""
        return len(set(self.values))

    @cached_property
    def is_label(self) -> bool:
        """Whether the values are short and come again."""
        if self.kind not in ("text", "number", "truth") or not self.cells or self.codes > MOST:
            return False
        return self.is_short and 1 < self.distinct <= max(2, LABEL_SHARE * len(self.cells))

    @cached_property
    def is_open_chat(self) -> bool:
        """Whether the chats end with what a user says."""
        return self.kind == "chat" and self.share_of(_ends_open) > MOST

    @cached_property
    def is_prose(self) -> bool:
        """Whether the cells are sentences rather than names, codes and numbers."""
        return self.kind == "text" and self.words >= PROSE_WORDS and self.codes < MOST

    @cached_property
    def could_be_text(self) -> bool:
        """Whether the cells are words, and the name does not say that they are ids, dates and the like."""
        return self.kind == "text" and self.codes < MOST and not is_named_unlike_text(self.name)

    @cached_property
    def is_short(self) -> bool:
        """Whether the values are as short as labels, however often they come."""
        short = sum(len(value) <= LABEL_LENGTH and len(value.split()) <= LABEL_WORDS for value in self.values)
        return short > MOST * len(self.cells)

    @cached_property
    def codes(self) -> float:
        """The share of cells that are ids, dates, addresses and the like."""
        return self.share(lambda value: len(value) <= LONGEST_CODE and bool(CODE.fullmatch(value)))

    @cached_property
    def questions(self) -> float:
        """The share of texts that end with a question mark."""
        return self.share(lambda value: value.endswith(("?", "？", "؟")))

    @cached_property
    def verdicts(self) -> float:
        """The share of cells that say yes or no, or hold 1 or 0."""
        return self.share(lambda value: verdict_of(value) is not None)

    def share(self, holds: Callable[[str], bool]) -> float:
        """The share of the cells of which something holds."""
        return sum(map(holds, self.values)) / max(1, len(self.values))

    def share_of(self, holds: Callable[[Any], bool]) -> float:
        """The share of the cells, as they are, of which something holds."""
        return sum(map(holds, self.cells)) / max(1, len(self.cells))


def profile(rows: list[dict[str, Any]]) -> dict[str, Column]:
    """The columns of some rows, in the order in which they appear."""
    names = dict.fromkeys(column for row in rows for column in row)
    return {name: Column(name, [row.get(name) for row in rows]) for name in names}


def _cut(cell: Any) -> Any:
    if isinstance(cell, str) and len(cell) > READ_CHARACTERS and cell.lstrip()[:1] not in ("[", "{"):
        return cell[:READ_CHARACTERS]
    return cell


def _ends_open(cell: Any) -> bool:
    last = turns_of(first_turns(cell))[-1:]
    role = next((last[0][key] for key in ROLE_KEYS if isinstance(last[0], dict) and key in last[0]), "") if last else ""
    return ROLE_NAMES.get(str(role).lower()) in ("user", "system")


def _kind(cell: Any) -> Kind:
    if isinstance(cell, bool):
        return "truth"
    if isinstance(cell, int | float):
        return "number"
    value = first_turns(cell)
    if isinstance(value, dict):
        return "record"
    if isinstance(value, list):
        return _kind_of_list(value)
    text = str(value).strip()
    if text.lower() in ("true", "false"):
        return "truth"
    return "number" if NUMBER.fullmatch(text) else "text"


def _kind_of_list(value: list[Any]) -> Kind:
    if is_chat(value):
        return "chat"
    if all(isinstance(item, str) for item in value):
        return "texts"
    if is_exchange(value):
        return "chat"
    return "records" if all(isinstance(item, dict) for item in value) else "list"
