"""The user's own rules: an editor, what is wrong with them, and what they find in a text."""

from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions.mask import rules as actions
from core.errors import LabError
from ui.common import Page
from ui.mask import narrow
from ui.tables import frame

ABOUT = (
    "Patterns, word lists, and values that are never or always personal data, as YAML. They hold for every search in "
    "this workspace."
)
NO_PLUG_INS = " Recognisers of other modules are not loaded on this public page."
PLUG_INS = " Recognisers written for Presidio can be plugged in by name."
WIDTHS = ["240px", "170px", "300px", "80px"]
QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


def build(page: Page, changed: gr.State) -> None:
    """Lay out the editor and connect it; `changed` is another text whenever the review may have added to the rules."""
    limits = page.lab.limits
    with gr.Accordion("Your own rules", open=False):
        gr.Markdown(ABOUT + (NO_PLUG_INS if limits.public else PLUG_INS), container=False)
        rules: Any = gr.Code(
            "", language="yaml", label="Rules", lines=8, max_lines=24, interactive=True, elem_id="own-rules"
        )
        with gr.Row():
            check = gr.Button("Check", size="sm", min_width=100)
            save = gr.Button("Save rules", size="sm", variant="primary", min_width=100)
        said = gr.Textbox(label="Result for the rules", interactive=False, lines=1, max_lines=8)
        text = gr.Textbox("", label="Text to try them on", lines=2, max_lines=12)
        attempt = gr.Button("Try", size="sm")
        with gr.Column(elem_classes=narrow.FITTING):
            found = frame("What they find in this text", actions.HEADERS, WIDTHS, height=260)
        with gr.Accordion("An example", open=False):
            gr.Code(actions.example(), language="yaml", label="Example", interactive=False)
            take = gr.Button("Put the example into the editor", size="sm")
    seen = gr.State(None)  # what the editor showed as saved: none for a caller of the API

    def check_rules(rules: str) -> str:
        """What they find, or why they cannot be used: a message that goes away is not enough to mend them by."""
        try:
            return actions.check(limits, rules or "").words
        except LabError as error:
            return f"{error} Nothing was saved."

    def save_mask_rules(workspace: Workspace, rules: str, seen: str | None) -> tuple[str, str]:
        """Keep your own rules (YAML) for every search in this workspace, if they can be read; returns a sentence."""
        return actions.save(workspace, limits, rules or "", seen), rules or ""

    def mask_rules(workspace: Workspace) -> str:
        """Your own rules as they are saved (YAML); empty if there are none."""
        return actions.text(workspace)

    def try_mask_rules(rules: str, text: str) -> tuple[list[list[str]], str]:
        """What rules (YAML) find in a text: rows of found, kind, why and doubt, and a sentence. Nothing is kept."""
        return actions.try_rules(limits, rules or "", text or "")

    def opened(workspace: Workspace) -> tuple[str, str]:
        return (saved := actions.text(workspace)), saved

    def renewed(workspace: Workspace, rules: str, seen: str | None) -> Any:
        """What is saved now, if it is something new and nothing else is being written here."""
        saved, is_untouched = actions.text(workspace), (rules or "").strip() == (seen or "").strip()
        return (saved, saved) if is_untouched and saved != seen else (gr.skip(), gr.skip())

    own, kept = [page.visitor, rules], gr.Textbox(visible=False)
    page.on_load(page.handler(opened), [page.visitor], [rules, seen])
    changed.change(page.handler(renewed), [*own, seen], [rules, seen], **QUIET)
    checked = page.handler(lambda _, rules: check_rules(rules))
    check.click(checked, own, said, api_visibility="private")
    saved = save.click(page.handler(save_mask_rules), [*own, seen], [said, seen], api_name="save_mask_rules")
    saved.failure(checked, own, said, **QUIET)
    attempt.click(
        page.handler(lambda _, rules, text: try_mask_rules(rules, text)), [*own, text], [found, said],
        api_name="try_mask_rules",
    )  # fmt: skip
    kept.submit(page.handler(mask_rules), [page.visitor], kept, api_name="mask_rules", queue=False)
    take.click(lambda: actions.example(), None, rules, **QUIET)
