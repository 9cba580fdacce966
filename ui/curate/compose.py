"""Instructions & mix: several wordings of an instruction put to plain rows, and versions joined by weight."""

from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions.curate import compose as actions
from ui.common import Page, unchecked

ABOUT_INSTRUCT = (
    "### Put instructions to the rows\n"
    "For rows that are only input and output, or text and label. A model that has seen a task in one wording only "
    "learns the wording: give several, and keep some for held-out rows, to measure wordings that training never saw."
)
ABOUT_MIX = (
    "### Mix with other datasets\n"
    "A model that is tuned on one task forgets others. Some rows of a general dataset in the mix work against it; "
    "1 % of them can be enough (arXiv 2205.12393). Held-out rows of any part are never trained on."
)
NO_OTHER = "There is no other dataset version yet. Load a general dataset on the left to mix it in."
QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


def build(page: Page, version: gr.Dropdown, tab: gr.Tab) -> None:
    """Lay out the part and connect it."""
    gr.Markdown(ABOUT_INSTRUCT)
    _build_instruct(page, version)
    gr.Markdown(ABOUT_MIX)
    _build_mix(page, version, tab)


def _build_instruct(page: Page, version: gr.Dropdown) -> None:
    fields = _instruct_fields()
    names = tuple(fields)
    with gr.Row():
        preview = gr.Button("Preview", min_width=120)
        run = gr.Button("Put instructions", variant="primary", min_width=160)
    said = gr.Textbox(label="What was done", interactive=False, lines=1, max_lines=5)
    first = gr.Textbox(label="First rows as they would be", interactive=False, lines=3, max_lines=16)

    def instruct(workspace: Workspace, version: str, settings: dict[str, Any]) -> tuple[str, str]:
        """Put instructions to the rows; wordings are a text with one a line. Returns the new version and a sentence."""
        done = actions.instruct(workspace, version, settings)
        return done.version_id, done.sentence

    def show_preview(workspace: Workspace, version: str, settings: dict[str, Any]) -> str:
        return actions.preview(workspace, version, settings)

    def offer(workspace: Workspace, task: str) -> str:
        return actions.offered(task)

    inputs = [page.visitor, version, *fields.values()]
    run.click(page.handler(instruct, names), inputs, [version, said], api_name="instruct")
    preview.click(page.handler(show_preview, names), inputs, first, api_visibility="private")
    fields["task"].input(page.handler(offer), [page.visitor, fields["task"]], fields["wordings"], **QUIET)


def _instruct_fields() -> dict[str, Any]:
    about = {name: _about(actions.instruct_field(name)) for name in actions.instruct_fields()}
    with gr.Row(equal_height=True):
        task = unchecked(gr.Dropdown(actions.tasks(), min_width=170, **about["task"]))
        target = gr.Textbox(max_lines=1, min_width=200, **about["target"])
    wordings = {**about["wordings"], "value": actions.offered(task.value)}
    texts = gr.Textbox(lines=8, max_lines=16, **wordings)
    with gr.Row(equal_height=True):
        held_out = gr.Number(min_width=150, **about["held_out_wordings"])
        place = unchecked(gr.Radio(actions.places(), min_width=240, **about["place"]))
        labels = gr.Checkbox(min_width=180, **about["list_labels"])
        seed = gr.Number(min_width=130, **about["seed"])
    return {
        "task": task,
        "wordings": texts,
        "target": target,
        "held_out_wordings": held_out,
        "place": place,
        "list_labels": labels,
        "seed": seed,
    }


def _build_mix(page: Page, version: gr.Dropdown, tab: gr.Tab) -> None:
    limits = page.lab.limits
    fields = _mix_fields()
    names = tuple(fields)
    run = gr.Button("Mix", variant="primary")
    said = gr.Textbox(label="What was mixed", interactive=False, lines=1, max_lines=8)
    chosen = [fields["other"], fields["third"]]

    def mix(workspace: Workspace, version: str, settings: dict[str, Any]) -> tuple[str, str]:
        """Join a version with one or two others by weight; returns the new version's id and what it has of each."""
        done = actions.mix(workspace, limits, version, actions.mix_values(settings))
        return done.version_id, done.sentence

    def refresh(workspace: Workspace, version: str, other: str | None, third: str | None) -> list[Any]:
        choices = actions.others(workspace, version)
        ids = [value for _, value in choices]
        kept = [gr.Dropdown(choices=choices, value=one if one in ids else "") for one in (other, third)]
        return [*kept, gr.skip() if choices else NO_OTHER]

    inputs = [page.visitor, version, *fields.values()]
    run.click(page.handler(mix, names), inputs, [version, said], api_name="mix")
    gr.on(
        [tab.select, page.changed(version, tab)],
        page.handler(refresh),
        [page.visitor, version, *chosen],
        [*chosen, said],
        **QUIET,
    )


def _mix_fields() -> dict[str, Any]:
    with gr.Row(equal_height=True):
        weight = gr.Number(0.9, label="Weight of this version", min_width=130)
        other = _version("Mix with")
        other_weight = gr.Number(0.1, label="Weight of the second", min_width=110)
    with gr.Row(equal_height=True):
        third = _version("And with")
        third_weight = gr.Number(0.1, label="Weight of the third", min_width=110)
    with gr.Row(equal_height=True):
        merge = gr.Checkbox(min_width=170, **_about(actions.mix_field("merge")))
        rows = gr.Number(min_width=170, **_about(actions.mix_field("rows")))
        about = actions.mix_field("held_out")
        held_out = unchecked(gr.Radio(about["choices"], min_width=200, **_about(about)))
        seed = gr.Number(min_width=130, **_about(actions.mix_field("seed")))
    return {
        "weight": weight,
        "other": other,
        "other_weight": other_weight,
        "third": third,
        "third_weight": third_weight,
        "merge": merge,
        "rows": rows,
        "held_out": held_out,
        "seed": seed,
    }


def _version(label: str) -> gr.Dropdown:
    return gr.Dropdown([], label=label, value="", allow_custom_value=True, scale=2, min_width=240)


def _about(field: dict[str, Any]) -> dict[str, Any]:
    """A field without its bounds: core says in a sentence when they are broken."""
    return {key: field[key] for key in ("label", "info", "value")}
