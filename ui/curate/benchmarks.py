"""Files that the tuned model will be tested with: training rows that hold their prompts are found as leaks."""

from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from core.actions import Workspace
from core.actions.curate import benchmarks as actions
from ui.common import Page
from ui.curate.board import QUIET, Board

ABOUT = "Rows that hold a prompt of these files are listed under “leak”: a test that was trained on proves nothing."


def build(page: Page, version: gr.Dropdown, board: Board, scanned: gr.Markdown, scan_version: Any) -> None:
    """Lay out the upload, the list of benchmarks and the button that takes one away."""
    limits = page.lab.limits
    with gr.Accordion("Benchmark files to look for", open=False):
        gr.Markdown(ABOUT, container=False)
        with gr.Row(equal_height=True):
            upload = gr.File(label="Benchmark file", height=120, min_width=200)
            name = gr.Dropdown([], label="Added", allow_custom_value=True, min_width=160)
            remove = gr.Button("Take away", size="sm", min_width=90)

    def add_benchmark(workspace: Workspace, file: str | None) -> str:
        """Add the prompts of a file as a benchmark; the rows of every version are held against them."""
        return actions.add(workspace, limits, file, Path(get_upload_folder()))

    def remove_benchmark(workspace: Workspace, name: str) -> str:
        """Take a benchmark away."""
        return actions.remove(workspace, name)

    def listed(workspace: Workspace) -> Any:
        known = actions.names(workspace)
        return gr.Dropdown(choices=known, value=known[-1] if known else None)

    handler, own = page.handler, [page.visitor]
    added = upload.upload(handler(add_benchmark), [*own, upload], board.said, api_name="add_benchmark")
    removed = remove.click(handler(remove_benchmark), [*own, name], board.said, api_name="remove_benchmark")
    for event in (added, removed):
        known = event.success(handler(listed), own, name, **QUIET)
        board.follow(known.success(scan_version, [page.visitor, version], scanned, api_visibility="private"))
    page.on_load(handler(listed), own, name)
