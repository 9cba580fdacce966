"""A row as the model sees it: its text in pieces, each learned, only read, or cut away."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from core.format.rows import Encoded

SHOWN_AT_ENDS = 2000  # tokens: more at once would slow the page, and nobody reads them
SHOWN_AROUND_CUT = 500

State = Literal["learned", "read", "cut", "not shown"]


@dataclass(frozen=True)
class Piece:
    """Consecutive tokens of one state: their text and how many they are; `special` for one with a meaning of its own.

    What is not shown, in the middle of a very long row, has no text.
    """

    text: str
    state: State
    tokens: int
    special: bool = False


def picture(tokenizer: Any, row: Encoded, max_tokens: int) -> list[Piece]:
    """The text of a row in pieces, cut to `max_tokens`: all of it, but for the middle of a very long row."""
    special, places = set(tokenizer.all_special_ids), row.places
    states = _states(row, max_tokens)
    pieces: list[Piece] = []
    shown = 0  # characters; several tokens may share one, and some characters have none
    for start, end in _windows(len(row.ids), max_tokens):
        if hidden := start - sum(piece.tokens for piece in pieces):
            pieces.append(Piece("", "not shown", hidden))
            shown = places[start - 1][1]
        for first, last in _runs(row.ids, states, special, start, end):
            until = max(shown, places[last - 1][1])
            text = row.text[shown:until]
            pieces.append(Piece(text, states[first], last - first, row.ids[first] in special))
            shown = until
    return pieces


def _states(row: Encoded, max_tokens: int) -> list[State]:
    states: list[State] = ["read"] * len(row.ids)
    for start, end in row.extent.learned:
        states[start:end] = ["learned"] * (end - start)
    states[max_tokens:] = ["cut"] * len(states[max_tokens:])
    return states


def _runs(ids: list[int], states: list[State], special: set[int], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Ranges of tokens of one state; a special token is a range of its own."""
    places = range(start, end)
    for _, run in groupby(places, key=lambda at: (states[at], at if ids[at] in special else -1)):
        found = list(run)
        yield found[0], found[-1] + 1


def _windows(total: int, max_tokens: int) -> list[tuple[int, int]]:
    """The ranges of tokens that are shown: the first, those around the cut, and the last."""
    around = (max_tokens - SHOWN_AROUND_CUT, max_tokens + SHOWN_AROUND_CUT)
    wanted = [(0, SHOWN_AT_ENDS), around, (total - SHOWN_AT_ENDS // 2, total)]
    found: list[tuple[int, int]] = []
    for start, end in sorted((max(0, start), min(total, end)) for start, end in wanted):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
