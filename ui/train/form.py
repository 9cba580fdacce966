"""The settings of a run as a form: presets, the common fields, the others folded, and the recipe as text."""

import html
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions import train as actions
from core.settings import TrainSettings
from ui.common import Page

COMMON = ("model", "method", "epochs", "learning_rate", "batch_size")
FOLDED = {
    "Rows and template": ("goal", "template", "max_tokens", "packing"),
    "Adapter": ("lora_r", "lora_alpha", "lora_dropout"),
    "Memory and speed": ("accumulation", "recompute", "precision", "optimizer", "isolated"),
    "Steps": ("schedule", "warmup", "weight_decay", "max_grad_norm", "max_steps", "seed"),
    "Watching and ending": ("evaluations", "keep_best", "early_stop", "prompts"),
}
NO_PRESET = "your own"
NAMED = {
    "instruction": "Instruction: the answers of a chat",
    "task": "Task: the output behind its input",
    "text": "Text: everything",
    "own": "The model's own",
    "chatml": "ChatML",
    "zephyr": "Zephyr",
    "alpaca": "Alpaca",
    "plain": "Plain (User: … Assistant: …)",
    "cosine": "Cosine: falls slowly, then fast, then slowly",
    "linear": "Linear: falls evenly",
    "constant": "Constant: stays after the warm-up",
    "auto": "Auto",
}
ABOUT_RECIPE = (
    "All settings as text, to keep or to send, one a line as `name: value`. What is not named has its default."
)
REFUSED_CSS = "p { margin: 0; border-left: 4px solid #b91c1c; padding-left: 10px; }"
CHECKED = ("method", "optimizer")  # what not every machine can do


def build(page: Page) -> tuple[dict[str, Any], Callable[[Any], None], gr.events.Dependency]:
    """Lay out the form; the fields by name, in the order in which handlers take them, and the event of a preset.

    Between them is `tell(event)`: after that event, what this machine cannot do is told anew.
    """
    preset = gr.Dropdown(
        [*actions.presets(), ("Your own settings", NO_PRESET)],
        value=NO_PRESET,
        label="Start from",
        info="Settings for a common wish, put in the place of those below. You can change each of them afterwards.",
        elem_id="train-preset",
    )
    why = gr.HTML(visible=False, elem_id="train-preset-why")
    fields: dict[str, Any] = {}
    refused: dict[str, gr.HTML] = {}

    def lay_out(names: Sequence[str]) -> None:
        for name in names:
            fields[name] = field(page, name)
            if name in CHECKED:
                refused[name] = gr.HTML(visible=False, css_template=REFUSED_CSS, elem_id=f"{name}-not-here")

    lay_out(COMMON)
    with gr.Accordion("More settings", open=False):
        for title, names in FOLDED.items():
            with gr.Accordion(title, open=False):
                lay_out(names)
    tell = _tell_possible(page, fields, refused)

    def fill(workspace: Workspace, name: str) -> list[Any]:
        return _filled(fields, *actions.preset_settings(page.lab, name))

    filled = preset.input(
        page.handler(fill),
        [page.visitor, preset],
        [why, *fields.values()],
        api_visibility="private",
        show_progress="hidden",
    )
    return fields, tell, filled


def build_recipe(page: Page, fields: dict[str, Any], run: gr.Dropdown) -> gr.events.Dependency:
    """Lay out the recipe's text with its buttons; the event after which the form holds other settings."""
    names = tuple(fields)
    with gr.Accordion("Recipe", open=False):
        gr.Markdown(ABOUT_RECIPE, container=False)
        text = gr.Code(language="yaml", label="Settings as text", lines=12, max_lines=30, elem_id="train-recipe")
        with gr.Row():
            show = gr.Button("From the form", size="sm", min_width=100)
            take = gr.Button("From the run", size="sm", min_width=100)
            upload = gr.UploadButton("Open file", file_types=[".yaml", ".yml"], size="sm", min_width=100)
        with gr.Row():
            load = gr.Button("Put into the form", size="sm", variant="primary", min_width=100)
            save = gr.DownloadButton("Save as file", size="sm", min_width=100, interactive=False)

    def show_recipe(workspace: Workspace, settings: dict[str, Any]) -> str:
        return actions.recipe_text(settings)

    def recipe_of_run(workspace: Workspace, run: str) -> str:
        return actions.recipe_of(workspace, run)

    def load_recipe(workspace: Workspace, recipe: str) -> list[Any]:
        settings = actions.read_recipe(page.lab, recipe or "")
        gr.Info("The form holds the recipe's settings now.")
        return _filled(fields, settings, "")[1:]

    def open_recipe(workspace: Workspace, file: str) -> str:
        return actions.opened_recipe(Path(file))

    def save_recipe(workspace: Workspace, recipe: str) -> Any:
        if not (recipe or "").strip():
            return gr.DownloadButton(value=None, interactive=False)
        return gr.DownloadButton(value=str(actions.recipe_file(page.lab, recipe)), interactive=True)

    setup = [page.visitor, *fields.values()]
    quick: dict[str, Any] = {"show_progress": "hidden"}
    show.click(page.handler(show_recipe, names), setup, text, api_name="training_recipe", **quick)
    take.click(page.handler(recipe_of_run), [page.visitor, run], text, api_name="recipe_of_run", **quick)
    upload.upload(page.handler(open_recipe), [page.visitor, upload], text, api_visibility="private", **quick)
    # The browser saves what the button holds when it is clicked, so the file is made as soon as the text is there.
    saving = page.handler(save_recipe)
    text.change(saving, [page.visitor, text], save, api_visibility="private", trigger_mode="always_last", **quick)
    into = page.handler(load_recipe)
    return load.click(into, [page.visitor, text], list(fields.values()), api_name="load_training_recipe", **quick)


