"""A run as it goes: its figures, its curves, words on them, and the answers to the same prompts over time."""

import html
from collections.abc import Sequence
from typing import Any

import gradio as gr
import pandas as pd

from core.actions.train import RunView
from ui.common import duration

NO_RUN = "No run yet. Choose a dataset version and press Start; the run goes on when this page is closed."
LINE_COLOURS = {"train": "#a5b4fc", "train, smoothed": "#4f46e5", "held-out": "#d97706"}
MEASURES = {
    "rate": "Learning rate",
    "norm": "Gradient norm",
    "tokens_per_second": "Tokens a second",
    "memory_mb": "Memory (MB)",
}
ANSWERS_CSS = """
h3 { margin: 0 0 8px; }
.answers { padding: 8px 0; border-top: 1px solid var(--border-color-primary); overflow-wrap: anywhere; }
.answers summary { cursor: pointer; } .answers p { margin: 8px 0; }
.answers summary span { display: block; margin: 2px 0 0 16px; }
table { width: 100%; border-collapse: collapse; font-size: .9em; }
td, th { padding: 4px 8px 4px 0; text-align: left; vertical-align: top; border: 0;
  border-top: 1px solid var(--border-color-primary); }
td:first-child { white-space: nowrap; text-align: right; width: 1%; }
"""


def build() -> list[Any]:
    """Lay out what is shown of a run; the components that `shown` fills."""
    figures = gr.HTML(_figures(None), elem_id="run-figures")
    # An empty title would be replaced by the name of the column.
    about: dict[str, Any] = {"x": "step", "x_title": "Step", "y_title": " ", "show_label": False}
    with gr.Column(visible=False) as curves:
        loss = gr.LinePlot(
            _loss_frame(None),
            y="loss",
            title="Loss",
            color="series",
            color_map=LINE_COLOURS,
            color_title=" ",
            height=320,
            elem_id="run-loss",
            **about,
        )
        with gr.Accordion("Learning rate, gradient, speed, memory", open=False), gr.Row():
            plots = [
                gr.LinePlot(_frame(None, name), y=name, title=title, height=180, min_width=240, **about)
                for name, title in MEASURES.items()
            ]
    answers = gr.HTML(visible=False, css_template=ANSWERS_CSS, elem_id="run-samples")
    return [figures, curves, loss, *plots, answers]


def shown(view: RunView | None) -> list[Any]:
    """The values of the components of `build`; curves and answers are there once they have something to show."""
    measures = [_frame(view, name) for name in MEASURES]
    samples = view.samples if view else []
    curves = gr.Column(visible=bool(view and view.series))
    return [_figures(view), curves, _loss_frame(view), *measures, gr.HTML(_answers(samples), visible=bool(samples))]


def _figures(view: RunView | None) -> str:
    if view is None:
        return f"<p>{NO_RUN}</p>"
    left = f"{duration(view.elapsed)} &lt; {duration(view.remaining)}" if view.remaining else duration(view.elapsed)
    cells = {
        "State": view.state,
        "Step": f"{view.step:,} of {view.steps:,}" if view.steps else "–",
        "Train loss": _number(view.train_loss),
        "Held-out loss": _number(view.held_out_loss),
        "Best": "–" if view.best_step is None else f"{_number(view.best_loss)} at {view.best_step:,}",
        "Tokens a second": f"{view.tokens_per_second:,.0f}" if view.tokens_per_second else "–",
        "Padding": "–" if view.padding is None else f"{view.padding:.0%}",
        "Memory": f"{view.memory_mb / 1000:.1f} GB" if view.memory_mb else "–",
        "Elapsed &lt; remaining" if view.remaining else "Elapsed": left,
    }
    grid = "".join(f"<div class='figure'><b>{value}</b><span>{name}</span></div>" for name, value in cells.items())
    ends = f"max='{max(view.steps, 1)}' value='{view.step}'"
    done = f"<progress class='steps-done' aria-label='Steps done' {ends}></progress>"
    said = "".join(
        f"<p>{html.escape(sentence)}</p>" for sentence in (*view.words, view.machine, view.personal_data) if sentence
    )
    return f"<div class='figures'>{grid}</div>{done}<p role='status'>{html.escape(view.reason)}</p>{said}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _loss_frame(view: RunView | None) -> pd.DataFrame:
    """Points of the plot. LinePlot only ever draws the lines of its first frame, so each line begins with a blank."""
    blanks = [(0, float("nan"), name) for name in LINE_COLOURS]
    rows = [(step, loss, line.name) for line in (view.series if view else []) for step, loss in line.points]
    return pd.DataFrame([*blanks, *rows], columns=["step", "loss", "series"])


def _frame(view: RunView | None, name: str) -> pd.DataFrame:
    points = view.measures[name] if view else []
    return pd.DataFrame(points or [(0, float("nan"))], columns=["step", name])


def _answers(samples: Sequence[dict[str, Any]]) -> str:
    """Each prompt with its answers in the order of the evaluations, the newest in sight, and what is expected."""
    if not samples:
        return ""
    prompts = list(dict.fromkeys((sample["row"], sample["prompt"]) for sample in samples))
    parts = [_over_time([sample for sample in samples if (sample["row"], sample["prompt"]) == key]) for key in prompts]
    return f"<h3>Answers to the same prompts, from the first step to now</h3>{''.join(parts)}"


def _over_time(samples: Sequence[dict[str, Any]]) -> str:
    last = samples[-1]
    rows = "".join(
        f"<tr><td>{sample['step']:,}</td><td>{html.escape(sample['answer'])}</td></tr>" for sample in samples
    )
    expected = f"<p><b>Expected:</b> {html.escape(last['expected'])}</p>" if last["expected"] else ""
    head = f"<b>{html.escape(last['prompt'])}</b><span>{html.escape(last['answer'])}</span>"
    return (
        f"<details class='answers'><summary>{head}</summary>"
        f"{expected}<table><thead><tr><th>Step</th><th>Answer</th></tr></thead><tbody>{rows}</tbody></table></details>"
    )
