"""The tab: the run and its result as a file, the sides, and three parts that ask them."""

import tempfile
from pathlib import Path
from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions import compare as actions
from ui.common import Page
from ui.compare import blind, chat, controls, prompt_set

QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


def build(page: Page, tab: gr.Tab) -> None:
    """Lay out the tab and wire its events."""
    with gr.Row():
        run = gr.Dropdown(
            [],
            label="Run",
            info="Its base model is shared by all sides; its training rows are the examples.",
            allow_custom_value=True,
            elem_id="compare-run",
            scale=3,
            min_width=240,
        )
        with gr.Column(min_width=200, scale=1):
            _connect_download(page, run)
    made = controls.build(page, run)
    with gr.Tabs():
        with gr.Tab("Chat"):
            chat.build(page, made)
        with gr.Tab("Prompt set") as part:
            prompt_set.build(page, made, part)
        with gr.Tab("Blind votes") as part:
            blind.build(page, made, part)

    def show_runs(workspace: Workspace, chosen: str) -> Any:
        return page.refreshed(actions.runs(workspace), chosen)

    tab.select(page.handler(show_runs), [page.visitor, run], run, **QUIET)


def _connect_download(page: Page, run: gr.Dropdown) -> None:
    """The browser saves what the button holds when it is clicked, so the zip has to be there before: a small one as
    soon as a run is chosen, a large one when somebody asks for it."""
    pack = gr.Button("Make a zip", size="sm", min_width=160, visible=False, elem_id="zip-model")
    download = gr.DownloadButton("Download adapter (zip)", size="sm", min_width=160, interactive=False)

    def result(workspace: Workspace, run: str) -> str:
        return str(actions.download(workspace, run, Path(tempfile.mkdtemp(dir=page.lab.cache()))))

    def small_result(workspace: Workspace, run: str) -> str | None:
        return result(workspace, run) if run and not actions.large_mb(workspace, run) else None

    def offer(workspace: Workspace, run: str, made: str | None) -> list[Any]:
        size = actions.large_mb(workspace, run) if run else 0
        label = "Download model (zip)" if size else "Download adapter (zip)"
        waits = bool(size and not made)
        return [
            gr.Button(f"Make a zip ({size:,.0f} MB)", visible=waits),
            gr.DownloadButton(label, interactive=bool(made), visible=not waits),
        ]

    made = page.changed(run)(
        page.handler(small_result), [page.visitor, run], download, api_name="download_adapter", queue=False
    )
    asked = pack.click(page.handler(result), [page.visitor, run], download, api_name="zip_model")
    for event in (made, asked):
        event.success(page.handler(offer), [page.visitor, run, download], [pack, download], **QUIET)
