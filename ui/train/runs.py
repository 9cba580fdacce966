"""Several runs: queued as a small sweep, laid over each other, and compared by what each reached and cost."""

from typing import Any

import gradio as gr
import pandas as pd

from core.actions import Workspace
from core.actions import train as actions
from ui.common import Page

WIDTHS = ["200px", "200px", "90px", "100px", "110px", "80px", "100px", "110px", "80px"]


def build(page: Page, tab: gr.Tab, run: gr.Dropdown) -> gr.Dropdown:
    """Lay the runs over each other; the dropdown of those that are chosen."""
    with gr.Accordion("Runs beside each other", open=False):
        with gr.Row():
            chosen = gr.Dropdown(
                [], multiselect=True, label="Runs", info="Up to eight; those of a sweep come together.", scale=4
            )
            show = gr.Button("Compare these runs", min_width=120, scale=1)
        table = gr.Dataframe(
            [],
            headers=list(actions.OVERLAY_HEADERS),
            interactive=False,
            wrap=True,
            column_widths=WIDTHS,
            show_label=False,
            elem_id="runs-table",
        )
        curves = gr.State([])

        @gr.render(inputs=curves)  # type: ignore[untyped-decorator]
        def plot(points: list[tuple[str, int, float]]) -> None:
            # Made anew each time: LinePlot only ever draws the lines of its first frame.
            if points:
                frame = pd.DataFrame(points, columns=["series", "step", "loss"])
                about: dict[str, Any] = {"x_title": "Step", "y_title": "Loss", "show_label": False}
                gr.LinePlot(frame, x="step", y="loss", color="series", height=340, elem_id="runs-plot", **about)

    def overlay(workspace: Workspace, runs: list[str]) -> tuple[list[list[Any]], list[tuple[str, int, float]]]:
        found = actions.overlay(workspace, runs or [])
        return found.rows, [(line.name, step, loss) for line in found.series for step, loss in line.points]

    def choices(workspace: Workspace, shown: str | None, runs: list[str]) -> Any:
        there = actions.runs(workspace)
        ids = {value for _, value in there}
        kept = [value for value in runs or [] if value in ids]
        return gr.Dropdown(choices=there, value=kept or (actions.sweep_of(workspace, shown) if shown in ids else []))

    inputs = [page.visitor, run, chosen]
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    gr.on([tab.select, page.changed(run)], page.handler(choices), inputs, chosen, queue=False, **quiet)
    show.click(page.handler(overlay), [page.visitor, chosen], [table, curves], api_name="compare_runs")
    return chosen


def build_sweep(page: Page) -> tuple[gr.Dropdown, gr.Button]:
    """Lay out the choice of a sweep and its button; the tab wires them, because a sweep takes the whole form."""
    with gr.Accordion("Several runs with one click", open=False):
        kind = gr.Dropdown(
            actions.sweeps(),
            value="methods",
            label="Sweep",
            info="Runs with the settings above that differ in this alone. They wait in line, each in its own process.",
        )
        button = gr.Button("Queue the sweep", min_width=120, interactive=not page.lab.limits.public)
    return kind, button
