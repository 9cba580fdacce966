"""Marked texts as HTML: nothing of a dataset becomes a tag, and every character stays where it was."""

import html
import re

import pytest

from core.actions.mask.pieces import Piece, pieces
from ui.mask.marks import GROUND_OF, GROUNDS, pieces_html

UGLY = [
    "",
    "<script>alert(1)</script> & \"quotes\" 'too'",
    "one\r\ntwo\rthree\nfour",
    "\U0001f600 e\u0301 שלום \u202e",
    '{"a": "<b>"}',
    "x" * 200_000,
]


def seen(shown: str) -> str:
    """The characters that a browser shows."""
    plain = re.sub(r"<[^>]*>", "", shown.replace("\r\n", "\n").replace("\r", "\n"))
    return html.unescape(plain.replace("&#13;", "\r"))


@pytest.mark.parametrize("text", UGLY, ids=range(len(UGLY)))
def test_what_is_shown_is_the_text_character_by_character(text: str):
    line = {
        "position": 0,
        "message": 0,
        "start": 0,
        "end": len(text) // 2,
        "kind": "EMAIL",
        "reason": "<i>",
        "score": 1.0,
    }
    shown = pieces_html(pieces(text, [line]))
    assert seen(shown) == text
    assert "<script" not in shown
    assert "<i>" not in shown


def test_a_mark_says_kind_reason_score_and_decision_when_hovered():
    shown = pieces_html([Piece("Ann", "PERSON", 'says "Ms"', 0.5, "rejected", "0:0:0:3")], "0:0:0:3")
    assert 'title="PERSON · says &quot;Ms&quot; · 50% sure · is kept"' in shown
    assert 'class="name rejected chosen"' in shown
    assert 'class="other"' in pieces_html([Piece("TCK-1", "MY_TICKET")])


def test_every_kind_that_has_a_ground_has_one_that_there_is():
    assert set(GROUND_OF.values()) <= set(GROUNDS)
