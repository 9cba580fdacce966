"""A read-only table that shows a page at a time, with the buttons to turn it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from core.actions.tables import TablePage
from ui.common import Page


@dataclass
class Table:
    """The table, its page number and buttons; `info` says where in it the page is."""

    frame: gr.Dataframe
    number: gr.Number
    info: gr.Markdown
    previous: gr.Button
    next: gr.Button
    what: str

    @property
    def outputs(self) -> list[Any]:
        """What showing a page sets."""
        return [self.frame, self.number, self.info]

    def shown(self, found: TablePage) -> list[Any]:
        """A page as values of `outputs`."""
        what = self.what if found.total != 1 else self.what.removesuffix("s")
        place = f"Page {found.page:,} of {found.pages:,} · {found.total:,} {what}"
        return [found.rows, found.page, place]

    def empty(self) -> list[Any]:
        """Nothing as values of `outputs`."""
        return [[], 1, "Nothing is loaded yet."]


def table(label: str, headers: Sequence[str], widths: Sequence[str], what: str = "rows", height: int = 520) -> Table:
    """Lay out a table; `what` is what its rows are called."""
    made = frame(label, headers, widths, height)
    with gr.Row():
        before = gr.Button("Previous", size="sm", min_width=90)
        number = gr.Number(1, label="Page", min_width=90)
        after = gr.Button("Next", size="sm", min_width=90)
    info = gr.Markdown("", label=f"Place in {label.lower()}")
    return Table(made, number, info, before, after, what)


def frame(label: str, headers: Sequence[str], widths: Sequence[str], height: int = 520) -> gr.Dataframe:
    """A read-only table without pages."""
    return gr.Dataframe(
        headers=list(headers),
        label=label,
        type="array",
        interactive=False,
        wrap=True,
        column_widths=list(widths),
        max_height=height,
        buttons=[],
    )


def connect_pages(
    page: Page, made: Table, show: Callable[..., Any], version: gr.Dropdown, narrow: dict[str, Any], api_name: str
) -> None:
    """`show(workspace, version, page number, wanted)` answers page number, Previous, Next and the `narrow` boxes.

    `wanted` holds the values of `narrow`, whose names are those of the API's parameters.
    """

    def previous(workspace: Any, version: str, page_number: float, wanted: dict[str, Any]) -> Any:
        return show(workspace, version, (page_number or 1) - 1, wanted)

    def following(workspace: Any, version: str, page_number: float, wanted: dict[str, Any]) -> Any:
        return show(workspace, version, (page_number or 1) + 1, wanted)

    def first(workspace: Any, version: str, page_number: float, wanted: dict[str, Any]) -> Any:
        return show(workspace, version, 1, wanted)

    names = list(narrow)
    inputs = [page.visitor, version, made.number, *narrow.values()]
    # Gradio shows the message of a refused page or filter only for events that go through its queue.
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    made.number.submit(page.handler(show, names), inputs, made.outputs, api_name=api_name, show_progress="hidden")
    made.previous.click(page.handler(previous, names), inputs, made.outputs, **quiet)
    made.next.click(page.handler(following, names), inputs, made.outputs, **quiet)
    for box in narrow.values():
        changed = box.submit if isinstance(box, gr.Textbox | gr.Number) else box.input
        changed(page.handler(first, names), inputs, made.outputs, **quiet)
