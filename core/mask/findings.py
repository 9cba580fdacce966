"""What a scan found: row ids, messages and spans, never a value."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.privacy import KINDS, RULES, Span, resolve
from core.records import Dataset, Example

FORMAT = 1


@dataclass(frozen=True)
class RowFindings:
    """The places in one row: message (counted from 0) and span. `position` counts rows of the dataset from 0."""

    row_id: str
    position: int
    places: tuple[tuple[int, Span], ...]

    def resolved(self, without: frozenset[str] = frozenset()) -> dict[int, list[Span]]:
        """The non-overlapping spans of each message that has any, kinds in `without` left aside."""
        by_message: dict[int, list[Span]] = {}
        for message, span in self.places:
            if span.kind not in without:
                by_message.setdefault(message, []).append(span)
        return {message: resolve(spans) for message, spans in sorted(by_message.items())}

    def kinds(self) -> list[str]:
        """The kind of every non-overlapping place."""
        return [span.kind for spans in self.resolved().values() for span in spans]


@dataclass(frozen=True)
class Findings:
    """The rows in which something was found, in dataset order, and the content hash of what was scanned."""

    content_hash: str
    total_rows: int
    rows: tuple[RowFindings, ...]

    def counts(self) -> dict[str, tuple[int, int]]:
        """For each kind found, strongest first: places and rows."""
        places, rows = dict.fromkeys(KINDS, 0), dict.fromkeys(KINDS, 0)
        for row in self.rows:
            kinds = row.kinds()
            for kind in kinds:
                places[kind] += 1
            for kind in set(kinds):
                rows[kind] += 1
        return {kind: (places[kind], rows[kind]) for kind in KINDS if places[kind]}

    def examples(self, dataset: Dataset) -> Iterator[tuple[RowFindings, Example]]:
        """Every row with findings together with its example."""
        some = Dataset(dataset.table.take([row.position for row in self.rows])) if self.rows else ()
        return zip(self.rows, some, strict=True)

    def as_json(self) -> dict[str, Any]:
        """The form kept on disk."""
        rows = [[row.row_id, row.position, [[m, *_fields(span)] for m, span in row.places]] for row in self.rows]
        head = {"format": FORMAT, "rules": RULES, "content_hash": self.content_hash, "total_rows": self.total_rows}
        return {**head, "rows": rows}

    @classmethod
    def from_json(cls, kept: Any, content_hash: str) -> "Findings | None":
        """The findings kept on disk, or None if they are of other content, of other rules or of another format."""
        wanted = {"format": FORMAT, "rules": RULES, "content_hash": content_hash}
        if not isinstance(kept, dict) or any(kept.get(key) != value for key, value in wanted.items()):
            return None
        rows = tuple(
            RowFindings(row_id, position, tuple((message, Span(*fields)) for message, *fields in places))
            for row_id, position, places in kept["rows"]
        )
        return cls(content_hash, kept["total_rows"], rows)


def _fields(span: Span) -> list[Any]:
    return [span.start, span.end, span.kind, span.score, span.reason]
