"""The answers of a prompt set side by side: a list to read, ten prompts a page, with the figures of each side."""

import html
from collections.abc import Callable
from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions import answers as actions
from core.actions.answers import Figures, Line, Listing, Said
from core.words import counted
from ui.common import Page, unchecked
from ui.compare.badge import badge

FIGURES = "Means; the seconds are those of batches of several prompts."
NOT_SHOWN = "The answers stand here with the names of their sides: judge them blind first."
QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
SPEAKING: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
STYLE = """<style>
.listing .line { border-top: 1px solid var(--border-color-primary); padding: 10px 0; }
.listing .asked, .listing .answer { white-space: pre-wrap; overflow-wrap: anywhere; }
.listing .asked { border-left: 4px solid var(--color-accent); padding: 2px 12px; margin: 4px 0; }
.listing .two { display: grid; gap: 10px; grid-template-columns: repeat(auto-fit, minmax(min(240px, 100%), 1fr)); }
.listing .answer { max-height: 300px; overflow-y: auto; }
.listing .small { color: var(--body-text-color-subdued); font-size: 13px; margin: 2px 0; }
.listing ins { background: var(--primary-200); color: var(--neutral-950); text-decoration: none; border-radius: 3px; }
</style>"""


def build(page: Page, tab: gr.Tab) -> gr.Dropdown:
    """Lay out the part and connect it; returns the list of sets, in which a new one is chosen."""
    with gr.Row(equal_height=True):
        prompt_set = gr.Dropdown(
            [],
            label="Prompt set",
            info="Those that were asked, newest first.",
            allow_custom_value=True,
            elem_id="answered-set",
            scale=3,
            min_width=240,
        )
        against = unchecked(
            gr.Dropdown(
                [], label="Mark what differs from", info="Words it has not said are marked.", scale=1, min_width=160
            )
        )
        show = gr.Button("Show answers", min_width=130, elem_id="show-answers")
    with gr.Column(visible=False) as body:
        said = gr.Markdown("", elem_id="set-about", label="Prompt set")
        lines = gr.HTML("", elem_id="set-answers")
        with gr.Row():
            before = gr.Button("Previous", size="sm", min_width=90)
            number = unchecked(gr.Number(1, label="Page", info="Enter turns to it.", min_width=90))
            after = gr.Button("Next", size="sm", min_width=90)
    hidden = gr.Markdown(NOT_SHOWN, label="Answers")
    outputs = [body, hidden, said, lines, number]

    def turned(by: int) -> Callable[..., list[Any]]:
        def turn(workspace: Workspace, prompt_set: str, page_number: float, against: int) -> list[Any]:
            found = actions.listing(workspace, prompt_set, (page_number or 1) + by if by else page_number, against)
            return _shown(found)

        return turn

    def first(workspace: Workspace, prompt_set: str, against: int) -> list[Any]:
        return _shown(actions.listing(workspace, prompt_set, 1, against))

    def chosen(workspace: Workspace, prompt_set: str) -> list[Any]:
        """Another set: its answers are hidden until somebody asks for them."""
        sides = actions.sides(workspace, prompt_set)
        return [gr.Dropdown(choices=sides, value=0 if sides else None), *_hidden()]

    def renew(workspace: Workspace, chosen: str) -> Any:
        return page.refreshed(actions.sets(workspace), chosen)

    def prompt_set_answers(
        workspace: Workspace, prompt_set: str, page_number: float = 1, against: int = 0
    ) -> dict[str, Any]:
        """Ten prompts of a set with all answers: tokens, words, seconds, what differs from the side at the place
        `against` (from 0); and the means of each side."""
        return actions.listing_as_dict(workspace, prompt_set, page_number, against)

    own, handler = [page.visitor, prompt_set], page.handler
    show.click(handler(first), [*own, against], outputs, **SPEAKING)
    against.input(handler(turned(0)), [*own, number, against], outputs, **SPEAKING)
    for event, by in ((before.click, -1), (after.click, 1), (number.submit, 0)):
        event(handler(turned(by)), [*own, number, against], outputs, **SPEAKING)
    page.changed(prompt_set)(handler(chosen), own, [against, *outputs], **QUIET)
    tab.select(handler(renew), own, prompt_set, **QUIET)
    named = gr.Textbox("", label="Prompt set", visible=False)
    places = [unchecked(gr.Number(value, label=label, visible=False)) for label, value in (("Page", 1), ("Against", 0))]
    found = gr.JSON(visible=False, label="Answers")
    named.submit(
        handler(prompt_set_answers), [page.visitor, named, *places], found, api_name="prompt_set_answers", queue=False
    )
    return prompt_set


def _hidden() -> list[Any]:
    return [gr.Column(visible=False), gr.Markdown(visible=True), "", "", 1]


def _shown(found: Listing) -> list[Any]:
    notes = "".join(f"\n\n{note}" for note in found.notes)
    place = f"\n\nPage {found.page:,} of {found.pages:,}."
    lines = "".join(_line(line) for line in found.lines)
    return [
        gr.Column(visible=True),
        gr.Markdown(visible=False),
        html.escape(found.about + notes + place, quote=False),
        f"{STYLE}<div class='listing'>{_sums(found.figures)}{lines}</div>",
        found.page,
    ]


def _sums(figures: list[Figures]) -> str:
    sides = "".join(f"<section><b>{html.escape(side.label)}</b>{_figures(side)}</section>" for side in figures)
    return f"<div class='two'>{sides}</div><p class='small'>{FIGURES}</p>"


def _figures(side: Figures) -> str:
    said = [
        f"{side.tokens:.1f} tokens, {side.words:.1f} words, {side.seconds:.2f} s",
        f"{side.finished:.0%} ended by the model itself",
    ]
    if side.f1 is not None and side.exact is not None:
        said.append(f"{side.exact:.0%} equal to the expected answer, word F1 {side.f1:.0%}")
    return "".join(f"<p class='small'>{one}</p>" for one in said)


def _line(line: Line) -> str:
    expected = f"<p class='small'>Expected: {html.escape(line.expected)}</p>" if line.expected.strip() else ""
    said = "".join(_said(one) for one in line.said)
    return (
        f"<div class='line'><p class='small'>Prompt {line.number:,}</p>"
        f"<div class='asked'>{html.escape(line.prompt)}</div>{expected}<div class='two'>{said}</div></div>"
    )


def _said(one: Said) -> str:
    pieces = "".join(
        html.escape(text) if kind == "same" else f"<ins>{html.escape(text)}</ins>" for kind, text in one.pieces
    )
    adapter = html.escape(f"adapter {one.adapter}") if one.adapter else "no adapter"
    cut = "" if one.finished else ", cut"
    about = f"{counted(one.tokens, 'token')}, {counted(one.words, 'word')}, {one.seconds:.2f} s{cut}; {adapter}"
    return (
        f"<section><b>{html.escape(one.label)}</b><div class='answer'>{pieces or '<i>(empty)</i>'}</div>"
        f"<p class='small'>{about}</p>{badge(one.personal_data)}</section>"
    )
