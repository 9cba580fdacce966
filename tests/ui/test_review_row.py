"""The row and the list of the review as HTML: long rows in windows that leave nothing out, and no tags from data."""

import html
import re

import pytest

from core.actions.mask.pieces import Piece, pieces
from core.actions.mask.reading import Groups, MessageView, RowView
from core.actions.tables import TablePage
from ui.mask.row import MESSAGES, WINDOW, readable, row_html
from ui.mask.values import values_html

MARKED = "reader@example.com"
TEXT = "".join(f"<{number}> to {MARKED}, {'x' * (number % 7)}\n" for number in range(900))


def lines(text: str, position: int = 4) -> list[dict[str, object]]:
    """A place for every address in a text, as the findings have them."""
    about = {"position": position, "message": 0, "kind": "EMAIL", "reason": "", "score": 1.0, "decision": "open"}
    return [{**about, "start": at.start(), "end": at.end()} for at in re.finditer(re.escape(MARKED), text)]


def view(text: str, marked: bool = True) -> RowView:
    """A row of one message."""
    return RowView("5", [MessageView(0, "user", pieces(text, lines(text) if marked else []), 0, len(text))])


def window(shown: str) -> tuple[int, str]:
    """From which character a message is shown, and what of it."""
    found = re.search(r'data-start="(\d+)">(.*?)</div>', shown, re.DOTALL)
    assert found
    return int(found[1]), html.unescape(re.sub(r"<[^>]*>", "", found[2]))


def step(shown: str, name: str) -> str:
    """Where a step leads; empty where there is none."""
    found = re.search(rf'data-step="([^"]*)">{name}<', shown)
    return found[1] if found else ""


@pytest.mark.parametrize("marked", [True, False], ids=["900 places", "no place"])
def test_the_steps_lead_through_a_long_message_without_leaving_a_character_out(marked: bool):
    shown, read = row_html(view(TEXT, marked), "", "4:0:0:1"), ""
    while True:
        start, text = window(shown)
        assert text == TEXT[start : start + len(text)]
        assert len(text) <= WINDOW + 2 * len(MARKED)
        assert start <= len(read), "there is a gap"
        read = TEXT[: start + len(text)]
        if not (later := step(shown, "Later text")):
            break
        shown = row_html(view(TEXT, marked), "", later)
    assert read == TEXT
    back = 0
    while earlier := step(shown, "Earlier text"):
        shown, back = row_html(view(TEXT, marked), "", earlier), back + 1
        assert back < 100
    assert window(shown)[0] == 0


def test_of_the_chosen_place_it_is_written_why_it_was_found():
    place = {**lines(MARKED)[0], "reason": "<b>an address</b> of mail", "score": 0.94}
    shown = RowView("5", [MessageView(0, "user", pieces(MARKED, [place]), 0, len(MARKED))])
    said = '<p class="why">EMAIL · &lt;b&gt;an address&lt;/b&gt; of mail · 94% sure · open, will be masked</p>'
    assert said in row_html(shown, f"4:0:0:{len(MARKED)}")
    assert 'class="why"' not in row_html(shown)


def test_the_window_of_a_long_message_holds_the_chosen_place_and_no_mark_is_cut():
    middle = lines(TEXT)[450]
    chosen = f"4:0:{middle['start']}:{middle['end']}"
    shown = row_html(view(TEXT), chosen)
    assert len(re.findall(r'<mark class="[^"]* chosen"', shown)) == 1
    assert set(re.findall(r"<mark[^>]*>([^<]*)</mark>", shown)) == {MARKED}
    assert f"characters {window(shown)[0] + 1:,} to" in shown


def test_a_short_message_is_shown_whole_without_steps():
    shown = row_html(view("One <b>two</b>"))
    assert window(shown) == (0, "One <b>two</b>")
    assert "data-step" not in shown
    assert "<b>two" not in shown


def test_of_many_messages_those_around_the_place_are_shown_with_steps_to_the_others():
    many = [MessageView(index, "user", [Piece(f"message {index}")], 0, len(f"message {index}")) for index in range(40)]
    shown, seen = row_html(RowView("5", many), "", "4:0:0:1"), set()
    while True:
        here = {int(index) for index in re.findall(r'data-message="(\d+)"', shown)}
        assert len(here) == MESSAGES
        seen |= here
        if not (later := step(shown, "Later messages")):
            break
        shown = row_html(RowView("5", many), "", later)
    assert seen == set(range(40))
    assert step(shown, "Earlier messages")


def test_what_is_no_spot_is_not_read_as_one():
    assert readable("4:0:10:11") == "4:0:10:11"
    assert [readable(said) for said in ("", ":0:10:11", "4:0", "<b>", "4:0:10:11 or more", "-1:0:1:2")] == [""] * 6


def test_the_list_of_values_escapes_them_and_marks_the_one_that_is_read():
    table = TablePage([["1", "<script>&", "Person", "1", "1", "5%", "open"], ["2", "b", "Person"] + ["1"] * 4], 1, 1, 2)
    found = Groups(table, ['PERSON:"a":PERSON', "PERSON:b:PERSON"], [], "", [], can_undo=False, can_redo=False)
    shown = values_html(found, "PERSON:b:PERSON")
    assert "<script>" not in shown
    assert '<tr data-key="PERSON:&quot;a&quot;:PERSON">' in shown
    assert '<tr data-key="PERSON:b:PERSON" class="chosen"' in shown
