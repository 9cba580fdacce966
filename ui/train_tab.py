"""The Train tab: settings, what the run will take, Start and Stop, and the run as it goes."""

import html
from dataclasses import asdict
from typing import Any

import gradio as gr
import pandas as pd

from core.actions import Workspace
from core.actions import train as actions
from core.actions.train import RunView, Standing
from core.errors import LabError
from core.settings import Limits, TrainSettings
from ui.common import Page, duration

COMMON = ("model", "epochs", "learning_rate", "batch_size")
FOLDED = (
    "lora_r",
    "lora_alpha",
    "lora_dropout",
    "max_tokens",
    "schedule",
    "warmup",
    "max_steps",
    "evaluations",
    "seed",
)
NO_RUN = "No run yet. Choose a dataset version and press Start; the run goes on when this page is closed."
RECORDED = "The run records that you chose it, and its adapter's card says so."
ALL_THE_SAME = "train_all_the_same"
LINE_COLOURS = {"train": "#a5b4fc", "train, smoothed": "#4f46e5", "held-out": "#d97706"}
SAMPLE_COLUMNS = ["Prompt", "Answer now", "Expected"]


def build(page: Page, tab: gr.Tab) -> None:
    """Lay out the tab and wire its events."""
    lab = page.lab
    with gr.Row():
        with gr.Column(scale=1, min_width=320):
            version = gr.Dropdown([], label="Dataset version", allow_custom_value=True, elem_id="train-version")
            fields = {name: _field(name, lab.limits.public) for name in COMMON}
            data = gr.HTML("", elem_id="train-personal-data")
            all_the_same = gr.Checkbox(
                False, label=actions.ALL_THE_SAME, info=RECORDED, visible=False, elem_id="train-all-the-same"
            )
            with gr.Row():
                start = gr.Button("Start training", variant="primary", min_width=100)
                stop = gr.Button("Stop", variant="stop", min_width=100, interactive=False)
            plan_text = gr.Markdown("Choose a dataset version to see what a run will take.", elem_id="plan")
            minutes = gr.Markdown("", elem_id="minutes")
            with gr.Accordion("More settings", open=False):
                fields |= {name: _field(name, lab.limits.public) for name in FOLDED}
            with gr.Accordion("What is learned, in the first row", open=False):
                picture = gr.HTML("")
        with gr.Column(scale=2, min_width=320):
            run = gr.Dropdown([], label="Run", allow_custom_value=True, elem_id="train-run")
            figures = gr.HTML(_figures(None), elem_id="run-figures")
            plot = gr.LinePlot(
                _frame(None),
                x="step",
                y="loss",
                color="series",
                color_map=LINE_COLOURS,
                title="Loss",
                x_title="Step",
                y_title="Loss",
                height=320,
                show_label=False,
            )
            samples = gr.Dataframe(
                [],
                headers=SAMPLE_COLUMNS,
                label="Answers to the same prompts, as of the last evaluation",
                interactive=False,
                wrap=True,
                column_widths=["240px", "240px", "240px"],
                elem_id="run-samples",
            )
    timer = gr.Timer(1.0, active=False)

    names = tuple(fields)
    setup = [page.visitor, version, *fields.values()]
    shown = [figures, plot, samples, start, stop, timer]

    def show_plan(workspace: Workspace, dataset: str, settings: dict[str, Any]) -> tuple[str, str]:
        try:
            plan = actions.plan(lab, workspace, dataset, settings)
        except LabError as error:  # while a person is still choosing, a sentence in place says more than an alarm
            return html.escape(str(error), quote=False), ""
        return _plan_text(plan, lab.limits), _picture(plan.picture)

    def estimate_minutes(workspace: Workspace, dataset: str, settings: dict[str, Any]) -> str:
        try:
            seconds = actions.estimate(lab, workspace, dataset, settings)
        except LabError:
            return ""  # the plan above says what is wrong, or a run is going on and measuring has to wait
        return f"About **{duration(seconds)}** on this machine, by a measurement of a few seconds."

    def show_personal_data(workspace: Workspace, dataset: str) -> tuple[str, Any]:
        found = actions.personal_data(workspace, dataset)
        return _said(found), gr.Checkbox(value=False, visible=bool(found and found.needs_consent))

    def start_run(workspace: Workspace, dataset: str, settings: dict[str, Any]) -> str:
        return actions.start(lab, workspace, dataset, settings, settings.pop(ALL_THE_SAME))

    def stop_run(workspace: Workspace, run: str) -> None:
        actions.stop(lab, workspace, run)

    def show_run(workspace: Workspace, run: str | None) -> list[Any]:
        return _shown(actions.view(workspace, run))

    def runs(workspace: Workspace, chosen: str | None) -> Any:
        return page.refreshed(actions.runs(workspace), chosen)

    def versions(workspace: Workspace, chosen: str | None) -> Any:
        return page.refreshed(actions.versions(workspace), chosen)

    def run_status(workspace: Workspace, run: str) -> dict[str, Any]:
        view = actions.view(workspace, run)
        return asdict(view) if view else {}

    settled = [field.input if isinstance(field, gr.Dropdown) else field.blur for field in fields.values()]
    opened = tab.select(page.handler(versions), [page.visitor, version], version, api_visibility="private", queue=False)
    planning, measuring = page.handler(show_plan, names), page.handler(estimate_minutes, names)
    last: dict[str, Any] = {"trigger_mode": "always_last"}
    gr.on(
        [version.input, *settled],
        planning,
        setup,
        [plan_text, picture],
        api_name="plan",
        show_progress="hidden",
        **last,
    ).then(measuring, setup, minutes, api_name="estimate", **last)
    opened.then(planning, setup, [plan_text, picture], api_visibility="private", show_progress="hidden", **last).then(
        measuring, setup, minutes, api_visibility="private", **last
    )
    one = [page.visitor, run]
    quiet: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    starting = page.handler(start_run, (*names, ALL_THE_SAME))
    started = start.click(starting, [*setup, all_the_same], run, api_name="start_training")
    started.success(page.handler(runs), one, run, **quiet)
    # As often as the tab is opened, too: what is open may have been masked in between.
    looking, chosen, about = page.handler(show_personal_data), [page.visitor, version], [data, all_the_same]
    for event in (version.input, opened.then, started.failure):
        event(looking, chosen, about, show_progress="hidden", api_visibility="private")
    stop.click(page.handler(stop_run), one, None, api_name="stop_training", queue=False).then(
        page.handler(show_run), one, shown, **quiet
    )
    gr.on([page.changed(run), timer.tick], page.handler(show_run), one, shown, **quiet)
    tab.select(page.handler(runs), one, run, **quiet)
    page.on_load(page.handler(runs), one, run)
    status = gr.JSON(visible=False)
    gr.Button(visible=False).click(page.handler(run_status), one, status, api_name="run_status", queue=False)


