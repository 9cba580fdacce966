"""The Compare tab: one prompt, two answers next to each other, and who really gave them."""

import html
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions import compare as actions
from core.actions.compare import Answered, Pair
from core.settings import GenerateSettings
from ui.common import Page, unchecked

NAMES = tuple(GenerateSettings.model_fields)
NO_ADAPTER = "No adapter was active: these are the base model's own weights."
CUT = " The answer was stopped, or cut at “Longest answer” in the settings below."
MOST_TURNS_SHOWN = 20  # the whole history is sent with every update


def build(page: Page, tab: gr.Tab) -> None:
    """Lay out the tab and wire its events."""
    lab = page.lab
    turns: gr.State = gr.State([])
    with gr.Row():
        run = gr.Dropdown([], label="Run", allow_custom_value=True, elem_id="compare-run", scale=2, min_width=240)
        held_out = gr.Dropdown(
            [],
            label="Held-out prompts",
            info="Rows that the model has not seen; a choice fills in the prompt.",
            allow_custom_value=True,
            elem_id="held-out-prompts",
            scale=2,
            min_width=240,
        )
        download = gr.DownloadButton("Download adapter (zip)", size="sm", min_width=160, scale=1, interactive=False)
    with gr.Row():
        with gr.Column(min_width=280):
            base = gr.Chatbot(
                [], label="Base", buttons=["copy"], render_markdown=False, height=340, elem_id="base-chat"
            )
            base_note = gr.HTML("", elem_id="base-note")
        with gr.Column(min_width=280):
            tuned = gr.Chatbot(
                [], label="Tuned", buttons=["copy"], render_markdown=False, height=340, elem_id="tuned-chat"
            )
            tuned_note = gr.HTML("", elem_id="tuned-note")
    prompt = gr.Textbox(
        label="Prompt", placeholder="Type what both should answer, then press Enter", lines=1, max_lines=8
    )
    with gr.Row():
        send = gr.Button("Send", variant="primary", min_width=100)
        stop = gr.Button("Stop", variant="stop", min_width=100)
        clear = gr.Button("New chat", min_width=100)
    speed = gr.HTML("", elem_id="speed")
    with gr.Accordion("Settings of both answers", open=False):
        fields = {name: _field(name, lab.limits.new_tokens) for name in NAMES}

    def chat(
        workspace: Workspace, run: str, prompt: str, turns: list[Answered], settings: dict[str, Any]
    ) -> Iterator[list[Any]]:
        def shown(pair: Pair, turn: Answered, ended: bool = False) -> list[Any]:
            now = [*turns, turn]
            return [_side(now, "base"), _side(now, "tuned"), *_notes(pair, now, ended), _speed(pair), now]

        left_in_the_box: Any = ""  # emptied once; what is typed while the answers come stays
        for pair in actions.chat(lab, workspace, run, turns, prompt, settings):
            yield [*shown(pair, Answered(prompt, pair.base, pair.tuned)), left_in_the_box]
            left_in_the_box = gr.skip()
        turn = actions.answered(lab, workspace, turns, prompt, str(settings.get("system") or ""), pair)
        yield [*shown(pair, turn, ended=True), left_in_the_box]

    def stop_answers(workspace: Workspace) -> None:
        actions.stop(workspace)

    def new_chat(workspace: Workspace) -> list[Any]:
        actions.stop(workspace)
        return [[], [], "", "", "", [], gr.skip()]

    def show_runs(workspace: Workspace, chosen: str) -> Any:
        return page.refreshed(actions.runs(workspace), chosen)

    def prompts(workspace: Workspace, run: str) -> Any:
        offered = actions.held_out_prompts(workspace, run) if run else []
        return gr.Dropdown(choices=[(f"{text} → {answer}"[:120], text) for text, answer in offered], value=None)

    def adapter(workspace: Workspace, run: str) -> str | None:
        return str(actions.download(workspace, run, Path(tempfile.mkdtemp(dir=lab.cache())))) if run else None

    def allow_download(run: str | None) -> Any:
        return gr.DownloadButton(interactive=bool(run))

    outputs = [base, tuned, base_note, tuned_note, speed, turns, prompt]
    answering = gr.on(
        [send.click, prompt.submit],
        page.handler(chat, NAMES),
        [page.visitor, run, prompt, turns, *fields.values()],
        outputs,
        api_name="chat",
        concurrency_limit=4,
        show_progress="minimal",
    )
    stop.click(page.handler(stop_answers), [page.visitor], None, api_name="stop_chat", queue=False)
    # An answer that is still being written would fill the chat again, so it is cancelled.
    clear.click(page.handler(new_chat), [page.visitor], outputs, api_name="new_chat", queue=False, cancels=[answering])
    gr.on(
        [run.input, base.clear, tuned.clear],
        page.handler(new_chat),
        [page.visitor],
        outputs,
        api_visibility="private",
        queue=False,
        cancels=[answering],
    )
    page.changed(run)(page.handler(prompts), [page.visitor, run], held_out, api_name="held_out_prompts", queue=False)
    held_out.input(lambda text: text or "", held_out, prompt, api_visibility="private", queue=False)
    # The browser saves what the button holds when it is clicked, so the zip has to be there before.
    page.changed(run)(
        page.handler(adapter), [page.visitor, run], download, api_name="download_adapter", queue=False
    ).success(allow_download, run, download, api_visibility="private", queue=False)
    tab.select(page.handler(show_runs), [page.visitor, run], run, api_visibility="private", queue=False)


