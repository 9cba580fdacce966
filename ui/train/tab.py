"""The Train tab: settings, what the run will take, Start and Stop, and the run as it goes."""

import html
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions import train as actions
from core.actions.train import Standing
from core.errors import LabError
from core.settings import Limits
from core.words import counted
from ui.common import Page
from ui.train import estimate, form, seen, watch
from ui.train import runs as runs_beside

RECORDED = "The run records that you chose it, and its adapter's card says so."
ALL_THE_SAME = "train_all_the_same"
SHOW_RUN = "() => document.getElementById('train-run').scrollIntoView({block: 'start'})"
REST = "() => ({__type__: 'update', active: false})"


def build(page: Page, tab: gr.Tab) -> None:
    """Lay out the tab and wire its events. It asks for nothing before it is opened, nor while another is shown."""
    lab = page.lab

    def versions(workspace: Workspace, chosen: str | None) -> Any:
        return page.refreshed(actions.versions(workspace), chosen)

    with gr.Row():
        with gr.Column(scale=1, min_width=320):
            version = gr.Dropdown(
                [],
                label="Dataset version",
                info="The rows to learn from, as a version was saved on the Curate or Mask tab.",
                allow_custom_value=True,
                elem_id="train-version",
            )
            opened = tab.select(
                page.handler(versions), [page.visitor, version], version, api_visibility="private", queue=False
            )
            fields, tell, preset = form.build(page)
            data = gr.HTML("", elem_id="train-personal-data")
            all_the_same = gr.Checkbox(
                False, label=actions.ALL_THE_SAME, info=RECORDED, visible=False, elem_id="train-all-the-same"
            )
            start = gr.Button("Start training", variant="primary")
            plan_text = gr.Markdown("Choose a dataset version to see what a run will take.", elem_id="plan")
            follow, mended = estimate.build(page, version, fields)
            kind, queue_sweep = runs_beside.build_sweep(page)
            recipe_place = gr.Column()
        with gr.Column(scale=2, min_width=320):
            run = gr.Dropdown(
                [],
                label="Run",
                info="Which training is shown here; the buttons below act on it.",
                allow_custom_value=True,
                elem_id="train-run",
            )
            with gr.Row():
                pause = gr.Button("Pause", size="sm", min_width=80, interactive=False)
                resume = gr.Button("Resume", size="sm", min_width=80, interactive=False)
                stop = gr.Button("Stop", size="sm", min_width=80, interactive=False, elem_id="train-stop")
            watched = watch.build()
            with gr.Accordion("What the model sees", open=False):
                look, bounded = seen.build(page, opened, version, fields)
            offer_runs = runs_beside.build(page, run)
    with recipe_place:
        filled = form.build_recipe(page, fields, run)
    timer = gr.Timer(1.0, active=False)

    names = tuple(fields)
    setup = [page.visitor, version, *fields.values()]
    shown = [*watched, start, pause, resume, stop, timer]

    def show_plan(workspace: Workspace, dataset: str, settings: dict[str, Any]) -> str:
        try:
            plan = actions.plan(lab, workspace, dataset, settings)
        except LabError as error:  # while a person is still choosing, a sentence in place says more than an alarm
            return html.escape(str(error), quote=False)
        return _plan_text(plan, lab.limits)

    def show_personal_data(workspace: Workspace, dataset: str) -> tuple[str, Any]:
        found = actions.personal_data(workspace, dataset)
        return _said(found), gr.Checkbox(value=False, visible=bool(found and found.needs_consent))

    def start_run(workspace: Workspace, dataset: str, settings: dict[str, Any]) -> str:
        return actions.start(lab, workspace, dataset, settings, settings.pop(ALL_THE_SAME))

    def start_sweep(workspace: Workspace, dataset: str, settings: dict[str, Any]) -> tuple[str, list[str]]:
        kind, consent = settings.pop("sweep"), settings.pop(ALL_THE_SAME)
        found = actions.start_sweep(lab, workspace, dataset, settings, kind, consent)
        gr.Info(actions.sweep_said(lab, settings, kind, len(found)))
        return found[0], found

    def stop_run(workspace: Workspace, run: str) -> None:
        actions.stop(lab, workspace, run)

    def pause_run(workspace: Workspace, run: str) -> None:
        actions.pause(lab, workspace, run)

    def resume_run(workspace: Workspace, run: str) -> None:
        actions.resume(lab, workspace, run)

    def show_run(workspace: Workspace, run: str | None) -> list[Any]:
        view = actions.view(workspace, run)
        return [*show_view(view), gr.Timer(active=view is not None and view.active)]

    def follow_run(workspace: Workspace, run: str | None) -> list[Any]:
        view = actions.view(workspace, run)
        # Never wakes the timer: the tab may have been left since it was asked.
        return [*show_view(view), gr.skip() if view is not None and view.active else gr.Timer(active=False)]

    def show_view(view: actions.RunView | None) -> list[Any]:
        active, can_stop = view is not None and view.active, view is not None and view.can_stop
        return [
            *watch.shown(view),
            gr.Button(interactive=view is None or not view.active or not lab.limits.public),
            gr.Button(interactive=active),
            gr.Button(interactive=view is not None and view.can_resume),
            gr.Button(interactive=can_stop, variant="stop" if can_stop else "secondary"),
        ]

    def runs(workspace: Workspace, chosen: str | None) -> Any:
        return page.refreshed(actions.runs(workspace), chosen)

    def run_status(workspace: Workspace, run: str) -> dict[str, Any]:
        view = actions.view(workspace, run)
        return asdict(view) if view else {}

    settled = form.settling(fields)
    planning = page.handler(show_plan, names)
    last: dict[str, Any] = {"trigger_mode": "always_last"}
    planned = gr.on(
        [version.input, *settled], planning, setup, plan_text, api_name="plan", show_progress="hidden", **last
    )
    follow(planned.then, "estimate")
    filling = [preset.success, filled.success, *(each.then for each in mended)]
    for event in (opened.then, *filling, *(each.then for each in bounded)):
        hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", **last}
        follow(event(planning, setup, plan_text, **hidden).then)
    for event in (opened.then, *filling):
        tell(event)
    for event in filling:
        look(event)
    one = [page.visitor, run]
    quiet: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    starting = page.handler(start_run, (*names, ALL_THE_SAME))
    started = start.click(starting, [*setup, all_the_same], run, api_name="start_training")
    sweeping = page.handler(start_sweep, (*names, ALL_THE_SAME, "sweep"))
    queued = gr.JSON(visible=False)
    swept = queue_sweep.click(sweeping, [*setup, all_the_same, kind], [run, queued], api_name="start_sweep")
    # As often as the tab is opened, too: what is open may have been masked in between.
    looking, chosen, about = page.handler(show_personal_data), [page.visitor, version], [data, all_the_same]
    for event in (version.input, opened.then, started.failure):
        event(looking, chosen, about, show_progress="hidden", api_visibility="private")
    for button, ending, name in (
        (stop, stop_run, "stop_training"),
        (pause, pause_run, "pause_training"),
        (resume, resume_run, "resume_training"),
    ):
        asked = button.click(page.handler(ending), one, None, api_name=name, queue=False)
        asked.then(page.handler(show_run), one, shown, **quiet)
    listed = [event(page.handler(runs), one, run, **quiet) for event in (tab.select, started.success, swept.success)]
    for event in (*(each.then for each in listed), run.input):
        event(page.handler(show_run), one, shown, **quiet)
        offer_runs(event)
    for each in (started, swept):  # the run may stand far from the button, on a narrow page
        each.success(None, None, None, js=SHOW_RUN)
    timer.tick(page.handler(follow_run), one, shown, **quiet)
    tab.parent.change(None, None, timer, js=REST)  # until the tab is opened again
    status = gr.JSON(visible=False)
    gr.Button(visible=False).click(page.handler(run_status), one, status, api_name="run_status", queue=False)


