"""The Mask tab: find personal data, review it, choose what becomes of each kind, write a version that is checked."""

from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions.mask import search as actions
from ui.common import Page
from ui.mask import choices, narrow, preview, review, rules, search, write

QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


def build(page: Page, tab: gr.Tab) -> None:
    """Lay out the tab and connect it.

    `changed` is how its parts tell each other of new findings and decisions: whoever makes some writes another text
    into it.
    """
    gr.HTML(narrow.STYLE, elem_id="narrow-style")
    version = gr.Dropdown([], label="Dataset version", allow_custom_value=True, value=None)
    changed = gr.State("")
    with gr.Tabs():
        with gr.Tab("Find"):
            search.build(page, version, changed)
            rules.build(page, changed)
        with gr.Tab("Review"):
            review.build(page, version, changed)
        with gr.Tab("Write") as last:
            chosen = choices.build(page, version, last)
            write.build(page, version, chosen)
            preview.build(page, version, chosen)
    _connect_version(page, tab, version)


def _connect_version(page: Page, tab: gr.Tab, version: gr.Dropdown) -> None:
    """The dropdown follows the saved versions; what a person has chosen in it stays."""
    chosen = gr.State(None)

    def refresh(workspace: Workspace, chosen: str | None) -> gr.Dropdown:
        return page.refreshed(actions.versions(workspace), chosen)

    tab.select(page.handler(refresh), [page.visitor, chosen], version, **QUIET)
    version.input(lambda version: version, version, chosen, **QUIET)
