"""Texts with marks in them: each kind has its colour, and hovering says why it was found.

A mark holds nothing but the text itself (the name of its kind is drawn by CSS), so that the characters of a selection
can be counted.
"""

import html
from collections.abc import Iterable

from core.actions.mask.pieces import Piece

# The dark ink is told apart from each of these grounds, in light and in dark mode (contrast 7 and more). The theme has
# one ground for all marks, and its own ink for every element of a text, so these need their weight.
GROUNDS = {
    "secret": ("#fecaca", "#b91c1c"),
    "number": ("#fed7aa", "#c2410c"),
    "contact": ("#bfdbfe", "#1d4ed8"),
    "name": ("#fde68a", "#92400e"),
    "where": ("#bbf7d0", "#166534"),
    "when": ("#ddd6fe", "#6d28d9"),
    "other": ("#e2e8f0", "#475569"),
}
GROUND_OF = {
    **dict.fromkeys(("SECRET", "URL_CREDENTIALS", "CRYPTO"), "secret"),
    **dict.fromkeys(("CARD", "IBAN", "SSN", "NATIONAL_ID", "PASSPORT", "LICENSE", "BANK"), "number"),
    **dict.fromkeys(("EMAIL", "PHONE", "IP", "MAC", "URL", "USERNAME"), "contact"),
    **dict.fromkeys(("PERSON", "ORGANISATION"), "name"),
    **dict.fromkeys(("ADDRESS", "CITY"), "where"),
    **dict.fromkeys(("BIRTH_DATE", "DATE", "AGE"), "when"),
}
DECIDED = {"accepted": "will be masked", "open": "open, will be masked", "rejected": "is kept"}

STYLE = (
    "<style>"
    # Each line and each mark runs by its first letter: text from right to left reads as it does elsewhere.
    ".marked { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 14px; line-height: 1.7;"
    " unicode-bidi: plaintext; }"
    ".marked mark { border-radius: 3px; padding: 1px 3px; color: #1c1917 !important; border-bottom: 2px solid;"
    " unicode-bidi: plaintext; }"
    ".marked mark::after { content: attr(data-kind); margin-left: 5px; font-size: 10px; font-weight: 700;"
    " letter-spacing: .03em; color: #1c1917; user-select: none; }"
    ".marked mark[data-place] { cursor: pointer; }"
    ".marked mark.accepted { border-bottom-style: double; border-bottom-width: 4px; }"
    ".marked mark.rejected, .marked mark.rejected::after { color: inherit !important; font-weight: 400; }"
    ".marked mark.rejected { border-bottom-style: dashed; }"
    ".marked mark.chosen { outline: 2px solid var(--color-accent); outline-offset: 1px; }"
    + "".join(
        f".marked mark.{name} {{ background: {ground} !important; border-bottom-color: {line}; }}"
        for name, (ground, line) in GROUNDS.items()
    )
    + ".marked mark.rejected { background: transparent !important; }"
    "</style>"
)


def pieces_html(pieces: Iterable[Piece], chosen: str = "") -> str:
    """The pieces with a mark for each that has a kind; the mark of the place `chosen` is framed. Needs `STYLE`."""
    return "".join(_mark(piece, chosen) if piece.kind else text_html(piece.text) for piece in pieces)


def text_html(text: str) -> str:
    """A text as it stands, line ends too: a browser would make one character of CR LF."""
    return html.escape(text).replace("\r", "&#13;").replace("\0", "\ufffd")


def said_of(piece: Piece) -> str:
    """What was found, why, how sure that is, and what becomes of it."""
    said = [piece.kind, piece.reason, f"{piece.score:.0%} sure", DECIDED.get(piece.decision, "")]
    return " · ".join(part for part in said if part)


def _mark(piece: Piece, chosen: str) -> str:
    classes = f"{GROUND_OF.get(piece.kind, 'other')} {piece.decision}".strip()
    classes += " chosen" if piece.place and piece.place == chosen else ""
    title = html.escape(said_of(piece))
    place = f' data-place="{html.escape(piece.place)}"' if piece.place else ""
    kind = html.escape(piece.kind)
    return f'<mark class="{classes}" data-kind="{kind}"{place} title="{title}">{text_html(piece.text)}</mark>'