def _tell_possible(page: Page, fields: dict[str, Any], refused: dict[str, Any]) -> Callable[[Any], None]:
    """Beside a choice that this machine cannot do, say so as soon as it is clicked; and mark it in its list.

    Returns what does the same after another event.
    """
    chosen = [fields[name] for name in ("model", *CHECKED)]

    def show_refused(workspace: Workspace, model: str, method: str, optimizer: str) -> list[Any]:
        found = actions.possible(page.lab, model, method, optimizer)
        return [_refusal(found.method_said), _refusal(found.optimizer_said)]

    def mark_choices(workspace: Workspace, model: str, method: str, optimizer: str) -> list[Any]:
        found = actions.possible(page.lab, model, method, optimizer)
        marked = [gr.Dropdown(choices=found.methods), gr.Dropdown(choices=found.optimizers)]
        return [*marked, *show_refused(workspace, model, method, optimizer)]

    inputs, said = [page.visitor, *chosen], [refused[name] for name in CHECKED]
    quick: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    gr.on([fields[name].input for name in CHECKED], page.handler(show_refused), inputs, said, **quick)

    def tell(event: Any) -> None:
        outputs = [*(fields[name] for name in CHECKED), *said]
        event(page.handler(mark_choices), inputs, outputs, trigger_mode="always_last", **quick)

    tell(fields["model"].input)
    return tell


def _refusal(said: str) -> Any:
    return gr.HTML(f"<p role='alert'>⚠ {html.escape(said, quote=False)}</p>" if said else "", visible=bool(said))


def field(page: Page, name: str) -> Any:
    """The component for a setting; typed text reaches the settings as it is, so that they can say what is wrong."""
    about = TrainSettings.field(name)
    said = {"label": about["label"], "info": about["info"]}
    if name == "model":
        more = "" if page.lab.limits.public else " A Hub id or a path can be typed too."
        said["info"] += more
        return gr.Dropdown(actions.model_choices(), value=about["value"], allow_custom_value=True, **said)
    if name == "prompts":
        return gr.Textbox("", lines=3, max_lines=12, placeholder="What would you ask the tuned model?", **said)
    if isinstance(about["value"], bool):
        return gr.Checkbox(about["value"], **said)
    if "choices" in about:
        named = _named(page, name, about["choices"])
        return gr.Dropdown(named, value=about["value"], allow_custom_value=True, **said)
    return gr.Textbox(written(about["value"]), max_lines=1, **said)


def written(number: float) -> str:
    """A number as its field shows it: every digit of it, and `3` for 3.0."""
    return str(number).removesuffix(".0")


def _named(page: Page, name: str, choices: list[str]) -> list[tuple[str, str]]:
    if name in CHECKED:
        found = actions.possible(page.lab)
        return found.methods if name == "method" else found.optimizers
    return [(NAMED.get(choice, choice), choice) for choice in choices]


def settling(fields: dict[str, Any]) -> list[Any]:
    """The events after which a person has chosen another value."""
    picked = (gr.Dropdown, gr.Checkbox)
    return [each.input if isinstance(each, picked) else each.blur for each in fields.values()]


def _filled(fields: dict[str, Any], settings: dict[str, Any], why: str) -> list[Any]:
    """The sentence, and a value for every field that is named; the others stay."""
    said = gr.HTML(f"<p>{html.escape(why, quote=False)}</p>" if why else "", visible=bool(why))
    return [said, *(_value(name, settings[name]) if name in settings else gr.skip() for name in fields)]


def _value(name: str, value: Any) -> Any:
    if name == "prompts":
        return "\n".join(value)
    return written(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value
