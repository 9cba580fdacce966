"""The version that the tab shows: the list to choose it from, and its deletion after a clear yes."""

import html
from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions.curate import versions as actions
from ui.common import Page
from ui.curate.board import QUIET, SPEAKING

# The parts of the tab keep showing what they show until another version comes; where there is none, a new page does.
RELOAD_WHERE_NONE_IS_LEFT = "(version) => { if (!version) setTimeout(() => location.reload(), 1000) }"


def build(page: Page, version: gr.Dropdown, summary: gr.Textbox) -> None:
    """Lay out the list and the button beside it, and connect them; whoever is asked first says yes or no."""
    with gr.Row(equal_height=True):
        version.render()
        delete = gr.Button("Delete version …", size="sm", min_width=130, scale=0)
    with gr.Group(visible=False) as asking:
        question = gr.Markdown("", elem_id="delete-question", label="Question", padding=True)
        with gr.Row():
            yes = gr.Button("Yes, delete it", size="sm", variant="stop", min_width=120)
            no = gr.Button("No, keep it", size="sm", min_width=120)
    asked = gr.State("")
    sure = gr.Checkbox(False, label="Sure", visible=False)

    def ask_to_delete(workspace: Workspace, version: str) -> list[Any]:
        return [actions.question(workspace, version), version, gr.Group(visible=True)]

    def delete_version(workspace: Workspace, version: str, sure: bool = False) -> tuple[str | None, str]:
        """Delete a version with all that is kept beside it; refused where others need it, and without `sure`.

        Returns the id of the version to show now, None if there is none left, and what was deleted.
        """
        done = actions.delete(workspace, version, sure)
        gr.Info(html.escape(done.sentence, quote=False))
        return done.next_id or None, done.sentence

    def delete_asked(workspace: Workspace, asked: str) -> list[Any]:
        return [*delete_version(workspace, asked, sure=True), gr.Group(visible=False)]

    def withdraw() -> gr.Group:
        """The question is about one version; it goes where another one is shown, or the answer is no."""
        return gr.Group(visible=False)

    own = [page.visitor, version]
    delete.click(page.handler(ask_to_delete), own, [question, asked, asking], **SPEAKING)
    deleted = yes.click(page.handler(delete_asked), [page.visitor, asked], [version, summary, asking], **SPEAKING)
    deleted.success(None, version, None, js=RELOAD_WHERE_NONE_IS_LEFT, api_visibility="private")
    gr.on([no.click, page.changed(version)], withdraw, None, asking, **QUIET)
    sure.input(page.handler(delete_version), [*own, sure], [version, summary], api_name="delete_version")
