"""Blind votes: two answers without names, a vote by button or key, who was who afterwards, and how the sides stand."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions import answers as sets
from core.actions import blind as actions
from core.errors import LabError
from ui import keys
from ui.common import Page, unchecked
from ui.compare import blind_api
from ui.compare.question import BUTTONS, KEY_WORDS, KEYS, TAKE_TICKET_JS, UNDO, question_html, standing_html

ABOUT = (
    "Two answers to the same prompt, without names and in an order that is drawn. Decide before you begin how many you "
    "will judge: who stops as soon as one side leads takes chance for a difference."
)
NO_SET = "Ask a prompt set first (part “Prompt set”): its answers are judged here one by one."
HIDDEN = "Your vote is kept. Who was who is told at the end: set the check mark."
POLL_SECONDS = 2.0
QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
# Through the queue, since a vote may be refused, and Gradio shows the message only for events of its queue.
SPEAKING: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


@dataclass
class _Widgets:
    """The widgets that handlers read and set."""

    prompt_set: gr.Dropdown
    pair: Any
    question: gr.HTML
    buttons: dict[str, gr.Button]
    undo: gr.Button
    comment: gr.Textbox
    edited: gr.Textbox
    tells: gr.Checkbox
    said: gr.Markdown
    standing: gr.HTML
    timer: gr.Timer

    @property
    def shown(self) -> list[Any]:
        """What a question and the standing set."""
        return [self.question, self.standing, self.timer, *self.buttons.values(), self.undo]

    @property
    def texts(self) -> list[Any]:
        """What was said of the last vote, and what is typed for the next one."""
        return [self.said, self.comment, self.edited]


def build(page: Page, controls: Any, tab: gr.Tab) -> None:
    """Lay out the part and connect it; `controls` are those of the tab, of which it needs none."""
    gr.Markdown(ABOUT, container=False)
    with gr.Row():
        prompt_set = gr.Dropdown(
            [],
            label="Prompt set to judge",
            info="Those that were asked, newest first.",
            allow_custom_value=True,
            elem_id="blind-set",
            scale=3,
            min_width=240,
        )
        pair = unchecked(
            gr.Dropdown(
                [("Every pair", actions.EVERY)],
                value=actions.EVERY,
                label="Judge",
                info="All pairs in turn, or one alone.",
                scale=1,
                min_width=140,
            )
        )
    question = gr.HTML(question_html(NO_SET), elem_id="blind-question")
    with gr.Row():
        buttons = {
            verdict: gr.Button(f"{title} ({key})", min_width=110, elem_id=element, interactive=False)
            for title, verdict, element, key in BUTTONS
        }
        undo = gr.Button("Undo (u)", min_width=90, elem_id=UNDO, interactive=False)
    keys.build("blind-keys", KEY_WORDS, KEYS)
    with gr.Row():
        comment = gr.Textbox(
            "",
            label="Comment",
            elem_id="blind-comment",
            info="Kept with the next vote.",
            lines=1,
            max_lines=4,
            min_width=240,
        )
        edited = gr.Textbox(
            "",
            label="What it should have said",
            elem_id="blind-edited",
            info="Kept with the next vote; it becomes the better answer of a data set made of the votes.",
            lines=1,
            max_lines=8,
            min_width=240,
        )
    said = gr.Markdown("", elem_id="blind-said", label="Last vote")
    standing = gr.HTML("", elem_id="blind-standing")
    tells = gr.Checkbox(
        False,
        label="Tell after each vote who was who, and how the sides stand",
        info="Leave it off until you have judged all: who knows the sides may favour one.",
    )
    with gr.Row():
        make = gr.Button("Make a data set of these votes", size="sm", min_width=220, elem_id="votes-to-dataset")
        made_of = gr.Textbox("", label="Data set of votes", interactive=False, lines=1, max_lines=4, min_width=280)
    timer = gr.Timer(POLL_SECONDS, active=False)
    made = _Widgets(prompt_set, pair, question, buttons, undo, comment, edited, tells, said, standing, timer)
    _connect_votes(page, made)
    _connect_shown(page, made, tab)

    def make_dataset(workspace: Workspace, prompt_set: str) -> str:
        version, sentence = actions.save(workspace, prompt_set)
        return f"Saved as {version}: {sentence}"

    make.click(page.handler(make_dataset), [page.visitor, prompt_set], made_of, **SPEAKING)
    blind_api.build(page)


def _connect_votes(page: Page, made: _Widgets) -> None:
    def cast(
        workspace: Workspace,
        prompt_set: str,
        pair: str,
        verdict: str,
        tells: bool,
        comment: str,
        edited: str,
        ticket: str,
    ) -> list[Any]:
        told = actions.vote(workspace, prompt_set, ticket, verdict, comment, edited, bool(tells))
        return [*_shown(workspace, prompt_set, pair, tells), told if tells else HIDDEN, "", ""]

    def take_back(workspace: Workspace, prompt_set: str, pair: str, tells: bool) -> list[Any]:
        undone = actions.take_back(workspace, prompt_set)
        return [*_shown(workspace, prompt_set, pair, tells), undone.sentence, undone.comment, undone.edited]

    ticket = gr.Textbox("", visible=False)
    own = [page.visitor, made.prompt_set, made.pair]
    for verdict, button in made.buttons.items():
        button.click(
            page.handler(cast),
            [*own, gr.State(verdict), made.tells, made.comment, made.edited, ticket],
            [*made.shown, *made.texts],
            js=TAKE_TICKET_JS,
            **SPEAKING,
        )
    made.undo.click(page.handler(take_back), [*own, made.tells], [*made.shown, *made.texts], **SPEAKING)


def _connect_shown(page: Page, made: _Widgets, tab: gr.Tab) -> None:
    """The list of sets is renewed when the part is opened; another set, pair or check mark shows its question."""

    def renew(workspace: Workspace, chosen: str) -> Any:
        return page.refreshed(sets.sets(workspace), chosen)

    def begin(workspace: Workspace, prompt_set: str, tells: bool) -> list[Any]:
        choices = actions.pairs(workspace, prompt_set)
        every = gr.Dropdown(choices=choices, value=actions.EVERY, visible=len(choices) > 1)
        return [every, *_shown(workspace, prompt_set, actions.EVERY, tells), "", "", ""]

    def show(workspace: Workspace, prompt_set: str, pair: str, tells: bool) -> list[Any]:
        return _shown(workspace, prompt_set, pair, tells)

    own = [page.visitor, made.prompt_set]
    tab.select(page.handler(renew), own, made.prompt_set, **QUIET)
    page.changed(made.prompt_set)(
        page.handler(begin), [*own, made.tells], [made.pair, *made.shown, *made.texts], **QUIET
    )
    for event in (made.pair.input, made.tells.input, made.timer.tick):
        event(page.handler(show), [*own, made.pair, made.tells], made.shown, **SPEAKING)


def _shown(workspace: Workspace, prompt_set: str, pair: str, tells: bool) -> list[Any]:
    """Values of `_Widgets.shown`: the next question, and how the sides stand if that is told."""
    if not prompt_set:
        return [question_html(NO_SET), "", gr.Timer(active=False), *[gr.Button(interactive=False)] * 5]
    try:
        asked = actions.ask(workspace, prompt_set, pair)
    except LabError as error:  # a set whose sides are all the same
        asked = str(error)
    result = actions.standing(workspace, prompt_set)
    waits = isinstance(asked, str) and sets.is_growing(workspace, prompt_set)
    return [
        question_html(asked),
        standing_html(result) if tells else "",
        gr.Timer(active=waits),
        *[gr.Button(interactive=not isinstance(asked, str))] * len(BUTTONS),
        gr.Button(interactive=result.votes > 0),
    ]
