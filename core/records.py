"""A dataset is an Arrow table with a stable row id; an `Example` is the view of one of its rows.

Columns of a dataset:

    id        string, stable from the first version to the last: decisions and undo hang on it
    row       int64, the row number in the source file, counted from 1 as a person would
    messages  list<struct<role: string, content: string>>, role one of `ROLES`
    rejected  string or null, the worse answer of a preference row; the better one is the last message
    good      bool or null, whether the file calls the answer a good one (KTO rows)
    label     string or null, the class of a text/label row
    category  string or null, the category or task that the file names
    group     string or null, what the row came from and may not be divided from: a conversation, a message tree
    source    string or null, the file or dataset, where several were joined
    tags      list<string> or null, what a person called the row
    split     string or null, `TRAIN` or `HELD_OUT` once the dataset is split
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

TRAIN = "train"
HELD_OUT = "held-out"
TEXT = "text"  # the only message of a row that is plain text, to be continued and not answered
ROLES = ("system", "user", "assistant", "tool", TEXT)
FACTS = ("label", "category", "group", "source")  # columns of one text beside the messages
TAG = "tag"

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("row", pa.int64()),
        ("messages", pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))),
        ("rejected", pa.string()),
        ("good", pa.bool_()),
        ("label", pa.string()),
        ("category", pa.string()),
        ("group", pa.string()),
        ("source", pa.string()),
        ("tags", pa.list_(pa.string())),
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
    """The view of one row; the fields are the columns of the table."""

    id: str
    row: int
    messages: tuple[Message, ...]
    label: str | None = None
    split: str | None = None
    rejected: str | None = None
    good: bool | None = None
    category: str | None = None
    group: str | None = None
    source: str | None = None
    tags: tuple[str, ...] = ()

    @property
    def prompt(self) -> tuple[Message, ...]:
        """Everything before the last assistant turn; the whole chat if it does not end with one, none of plain text."""
        if self.messages and self.messages[-1].role in ("assistant", TEXT):
            return self.messages[:-1]
        return self.messages

    @property
    def answer(self) -> str:
        """The last assistant turn, or the plain text, or an empty string."""
        return self.messages[-1].content if len(self.prompt) < len(self.messages) else ""

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Everything that the row says: role and content of its messages, and of a rejected answer."""
        said = [(message.role, message.content) for message in self.messages]
        return said if self.rejected is None else [*said, ("rejected", self.rejected)]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What stands beside the texts: name and content of label, category, group and source, as far as there are any,
        and of each tag."""
        columns = [(name, getattr(self, name)) for name in FACTS]
        return [*((name, fact) for name, fact in columns if fact is not None), *((TAG, tag) for tag in self.tags)]

    @property
    def said(self) -> list[tuple[str, str]]:
        """All that leaves the house with the row: its `texts`, and below them its `facts`."""
        return [*self.texts, *self.facts]

    def with_said(self, contents: Sequence[str]) -> "Example":
        """The same row with other contents, one for each of `said`."""
        count = len(self.texts)
        new = self.with_texts(contents[:count])
        facts = [(name, fact) for (name, _), fact in zip(self.facts, contents[count:], strict=True)]
        columns = {name: fact for name, fact in facts if name != TAG}
        return replace(new, **columns, tags=tuple(fact for name, fact in facts if name == TAG))  # type: ignore[arg-type]

    def with_texts(self, contents: Iterable[str]) -> "Example":
        """The same row with other contents, one for each of its `texts`."""
        new = [content for _, content in zip(self.texts, contents, strict=True)]
        messages = (Message(message.role, content) for message, content in zip(self.messages, new, strict=False))
        return replace(self, messages=tuple(messages), rejected=None if self.rejected is None else new[-1])

    def as_row(self) -> dict[str, Any]:
        """The row of the Arrow table."""
        row = {name: getattr(self, name) for name in SCHEMA.names}
        return {**row, "messages": [message.as_dict() for message in self.messages], "tags": list(self.tags) or None}


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
        self.table = with_schema(table)

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

    def positions_containing(self, text: str) -> list[int]:
        """The positions, counted from 0, of the rows that say `text` in any case, in a message or beside them."""
        lists = [(self.table["messages"].combine_chunks(), "content"), (self.table["tags"].combine_chunks(), None)]
        found: set[int] = set()
        for name in ("rejected", *FACTS):
            hits = pc.match_substring(self.table[name].combine_chunks(), text, ignore_case=True)
            found.update(pc.indices_nonzero(hits.fill_null(False)).to_pylist())
        for some, field in lists:
            flat = pc.list_flatten(some)
            hits = pc.match_substring(pc.struct_field(flat, field) if field else flat, text, ignore_case=True)
            found.update(pc.list_parent_indices(some).filter(hits.fill_null(False)).to_pylist())
        return sorted(found)

    def part(self, split: str) -> "Dataset":
        """The rows of one side of the split, `TRAIN` or `HELD_OUT`."""
        return self.filter(lambda example: example.split == split)

    def content_hash(self) -> str:
        """SHA-256 over every column but the row number; the same on every machine and for every chunking."""
        digest = ContentHash()
        digest.update(self.table)
        return digest.hexdigest()


class ContentHash:
    """The content hash of rows that come a table at a time.

    Each column has digests of its own for lengths, bytes and gaps, so that it does not matter where a table ends.
    """

    def __init__(self) -> None:
        self._digests: dict[str, Any] = {}

    def update(self, table: pa.Table) -> None:
        """Add the rows of a table of `SCHEMA`."""
        for name in (name for name in SCHEMA.names if name != "row"):
            for chunk in table[name].chunks:
                self._add(name, chunk)

    def hexdigest(self) -> str:
        """The hash of all rows so far."""
        whole = hashlib.sha256()
        for name, digest in sorted(self._digests.items()):
            whole.update(name.encode() + digest.digest())
        return whole.hexdigest()

    def _add(self, name: str, values: pa.Array) -> None:
        if pa.types.is_list(values.type):
            self._put(f"{name}.lengths", pc.fill_null(pc.list_value_length(values), -1))
            self._add(f"{name}.items", pc.list_flatten(values))
        elif pa.types.is_struct(values.type):
            for field in values.type:
                self._add(f"{name}.{field.name}", pc.struct_field(values, field.name))
        elif pa.types.is_string(values.type):
            self._put(f"{name}.lengths", pc.fill_null(pc.binary_length(values), -1))
            self._put(f"{name}.bytes", _joined_bytes(values))
        else:
            self._put(name, pc.fill_null(values.cast(pa.int8()), -1))

    def _put(self, name: str, values: Any) -> None:
        data = values if isinstance(values, pa.Buffer) else values.to_numpy(zero_copy_only=False).tobytes()
        self._digests.setdefault(name, hashlib.sha256()).update(data)


def with_schema(table: pa.Table) -> pa.Table:
    """The table with the columns of `SCHEMA` in their order; a column that is not there holds nulls."""
    columns = [
        table[field.name].cast(field.type) if field.name in table.column_names else pa.nulls(len(table), field.type)
        for field in SCHEMA
    ]
    return pa.table(columns, schema=SCHEMA)


def _joined_bytes(values: pa.Array) -> pa.Buffer:
    """The bytes of all strings of an array, one after the other."""
    if not len(values):
        return pa.py_buffer(b"")
    values = pc.fill_null(values, "")  # what lies below a null is not defined
    offsets = memoryview(values.buffers()[1]).cast("i")
    first, last = offsets[values.offset], offsets[values.offset + len(values)]
    data = values.buffers()[2]
    return data.slice(first, last - first) if data is not None else pa.py_buffer(b"")


def _example(row: dict[str, Any]) -> Example:
    messages = tuple(Message(message["role"], message["content"]) for message in row["messages"])
    return Example(**{**row, "messages": messages, "tags": tuple(row["tags"] or ())})
