"""What is left over in a written version, one by one, each with a button that says that it is not personal."""

from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions.mask import not_personal as actions
from core.words import counted
from ui.common import Page, unchecked
from ui.mask.marks import STYLE as MARKS
from ui.mask.marks import pieces_html, text_html

ABOUT = "Read each in its place, and say of what is no personal data that it is not."
# Through the queue: Gradio shows the message of a refusal only there.
SPEAKING: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
STYLE = (
    "<style>"
    ".left-over { border-top: 1px solid var(--border-color-primary); padding: 8px 4px; }"
    ".left-over .head { display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: center; margin-bottom: 4px; }"
    ".left-over .value { font-family: var(--font-mono); font-weight: 600; white-space: pre-wrap;"
    " overflow-wrap: anywhere; min-width: 0; }"
    ".left-over .about { font-size: 13px; color: var(--body-text-color-subdued); }"
    ".left-over button { margin-left: auto; padding: 4px 12px; min-height: 28px; cursor: pointer;"
    " font-size: 13px !important; font-weight: 500 !important;"
    " border-radius: 4px; border: 1px solid var(--border-color-primary); color: var(--body-text-color);"
    " background: var(--button-secondary-background-fill); }"
    ".left-over button:hover { border-color: var(--color-accent); }"
    ".left-over button:focus-visible { outline: 2px solid var(--color-accent); outline-offset: 1px; }"
    ".left-over .marked mark { cursor: auto; }"
    "</style>"
)
# The list is drawn anew after a press; the button in the same place then has the keyboard, for the next value.
PRESS_JS = """
let pressed = -1;
const buttons = () => [...element.querySelectorAll('button[data-key]')];
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-key]');
  if (!button) return;
  pressed = buttons().indexOf(button);
  trigger('click', {...button.dataset});
});
new MutationObserver(() => {
  const all = buttons();
  if (pressed < 0 || !all.length) return;
  all[Math.min(pressed, all.length - 1)].focus({preventScroll: true});
  pressed = -1;
}).observe(element, {childList: true, subtree: true});
"""


@dataclass
class Leftovers:
    """The list, which is not there where nothing is left over, and what a press on its buttons said."""

    body: gr.Column
    sentence: gr.HTML
    lines: gr.HTML
    turning: gr.Row
    number: gr.Number
    said: gr.HTML

    @property
    def outputs(self) -> list[Any]:
        """What showing a page sets."""
        return [self.body, self.sentence, self.lines, self.turning, self.number]


def shown(workspace: Workspace, version: str, page: Any = 1) -> list[Any]:
    """A page of what is left over in a version, as values of `Leftovers.outputs`; nothing is shown for none."""
    found = actions.left_over(workspace, version, page) if version else None
    if found is None or not found.total:
        return [gr.Column(visible=False), "", "", gr.Row(visible=False), 1]
    of = f" Page {found.number:,} of {found.pages:,}." if found.pages > 1 else ""
    head = f"<p><b>Left over.</b> {escape(found.sentence)}{of} {ABOUT}</p>"
    lines = "".join(_line(value) for value in found.values)
    return [gr.Column(visible=True), head, f"{MARKS}{STYLE}{lines}", gr.Row(visible=found.pages > 1), found.number]


def build(page: Page, version: gr.Dropdown, written: gr.Textbox) -> tuple[Leftovers, Any]:
    """Lay out the list for the version whose id is `written`, and register the endpoints.

    Returns the list, and the event after a word on one of them, from which what else it changes is shown again.
    """
    with gr.Column(visible=False) as body:
        sentence = gr.HTML("", padding=False, elem_id="left-over-sentence")
        lines = gr.HTML("", js_on_load=PRESS_JS, elem_id="left-over")
        with gr.Row(visible=False) as turning:
            before = gr.Button("Previous", size="sm", min_width=90)
            number = unchecked(gr.Number(1, label="Page of what is left over", min_width=90))
            after = gr.Button("Next", size="sm", min_width=90)
        said = gr.HTML("", padding=False, elem_id="left-over-said")
    made = Leftovers(body, sentence, lines, turning, number, said)
    _connect_pages(page, written, made, ((before, -1), (after, 1)))
    _register(page, version)
    return made, _connect_press(page, written, made)


def _connect_pages(page: Page, written: gr.Textbox, made: Leftovers, turns: tuple[tuple[gr.Button, int], ...]) -> None:
    def turn(workspace: Workspace, version: str, number: Any, by: int) -> list[Any]:
        return shown(workspace, version, number + by if isinstance(number, int | float) else number)

    own = [page.visitor, written, made.number]
    made.number.submit(page.handler(turn), [*own, gr.State(0)], made.outputs, **SPEAKING)
    for button, by in turns:
        button.click(page.handler(turn), [*own, gr.State(by)], made.outputs, **SPEAKING)


def _connect_press(page: Page, written: gr.Textbox, made: Leftovers) -> Any:
    def say(workspace: Workspace, version: str, number: Any, event: gr.EventData) -> list[Any]:
        said = actions.decide(workspace, version, event.key, event.personal == "true")
        return [f'<p role="status">{text_html(said)}</p>', *shown(workspace, version, number)]

    inputs = [page.visitor, written, made.number]
    return made.lines.click(page.handler(say), inputs, [made.said, *made.outputs], **SPEAKING)


def _register(page: Page, version: gr.Dropdown) -> None:
    def leftovers(workspace: Workspace, version: str, page_number: float = 1) -> dict[str, Any]:
        """20 of the values left over in a masked version, what nobody has decided about first: each with its key, kind,
        places, rows, whether it is called personal, and the text around the first place in pieces."""
        return actions.left_over_as_dict(workspace, version, page_number)

    def not_personal(workspace: Workspace, version: str, key: str, personal: bool = False) -> str:
        """Say of a value left over, by its key, that it is not personal, or with `personal` that it is after all."""
        return actions.decide(workspace, version, key, personal is True)

    key = gr.Textbox("", label="Key", visible=False)
    number = unchecked(gr.Number(1, label="Page", visible=False))
    personal = gr.Checkbox(False, label="Personal", visible=False)
    found, said = gr.JSON(visible=False), gr.Textbox("", label="Said", visible=False)
    own = [page.visitor, version]
    key.submit(page.handler(leftovers), [*own, number], found, api_name="leftovers")
    key.submit(page.handler(not_personal), [*own, key, personal], said, api_name="not_personal")


def _line(value: actions.LeftValue) -> str:
    title, personal = ("Not personal", "") if value.is_personal else ("Personal after all", "true")
    what = "" if value.is_personal else "called not personal · "
    where = f"{value.kind} · {counted(value.places, 'place')} in {counted(value.rows, 'row')} · here row {value.row:,}"
    key = escape(value.key)
    return (
        '<div class="left-over"><div class="head">'
        f'<span class="value">{text_html(value.value)}</span><span class="about">{escape(what + where)}</span>'
        f'<button type="button" data-key="{key}" data-personal="{personal}"'
        f' aria-label="{title}: {escape(value.value[:60])}">{title}</button></div>'
        f'<div class="marked">{pieces_html(value.pieces)}</div></div>'
    )