def _field(name: str, most_tokens: int) -> Any:
    about = GenerateSettings.field(name)
    if name == "system":
        return gr.Textbox(about["value"], label=about["label"], info=about["info"], lines=2)
    if name in ("temperature", "top_p"):
        lowest = 0.05 if name == "top_p" else 0
        ends = {"minimum": lowest, "maximum": about["maximum"], "step": 0.05}
        return unchecked(gr.Slider(**ends, value=about["value"], label=about["label"], info=about["info"]))
    if name == "max_new_tokens":
        most = min(about["maximum"], most_tokens, 1024)
        return unchecked(gr.Slider(1, most, about["value"], step=1, label=about["label"], info=about["info"]))
    return gr.Number(about["value"], label=about["label"], info=about["info"])


def _side(turns: list[Answered], side: str) -> list[dict[str, str]]:
    messages = []
    for turn in turns[-MOST_TURNS_SHOWN:]:
        answer = turn.base if side == "base" else turn.tuned
        said = {"user": turn.prompt, "assistant": answer}
        messages += [{"role": role, "content": html.escape(text, quote=False)} for role, text in said.items()]
    return messages


def _notes(pair: Pair, turns: list[Answered], ended: bool = False) -> list[str]:
    base = _note(pair.base_adapter, cut=ended and not pair.base_finished)
    tuned = _note(pair.tuned_adapter, cut=ended and not pair.tuned_finished)
    return [
        base + _badges([turn.base_found for turn in turns]),
        tuned + _badges([turn.tuned_found for turn in turns]),
    ]


def _badges(found: list[str]) -> str:
    """What the detector found in the answers of one side, with the number of the answer where there are several."""
    said = [(f"Answer {number}: " if len(found) > 1 else "") + text for number, text in enumerate(found, 1) if text]
    return "".join(f"<p class='found' role='status'>⚠ {html.escape(text)}</p>" for text in said[-MOST_TURNS_SHOWN:])


def _note(adapter: str | None, cut: bool) -> str:
    said = f"Active adapter: <b>{html.escape(adapter)}</b>." if adapter else NO_ADAPTER
    return f"<p class='active-adapter'>{said}{CUT if cut else ''}</p>"


def _speed(pair: Pair) -> str:
    rate = f"{pair.tokens_per_second:.0f} tokens a second, both in one batch"
    return f"<p>{pair.tokens} tokens in {pair.seconds:.1f} s · {rate}</p>"
