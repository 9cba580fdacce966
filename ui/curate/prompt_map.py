"""The map of the prompts: points to hover over, clumps by name, and what can be said of the gaps."""

import html
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import gradio as gr
import pandas as pd

from core.actions import Workspace
from core.actions.curate import prompt_map as actions
from core.actions.curate.prompt_map import PromptMap
from ui.common import Page
from ui.tables import frame

NOT_DRAWN = "The map of this version is not drawn yet; 2,000 prompts take a few seconds."
CLUMP_HEADERS = ("Clump: words of its prompts", "Prompts", "The most typical one")
WIDTHS = ["190px", "80px", "640px"]
GREYS = ("#94a3b8", "#64748b")  # what tells nothing, and all others
# Tableau's ten colours without the grey and the pink: told apart on white and on dark ground.
COLOURS = ("#4e79a7", "#f28e2b", "#59a14f", "#e15759", "#b07aa1", "#edc948", "#76b7b2", "#9c755f")
LEGEND_CSS = """
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; }
.legend i { display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-right: 6px; }
"""


def build(page: Page, version: gr.Dropdown, tab: gr.Tab) -> None:
    """Lay out the map and connect it; one that was drawn is shown again at once."""
    with gr.Row(equal_height=True):
        colour = gr.Dropdown(
            list(actions.COLOURS), value=actions.COLOURS[0], label="Colour by", allow_custom_value=True, min_width=160
        )
        draw = gr.Button("Draw the map", variant="primary", scale=0, min_width=130)
    sentence = gr.Markdown(NOT_DRAWN, elem_id="map-sentence", label="What the map shows")
    plot = gr.ScatterPlot(
        x="x", y="y", color="colour", x_title=" ", y_title=" ", tooltip=["prompt", "row"], colors_in_legend=[],
        x_axis_labels_visible=False, height=440, visible=False, show_label=False, elem_id="prompt-map",
    )  # fmt: skip
    legend = gr.HTML("", css_template=LEGEND_CSS, elem_id="map-legend")
    clumps = frame("Clumps, largest first", CLUMP_HEADERS, WIDTHS, height=320)
    outputs = [sentence, plot, legend, clumps]
    inputs = [page.visitor, version, colour]

    def drawing(workspace: Workspace, version: str, colour: str) -> Iterator[list[Any]]:
        for said in actions.drawing_map(workspace, version):
            yield [said, gr.skip(), gr.skip(), gr.skip()]
        yield from _shown(actions.prompt_map(workspace, version, colour))

    def show_known(workspace: Workspace, version: str, colour: str) -> Iterator[list[Any]]:
        if version and actions.map_is_known(workspace, version):
            yield from _shown(actions.prompt_map(workspace, version, colour))
        else:
            yield [NOT_DRAWN, gr.ScatterPlot(visible=False), "", []]

    def prompt_map(workspace: Workspace, version: str, colour: str = "clump") -> dict[str, Any]:
        """The map of a version's prompts, coloured by clump, problem, label, category, split, language or source."""
        return asdict(actions.prompt_map(workspace, version, colour))

    quiet: dict[str, Any] = {"show_progress": "hidden", "trigger_mode": "always_last", "api_visibility": "private"}
    draw.click(page.handler(drawing), inputs, outputs, **quiet)
    gr.on([tab.select, page.changed(version, tab), colour.input], page.handler(show_known), inputs, outputs, **quiet)
    plain = gr.JSON(visible=False)
    gr.Button(visible=False).click(page.handler(prompt_map), inputs, plain, api_name="prompt_map")


def _shown(found: PromptMap) -> Iterator[list[Any]]:
    """The points, then their colours: only new colours draw the plot anew, with the names it then holds."""
    points = pd.DataFrame(
        {"x": found.x, "y": found.y, "colour": found.colours, "row": found.rows, "prompt": found.prompts}
    )
    colours = _colours(found)
    shown = gr.ScatterPlot(points, visible=bool(found.x))
    yield [found.sentence, shown, _legend(found, colours), found.clumps]
    yield [gr.skip(), gr.ScatterPlot(color_map=colours), gr.skip(), gr.skip()]


def _colours(found: PromptMap) -> dict[str, str]:
    """A colour for each name, in their order."""
    greys = dict(zip(found.quiet, GREYS, strict=True))
    loud = [name for name in found.names if name not in greys]
    return {name: greys.get(name) or COLOURS[loud.index(name)] for name in found.names}


def _legend(found: PromptMap, colours: dict[str, str]) -> str:
    entries = "".join(
        f"<span><i style='background: {colour}'></i>{html.escape(name)} ({found.colours.count(name):,})</span>"
        for name, colour in sorted(colours.items(), key=lambda entry: entry[1] in GREYS)
    )
    return f"<div class='legend'>{entries}</div>"
