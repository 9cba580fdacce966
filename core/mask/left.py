"""Leftovers one by one: where they stand in the written rows, so that a person can say which are not personal."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

# A line for each leftover: the row by its id and its number in the source file, the message (index into what is
# said in a row, core/mask/texts.py), start and end in characters, its kind, whether it is a masked value (else
# the detector found it), and a keyed hash of what is written there. Never a value itself.
LEFT = pl.Schema(
    {
        "row_id": pl.String,
        "row": pl.UInt32,
        "message": pl.UInt32,
        "start": pl.UInt32,
        "end": pl.UInt32,
        "kind": pl.String,
        "is_known": pl.Boolean,
        "value": pl.String,
    }
)
VALUE_HEX = 16


@dataclass(frozen=True)
class Left:
    """A leftover, as long as what stands there is in memory."""

    row_id: str
    row: int
    message: int
    start: int
    end: int
    kind: str
    is_known: bool
    text: str = field(repr=False)


def table(left: Iterable[Left], key: bytes) -> pl.DataFrame:
    """Leftovers as they are kept (`LEFT`)."""
    lines = [(*(getattr(one, name) for name in list(LEFT)[:-1]), written_hash(key, one.kind, one.text)) for one in left]
    return pl.DataFrame(lines, schema=LEFT, orient="row")


def written_hash(key: bytes, kind: str, text: str) -> str:
    """The keyed hash of what is written, letter for letter: “will” is not personal, “Will” may be."""
    data = f"{kind}\0{text}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=VALUE_HEX // 2, key=key[:64], person=b"left").hexdigest()
