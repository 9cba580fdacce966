"""Several runs: queued as a small sweep, laid over each other, and compared by what each reached and cost."""

import html
from collections.abc import Callable
from typing import Any

import gradio as gr
import pandas as pd

from core.actions import Workspace
from core.actions import train as actions
from ui.common import Page, unchecked

WIDTHS = ["50px", "180px", "90px", "85px", "90px", "95px", "75px", "90px", "110px", "240px"]
# Of one lightness, to be seen on a light ground and on a dark one; the first run has the first.
COLOURS = ["#6366f1", "#d97706", "#0d9488", "#db2777", "#65a30d", "#0284c7", "#9333ea", "#78716c"]
Points = list[tuple[str, int, float]]
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def build(page: Page, run: gr.Dropdown) -> Callable[[Callable[..., Any]], None]:
    """Lay the runs over each other. Returns `follow(event)`, which offers the runs there are after that event."""
    with gr.Accordion("Runs beside each other", open=False) as place:
        chosen = unchecked(
            gr.Dropdown([], multiselect=True, label="Runs", info="Up to eight; those of a sweep come together.")
        )
        show = gr.Button("Compare these runs", size="sm")
        said = gr.HTML("", padding=False, elem_id="runs-said")
        table = gr.Dataframe(
            [],
            headers=list(actions.OVERLAY_HEADERS),
            interactive=False,
            wrap=True,
            column_widths=WIDTHS,
            show_label=False,
            elem_id="runs-table",
        )
        curves = gr.State(([], []))

        @gr.render(inputs=curves, triggers=[curves.change])  # type: ignore[untyped-decorator]
        def plot(points: tuple[Points, Points]) -> None:
            # Made anew each time: LinePlot only ever draws the lines of its first frame.
            _plot("Held-out loss", points[0])
            _plot("Train loss, smoothed", points[1])

    def overlay(workspace: Workspace, runs: list[str]) -> tuple[list[list[Any]], str, tuple[Points, Points]]:
        found = actions.overlay(workspace, runs or [])
        curves = _points(found.held_out), _points(found.train)
        return found.rows, f"<p>{html.escape(found.said)}</p>" if found.said else "", curves

    def choices(workspace: Workspace, shown: str | None, runs: list[str]) -> Any:
        there = actions.runs(workspace)
        ids = {value for _, value in there}
        kept = [value for value in runs or [] if value in ids]
        sweep = actions.sweep_of(workspace, shown) if shown in ids else []
        return gr.Dropdown(choices=there, value=sweep if len(sweep) > 1 and shown not in kept else kept or sweep)

    shown, outputs = [page.visitor, chosen], [table, said, curves]
    show.click(page.handler(overlay), shown, outputs, api_name="compare_runs")
    gr.on([place.expand, chosen.input], page.handler(overlay), shown, outputs, trigger_mode="always_last", **QUIET)

    def follow(event: Callable[..., Any]) -> None:
        event(page.handler(choices), [page.visitor, run, chosen], chosen, queue=False, **QUIET)

    return follow


def build_sweep(page: Page) -> tuple[gr.Dropdown, gr.Button]:
    """Lay out the choice of a sweep and its button; the tab wires them, because a sweep takes the whole form."""
    with gr.Accordion("Several runs with one click", open=False):
        kind = gr.Dropdown(
            actions.sweeps(),
            value="methods",
            label="Sweep",
            info="Runs with the settings above that differ in this alone. They wait in line, each in its own process.",
        )
        button = gr.Button("Queue the sweep", size="sm", interactive=not page.lab.limits.public)
    return kind, button


def _points(series: list[Any]) -> Points:
    return [(line.name, step, loss) for line in series for step, loss in line.points]


def _plot(title: str, points: Points) -> None:
    if not points:
        return
    frame = pd.DataFrame(points, columns=["series", "step", "loss"])
    names = list(dict.fromkeys(frame["series"]))
    colours = {name: COLOURS[actions.LETTERS.index(name[0])] for name in names}
    about: dict[str, Any] = {"x_title": "Step", "y_title": " ", "color_title": " ", "show_label": False, "height": 300}
    gr.LinePlot(frame, x="step", y="loss", color="series", color_map=colours, title=title, **about)
