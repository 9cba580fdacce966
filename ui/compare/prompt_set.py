"""A prompt set at once: where the prompts come from, Start and Stop with progress, and the answers side by side."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from core.actions import Workspace, answers
from core.actions import prompt_set as actions
from core.settings.prompt_set import PromptSetSettings
from ui import stopping
from ui.common import Page, may_lack, unchecked
from ui.compare import listing
from ui.compare.controls import Controls, chosen

OWN = ("source", "text", "benchmark", "most")
SOURCES = {
    "held-out": "Held-out rows of the run",
    "typed": "Typed here",
    "file": "A file",
    "benchmark": "A benchmark file",
}
FILE_INFO = "Prompts in a file (.txt with one a line, or a table)"
READY = "All sides that are set above answer every prompt, with the same seed. It goes on when the page is closed."
QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
QUEUED: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def build(page: Page, controls: Controls, tab: gr.Tab) -> None:
    """Lay out the part and connect it; run, sides and settings of the answers are those of `controls`."""
    with gr.Row():
        choices = [(SOURCES[name], name) for name in PromptSetSettings.field("source")["choices"]]
        source = unchecked(gr.Radio(choices, **_words("source"), scale=3))
        most = unchecked(gr.Number(**_words("most"), scale=1, min_width=140))
    text = gr.Textbox(**_words("text"), elem_id="typed-prompts", lines=4, max_lines=12, visible=False)
    file = gr.File(label=FILE_INFO, height=120, visible=False, elem_id="prompt-file")
    benchmark = unchecked(gr.Dropdown([], allow_custom_value=True, **_words("benchmark"), visible=False))
    buttons = stopping.build("Ask all sides")
    said = gr.Textbox(READY, label="Progress", interactive=False, lines=1, max_lines=4, elem_id="set-progress")
    answered = listing.build(page, tab)
    fields = {"source": source, "text": text, "benchmark": benchmark, "most": most}

    def sources(workspace: Workspace, source: str) -> list[Any]:
        known = actions.benchmarks(workspace)
        return [
            gr.Textbox(visible=source == "typed"),
            gr.File(visible=source == "file"),
            gr.Dropdown(choices=known, value=known[-1] if known else None, visible=source == "benchmark"),
        ]

    source.input(page.handler(sources), [page.visitor, source], [text, file, benchmark], **QUIET)
    _connect_asking(page, controls, tab, (buttons, said, answered), {"file": file, **fields})


def _connect_asking(
    page: Page, controls: Controls, tab: gr.Tab, shown: tuple[Any, gr.Textbox, gr.Dropdown], fields: dict[str, Any]
) -> None:
    buttons, said, answered = shown

    def ask_prompt_set(
        workspace: Workspace, run: str, asked: float | None, values: dict[str, Any]
    ) -> Iterator[tuple[str, str]]:
        """All sides answer some prompts at once: source is held-out, typed (text, one a line), file or benchmark, and
        most how many at most. Returns how it ended and the id of the set; it goes on when the caller leaves.
        """
        wanted = {name: values[name] for name in OWN}
        sides, settings = chosen(values)
        found = _uploaded(page, values["file"]) if wanted["source"] == "file" else None
        going = actions.begin(page.lab, workspace, run, sides, settings, wanted, found, asked)
        for _ in going.shares():
            yield _going(workspace), going.subject
        yield going.result(), going.subject

    def stop_prompt_set(workspace: Workspace, asked: float | None) -> str:
        """Stop the set that is being asked; what was answered is kept."""
        return actions.stop(workspace, asked)

    def look(workspace: Workspace) -> list[Any]:
        """The buttons as they are while a set is asked, or while none is."""
        return stopping.shown(actions.progress(workspace) is not None)

    def look_on(workspace: Workspace, chosen: str) -> list[Any]:
        """How far a set is that another page began, or how it ended."""
        if actions.progress(workspace):
            return [_going(workspace), gr.skip(), *stopping.shown(True)]
        return [actions.last(workspace) or READY, _newest(page, workspace, chosen), *stopping.shown(False)]

    def renew(workspace: Workspace, set_id: str) -> gr.Dropdown:
        return _newest(page, workspace, set_id)

    made = gr.Textbox("", label="Prompt set", visible=False)
    values = [fields[name] for name in OWN]
    inputs = [page.visitor, controls.run, buttons.asked, *values, *controls.inputs, fields["file"]]
    run = may_lack(page.handler(ask_prompt_set, (*OWN, *controls.names, "file")), "file")
    asking = buttons.begun().then(run, inputs, [said, made], api_name="ask_prompt_set", show_progress="hidden")
    asking.success(page.handler(look), page.visitor, buttons.outputs, **QUIET)
    asking.success(page.handler(renew), [page.visitor, made], answered, **QUIET)
    asking.failure(page.handler(look_on), [page.visitor, answered], [said, answered, *buttons.outputs], **QUIET)
    buttons.button.click(
        page.handler(stop_prompt_set), [page.visitor, buttons.asked], said, api_name="stop_prompt_set", queue=False
    )
    tab.select(page.handler(look), page.visitor, buttons.outputs, **QUIET)
    buttons.timer.tick(page.handler(look_on), [page.visitor, answered], [said, answered, *buttons.outputs], **QUEUED)


def _uploaded(page: Page, file: str | None) -> Path:
    return actions.uploaded(page.lab.limits, file, Path(get_upload_folder()))


def _newest(page: Page, workspace: Workspace, set_id: str) -> gr.Dropdown:
    return page.refreshed(answers.sets(workspace), set_id)


def _going(workspace: Workspace) -> str:
    going = actions.progress(workspace)
    return f"{going.sentence}." if going else "It is at its end."


def _words(name: str) -> dict[str, Any]:
    about = PromptSetSettings.field(name)
    return {key: about[key] for key in ("value", "label", "info")}
