"""Write the masked version: its progress, the report of counts, and what the check of the written rows found."""

from collections.abc import Iterator
from html import escape
from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions.mask import search
from core.actions.mask import write as actions
from core.errors import LabError
from ui.common import Page
from ui.mask import narrow
from ui.mask.choices import Choices
from ui.tables import frame

WIDTHS = ["190px", "100px", "75px", "85px", "100px"]
NOT_WRITTEN = "Nothing was written."
WRITING = "Writing and checking: {:.0%}."
STOPPING = "The masking is being stopped."
QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
STYLE = """<style>
.verdict { padding: 10px 14px; border-left: 4px solid #15803d; border-radius: 4px;
  background: var(--block-background-fill); color: var(--body-text-color); }
.verdict.bad { border-left-color: #b91c1c; }
.verdict.bad b { color: #b91c1c; }
.dark .verdict.bad b { color: #fca5a5; }
</style>"""


def build(page: Page, version: gr.Dropdown, choices: Choices) -> None:
    """Lay out the part and connect it."""
    with gr.Row():
        write = gr.Button("Write masked version", variant="primary", min_width=180, scale=4)
        stop = gr.Button("Stop", variant="stop", min_width=90, scale=1, visible=False)
    verdict = gr.HTML("", padding=False, visible=False, elem_id="mask-verdict")
    with gr.Row(equal_height=True):
        written = gr.Textbox("", label="Masked version", interactive=False, lines=1, min_width=180)
        said = gr.Textbox("", label="Leak check", interactive=False, lines=1, max_lines=8, scale=3, min_width=260)
    with gr.Column(visible=False, elem_classes=narrow.FITTING) as report:
        counts = frame("Report", actions.HEADERS, WIDTHS, height=420)

    def save_masked(workspace: Workspace, version: str, choices: dict[str, str] | None = None) -> Iterator[list[Any]]:
        """Write a masked version; choices such as {"EMAIL": "substitute"}, else what the settings say.

        Returns its id, the result of the leak check in words, and a table of counts. What is stopped before anything
        is written has no id, and says so.
        """
        going = actions.begin(page.lab, workspace, version, choices or {})
        for share in going.shares():
            yield ["", STOPPING if going.stopped else WRITING.format(share), gr.skip()]
        try:
            saved = going.result()
        except LabError as error:
            if not going.stopped:
                raise
            yield ["", str(error), []]
        else:
            yield [saved.version_id, saved.leak_check, saved.rows]

    def stop_masking(workspace: Workspace) -> str:
        """Stop the masking that is going on."""
        return actions.stop(workspace)

    def show(workspace: Workspace, written: str) -> list[Any]:
        """The verdict on a version, and the dropdown with the new version in it; nothing if none was written."""
        if not written:
            return [gr.HTML(visible=False), gr.Column(visible=False), gr.skip()]
        verdict = gr.HTML(_verdict(actions.verdict(workspace, written)), visible=True)
        return [verdict, gr.Column(visible=True), gr.Dropdown(choices=search.versions(workspace))]

    def say_nothing() -> list[Any]:
        return ["", "", gr.HTML(visible=False), gr.Column(visible=False)]

    inputs = [page.visitor, version, choices.chosen]
    outputs = [written, said, counts]
    write.click(lambda: gr.Button(visible=True), None, stop, **QUIET)
    done = choices.collected(write.click).then(
        page.handler(save_masked), inputs, outputs, api_name="save_masked", show_progress="hidden"
    )
    for ended in (done.success, done.failure):
        ended(lambda: gr.Button(visible=False), None, stop, **QUIET)
    done.success(page.handler(show), [page.visitor, written], [verdict, report, version], **QUIET)
    done.failure(lambda: NOT_WRITTEN, None, said, **QUIET)
    stop.click(page.handler(stop_masking), [page.visitor], said, api_name="stop_masking", queue=False)
    page.changed(version)(say_nothing, None, [said, written, verdict, report], **QUIET)


def _verdict(found: actions.Verdict) -> str:
    kind, head = ("", "Checked: clean.") if found.is_clean else (" bad", "Look at this before you train on it.")
    role = "status" if found.is_clean else "alert"
    return f'{STYLE}<div class="verdict{kind}" role="{role}"><b>{head}</b> {escape(found.sentence)}</div>'
