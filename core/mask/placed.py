"""The places of all rows as one table, with the keyed hashes by which equal values are known."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from core.mask.findings import ELSEWHERE, LONGER, ORDER, PLACES
from core.mask.overlaps import clusters
from core.privacy import Span, fold, resolve
from core.privacy.spans import rank

RowPlaces = list[tuple[int, Span]]  # index into what a row says (core/mask/texts.py), and span
VALUE_HEX = 16


def value_hash(key: bytes, kind: str, value: str) -> str:
    """The keyed hash by which equal values of a kind are known: 16 hexadecimal digits."""
    return keyed_digest(key, "value", fold(kind, value))[:VALUE_HEX]


def keyed_digest(key: bytes, what: str, text: str) -> str:
    """A keyed hash of a text as 32 hexadecimal digits; another `what` gives another one."""
    data = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=16, key=key[:64], person=what.encode()).hexdigest()


class Placed:
    """Collects the lines of the table."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._lines: list[tuple[Any, ...]] = []

    def add(self, row_id: str, position: int, contents: list[str], row: RowPlaces) -> None:
        """Take the places of a row; those of a kind that share a character become one."""
        for index in sorted({at for at, _ in row}):
            spans = [span for at, span in row if at == index]
            kinds = {span.kind for span in spans}
            merged = [one for kind in kinds for one in _united([span for span in spans if span.kind == kind])]
            for span, covered in _covered(sorted(merged)):
                value = value_hash(self._key, span.kind, contents[index][span.start : span.end])
                place = (span.start, span.end, span.kind, span.score, span.reason)
                self._lines.append((row_id, position, index, *place, value, covered))

    def frame(self) -> pl.DataFrame:
        """The table, in order."""
        return pl.DataFrame(self._lines, schema=PLACES, orient="row").sort(ORDER)


def _united(spans: Sequence[Span]) -> Iterator[Span]:
    """Spans of a kind, those that share a character as one; `LONGER` is the reason of one that a row shows in part and
    others make longer."""
    own, borrowed = ([span for span in spans if (span.reason == ELSEWHERE) is elsewhere] for elsewhere in (False, True))
    for one in resolve(spans):
        mixed = borrowed and all(any(span.overlaps(one) for span in some) for some in (own, borrowed))
        yield replace(one, reason=LONGER) if mixed else one


def _covered(spans: list[Span]) -> Iterator[tuple[Span, bool]]:
    """Each span, and whether one that is stronger shares a character with it."""
    for cluster in clusters(spans, lambda span: (0, span.start, span.end)):
        shown: list[Span] = []
        for span in sorted(cluster, key=lambda span: (rank(span.kind), -span.score, span)):
            hidden = any(span.overlaps(other) for other in shown)
            if not hidden:
                shown.append(span)
            yield span, hidden
