"""Texts in pieces, so that the page can mark what was found in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

ELLIPSIS = "…"


@dataclass(frozen=True)
class Piece:
    """A piece of a text: what stands there and, if it is marked, as which kind, why, how surely, and what was decided.

    `place` names the place for a decision about it; it and `kind` are empty between the places.
    """

    text: str = field(repr=False)
    kind: str = ""
    reason: str = ""
    score: float = 1.0
    decision: str = ""
    place: str = ""


def pieces(text: str, places: Iterable[dict[str, Any]], start: int = 0, end: int | None = None) -> list[Piece]:
    """The text from `start` to `end` in pieces; `places` are lines of the findings in order, of which one that overlaps
    the one before is left out."""
    found: list[Piece] = []
    done, last = start, len(text) if end is None else min(end, len(text))
    for line in places:
        if done <= line["start"] and line["end"] <= last:
            found += [Piece(text[done : line["start"]]), marked(text, line)]
            done = line["end"]
    return [piece for piece in [*found, Piece(text[done:last])] if piece.text]


def marked(text: str, line: dict[str, Any]) -> Piece:
    """The piece at a place."""
    return Piece(
        text[line["start"] : line["end"]],
        line["kind"],
        line["reason"],
        line["score"],
        line.get("decision", ""),
        place_key(line),
    )


def around(text: str, line: dict[str, Any], length: int) -> list[Piece]:
    """A place with at most `length` characters on either side."""
    start, end = max(0, line["start"] - length), min(len(text), line["end"] + length)
    before = [Piece(ELLIPSIS)] if start else []
    return [*before, *pieces(text, [line], start, end), *([Piece(ELLIPSIS)] if end < len(text) else [])]


def place_key(line: dict[str, Any]) -> str:
    """A place as one text for the page: position of the row, message, start and end."""
    return ":".join(str(line[name]) for name in ("position", "message", "start", "end"))


def live_first(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The places in order without rejected ones where another place counts."""
    live = [line for line in lines if line["decision"] != "rejected"]
    rest = [line for line in lines if line["decision"] == "rejected" and not _touches(line, live)]
    return sorted([*live, *rest], key=lambda line: (line["message"], line["start"], line["end"]))


def _touches(line: dict[str, Any], others: Sequence[dict[str, Any]]) -> bool:
    return any(
        line["message"] == other["message"] and line["start"] < other["end"] and other["start"] < line["end"]
        for other in others
    )
