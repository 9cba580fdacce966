"""Save: the decisions are applied, the rows are divided into train and held-out, a new version is written."""

from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions.curate import save as actions
from core.settings import SplitSettings
from ui.common import Page, unchecked

SHOWN = ("held_out", "seed")


def build(page: Page, version: gr.Dropdown, summary: gr.Textbox) -> dict[str, Any]:
    """Lay out the split and the button; the fields by their names are returned."""
    names = list(SplitSettings.model_fields)
    with gr.Row(equal_height=True):
        fields = {name: _field(name) for name in SHOWN}
    with gr.Accordion("More about the split", open=False), gr.Row(equal_height=True):
        fields |= {name: _field(name) for name in names if name not in SHOWN}
    save = gr.Button("Save and split", variant="primary")

    def save_curated(workspace: Workspace, version: str, settings: dict[str, Any]) -> tuple[str, str]:
        """Apply the decisions, split the rows and save; returns the id of the new version and a summary."""
        return actions.save(workspace, version, settings)

    inputs = [page.visitor, version, *(fields[name] for name in names)]
    save.click(page.handler(save_curated, names), inputs, [version, summary], api_name="save_curated")
    return fields


def shown(settings: SplitSettings, names: list[str]) -> list[Any]:
    """The fields as a version was split."""
    values = [getattr(settings, name) for name in names]
    return [", ".join(value) if isinstance(value, list) else value for value in values]


def _field(name: str) -> Any:
    """A field without its bounds: core says in a sentence when they are broken."""
    about = SplitSettings.field(name)
    plain = {"label": about["label"], "info": about["info"], "value": about["value"], "min_width": 140}
    if choices := about.get("choices"):
        return unchecked(gr.Dropdown(choices, **plain))
    if isinstance(about["value"], str | list):
        return gr.Textbox(max_lines=1, **{**plain, "value": ""})
    return gr.Number(**plain)
