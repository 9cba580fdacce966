"""The Mask tab: find personal data, look at it, choose what becomes of each kind, write a masked version."""

from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from core.actions import Workspace, mask
from ui.common import Page, unchecked

NAMES_NOTE = "**Person names are not found yet: check them yourself.** Nor are postal addresses and dates of birth."
NOT_SEARCHED = "This version has not been searched yet."
NO_VERSION = "There is no dataset yet. Save one on the Curate tab."
REPORT_WIDTHS = ["250px", "110px", "80px", "90px", "110px"]

STYLE = """<style>
.finding { border-top: 1px solid var(--border-color-primary); padding: 10px 0; }
.finding h4 { margin: 0 0 6px; font-size: 14px; }
.finding .sides { display: grid; gap: 6px 20px;
  grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr)); }
.finding .side { min-width: 0; }
.finding .head { font-size: 12px; color: var(--body-text-color-subdued); }
.finding .text { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font-size: 14px; line-height: 1.6; }
/* The theme colours every element of a text by itself, so the dark ink needs its weight in dark mode. */
.finding mark, .finding mark .kind { color: #1c1917 !important; }
.finding mark { background: #fde68a; border-bottom: 2px solid #92400e; border-radius: 3px;
  padding: 1px 3px; }
.finding .after mark { background: #bbf7d0; border-bottom: 2px dashed #166534; }
.finding mark .kind { font-size: 10px; font-weight: 700; letter-spacing: .03em; margin-left: 5px; }
</style>"""


@dataclass
class _Tab:
    """The widgets that handlers read and set."""

    version: gr.Dropdown
    chosen: gr.State
    find: gr.Button
    summary: gr.Textbox
    results: gr.Column
    choices: dict[str, gr.Radio]
    texts: gr.HTML
    number: gr.Number
    place: gr.Markdown
    previous: gr.Button
    next: gr.Button
    write: gr.Button
    report: gr.Column
    new_version: gr.Textbox
    leak_check: gr.Textbox
    counts: gr.Dataframe

    @property
    def paged(self) -> list[Any]:
        """What showing a page of findings sets."""
        return [self.texts, self.number, self.place]


def build(page: Page, tab: gr.Tab) -> None:
    """Lay out the tab and connect it."""
    version = gr.Dropdown([], label="Dataset version", allow_custom_value=True, value=None)
    find = gr.Button("Find personal data", variant="primary")
    gr.Markdown(NAMES_NOTE)
    summary = gr.Textbox(NO_VERSION, label="Result of the search", interactive=False, lines=1, max_lines=3)
    with gr.Column(visible=False) as results:
        gr.Markdown("### What becomes of each kind\nTag: `[EMAIL_1]`. Substitute: an invented value. Keep: unchanged.")
        with gr.Row(equal_height=True):
            choices = {kind: _choice(kind) for kind in mask.LABELS}
        write = gr.Button("Write masked version", variant="primary")
        with gr.Column(visible=False) as report:
            new_version, leak_check, counts = _report()
        gr.Markdown("### Places found, before and after")
        texts = gr.HTML("", padding=False)
        place = gr.Markdown("")
        with gr.Row():
            previous = gr.Button("Previous", size="sm", min_width=90)
            number = gr.Number(1, label="Page", min_width=90)
            following = gr.Button("Next", size="sm", min_width=90)
    widgets = _Tab(
        version=version,
        chosen=gr.State(None),
        find=find,
        summary=summary,
        results=results,
        choices=choices,
        texts=texts,
        number=number,
        place=place,
        previous=previous,
        next=following,
        write=write,
        report=report,
        new_version=new_version,
        leak_check=leak_check,
        counts=counts,
    )
    _connect_version(page, tab, widgets)
    _connect_pages(page, widgets)
    _connect_write(page, widgets)


def _choice(kind: str) -> gr.Radio:
    options = [(choice.capitalize(), choice) for choice in mask.choices_of(kind)]
    return unchecked(gr.Radio(options, value="tag", label=mask.LABELS[kind], visible=False, min_width=300))


def _report() -> tuple[gr.Textbox, gr.Textbox, gr.Dataframe]:
    with gr.Row(equal_height=True):
        new_version = gr.Textbox(label="Masked version", interactive=False, min_width=200)
        leak_check = gr.Textbox(label="Leak check", interactive=False, lines=2, max_lines=5, scale=3, min_width=300)
    counts = gr.Dataframe(
        headers=list(mask.REPORT_HEADERS),
        label="Report",
        type="array",
        interactive=False,
        wrap=True,
        column_widths=REPORT_WIDTHS,
        buttons=[],
    )
    return new_version, leak_check, counts


