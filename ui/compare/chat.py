"""A chat with all sides at once: one prompt, an answer of each, and who really gave them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions import compare as actions
from core.actions.compare import Answered, Comparison, Lineup
from core.settings.compare import DEFAULT_SIDES, MOST_SIDES
from ui.common import Page
from ui.compare import panes
from ui.compare.controls import QUIET, Controls, chosen, places

# Those of the first three sides as they are at first; a side keeps its name when other weights take it.
NAMES = ("base", "examples", "tuned", "fourth")
NO_SUCH = "<p>Choose two sides that have answered.</p>"


@dataclass(frozen=True)
class Kept:
    """What was said so far in the chat of this number, with this run and these sides (`about` tells them apart).

    `labels` are those of the sides that are on, by their places on the page; answers are in their order.
    """

    number: int = 0
    about: str = ""
    labels: dict[int, str] = field(default_factory=dict)
    turns: tuple[Answered, ...] = ()

    def answers(self, place: int) -> list[str]:
        """Those of the side at this place."""
        column = list(self.labels).index(place)
        return [turn.answers[column] for turn in self.turns]

    def found(self, place: int) -> list[str]:
        """The personal data in those."""
        column = list(self.labels).index(place)
        return [turn.found[column] if turn.found else "" for turn in self.turns]


@dataclass
class _Pane:
    """The widgets of one side."""

    column: gr.Column
    chat: gr.Chatbot
    note: gr.HTML
    examples: gr.HTML
    folded: gr.Accordion


@dataclass
class _Widgets:
    """All that a chat shows and goes by. A chat has a number, which only “New chat” raises: an answer that comes late
    is of another number, and forgotten."""

    panes: list[_Pane]
    prompt: gr.Textbox
    speed: gr.HTML
    pair: list[gr.Dropdown]
    difference: gr.HTML
    number: gr.State
    kept: gr.State = field(default_factory=lambda: gr.State(Kept()))

    @property
    def shown(self) -> list[Any]:
        """What an answer sets."""
        own = [part for pane in self.panes for part in (pane.chat, pane.note, pane.examples)]
        return [*own, self.speed, self.difference, self.kept]


def build(page: Page, controls: Controls) -> None:
    """Lay out the part and wire its events."""
    with gr.Row():
        held_out = gr.Dropdown(
            [],
            label="Held-out prompts",
            info="The chosen run was not trained on them; another may have been. A choice fills in the prompt.",
            allow_custom_value=True,
            elem_id="held-out-prompts",
            min_width=240,
        )
    with gr.Row():
        sides = [_pane(number) for number in range(MOST_SIDES)]
    prompt = gr.Textbox(
        label="Prompt", placeholder="Type what all sides should answer, then press Enter", lines=1, max_lines=8
    )
    with gr.Row():
        send = gr.Button("Send", variant="primary", min_width=100)
        stop = gr.Button("Stop", variant="stop", min_width=100)
        clear = gr.Button("New chat", min_width=100)
    speed = gr.HTML("", elem_id="speed")
    with gr.Accordion("Two answers word by word", open=False, elem_id="word-by-word"):
        with gr.Row():
            offered = [(_label(number), number) for number in range(len(DEFAULT_SIDES))]
            last = len(DEFAULT_SIDES) - 1
            pair = [
                gr.Dropdown(offered, value=value, label=label, info=f"What only it says is {colour}.", min_width=200)
                for label, value, colour in (("One answer", 0, "red"), ("and another", last, "green"))
            ]
        difference = gr.HTML(panes.NOTHING, elem_id="difference")
    made = _Widgets(sides, prompt, speed, pair, difference, gr.State(0))
    _connect_chat(page, controls, made, (send, stop, clear))
    _connect_sides(page, controls, made)
    _connect_api(page, controls)

    def prompts(workspace: Workspace, run: str) -> Any:
        offered = actions.held_out_prompts(workspace, run) if run else []
        return gr.Dropdown(choices=[(f"{text} → {answer}"[:120], text) for text, answer in offered], value=None)

    page.changed(controls.run)(
        page.handler(prompts), [page.visitor, controls.run], held_out, api_name="held_out_prompts", queue=False
    )
    held_out.input(lambda text: text or "", held_out, prompt, api_visibility="private", queue=False)


def _pane(number: int) -> _Pane:
    name = NAMES[number]
    with gr.Column(min_width=280, visible=number < len(DEFAULT_SIDES)) as column:
        chat = gr.Chatbot(
            [], label=_label(number), buttons=["copy"], render_markdown=False, height=340, elem_id=f"{name}-chat"
        )
        note = gr.HTML("", elem_id=f"{name}-note")
        default = DEFAULT_SIDES[number] if number < len(DEFAULT_SIDES) else None
        folded = gr.Accordion("Examples in its prompt", open=False, visible=bool(default and default.few_shot))
        with folded:
            examples = gr.HTML("", elem_id=f"{name}-examples")
    return _Pane(column, chat, note, examples, folded)


def _label(number: int) -> str:
    return DEFAULT_SIDES[number].label if number < len(DEFAULT_SIDES) else "off"


def _connect_chat(page: Page, controls: Controls, made: _Widgets, buttons: Sequence[gr.Button]) -> None:
    send, stop, clear = buttons

    def send_prompt(
        workspace: Workspace,
        run: str,
        prompt: str,
        number: int,
        kept: Kept,
        first: int,
        second: int,
        values: dict[str, Any],
    ) -> Iterator[list[Any]]:
        sides, settings = chosen(values)
        asked = actions.lineup(workspace, run, sides)
        kept = _going_on(number, kept, f"{run} {sides}", _labels(values))
        left_in_the_box: Any = ""  # emptied once; what is typed while the answers come stays
        for said in actions.chat(page.lab, workspace, run, kept.turns, prompt, settings, sides):
            turn = Answered(prompt, tuple(reply.text for reply in said.replies))
            yield [*_shown(asked, said, _with(kept, turn), False), gr.skip(), gr.skip(), left_in_the_box]
            left_in_the_box = gr.skip()
        turn = actions.answered(page.lab, workspace, asked, kept.turns, prompt, said, str(settings.get("system") or ""))
        kept = _with(kept, turn)
        yield [*_shown(asked, said, kept, True), _difference(kept, first, second), kept, left_in_the_box]

    def stop_chat(workspace: Workspace) -> None:
        """Stop the answers that are being written; what was said is kept."""
        actions.stop(workspace)

    answering = gr.on(
        [send.click, made.prompt.submit],
        page.handler(send_prompt, controls.names),
        [page.visitor, controls.run, made.prompt, made.number, made.kept, *made.pair, *controls.inputs],
        [*made.shown, made.prompt],
        api_visibility="private",
        concurrency_limit=4,
        show_progress="minimal",
    )
    stop.click(page.handler(stop_chat), [page.visitor], None, api_name="stop_chat", queue=False)
    _connect_new_chat(page, controls, made, clear, answering)


def _connect_new_chat(page: Page, controls: Controls, made: _Widgets, clear: gr.Button, answering: Any) -> None:
    def new_chat(workspace: Workspace, number: int) -> list[Any]:
        actions.stop(workspace)
        return [*_empty(made, number + 1), number + 1]

    def settle(workspace: Workspace, number: int, kept: Kept) -> list[Any]:
        """Takes out again what an answer that was still being written has put into a new chat."""
        return [gr.skip()] * len(made.shown) if kept.number == number else _empty(made, number)

    answering.then(
        page.handler(settle),
        [page.visitor, made.number, made.kept],
        made.shown,
        trigger_mode="always_last",
        **QUIET,
    )
    gr.on(
        [clear.click, controls.run.input, *(pane.chat.clear for pane in made.panes)],
        page.handler(new_chat),
        [page.visitor, made.number],
        [*made.shown, made.number],
        api_visibility="private",
        queue=False,
    )


def _connect_sides(page: Page, controls: Controls, made: _Widgets) -> None:
    """The columns and their names follow the sides; the difference follows its two lists."""

    def arrange(workspace: Workspace, values: dict[str, Any]) -> list[Any]:
        every, labels = places(values), _labels(values)
        updates: list[Any] = []
        for place, side in enumerate(every):
            shows = bool(side and side["few_shot"])
            column = gr.Column(visible=side is not None)
            updates += [column, gr.Chatbot(label=labels.get(place, "off")), gr.Accordion(visible=shows)]
        offered = gr.Dropdown(choices=[(label, place) for place, label in labels.items()])
        return [*updates, offered, offered]

    parts = [part for pane in made.panes for part in (pane.column, pane.chat, pane.folded)]
    arranged = page.handler(arrange, controls.names)
    controls.on_change(arranged, [page.visitor, *controls.inputs], [*parts, *made.pair])
    for dropdown in made.pair:
        dropdown.input(_difference, [made.kept, *made.pair], made.difference, **QUIET)


def _connect_api(page: Page, controls: Controls) -> None:
    """One prompt for callers of the API, with the fields of the page by their names."""

    def chat(workspace: Workspace, run: str, prompt: str, turns: Any, values: dict[str, Any]) -> dict[str, Any]:
        """The answers of all sides to a prompt: for each its text, the adapter that was active, tokens and seconds.

        `weights_1` … say who answers: base, tuned, a run's id, an id with @ and a checkpoint's step, or off. `turns`
        are earlier exchanges: a list of {"prompt": …, "answers": […]}, the answers in the order of the sides.
        """
        sides, settings = chosen(values)
        return actions.chat_as_dict(page.lab, workspace, run, turns, prompt, settings, sides)

    prompt = gr.Textbox("", label="Prompt", visible=False)
    turns, said = gr.JSON([], label="Turns", visible=False), gr.JSON(label="Answers", visible=False)
    prompt.submit(
        page.handler(chat, controls.names),
        [page.visitor, controls.run, prompt, turns, *controls.inputs],
        said,
        api_name="chat",
        concurrency_limit=4,
    )


def _empty(made: _Widgets, number: int) -> list[Any]:
    """A chat of that number in which nothing was said."""
    return [*[[], "", panes.examples(())] * len(made.panes), "", panes.NOTHING, Kept(number)]


def _going_on(number: int, kept: Kept, about: str, labels: dict[int, str]) -> Kept:
    """The chat so far, or an empty one if another was begun or a side changed."""
    return kept if (kept.number, kept.about) == (number, about) else Kept(number, about, labels)


def _with(kept: Kept, turn: Answered) -> Kept:
    return replace(kept, turns=(*kept.turns, turn))


def _labels(values: dict[str, Any]) -> dict[int, str]:
    on = {place: side for place, side in enumerate(places(values)) if side is not None}
    return dict(zip(on, actions.labels(list(on.values())), strict=True))


def _shown(asked: Lineup, said: Comparison, kept: Kept, ended: bool) -> list[Any]:
    """The three widgets of each side, and the line about speed."""
    prompts = [turn.prompt for turn in kept.turns]
    replies = dict(zip(kept.labels, zip(asked.sides, said.replies, strict=True), strict=True))
    updates: list[Any] = []
    for place in range(MOST_SIDES):
        if place not in replies:
            updates += [[], "", ""]
            continue
        side, reply = replies[place]
        note = panes.note(side, reply, kept.found(place), ended)
        updates += [panes.messages(prompts, kept.answers(place)), note, panes.examples(reply.shown)]
    return [*updates, panes.speed(said, kept.turns[-1].unread if kept.turns else "")]


def _difference(kept: Kept, first: int, second: int) -> str:
    if not kept.turns:
        return panes.NOTHING
    if first not in kept.labels or second not in kept.labels:
        return NO_SUCH
    one, other = (kept.answers(place)[-1] for place in (first, second))
    return panes.difference(one, other, (kept.labels[first], kept.labels[second]))
