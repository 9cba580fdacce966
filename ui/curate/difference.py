"""Two versions next to each other: what is different in counts, row by row, and word by word."""

import html
from collections.abc import Callable
from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions.curate import difference as actions
from ui.common import Page
from ui.curate.board import QUIET
from ui.tables import table

WIDTHS = ["60px", "75px", "160px", "400px", "400px"]
MARKS = {"same": "span", "removed": "del", "added": "ins"}
NO_ROW = "<p>Click a row in the table to see both sides word by word.</p>"


def build(page: Page, version: gr.Dropdown, tab: gr.Tab) -> None:
    """Lay out the part and connect it. B follows the version that is shown, A is what it was made from."""
    with gr.Row(equal_height=True):
        a = gr.Dropdown([], label="A, before", allow_custom_value=True, min_width=260)
        b = gr.Dropdown([], label="B, after", allow_custom_value=True, min_width=260)
        kind = gr.Dropdown(
            [actions.EVERY_DIFFERENCE],
            value=actions.EVERY_DIFFERENCE,
            label="Rows shown",
            allow_custom_value=True,
            min_width=170,
        )
        compare = gr.Button("Compare", variant="primary", min_width=110)
    said = gr.Textbox(label="What is different", interactive=False, lines=1, max_lines=4)
    rows = table("Rows that differ: click one to read it", actions.DIFFERENCE_HEADERS, WIDTHS)
    row = gr.HTML(NO_ROW, elem_id="difference-row")

    def difference(
        workspace: Workspace, a: str, b: str, page_number: float = 1, kind: str = actions.EVERY_DIFFERENCE
    ) -> list[Any]:
        """The rows that differ between two versions, 50 a page: all, or those of one kind; and counts in words."""
        found = actions.difference(workspace, a, b, page_number, kind)
        return [found.sentence, gr.Dropdown(choices=found.kinds), *rows.shown(found.table), NO_ROW]

    def turned(by: int) -> Callable[..., list[Any]]:
        def turn(workspace: Workspace, a: str, b: str, page_number: float, kind: str) -> list[Any]:
            return difference(workspace, a, b, (page_number or 1) + by, kind)

        return turn

    def first(workspace: Workspace, a: str, b: str, kind: str) -> list[Any]:
        return difference(workspace, a, b, 1, kind)

    def read(workspace: Workspace, a: str, b: str, kind: str, event: gr.SelectData) -> str:
        return _html(actions.row_difference(workspace, a, b, kind, int(event.row_value[0])))

    def known(workspace: Workspace) -> list[Any]:
        return [gr.Dropdown(choices=actions.choices(workspace))] * 2

    def chosen(workspace: Workspace, version: str) -> list[Any]:
        if not version:
            return [gr.skip()] * len(reset)
        ids = actions.choices(workspace)
        pair = [gr.Dropdown(choices=ids, value=value) for value in (actions.before(workspace, version), version)]
        every = gr.Dropdown(choices=[actions.EVERY_DIFFERENCE], value=actions.EVERY_DIFFERENCE)
        return [*pair, "", every, [], 1, "", NO_ROW]

    reset = [a, b, said, kind, *rows.outputs, row]
    outputs = [said, kind, *rows.outputs, row]
    own, inputs = [page.visitor, a, b], [page.visitor, a, b, rows.number, kind]
    rows.number.submit(page.handler(difference), inputs, outputs, api_name="difference")
    rows.previous.click(page.handler(turned(-1)), inputs, outputs, **QUIET)
    rows.next.click(page.handler(turned(1)), inputs, outputs, **QUIET)
    compare.click(page.handler(first), [*own, kind], outputs, api_visibility="private")
    kind.input(page.handler(first), [*own, kind], outputs, **QUIET)
    rows.frame.select(page.handler(read), [*own, kind], row, **QUIET)
    page.changed(version, tab)(page.handler(chosen), [page.visitor, version], reset, **QUIET)
    tab.select(page.handler(known), [page.visitor], [a, b], **QUIET)


def _html(parts: list[actions.PartDifference]) -> str:
    """Every part with both sides next to each other; what only one side has is marked."""
    return "".join(_part(part) for part in parts)


def _part(part: actions.PartDifference) -> str:
    sides = "".join(
        f"<div><p><b>{html.escape(part.part)}, {title}</b></p><div class='picture'>{_side(part, own)}</div></div>"
        for title, own in (("A", "removed"), ("B", "added"))
    )
    return f"<div class='pair'>{sides}</div>"


def _side(part: actions.PartDifference, own: str) -> str:
    pieces = [(MARKS[kind], html.escape(text)) for kind, text in part.pieces if kind in ("same", own)]
    return "".join(f"<{mark}>{text}</{mark}>" for mark, text in pieces) or "<i>nothing</i>"