def _connect_version(page: Page, tab: gr.Tab, widgets: _Tab) -> None:
    """The dropdown follows the saved versions, and what is shown follows the dropdown."""

    def refresh(workspace: Workspace, chosen: str | None) -> gr.Dropdown:
        return page.refreshed(mask.versions(workspace), chosen)

    def show(workspace: Workspace, version: str | None) -> list[Any]:
        found = mask.found(workspace, version)
        if not version or not found:
            texts = [NOT_SEARCHED if version else NO_VERSION, gr.Column(visible=False), gr.Column(visible=False)]
            return [*texts, *([gr.Radio(value="tag", visible=False)] * len(widgets.choices)), "", 1, ""]
        shown = mask.page(workspace, version, 1, {})
        head = [found.sentence, gr.Column(visible=bool(found.kinds)), gr.Column(visible=False)]
        return [*head, *_choice_updates(found, list(widgets.choices)), *_paged(shown)]

    def scan_personal_data(workspace: Workspace, version: str, progress: gr.Progress = gr.Progress()) -> str:  # noqa: B008
        """Find personal data in a dataset version; returns what was found in words."""
        return mask.scan(workspace, version, lambda share: progress(share, desc="Searching")).sentence

    outputs = [widgets.summary, widgets.results, widgets.report, *widgets.choices.values(), *widgets.paged]
    inputs = [page.visitor, widgets.version]
    quiet: dict[str, Any] = {"queue": False, "api_visibility": "private", "show_progress": "hidden"}
    page.on_load(page.handler(refresh), [page.visitor, widgets.chosen], widgets.version)
    tab.select(page.handler(refresh), [page.visitor, widgets.chosen], widgets.version, **quiet)
    widgets.version.input(lambda version: version, widgets.version, widgets.chosen, **quiet)
    page.changed(widgets.version)(
        page.handler(show), inputs, outputs, api_visibility="private", show_progress="minimal"
    )
    scanned = widgets.find.click(
        page.handler(scan_personal_data), inputs, widgets.summary, api_name="scan_personal_data"
    )
    scanned.success(page.handler(show), inputs, outputs, api_visibility="private", show_progress="hidden")


def _connect_pages(page: Page, widgets: _Tab) -> None:
    """Page number, Previous, Next and every choice show a page of findings."""

    def findings(workspace: Workspace, version: str, page_number: float, choices: dict[str, str]) -> list[Any]:
        """A page of ten rows with findings, before and after these choices; returns HTML, page number and place."""
        return _paged(mask.page(workspace, version, page_number, choices))

    def previous(workspace: Workspace, version: str, page_number: float, choices: dict[str, str]) -> list[Any]:
        return findings(workspace, version, (page_number or 1) - 1, choices)

    def following(workspace: Workspace, version: str, page_number: float, choices: dict[str, str]) -> list[Any]:
        return findings(workspace, version, (page_number or 1) + 1, choices)

    kinds = _names(widgets)
    inputs = [page.visitor, widgets.version, widgets.number, *widgets.choices.values()]
    quiet: dict[str, Any] = {"queue": False, "api_visibility": "private", "show_progress": "minimal"}
    widgets.number.submit(page.handler(findings, kinds), inputs, widgets.paged, queue=False, api_name="findings")
    widgets.previous.click(page.handler(previous, kinds), inputs, widgets.paged, **quiet)
    widgets.next.click(page.handler(following, kinds), inputs, widgets.paged, **quiet)
    for choice in widgets.choices.values():
        choice.input(page.handler(findings, kinds), inputs, widgets.paged, **quiet)


def _connect_write(page: Page, widgets: _Tab) -> None:
    def save_masked(workspace: Workspace, version: str, choices: dict[str, str]) -> list[Any]:
        """Write a masked version; returns its id, the leak check in words and a table of counts."""
        saved = mask.save_masked(workspace, version, choices)
        return [saved.version_id, saved.leak_check, saved.rows]

    def reveal(workspace: Workspace, version: str) -> list[Any]:
        return [gr.Column(visible=True), gr.Dropdown(choices=mask.versions(workspace), value=version)]

    inputs = [page.visitor, widgets.version]
    written = widgets.write.click(
        page.handler(save_masked, _names(widgets)),
        [*inputs, *widgets.choices.values()],
        [widgets.new_version, widgets.leak_check, widgets.counts],
        api_name="save_masked",
    )
    outputs = [widgets.report, widgets.version]
    written.success(page.handler(reveal), inputs, outputs, api_visibility="private", show_progress="hidden")


def _names(widgets: _Tab) -> list[str]:
    """The kinds as parameters of the API: `email="keep"`."""
    return [kind.lower() for kind in widgets.choices]


def _choice_updates(found: mask.Found, kinds: list[str]) -> list[gr.Radio]:
    """For each kind its radio: shown with the counts where the kind was found."""
    by_kind = {kind.kind: kind for kind in found.kinds}
    updates = []
    for kind in kinds:
        if kind in by_kind:
            label = f"{by_kind[kind].label}: {by_kind[kind].places:,} in {by_kind[kind].rows:,} rows"
            updates.append(gr.Radio(value="tag", label=label, visible=True))
        else:
            updates.append(gr.Radio(value="tag", visible=False))
    return updates


def _paged(shown: mask.FindingsPage) -> list[Any]:
    place = f"Page {shown.number:,} of {shown.pages:,} · {shown.total:,} rows with findings"
    return [STYLE + "".join(_row_html(row) for row in shown.rows), shown.number, place]


def _row_html(row: mask.RowView) -> str:
    messages = "".join(
        f'<div class="sides">{_side_html("before", message.role, message.before)}'
        f"{_side_html('after', message.role, message.after)}</div>"
        for message in row.messages
    )
    return f'<section class="finding"><h4>Row {row.row:,}</h4>{messages}</section>'


def _side_html(side: str, role: str, pieces: list[mask.Piece]) -> str:
    head = f'<div class="head">{escape(role)}, {side}</div>'
    return f'<div class="side {side}">{head}<p class="text">{"".join(map(_piece_html, pieces))}</p></div>'


def _piece_html(piece: mask.Piece) -> str:
    if not piece.kind:
        return escape(piece.text)
    label = f'<span class="kind">{escape(piece.kind)}</span>' if piece.reason else ""
    return f'<mark title="{escape(piece.reason or piece.kind)}">{escape(piece.text)}{label}</mark>'
