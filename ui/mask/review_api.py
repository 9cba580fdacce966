"""The review for callers of the API: a value is named by its key, a place by its own, as the answers give them."""

from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions.mask import reading
from core.actions.mask import review as actions
from ui.common import Page, unchecked


def build(page: Page, version: gr.Dropdown) -> None:
    """Register the endpoints; nothing of them is shown."""
    _connect_reading(page, version)
    _connect_decisions(page, version)


def _text(label: str, value: str = "") -> gr.Textbox:
    return gr.Textbox(value, label=label, visible=False)


def _number(label: str, value: float | None = None) -> Any:
    return unchecked(gr.Number(value, label=label, visible=False))


def _connect_reading(page: Page, version: gr.Dropdown) -> None:
    def review_groups(
        workspace: Workspace,
        version: str,
        page_number: float = 1,
        kind: str = reading.ANY,
        decision: str = reading.ANY,
        search: str = "",
        sort: str = "doubt",
    ) -> dict[str, Any]:
        """50 of the values found, with their keys, places, rows, doubt and decision: of a kind, with a decision, or all
        (“any”); `sort` is doubt, places or kind."""
        wanted = {"kind": kind, "decision": decision, "search": search, "sort": sort}
        return reading.groups_as_dict(workspace, version, page_number, wanted)

    def review_places(workspace: Workspace, version: str, key: str, page_number: float = 1) -> dict[str, Any]:
        """Ten places of a value, by its key, with the text around them and a key for each."""
        return reading.places_as_dict(workspace, version, key, page_number)

    def review_row(workspace: Workspace, version: str, row: str) -> dict[str, Any]:
        """A row by its number, its messages in pieces: what was found has a kind, a reason, a score and a decision."""
        return reading.row_as_dict(workspace, version, row)

    own, found = [page.visitor, version], gr.JSON(visible=False)
    handler = page.handler
    filters = [_text("Kind", reading.ANY), _text("Decision", reading.ANY), _text("Search"), _text("Sort", "doubt")]
    key, row, number = _text("Key"), _text("Row"), _number("Page", 1)
    key.submit(handler(review_groups), [*own, number, *filters], found, api_name="review_groups")
    key.submit(handler(review_places), [*own, key, number], found, api_name="review_places")
    row.submit(handler(review_row), [*own, row], found, api_name="review_row")


def _connect_decisions(page: Page, version: gr.Dropdown) -> None:
    def review_decide(
        workspace: Workspace, version: str, what: str, key: str = "", scope: str = "value", place: str = ""
    ) -> str:
        """Mask (accept), keep (reject) or reset: a value, a name and the longer ones with it, a place, all of a kind
        (scope value, name, place, kind)."""
        return actions.decide(workspace, version, what, key, scope, place)

    def review_change_kind(
        workspace: Workspace, version: str, kind: str, key: str = "", scope: str = "value", place: str = ""
    ) -> str:
        """Call a value, a name and longer ones, a place of it, or all of its kind by another kind."""
        return actions.change_kind(workspace, version, key, kind, scope, place)

    def review_add_span(
        workspace: Workspace,
        version: str,
        row: str,
        kind: str,
        text: str = "",
        message: float | None = None,
        start: float | None = None,
        end: float | None = None,
    ) -> str:
        """Mark a text of a row by hand, by itself or by its message (from 0), start and end in characters; it is masked
        wherever it stands in the dataset."""
        return actions.add_span(workspace, version, row, kind, text, message, (start, end))

    def review_undo(workspace: Workspace, version: str) -> str:
        """Undo the last step of the review."""
        return actions.undo(workspace, version)

    def review_redo(workspace: Workspace, version: str) -> str:
        """Do again what was undone last in the review."""
        return actions.redo(workspace, version)

    def review_always(workspace: Workspace, version: str, which: str, key: str) -> str:
        """Put a value on the list of what is never (allow) or always (deny) found, and keep or mask it here."""
        return actions.always(workspace, version, which, key)

    own, said, handler = [page.visitor, version], _text("Said"), page.handler
    about = [_text("Key"), _text("Scope", "value"), _text("Place")]
    what, kind, row, text = _text("What"), _text("Kind"), _text("Row"), _text("Text")
    numbers = [_number(label) for label in ("Message", "Start", "End")]
    what.submit(handler(review_decide), [*own, what, *about], said, api_name="review_decide")
    kind.submit(handler(review_change_kind), [*own, kind, *about], said, api_name="review_change_kind")
    text.submit(handler(review_add_span), [*own, row, kind, text, *numbers], said, api_name="review_add_span")
    said.submit(handler(review_undo), own, said, api_name="review_undo")
    said.submit(handler(review_redo), own, said, api_name="review_redo")
    what.submit(handler(review_always), [*own, what, about[0]], said, api_name="review_always")
