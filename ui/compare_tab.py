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
WHOLE = "No adapter: a fully tuned model with weights of its own; {} from those of the base model."
CUT = " The answer was stopped, or cut at “Longest answer” in the settings below."
BADGE = """<style>
.found { width: fit-content; margin: 6px 0; padding: 4px 10px; border: 1px solid #b45309; border-left-width: 4px;
  border-radius: 6px; background: var(--block-background-fill); font-weight: 600; }
</style>"""
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
        pack = gr.Button("Make a zip", size="sm", min_width=160, scale=1, visible=False, elem_id="zip-model")
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

    def result(workspace: Workspace, run: str) -> str:
        return str(actions.download(workspace, run, Path(tempfile.mkdtemp(dir=lab.cache()))))

    def small_result(workspace: Workspace, run: str) -> str | None:
        return result(workspace, run) if run and not actions.large_mb(workspace, run) else None

    def offer(workspace: Workspace, run: str, made: str | None) -> list[Any]:
        size = actions.large_mb(workspace, run) if run else 0
        label = "Download model (zip)" if size else "Download adapter (zip)"
        waits = bool(size and not made)
        return [
            gr.Button(f"Make a zip ({size:,.0f} MB)", visible=waits),
            gr.DownloadButton(label, interactive=bool(made), visible=not waits),
        ]

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
    # The browser saves what the button holds when it is clicked, so the zip has to be there before: a small one as soon
    # as a run is chosen, a large one when somebody asks for it.
    made = page.changed(run)(
        page.handler(small_result), [page.visitor, run], download, api_name="download_adapter", queue=False
    )
    asked = pack.click(page.handler(result), [page.visitor, run], download, api_name="zip_model")
    for event in (made, asked):
        event.success(
            page.handler(offer), [page.visitor, run, download], [pack, download], api_visibility="private", queue=False
        )
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
    base, tuned = NO_ADAPTER, _tuned(pair, ended)
    if pair.base_adapter:
        base = _active(pair.base_adapter)
    if ended:
        base += "" if pair.base_finished else CUT
        tuned += "" if pair.tuned_finished or not pair.tuned_begun else CUT
    return [
        _note(base) + _badges([turn.base_found for turn in turns]),
        _note(tuned) + _badges([turn.tuned_found for turn in turns]),
    ]


def _tuned(pair: Pair, ended: bool) -> str:
    """Who gives the tuned answer, as the model itself reports it."""
    if not pair.tuned_begun:
        return "Stopped before the tuned model began to answer." if ended else "Answers after the base model."
    if pair.tuned_adapter:
        return _active(pair.tuned_adapter)
    return WHOLE.format(html.escape(pair.tuned_weights)) if pair.tuned_weights else NO_ADAPTER


def _active(adapter: str) -> str:
    return f"Active adapter: <b>{html.escape(adapter)}</b>."


def _note(said: str) -> str:
    return f"<p class='active-adapter'>{said}</p>"


def _badges(found: list[str]) -> str:
    """What the detector found in the answers of one side, with the number of the answer where there are several."""
    said = [(f"Answer {number}: " if len(found) > 1 else "") + text for number, text in enumerate(found, 1) if text]
    badges = "".join(f"<p class='found' role='status'>⚠ {html.escape(text)}</p>" for text in said[-MOST_TURNS_SHOWN:])
    return BADGE + badges if badges else ""


def _speed(pair: Pair) -> str:
    rate = f"{pair.tokens_per_second:.0f} tokens a second, {pair.how}"
    said = f"<p>{pair.tokens} tokens in {pair.seconds:.1f} s · {html.escape(rate)}.</p>"
    return said + (f"<p>{html.escape(pair.note)}</p>" if pair.note else "")
