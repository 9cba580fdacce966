"""The Curate tab: a file becomes a dataset; its problems are found and decided about; the rest is saved and split."""

from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions.curate import versions as actions
from ui.common import Page
from ui.curate import benchmarks, board, compose, numbers, record, rows, save, source, subset, versions

PARTS = (("Numbers", numbers), ("Select", subset), ("Instructions & mix", compose), ("Versions", record))
NOTHING_YET = "Choose a sample or drop a file to begin."


def build(page: Page) -> gr.Dropdown:
    """Lay out the tab and connect it; the dropdown that is returned holds the id of the version shown."""
    version: Any = gr.Dropdown(
        [], label="Dataset version", allow_custom_value=True, value=None, min_width=280, render=False
    )
    summary = gr.Textbox(NOTHING_YET, label="Summary", interactive=False, lines=1, max_lines=6, render=False)
    tabs = [gr.Tab(title, render=False) for title in ("Board", *(title for title, _ in PARTS))]
    page.follow(version, tabs)
    with gr.Row():
        with gr.Column(scale=1, min_width=300):
            source.build_source(page, version, summary)
        with gr.Column(scale=3, min_width=320):
            versions.build(page, version, summary)
            summary.render()
            source.build_mapping(page, version, summary)
            scanned = gr.Markdown("", elem_id="scanned", label="Scan")
            with gr.Tabs():
                for tab in tabs:
                    tab.render()
                with tabs[0]:
                    fields = save.build(page, version, summary)
                    made = board.build(page, version)
                    rows.build(page, version, made)
                    scan_version = board.connect_scan(made, scanned)
                    benchmarks.build(page, version, made, scanned, scan_version)
                for tab, (_, part) in zip(tabs[1:], PARTS, strict=True):
                    with tab:
                        part.build(page, version, tab)
    made.connect()
    _connect_version(page, version, summary, fields)
    return version


def _connect_version(page: Page, version: gr.Dropdown, summary: gr.Textbox, fields: dict[str, Any]) -> None:
    """Whatever sets the version, its summary and its split follow; a page that is opened shows the newest version."""

    def newest(workspace: Workspace) -> gr.Dropdown:
        return gr.Dropdown(choices=actions.choices(workspace), value=actions.newest(workspace) or None)

    def show(workspace: Workspace, version: str) -> list[Any]:
        choices = gr.Dropdown(choices=actions.choices(workspace))
        if not version:
            return [choices, NOTHING_YET, *[gr.skip()] * len(fields)]
        found = actions.opened(workspace, version)
        return [choices, found.sentence, *save.shown(found.settings, list(fields))]

    outputs = [version, summary, *fields.values()]
    page.changed(version)(page.handler(show), [page.visitor, version], outputs, api_visibility="private", queue=False)
    page.on_load(page.handler(newest), [page.visitor], version)
