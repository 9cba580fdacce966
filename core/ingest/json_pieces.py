"""Records of a JSON list, piece by piece, so that a large document need not be in memory.

A piece is cut where a record seems to end; if the piece by itself is a valid list, it was really cut between two
records. Where no such place is found, or something is broken, the records are read one by one.
"""

import re
from collections.abc import Iterator
from typing import Any

import orjson

from core.ingest.json_salvage import Salvage
from core.ingest.json_values import batch_of, has_repeated_keys, loads_leniently, repeated_note
from core.ingest.source import Batch
from core.ingest.text import Text

RECORD_BYTES = 64_000_000  # a record that does not end within them is taken to be broken
SLOW_BYTES = 1_000_000
TRIES = 10
RECORD_START = re.compile(rb'\{\s*"[^"\\]*"\s*:')
RECORD_GAP = re.compile(rb"\}\s*,\s*\{")
BETWEEN = re.compile(rb"[\s,]*")


class Window:
    """The part of a document that is in memory."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.data = b""
        self.ended = False
        self._chunks = chunks

    def more(self) -> bool:
        """Read on; False at the end of the document."""
        chunk = next(self._chunks, None)
        self.ended = chunk is None
        self.data += chunk or b""
        return not self.ended

    def fill(self, size: int) -> None:
        """Read on until more than so many bytes are here, or all."""
        while len(self.data) <= size and self.more():
            pass

    def drop(self, size: int) -> None:
        """Forget so many bytes from the front."""
        self.data = self.data[size:]


def pieces(text: Text, window: Window) -> Iterator[Batch]:
    """The records of a list, numbered from 1; the window begins behind the bracket that opens it."""
    salvage = Salvage(1, set())
    while True:
        window.drop(BETWEEN.match(window.data).end())  # type: ignore[union-attr]
        if not window.data and not window.more():
            break
        if values := _quickly(text, window):
            salvage.take(values)
        elif not _slowly(text, window, salvage):
            window.more()
        if salvage.found or salvage.broken:
            yield batch_of(salvage.found, salvage.broken)
            salvage.found, salvage.broken = [], []
    if salvage.rest:
        text.notes.append("What stands in the file behind the list of rows was not read.")


def _quickly(text: Text, window: Window) -> list[Any]:
    """All whole records of the window that can be read at once, taken from it; none where that cannot be told."""
    data, gap = window.data, _gap(window.data)
    end = len(data) if gap else 0
    for _ in range(TRIES):
        place = data.rfind(gap, 0, end)
        if place < 0:
            return []
        piece = b"[" + data[: place + 1] + b"]"
        try:
            values = orjson.loads(piece)
        except orjson.JSONDecodeError as error:
            end = min(place + 1, error.pos)  # counts characters, of which there are no more than bytes
        else:
            window.drop(place + 1)
            return list(with_repeated_keys(piece, values, text))
    return []


def _gap(data: bytes) -> bytes:
    """What stands between the first records, up to the first key of the second if both begin with the same."""
    start = RECORD_START.match(data)
    same = re.search(rb"\}\s*,\s*" + re.escape(start[0]), data) if start else None
    gap = same or RECORD_GAP.search(data)
    return gap[0] if gap else b""


def _slowly(text: Text, window: Window, salvage: Salvage) -> bool:
    """Read the next records one by one, from a small part of the window if that holds one; False if none is whole."""
    last = window.ended or len(window.data) >= RECORD_BYTES
    for size in (SLOW_BYTES, len(window.data)):
        end = len(window.data) if last and size >= len(window.data) else window.data.rfind(b"}", 0, size) + 1
        part = text.decode(window.data[:end])
        used = salvage.read(part, last and end == len(window.data))
        if used:
            window.data = part[used:].encode() + window.data[end:]
            return True
    return False


def with_repeated_keys(data: bytes, values: Any, text: Text) -> Any:
    """The values of a JSON list; plain records with both values of a key that stands twice, which is noted."""
    plain = isinstance(values, list) and len(values) == data.count(b"{") and set(map(type, values)) == {dict}
    if not plain or not has_repeated_keys(data, sum(map(len, values))):
        return values
    again = loads_leniently(data.decode())
    if twice := sum(len(one) > len(other) for one, other in zip(again, values, strict=True)):
        text.notes.append(repeated_note(twice))
    return again
