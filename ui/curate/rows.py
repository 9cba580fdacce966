"""The rows: a table of them, found, filtered and sorted; one read whole, decided about, edited, tagged."""

import html
from dataclasses import dataclass
from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions.curate import board as board_actions
from core.actions.curate import rows as actions
from ui.common import Page, unchecked
from ui.curate.board import QUIET, SPEAKING, Board
from ui.tables import connect_pages, table

WIDTHS = ["65px", "205px", "190px", "190px", "90px", "100px", "85px", "90px", "90px"]
ANY_DECISION = "any decision"
DECISIONS = (ANY_DECISION, "leave out", "keep", "repair", "edited")
ONE_ROW = (("Leave out", "leave out"), ("Repair", "repair"), ("Keep", "keep"), ("As it was", "reset"))
TAGS = {"same": "span", "removed": "del", "added": "ins"}
NO_ROW = "<p>Click a row in the table, or type its number and press Enter.</p>"


@dataclass
class _Row:
    """The widgets of the row that is read."""

    name: gr.Textbox
    shown: gr.HTML
    turn: gr.Dropdown
    text: gr.Textbox
    version: gr.State

    @property
    def outputs(self) -> list[Any]:
        return [self.shown, self.turn, self.text, self.version]


def build(page: Page, version: gr.Dropdown, board: Board) -> None:
    """Lay out the table, and the row that is read below it."""
    with gr.Row(equal_height=True):
        search = gr.Textbox("", label="Search rows", placeholder="Text, then Enter", max_lines=1, min_width=200)
        decision = unchecked(gr.Dropdown(list(DECISIONS), value=ANY_DECISION, label="Decided", min_width=130))
    with gr.Accordion("Sort and filter by a measure", open=False), gr.Row():
        sort = unchecked(gr.Dropdown(actions.sorts(), value=actions.BY_ROW, label="Sort by", min_width=200))
        descending = gr.Checkbox(False, label="Largest first", min_width=120)
        least = gr.Textbox("", label="At least", placeholder="number", max_lines=1, min_width=90)
        most = gr.Textbox("", label="At most", placeholder="number", max_lines=1, min_width=90)
    rows = table("Rows: click one to read it", actions.HEADERS, WIDTHS)
    wanted = {
        "search": search,
        "check": board.check,
        "decision": decision,
        "sort": sort,
        "descending": descending,
        "least": least,
        "most": most,
    }

    def show_rows(workspace: Workspace, version: str, page_number: float, wanted: dict[str, Any]) -> list[Any]:
        """A page of 50 rows: those of a check, holding a text, with a decision, sorted and bounded by a measure."""
        if not version:
            return rows.empty()
        decision = "" if wanted["decision"] == ANY_DECISION else wanted["decision"]
        query = actions.query({**wanted, "decision": decision})
        return rows.shown(actions.rows(workspace, version, page_number, query))

    connect_pages(page, rows, show_rows, version, wanted, "rows")
    board.views.append((show_rows, [page.visitor, version, rows.number, *wanted.values()], rows.outputs, list(wanted)))
    _build_row(page, version, board, rows.frame)


def _build_row(page: Page, version: gr.Dropdown, board: Board, frame: gr.Dataframe) -> None:
    with gr.Row():
        name = gr.Textbox("", label="Row", placeholder="number", max_lines=1, min_width=90)
        buttons = [(gr.Button(title, size="sm", min_width=80), what) for title, what in ONE_ROW]
    shown = gr.HTML(NO_ROW, elem_id="row-view")
    with gr.Accordion("Edit, tag or add rows", open=False):
        with gr.Row():
            turn = gr.Dropdown([], label="Turn", allow_custom_value=True, min_width=150)
            text = gr.Textbox("", label="Text of the turn", lines=3, max_lines=14, scale=4, min_width=260)
            write = gr.Button("Save text", size="sm", min_width=90)
        with gr.Row():
            tagged = gr.Textbox("", label="Tag", placeholder="a word", max_lines=1, min_width=120)
            put = gr.Button("Tag the row", size="sm", min_width=90)
            take = gr.Button("Take the tag off", size="sm", min_width=90)
        with gr.Row():
            prompt = gr.Textbox("", label="Prompt of a new row", lines=2, min_width=200)
            answer = gr.Textbox("", label="Answer of a new row", lines=2, min_width=200)
            add = gr.Button("Add row", size="sm", min_width=90)
    row = _Row(name, shown, turn, text, gr.State(""))
    _connect_reading(page, version, board, row, frame)
    own = [page.visitor, version]
    for button, what in buttons:
        _connect_decision(board, button, what, [*own, name])
    _connect_writing(board, row, (write, [*own, name, turn, text]), (add, [*own, prompt, answer]))
    _connect_tags(board, put, take, [*own, name, tagged])