def _said(found: Standing | None) -> str:
    """Where the version stands, as an alarm if personal data is known to be in it."""
    if found is None:
        return ""
    alarm = " role='alert'" if found.needs_consent else ""
    return f"<p{alarm}>{'⚠ ' if alarm else ''}{html.escape(found.sentence)}</p>"


def _plan_text(plan: Any, limits: Limits) -> str:
    about, measured = _about(plan), ""
    if plan.measured < plan.held_out:
        measured = f" ({plan.measured:,} of them are measured, always the same)"
    lines = [
        f"**{about}{plan.rows:,} rows** to train on, {plan.held_out:,} held out{measured} · "
        f"**{about}{plan.tokens:,} tokens** an epoch, {about}{plan.trained:,} of them learned · "
        f"longest row {plan.longest:,} tokens · **{about}{plan.steps:,} steps**.",
    ]
    if limits.public and plan.steps == limits.steps:
        lines.append(f"Every run ends after {limits.steps:,} steps here; on your own machine it goes on to its end.")
    if plan.cut:
        cut = _counted(plan, len(plan.cut))
        lines.append(f"{cut} longer than allowed and will be cut at the end: {_rows(plan.cut)}.")
    lines += [*_left_out(plan), *plan.notes]
    return "\n\n".join(html.escape(line, quote=False) for line in lines)


def _left_out(plan: Any) -> Iterator[str]:
    """A line for each reason for which rows are not trained on, with what to do about it."""
    reasons = (
        (plan.beyond, "the answer begins behind the cut", "Raise “Longest row (tokens)” to learn from more rows."),
        (plan.empty, "there is no good answer to learn", "If there should be, see on the Curate tab how it was read."),
        (plan.refused, "the model's chat template takes no such rows", next(iter(plan.refused.values()), "")),
    )
    for rows, why, what_to_do in reasons:
        if rows:
            yield f"{_counted(plan, len(rows))} left out, because {why}: {_rows([*rows])}. {what_to_do}"


def _about(plan: Any) -> str:
    """Before a figure that is told by some of the rows only."""
    return "≈ " if plan.scale > 1 else ""


def _counted(plan: Any, rows: int) -> str:
    """So many of the rows that were read, as a count of all rows."""
    return _about(plan) + counted(round(rows * plan.scale), "row is", "rows are")


def _rows(numbers: list[int]) -> str:
    return "row " + ", ".join(map(str, numbers[:8])) + (" …" if len(numbers) > 8 else "")
