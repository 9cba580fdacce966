"""The HTML of a row with its marks: a short one whole, of a long one a window with steps to what is around it."""

import html
import re
from collections.abc import Sequence

from core.actions.mask.pieces import Piece
from core.actions.mask.reading import MessageView, RowView
from ui.mask.marks import STYLE, pieces_html, said_of
from ui.mask.places import STYLE_ROW, steps_html

WINDOW = 3000  # characters of a message; the page answers at once even if half of them are marked
STEP = 2700  # the rest stands in both windows, so that no sentence is only seen cut in two
MESSAGES = 12
SPOT = re.compile(r"([0-9]{0,9}):([0-9]{1,9}):([0-9]{1,9}):([0-9]{1,9})")


def row_html(view: RowView, chosen: str = "", looked: str = "") -> str:
    """A row with its marks, around the place `chosen` or the spot `looked` at, which a step leads to (`spot`).

    Of the chosen place it says why it was found: where nothing can hover, a mark alone could not.
    """
    position = _position(view, chosen or looked)
    message, middle = _parts(looked or chosen)
    first = max(0, min(message - MESSAGES // 2, len(view.messages) - MESSAGES))
    last = min(first + MESSAGES, len(view.messages))
    shown = "".join(
        _message(view.row, one, (position, chosen), middle if one.index == message and (looked or chosen) else None)
        for one in view.messages[first:last]
    )
    before = (spot(position, max(0, first - MESSAGES // 2), 0), "Earlier messages") if first else None
    after = (spot(position, last + MESSAGES // 2, 0), "Later messages") if last < len(view.messages) else None
    pieces = (piece for one in view.messages for piece in one.pieces if piece.place and piece.place == chosen)
    why = "".join(f'<p class="why">{html.escape(said_of(piece))}</p>' for piece in pieces)
    head = f"<b>Row {html.escape(view.row)}</b>{why}{steps_html(before)}"
    return f'{STYLE}{STYLE_ROW}<div class="reading">{head}{shown}{steps_html(after)}</div>'


def spot(position: str, message: int, start: int) -> str:
    """A spot of a row in the form of the key of a place; the position is empty where no place of the row is known."""
    return f"{position}:{message}:{start}:{start + 1}"


def readable(looked: str) -> str:
    """The spot as core reads it, if it says which row; empty otherwise."""
    return looked if SPOT.fullmatch(looked) and not looked.startswith(":") else ""


def _parts(key: str) -> tuple[int, int]:
    """Message and start of a place or a spot."""
    found = SPOT.fullmatch(key)
    return (int(found[2]), int(found[3])) if found else (0, 0)


def _position(view: RowView, known: str) -> str:
    """The position of the row in its dataset, which the keys of its places begin with."""
    keys = (piece.place for message in view.messages for piece in message.pieces if piece.place)
    return (known or next(keys, "")).partition(":")[0]


def _message(row: str, message: MessageView, at: tuple[str, str], middle: int | None) -> str:
    position, chosen = at
    start, pieces = _window(message, middle)
    end = start + _length(pieces)
    last = message.length if position else message.start + _length(message.pieces)
    part = f", characters {start + 1:,} to {end:,} of {message.length:,}" if end - start < message.length else ""
    before = (spot(position, message.index, max(0, start + WINDOW // 2 - STEP)), "Earlier text") if start else None
    after = (spot(position, message.index, end - WINDOW // 2 + STEP), "Later text") if end < last else None
    where = f'data-row="{html.escape(row)}" data-message="{message.index}" data-start="{start}"'
    return (
        f'<div class="message"><p class="head">{html.escape(message.role)}{part}</p>{steps_html(before)}'
        f'<div class="marked" {where}>{pieces_html(pieces, chosen)}</div>{steps_html(after)}</div>'
    )


def _length(pieces: Sequence[Piece]) -> int:
    return sum(len(piece.text) for piece in pieces)


def _window(message: MessageView, middle: int | None) -> tuple[int, Sequence[Piece]]:
    """The start of what is shown, in characters of the message, and its pieces; a mark is never cut in two."""
    spans, at = [], message.start
    for piece in message.pieces:
        spans.append((at, at + len(piece.text), piece))
        at += len(piece.text)
    if middle is None:
        middle = next((start for start, _, piece in spans if piece.kind), message.start)
    low = max(message.start, min(middle - WINDOW // 2, at - WINDOW))
    high = low + WINDOW
    inside = [(start, end, piece) for start, end, piece in spans if end > low and start < high]
    cut = [
        (start, piece) if piece.kind else (max(start, low), Piece(piece.text[max(0, low - start) : high - start]))
        for start, _, piece in inside
    ]
    return (cut[0][0] if cut else message.start), [piece for _, piece in cut]
