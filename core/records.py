"""A dataset is an Arrow table with a stable row id; an `Example` is the view of one of its rows.

Columns of a dataset:

    id        string, stable from the first version to the last: decisions and undo hang on it
    row       int64, the row number in the source file, counted from 1 as a person would
    messages  list<struct<role: string, content: string>>, role one of `ROLES`
    label     string or null, the class of a text/label row
    split     string or null, `TRAIN` or `HELD_OUT` once the dataset is split
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

TRAIN = "train"
HELD_OUT = "held-out"
ROLES = ("system", "user", "assistant")

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("row", pa.int64()),
        ("messages", pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))),
        ("label", pa.string()),
        ("split", pa.string()),
    ]
)


@dataclass(frozen=True)
class Message:
    """One turn of a chat."""

    role: str
    content: str

    def as_dict(self) -> dict[str, str]:
        """The form that chat templates take."""
        return {"role": self.role, "content": self.content}


@dataclass(frozen=True)
class Example:
    """The view of one row."""

    id: str
    row: int
    messages: tuple[Message, ...]
    label: str | None = None
    split: str | None = None

    @property
    def prompt(self) -> tuple[Message, ...]:
        """Everything before the last assistant turn; the whole chat if it does not end with one."""
        if self.messages and self.messages[-1].role == "assistant":
            return self.messages[:-1]
        return self.messages

    @property
    def answer(self) -> str:
        """The last assistant turn, or an empty string."""
        return self.messages[-1].content if len(self.prompt) < len(self.messages) else ""

    def with_contents(self, contents: Iterable[str]) -> "Example":
        """The same row with other texts, one for each message."""
        pairs = zip(self.messages, contents, strict=True)
        return replace(self, messages=tuple(Message(message.role, content) for message, content in pairs))

    def as_row(self) -> dict[str, Any]:
        """The row of the Arrow table."""
        messages = [message.as_dict() for message in self.messages]
        return {"id": self.id, "row": self.row, "messages": messages, "label": self.label, "split": self.split}


@dataclass(frozen=True)
class Problem:
    """Why a row should be looked at. `row_id` is None where the row could not be read, so that it is left out anyway.

    `row` counts from 1 in the source file; `check` is the name of the check; `reason` is a sentence for the screen.
    """

    row: int
    check: str
    reason: str
    row_id: str | None = None


class Dataset:
    """Rows of examples over an Arrow table of `SCHEMA`. Nothing changes it; every method makes a new one."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table.cast(SCHEMA)

    @classmethod
    def of(cls, examples: Iterable[Example]) -> "Dataset":
        """A dataset of the given rows, in their order."""
        return cls(pa.Table.from_pylist([example.as_row() for example in examples], schema=SCHEMA))

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __iter__(self) -> Iterator[Example]:
        for batch in self.table.to_batches(max_chunksize=1024):
            for row in batch.to_pylist():
                yield _example(row)

    def slice(self, start: int, length: int) -> list[Example]:
        """At most `length` rows from position `start` (counted from 0)."""
        return [_example(row) for row in self.table.slice(start, length).to_pylist()]

    def filter(self, keep: Callable[[Example], bool]) -> "Dataset":
        """The rows for which `keep` says yes."""
        return Dataset(self.table.filter(pa.array([keep(example) for example in self], pa.bool_())))

    def part(self, split: str) -> "Dataset":
        """The rows of one side of the split, `TRAIN` or `HELD_OUT`."""
        return self.filter(lambda example: example.split == split)

    def content_hash(self) -> str:
        """SHA-256 over ids, messages, labels and splits in row order; the same on every machine."""
        digest = hashlib.sha256()
        for example in self:
            texts = [part for message in example.messages for part in (message.role, message.content)]
            for text in (example.id, *texts, example.label or "", example.split or ""):
                data = text.encode("utf-8", "surrogatepass")
                digest.update(len(data).to_bytes(8, "little") + data)
            digest.update(b"\n")
        return digest.hexdigest()


def _example(row: dict[str, Any]) -> Example:
    messages = tuple(Message(message["role"], message["content"]) for message in row["messages"])
    return Example(row["id"], row["row"], messages, row["label"], row["split"])