def _connect_reading(page: Page, version: gr.Dropdown, board: Board, row: _Row, frame: gr.Dataframe) -> None:
    def read_row(workspace: Workspace, version: str, name: str) -> list[Any]:
        if not version or not name:
            return _no_row()
        return [*_shown(actions.row_view(workspace, version, name)), version]

    def read_again(workspace: Workspace, version: str, name: str) -> list[Any]:
        return read_row(workspace, version, name)[:1] if version and name else [gr.skip()]

    def forget_row(version: str, version_read: str) -> list[Any]:
        if version == version_read:  # the dropdown also changes when its choices do; the row is of this version still
            return [gr.skip()] * (1 + len(row.outputs))
        return ["", *_no_row()]

    def row_of(workspace: Workspace, version: str, row: str) -> dict[str, Any]:
        """A row by its number: its turns, why it was found, what was decided, and the row it is like."""
        return actions.row_as_dict(workspace, version, row)

    def turn_text(workspace: Workspace, version: str, name: str, turn: float) -> str:
        return actions.turn_text(workspace, version, name, turn)

    def clicked(event: gr.SelectData) -> str:
        return str(event.row_value[0])

    inputs = [page.visitor, version, row.name]
    asked, found = gr.Textbox(label="Row", visible=False), gr.JSON(visible=False)  # for callers of the API alone
    asked.submit(page.handler(row_of), [page.visitor, version, asked], found, api_name="row")
    row.name.submit(page.handler(read_row), inputs, row.outputs, **SPEAKING)
    frame.select(clicked, None, row.name, **QUIET).success(page.handler(read_row), inputs, row.outputs, **QUIET)
    row.turn.input(page.handler(turn_text), [*inputs, row.turn], row.text, **SPEAKING)
    board.views.append((read_again, inputs, [row.shown], []))
    page.changed(version)(forget_row, [version, row.version], [row.name, *row.outputs], **QUIET)


def _connect_decision(board: Board, button: gr.Button, what: str, inputs: list[Any]) -> None:
    def decide_row(workspace: Workspace, version: str, name: str) -> str:
        return board_actions.decide_row(workspace, version, what, name)

    board.follow(button.click(board.page.handler(decide_row), inputs, board.said, **SPEAKING))


def _connect_writing(
    board: Board, row: _Row, write: tuple[gr.Button, list[Any]], add: tuple[gr.Button, list[Any]]
) -> None:
    def edit_row(workspace: Workspace, version: str, row: str, turn: float, text: str) -> str:
        """Write another text into a turn (counted from 1) of a row."""
        return actions.edit(workspace, version, row, turn, text)

    def add_row(workspace: Workspace, version: str, prompt: str, answer: str) -> str:
        """Add a row of a prompt and an answer."""
        return actions.add(workspace, version, prompt, answer)

    handler = board.page.handler
    board.follow(write[0].click(handler(edit_row), write[1], board.said, api_name="edit_row"))
    board.follow(add[0].click(handler(add_row), add[1], board.said, api_name="add_row"))


def _connect_tags(board: Board, put: gr.Button, take: gr.Button, inputs: list[Any]) -> None:
    def tag_rows(workspace: Workspace, version: str, rows: str, tag: str) -> str:
        """Put a tag on the rows named like “3, 17, 20-25”."""
        return actions.tag(workspace, version, rows, tag)

    def untag_rows(workspace: Workspace, version: str, rows: str, tag: str) -> str:
        """Take a tag off the rows named like “3, 17, 20-25”."""
        return actions.tag(workspace, version, rows, tag, remove=True)

    handler = board.page.handler
    board.follow(put.click(handler(tag_rows), inputs, board.said, api_name="tag_rows"))
    board.follow(take.click(handler(untag_rows), inputs, board.said, api_name="untag_rows"))


def _no_row() -> list[Any]:
    return [NO_ROW, gr.Dropdown(choices=[], value=None), "", ""]


def _shown(view: actions.RowView) -> list[Any]:
    turns = [(f"{number} · {role}", number) for number, (role, _) in enumerate(view.turns, 1)]
    last = len(view.turns)
    text = view.turns[-1][1] if view.turns else ""
    return [_html(view), gr.Dropdown(choices=turns, value=last or None), text]


def _html(view: actions.RowView) -> str:
    """The row with its reasons; next to it the difference to the row that it is like."""
    head = f"<p><b>Row {view.number}</b> {_said(view)}</p>"
    reasons = "".join(f"<li>{html.escape(reason)}</li>" for reason in view.reasons)
    turns = "".join(
        f"<p class='turn'><b>{html.escape(role)}</b></p><pre>{html.escape(text)}</pre>" for role, text in view.turns
    )
    rejected = f"<p class='turn'><b>rejected</b></p><pre>{html.escape(view.rejected)}</pre>" if view.rejected else ""
    return f"{head}<ul>{reasons}</ul>{_pair(view) if view.other else turns + rejected}"


def _said(view: actions.RowView) -> str:
    said = [view.decision, *view.facts]
    return html.escape(" · ".join(part for part in said if part))


def _pair(view: actions.RowView) -> str:
    """Both rows next to each other: what only one of them has is marked in it."""
    sides = [
        "".join(
            f"<{TAGS[kind]}>{html.escape(text)}</{TAGS[kind]}>" for kind, text in view.pair if kind in ("same", own)
        )
        for own in ("removed", "added")
    ]
    titles = (f"Row {html.escape(view.other)}", f"Row {view.number}, this one")
    columns = "".join(
        f"<div><p class='turn'><b>{title}</b></p><pre>{side}</pre></div>"
        for title, side in zip(titles, sides, strict=True)
    )
    return f"<div class='pair'>{columns}</div>"
