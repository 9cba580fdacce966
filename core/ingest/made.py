"""What rows become, and how that becomes a table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain
from typing import Any

import pyarrow as pa

from core.ingest.cells import Cleaner
from core.ingest.chat import Chat
from core.records import SCHEMA


@dataclass(slots=True)
class Made:
    """An example made of a row, with what else the row says about it."""

    chat: Chat
    rejected: str | None = None
    good: bool | None = None
    label: str | None = None
    group: str | None = None


@dataclass
class Parts:
    """Examples by column: their row numbers, all messages one after the other, and how many each example has.

    `more` holds the columns of `SCHEMA` that there are beside `messages`.
    """

    numbers: list[int] = field(default_factory=list)
    roles: Sequence[str] = ()
    contents: Sequence[str] = ()
    lengths: Sequence[int] = ()
    more: dict[str, Sequence[Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, numbers: list[int], made: list[Made], more: dict[str, Sequence[Any]]) -> "Parts":
        """The parts of examples that were made one by one."""
        turns = list(chain.from_iterable(example.chat for example in made))
        found: dict[str, Sequence[Any]] = {}
        for name in ("rejected", "good", "label", "group"):
            values = [getattr(example, name) for example in made]
            if any(value is not None for value in values):
                found[name] = values
        roles, contents = [role for role, _ in turns], [content for _, content in turns]
        return cls(numbers, roles, contents, [len(example.chat) for example in made], found | more)


def table_of(parts: Parts, cleaner: Cleaner, prefix: str, source: str | None) -> pa.Table:
    """The table of examples, with the columns of `SCHEMA` that they have.

    A row's id is the prefix, "r" and its number with six digits; further examples of the same row end in .2, .3, …
    """
    columns: dict[str, pa.Array] = {
        "id": cleaner.array(_ids(parts.numbers, prefix)),
        "row": pa.array(parts.numbers, pa.int64()),
        "messages": _messages(parts, cleaner),
    }
    for name, values in parts.more.items():
        kind = SCHEMA.field(name).type
        columns[name] = cleaner.array(values) if kind == pa.string() else pa.array(values, kind)
    if source is not None:
        columns["source"] = pa.repeat(pa.scalar(source, pa.string()), len(parts.numbers))
    return pa.table(columns)


def row_id(number: int, prefix: str) -> str:
    """The id of the first example of a row."""
    return f"{prefix}r{number:06d}"


def _ids(numbers: list[int], prefix: str) -> list[str]:
    ids = [f"{prefix}r{number:06d}" for number in numbers]
    if len(set(numbers)) == len(numbers):
        return ids
    seen: dict[int, int] = {}
    for place, number in enumerate(numbers):
        seen[number] = seen.get(number, 0) + 1
        if seen[number] > 1:
            ids[place] += f".{seen[number]}"
    return ids


def _messages(parts: Parts, cleaner: Cleaner) -> pa.Array:
    roles = pa.array(parts.roles, pa.string())
    messages = pa.StructArray.from_arrays([roles, cleaner.array(parts.contents)], names=["role", "content"])
    offsets = pa.array(list(accumulate(parts.lengths, initial=0)), pa.int32())
    return pa.ListArray.from_arrays(offsets, messages)
