"""Write the masked version: its progress, the report of counts, and what the check of the written rows found."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions.mask import search
from core.actions.mask import write as actions
from core.errors import LabError
from ui import stopping
from ui.common import Page
from ui.mask import leftovers, narrow
from ui.mask.choices import Choices
from ui.stopping import Stopping
from ui.tables import frame

WIDTHS = ["190px", "100px", "75px", "85px", "100px"]
NOT_WRITTEN = "Nothing was written."
WRITING = "Writing and checking: {:.0%}."
WRITING_IT = "Writing and checking the masked version of {}: {:.0%}."
STOPPING = "The masking is being stopped."
ENDED = "The masking has ended; what it has written is the newest version in the list above."
QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
STYLE = """<style>
.verdict { padding: 10px 14px; border-left: 4px solid #15803d; border-radius: 4px;
  background: var(--block-background-fill); color: var(--body-text-color); }
.verdict.bad { border-left-color: #b91c1c; }
.verdict.bad b { color: #b91c1c; }
.dark .verdict.bad b { color: #fca5a5; }
</style>"""


@dataclass
class _Widgets:
    """The widgets that handlers read and set."""

    written: gr.Textbox
    said: gr.Textbox
    counts: gr.Dataframe
    report: gr.Column
    verdict: gr.HTML
    left: leftovers.Leftovers

    @property
    def result(self) -> list[Any]:
        """What a masking returns."""
        return [self.written, self.said, self.counts]

    @property
    def around(self) -> list[Any]:
        """What is shown of a masked version besides."""
        return [self.verdict, self.report, self.left.said, *self.left.outputs]


def build(page: Page, version: gr.Dropdown, choices: Choices) -> None:
    """Lay out the part and connect it."""
    buttons = stopping.build("Write masked version")
    verdict = gr.HTML("", padding=False, visible=False, elem_id="mask-verdict")
    with gr.Row(equal_height=True):
        written = gr.Textbox("", label="Masked version", interactive=False, lines=1, min_width=180)
        said = gr.Textbox("", label="Leak check", interactive=False, lines=1, max_lines=8, scale=3, min_width=260)
    left, decided = leftovers.build(page, version, written)
    with gr.Column(visible=False, elem_classes=narrow.FITTING) as report:
        counts = frame("Report", actions.HEADERS, WIDTHS, height=420)
    made = _Widgets(written, said, counts, report, verdict, left)
    done = _connect_masking(page, (version, choices), made, buttons)
    _connect_shown(page, version, made, (done, decided))
    _connect_stop(page, version, made, (buttons, done))


def _connect_masking(
    page: Page, chosen: tuple[gr.Dropdown, Choices], made: _Widgets, buttons: stopping.Stopping
) -> Any:
    """The masking; the event that it is over."""
    version, choices = chosen

    def save_masked(
        workspace: Workspace, version: str, asked: float | None, choices: dict[str, str] | None = None
    ) -> Iterator[list[Any]]:
        """Write a masked version; choices such as {"EMAIL": "substitute"}, else what the settings say.

        Returns its id, the result of the leak check in words, and a table of counts. What is stopped before anything
        is written has no id, and says so.
        """
        going = actions.begin(page.lab, workspace, version, choices or {}, asked)
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

    inputs = [page.visitor, version, buttons.asked, choices.chosen]
    return choices.collected(buttons.begun().then).then(
        page.handler(save_masked), inputs, made.result, api_name="save_masked", show_progress="hidden"
    )


def _connect_shown(page: Page, version: gr.Dropdown, made: _Widgets, events: tuple[Any, Any]) -> None:
    """A version that was written, or a masked one that is chosen, with its verdict and what is left over in it."""
    done, decided = events

    def show(workspace: Workspace, written: str) -> list[Any]:
        """The verdict on a version, what is left over in it, and the dropdown with the new version in it."""
        return [*_around(workspace, written), gr.Dropdown(choices=search.versions(workspace)) if written else gr.skip()]

    def recall(workspace: Workspace, version: str) -> list[Any]:
        """A masked version as it was written; nothing of another one."""
        saved = actions.saved(workspace, version)
        result = [saved.version_id, saved.leak_check, saved.rows] if saved else ["", "", []]
        return [*result, *_around(workspace, saved.version_id if saved else "")]

    def renew(workspace: Workspace, written: str) -> list[Any]:
        """The check and the verdict, after a word on what is left over."""
        saved = actions.saved(workspace, written)
        return [saved.leak_check, saved.rows, _verdict(actions.verdict(workspace, written))] if saved else ["", [], ""]

    own = [page.visitor, made.written]
    done.success(page.handler(show), own, [*made.around, version], **QUIET)
    done.failure(lambda: NOT_WRITTEN, None, made.said, **QUIET)
    page.changed(version)(page.handler(recall), [page.visitor, version], [*made.result, *made.around], **QUIET)
    decided.success(page.handler(renew), own, [made.said, made.counts, made.verdict], **QUIET)


def _connect_stop(page: Page, version: gr.Dropdown, made: _Widgets, events: tuple[Stopping, Any]) -> None:
    """Stop, and a masking that this page did not start."""
    buttons, done = events

    def stop_masking(workspace: Workspace, asked: float | None) -> str:
        """Stop the masking that is going on."""
        return actions.stop(workspace, asked)

    def look(workspace: Workspace) -> list[Any]:
        """The buttons as they are while a masking goes on, or while there is none."""
        return stopping.shown(actions.going(workspace) is not None)

    def look_on(workspace: Workspace) -> list[Any]:
        """How far a masking is that another page started, or that it is over."""
        going = actions.going(workspace)
        if going is None:
            return [ENDED, gr.Dropdown(choices=search.versions(workspace)), *look(workspace)]
        far = STOPPING if going.stopped else WRITING_IT.format(going.subject, going.share)
        return [far, gr.skip(), *look(workspace)]

    asked = [page.visitor, buttons.asked]
    buttons.button.click(page.handler(stop_masking), asked, made.said, api_name="stop_masking", queue=False)
    for over in (done.success, done.failure):
        over(page.handler(look), page.visitor, buttons.outputs, **QUIET)
    page.on_load(page.handler(look), [page.visitor], buttons.outputs)
    buttons.timer.tick(page.handler(look_on), page.visitor, [made.said, version, *buttons.outputs], **QUIET)


def _around(workspace: Workspace, version: str) -> list[Any]:
    """The verdict, the report and what is left over, as values of `_Widgets.around`; nothing if none was written."""
    head: list[Any] = [gr.HTML(visible=False), gr.Column(visible=False)]
    if version:
        head = [gr.HTML(_verdict(actions.verdict(workspace, version)), visible=True), gr.Column(visible=True)]
    return [*head, "", *leftovers.shown(workspace, version)]


def _verdict(found: actions.Verdict) -> str:
    kind, head = ("", "Checked: clean.") if found.is_clean else (" bad", "Look at this before you train on it.")
    role = "status" if found.is_clean else "alert"
    return f'{STYLE}<div class="verdict{kind}" role="{role}"><b>{head}</b> {escape(found.sentence)}</div>'
