"""The page: header, the line about the starter model, and the five tabs."""

import html
from typing import Any

import gradio as gr

from core.actions import Lab
from ui import compare, curate, evaluate, train
from ui.common import Page
from ui.mask import tab as mask_tab
from ui.server import CACHE_SECONDS, queue_options

HEADER = "# Tunebench\n\nTurn a file of examples into a tuned language model, and see whether it got better."
PUBLIC_NOTE = (
    "\n\nThis is a public demo: uploads, rows and steps are bounded, and what you load here is deleted after a day. "
    "Do not load private data; run Tunebench on your own machine for that."
)
POLL_SECONDS = 1.0
STORAGE_KEY = "tunebench-visitor"
STORAGE_SECRET = "tunebench"  # not a secret: it keeps the token readable after a restart, and is only asked to do that


def build(lab: Lab) -> gr.Blocks:
    """The whole page for this lab."""
    with gr.Blocks(title="Tunebench", delete_cache=CACHE_SECONDS[lab.limits.public]) as blocks:
        blocks.queue(**queue_options(lab))
        gr.Markdown(HEADER + (PUBLIC_NOTE if lab.limits.public else ""))
        page = Page(lab, *_visitor(lab, blocks))
        _starter_line(page)
        with gr.Tabs():
            with gr.Tab("Curate", id="curate"):
                curate.build(page)
            with gr.Tab("Mask", id="mask") as tab:
                mask_tab.build(page, tab)
            with gr.Tab("Train", id="train") as tab:
                train.build(page, tab)
            with gr.Tab("Compare", id="compare") as tab:
                compare.build(page, tab)
            with gr.Tab("Evaluate", id="evaluate") as tab:
                evaluate.build(page, tab)
    return blocks


def _visitor(lab: Lab, blocks: gr.Blocks) -> tuple[gr.State, Any]:
    """The visitor's token, kept in the browser and copied to the session when the page is opened.

    On a public Space a browser that comes for the first time gets a random one, and visitors of long ago are forgotten;
    at home there is one workspace and no token.
    """
    kept = gr.BrowserState("", storage_key=STORAGE_KEY, secret=STORAGE_SECRET)
    visitor = gr.State("")

    def token(known: str) -> tuple[str, str]:
        token = lab.visitor(known)
        return token, token

    quiet: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    return visitor, blocks.load(token, kept, [kept, visitor], **quiet)


def _starter_line(page: Page) -> None:
    """How far the starter model is; the timer rests when it is ready or has failed."""
    starter = page.lab.starter
    line = gr.HTML(visible=False, padding=False)
    again = gr.Button("Try again", size="sm", visible=False)
    timer = gr.Timer(POLL_SECONDS, active=False)
    shown: list[Any] = [line, again, timer]

    def first() -> list[Any]:
        return _line(starter.progress, hide_ready=True)

    def refresh() -> list[Any]:
        return _line(starter.progress)

    def retry() -> list[Any]:
        starter.start()
        return _line(starter.progress)

    def starter_status() -> dict[str, Any]:
        """Where fetching the starter model stands: `state` waiting, downloading, converting, ready or failed."""
        return {"state": starter.progress.state, "sentence": starter.progress.sentence}

    quiet: dict[str, Any] = {"queue": False, "show_progress": "hidden"}
    page.on_load(first, [], shown)
    timer.tick(refresh, None, shown, api_visibility="private", **quiet)
    again.click(retry, None, shown, api_name="retry_starter", **quiet)
    gr.api(starter_status, api_name="starter_status", queue=False)


def _line(progress: Any, hide_ready: bool = False) -> list[Any]:
    """Updates of the line, the button and the timer."""
    ready, failed = progress.state == "ready", progress.state == "failed"
    return [
        gr.HTML(_starter_html(progress), visible=not (ready and hide_ready)),
        gr.Button(visible=failed),
        gr.Timer(active=not (ready or failed)),
    ]


def _starter_html(progress: Any) -> str:
    role = "alert" if progress.state == "failed" else "status"
    bar = ""
    if progress.state == "downloading":
        bar = f'<progress aria-label="Starter model" value="{progress.done}" max="{progress.total}"></progress>'
    return f'<div class="starter {progress.state}" role="{role}">{html.escape(progress.sentence)}{bar}</div>'