def _field(name: str, public: bool) -> Any:
    about = TrainSettings.field(name)
    if name == "model":
        return gr.Dropdown(
            actions.model_choices(),
            value=about["value"],
            label=about["label"],
            allow_custom_value=True,
            info=about["info"] if public else f"{about['info']} A Hub id or a path can be typed too.",
        )
    if "choices" in about:
        ours = {"label": about["label"], "info": about["info"], "allow_custom_value": True}
        return gr.Dropdown(about["choices"], value=about["value"], **ours)
    # Typed text reaches the settings as it is, so that they can say in a sentence what is wrong with it.
    return gr.Textbox(f"{about['value']:g}", label=about["label"], info=about["info"], max_lines=1)


def _said(found: Standing | None) -> str:
    """Where the version stands, as an alarm if personal data is known to be in it."""
    if found is None:
        return ""
    alarm = " role='alert'" if found.needs_consent else ""
    return f"<p{alarm}>{'⚠ ' if alarm else ''}{html.escape(found.sentence)}</p>"


def _shown(view: RunView | None) -> list[Any]:
    active = view is not None and view.active
    return [
        _figures(view),
        _frame(view),
        [[sample["prompt"], sample["answer"], sample["expected"]] for sample in view.samples] if view else [],
        gr.Button(interactive=not active),
        gr.Button(interactive=active),
        gr.Timer(active=active),
    ]


def _figures(view: RunView | None) -> str:
    if view is None:
        return f"<p>{NO_RUN}</p>"
    left = f"{duration(view.elapsed)} &lt; {duration(view.remaining)}" if view.remaining else duration(view.elapsed)
    cells = {
        "State": view.state,
        "Step": f"{view.step} of {view.steps}",
        "Train loss": _number(view.train_loss),
        "Held-out loss": _number(view.held_out_loss),
        "Tokens a second": f"{view.tokens_per_second:.0f}" if view.tokens_per_second else "–",
        "Elapsed &lt; remaining" if view.remaining else "Elapsed": left,
    }
    grid = "".join(f"<div class='figure'><b>{value}</b><span>{name}</span></div>" for name, value in cells.items())
    ends = f"max='{max(view.steps, 1)}' value='{view.step}'"
    done = f"<progress class='steps-done' aria-label='Steps done' {ends}></progress>"
    data = f"<p>{html.escape(view.personal_data)}</p>" if view.personal_data else ""
    return f"<div class='figures'>{grid}</div>{done}<p role='status'>{html.escape(view.reason)}</p>{data}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _frame(view: RunView | None) -> pd.DataFrame:
    """Points of the plot. LinePlot only ever draws the lines of its first frame, so each line begins with a blank."""
    blanks = [(0, float("nan"), name) for name in LINE_COLOURS]
    rows = [(step, loss, line.name) for line in (view.series if view else []) for step, loss in line.points]
    return pd.DataFrame([*blanks, *rows], columns=["step", "loss", "series"])


def _plan_text(plan: Any, limits: Limits) -> str:
    lines = [
        f"**{plan.rows:,} rows** to train on, {plan.held_out:,} held out · **{plan.tokens:,} tokens** an epoch, "
        f"{plan.trained:,} of them learned · longest row {plan.longest:,} tokens · **{plan.steps:,} steps**.",
    ]
    if limits.public and plan.steps == limits.steps:
        lines.append(f"Every run ends after {limits.steps:,} steps here; on your own machine it goes on to its end.")
    if plan.cut:
        lines.append(f"{len(plan.cut):,} rows are longer than allowed and will be cut at the end: {_rows(plan.cut)}.")
    if plan.left_out:
        lines.append(f"{len(plan.left_out):,} rows have no answer to learn and are left out: {_rows(plan.left_out)}.")
    return "\n\n".join(lines)


def _rows(numbers: list[int]) -> str:
    return "row " + ", ".join(map(str, numbers[:8])) + (" …" if len(numbers) > 8 else "")


def _picture(pieces: list[tuple[str, bool]]) -> str:
    marked = "".join(
        f"<mark title='learned'>{html.escape(text)}</mark>" if learned else f"<span>{html.escape(text)}</span>"
        for text, learned in pieces
    )
    return f"<pre class='picture'>{marked}</pre><p>Marked text is learned; the rest is only read.</p>"
