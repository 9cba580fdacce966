"""What all parts of the tab ask with: the run, the sides, and how answers are written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions import compare as actions
from core.settings import GenerateSettings
from core.settings.compare import BASE, DEFAULT_SIDES, MOST_SIDES, TUNED, SideSettings
from ui.common import Page, unchecked

OFF = "off"
FIRST_CHOICES = [("off: this side is not asked", OFF), ("base model", BASE), ("the chosen run", TUNED)]
FIELDS = ("weights", "few_shot", "few_shot_choice", "system", "wording", "name")
SETTINGS = tuple(GenerateSettings.model_fields)
CHOICES = {"nearest": "nearest to the prompt", "random": "random, the same ones always"}
ABOUT = (
    "Up to four sides answer every prompt, with the same seed. Give them different weights, or the same weights and "
    "different examples, system prompts or wordings. When a side is changed, the next prompt begins a new chat.\n\n"
    "In one batch a side answers as it would alone: at temperature 0 token for token in float32; in bfloat16, which "
    "rounds the scores of tokens by up to about 2 %, another one can win where two are nearly tied."
)
QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


@dataclass
class Controls:
    """The run, the fields of each side by name, and those of `GenerateSettings` by name."""

    run: gr.Dropdown
    sides: list[dict[str, Any]]
    settings: dict[str, Any]

    @property
    def inputs(self) -> list[Any]:
        """All fields, in the order of `names`."""
        return [*(field for side in self.sides for field in side.values()), *self.settings.values()]

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which a handler gets them, as in `weights_1`, `system_2`, `seed`."""
        own = [f"{name}_{number}" for number in range(1, MOST_SIDES + 1) for name in FIELDS]
        return (*own, *SETTINGS)

    def on_change(self, function: Callable[..., Any], inputs: list[Any], outputs: list[Any]) -> None:
        """Call a handler whenever a person has changed a side."""
        events = [
            side[name].blur if isinstance(side[name], gr.Textbox) else side[name].input
            for side in self.sides
            for name in FIELDS
        ]
        gr.on(events, function, inputs, outputs, **QUIET)


def chosen(values: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The sides that are on, as `SideSettings` takes them, and the settings of the answers."""
    every = places(values)
    return [side for side in every if side is not None], {name: values[name] for name in SETTINGS if name in values}


def places(values: dict[str, Any]) -> list[dict[str, Any] | None]:
    """The sides by their places on the page, None for one that is off."""
    every = [{name: values.get(f"{name}_{number}") for name in FIELDS} for number in range(1, MOST_SIDES + 1)]
    return [side if side["weights"] not in (OFF, "", None) else None for side in every]


def build(page: Page, run: gr.Dropdown) -> Controls:
    """Lay out the sides and the settings, both folded, and offer for each side what the run allows."""
    with gr.Accordion("Sides: who answers, and how they are asked", open=False, elem_id="sides"):
        gr.Markdown(ABOUT, container=False)
        with gr.Row():
            sides = [_side(number) for number in range(MOST_SIDES)]
    with gr.Accordion("Settings of all answers", open=False):
        settings = {name: _setting(name, page.lab.limits.new_tokens) for name in SETTINGS}

    def offer(workspace: Workspace, run: str) -> list[Any]:
        choices = [FIRST_CHOICES[0], *actions.weights(workspace, run)]
        return [gr.Dropdown(choices=choices) for _ in sides]

    page.changed(run)(page.handler(offer), [page.visitor, run], [side["weights"] for side in sides], **QUIET)
    return Controls(run, sides, settings)


def _side(number: int) -> dict[str, Any]:
    default = DEFAULT_SIDES[number] if number < len(DEFAULT_SIDES) else None
    about = SideSettings.field
    with gr.Column(min_width=240):
        gr.Markdown(f"**Side {number + 1}**", container=False)
        weights = unchecked(
            gr.Dropdown(
                FIRST_CHOICES,
                value=default.weights if default else OFF,
                label=about("weights")["label"],
                info=about("weights")["info"],
                allow_custom_value=True,
                elem_id=f"side-{number + 1}",
            )
        )
        most = about("few_shot")["maximum"]
        few_shot = unchecked(
            gr.Number(default.few_shot if default else 0, minimum=0, maximum=most, step=1, **_words("few_shot"))
        )
        order = [(title, name) for name, title in CHOICES.items()]
        choice = unchecked(gr.Dropdown(order, value="nearest", **_words("few_shot_choice")))
        system = gr.Textbox("", lines=1, max_lines=6, **_words("system"))
        wording = gr.Textbox(about("wording")["value"], lines=1, max_lines=6, **_words("wording"))
        name = gr.Textbox("", **_words("name"))
    fields = (weights, few_shot, choice, system, wording, name)
    return dict(zip(FIELDS, fields, strict=True))


def _words(name: str) -> dict[str, Any]:
    about = SideSettings.field(name)
    return {"label": about["label"], "info": about["info"]}


def _setting(name: str, most_tokens: int) -> Any:
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
