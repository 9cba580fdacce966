"""Preview: the rows before and after masking, side by side, a page at a time."""

from collections.abc import Iterable
from html import escape
from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions.mask import preview as actions
from core.actions.mask.pieces import Piece
from ui.common import Page
from ui.mask import marks
from ui.mask.choices import Choices

SPEAKING: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
STYLE = """<style>
.finding { border-top: 1px solid var(--border-color-primary); padding: 10px 0; }
.finding h4 { margin: 0 0 6px; font-size: 14px; }
.finding .sides { display: grid; gap: 6px 20px; margin-bottom: 8px;
  grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr)); }
.finding .side { min-width: 0; }
.finding .head { font-size: 12px; color: var(--body-text-color-subdued); }
.finding .marked, .finding .gone { margin: 0; }
.finding .after mark { border-bottom-style: dashed; }
.finding .after mark::after { content: none; }
.finding .gone { font-style: italic; color: var(--body-text-color-subdued); }
</style>"""


def build(page: Page, version: gr.Dropdown, choices: Choices) -> None:
    """Lay out the preview and connect it; it follows the choices."""
    with gr.Accordion("Preview: before and after", open=True):
        texts = gr.HTML("", padding=False, elem_id="mask-preview")
        place = gr.Markdown("", label="Place in the preview")
        with gr.Row():
            before = gr.Button("Previous", size="sm", min_width=90)
            number = gr.Number(1, label="Preview page", min_width=90)
            after = gr.Button("Next", size="sm", min_width=90)

    def findings(
        workspace: Workspace, version: str, page_number: float = 1, choices: dict[str, str] | None = None
    ) -> list[Any]:
        """A page of ten rows before and after masking with these choices, such as {"EMAIL": "substitute"}."""
        return _paged(actions.page(workspace, version, page_number, choices))

    def followed(workspace: Workspace, version: str, page_number: float, choices: dict[str, str]) -> list[Any]:
        """The same, or nothing where there is nothing to show yet."""
        return findings(workspace, version, page_number, choices) if version and choices else ["", 1, ""]

    def previous(workspace: Workspace, version: str, page_number: float, choices: dict[str, str]) -> list[Any]:
        return findings(workspace, version, (page_number or 1) - 1, choices)

    def following(workspace: Workspace, version: str, page_number: float, choices: dict[str, str]) -> list[Any]:
        return findings(workspace, version, (page_number or 1) + 1, choices)

    inputs, outputs = [page.visitor, version, number, choices.chosen], [texts, number, place]
    number.submit(page.handler(findings), inputs, outputs, api_name="findings", show_progress="hidden")
    before.click(page.handler(previous), inputs, outputs, **SPEAKING)
    after.click(page.handler(following), inputs, outputs, **SPEAKING)
    choices.settled.change(page.handler(followed), inputs, outputs, **SPEAKING)


def _paged(shown: actions.PreviewPage) -> list[Any]:
    rows = "row" if shown.total == 1 else "rows"
    place = f"Page {shown.number:,} of {shown.pages:,} · {shown.total:,} {rows} with something to mask"
    return [marks.STYLE + STYLE + "".join(map(_row_html, shown.rows)), shown.number, place]


def _row_html(row: actions.RowPreview) -> str:
    sides = "".join(
        f'<div class="sides">{_side_html("before", message.role, message.before)}'
        f"{_side_html('after', message.role, message.after, row.removed)}</div>"
        for message in row.messages
    )
    return f'<section class="finding"><h4>Row {row.row:,}</h4>{sides}</section>'


def _side_html(side: str, role: str, pieces: Iterable[Piece], removed: bool = False) -> str:
    head = f'<div class="head">{escape(role)}, {side}</div>'
    if removed:
        return f'<div class="side {side}">{head}<p class="gone">This row is taken out.</p></div>'
    return f'<div class="side {side}">{head}<p class="marked">{marks.pieces_html(pieces)}</p></div>'
