"""The Evaluate tab: make the report on a run, watch it being made, read it."""

import html
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from core.actions import Workspace
from core.actions import evaluate as actions
from core.actions.background import Background
from core.errors import LabError
from core.settings import EvaluateSettings
from ui import stopping
from ui.common import Page, duration, may_lack
from ui.evaluate import form
from ui.stopping import Stopping

NO_REPORT = "There is no report on this run yet. It takes a few minutes; you can go on working meanwhile."
NO_RUN = "There is no run to look at yet. Train one on the Train tab; it appears here when it is done."
ABOUT_ROWS = "Rows with answers, in any file that Curate reads; they are scored in place of those held out for the run."
DONE = "The report is done. It took {}."
ROWS, PROBES = "held_out_file", "probes_file"
QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


@dataclass
class _Widgets:
    """What handlers read and set."""

    run: gr.Dropdown
    told: gr.HTML
    page: gr.HTML
    page_file: gr.DownloadButton
    json_file: gr.DownloadButton

    @property
    def shown(self) -> list[Any]:
        """What a report sets."""
        return [self.told, self.page, self.page_file, self.json_file]


def build(page: Page, tab: gr.Tab) -> None:
    """Lay out the tab and wire its events."""
    with gr.Row():
        run = gr.Dropdown(
            [],
            label="Run",
            info="It is held against its base model.",
            allow_custom_value=True,
            elem_id="evaluate-run",
            scale=2,
            min_width=240,
        )
        with gr.Column(scale=2, min_width=240):
            rows = gr.File(
                label="Other held-out rows (optional)", file_count="single", height=120, elem_id="evaluate-file"
            )
            gr.Markdown(ABOUT_ROWS, container=False)
    fields, probes = form.build(page.lab.limits)
    buttons = stopping.build("Make the report")
    told = gr.HTML("", padding=False, elem_id="evaluate-told")
    shown = gr.HTML("", padding=False, elem_id="report")
    with gr.Row():
        page_file = gr.DownloadButton("Download the report (page)", size="sm", interactive=False)
        json_file = gr.DownloadButton("Download report.json", size="sm", interactive=False)
    made = _Widgets(run, told, shown, page_file, json_file)
    _connect(page, tab, made, (buttons, [rows, probes], fields))


def _connect(page: Page, tab: gr.Tab, made: _Widgets, asked: tuple[Stopping, list[gr.File], dict[str, Any]]) -> None:
    buttons, uploads, fields = asked
    lab = page.lab

    def make_report(workspace: Workspace, run: str, pressed: float | None, settings: dict[str, Any]) -> Iterator[str]:
        """Examine a run; says how far it is, and at the end how it ended. What is done is kept when it is stopped."""
        folder = Path(get_upload_folder())
        rows, probes = (actions.uploaded_file(lab.limits, settings.pop(name), folder) for name in (ROWS, PROBES))
        going = actions.begin(lab, workspace, run, settings, rows, probes, pressed)
        for _ in going.shares():
            yield _far(workspace)
        yield _ended(going)

    def show(workspace: Workspace, run: str) -> list[Any]:
        """The report on this run, under a line about it."""
        return [_standing(workspace, run), *follow(workspace, run)]

    def follow(workspace: Workspace, run: str) -> list[Any]:
        files = actions.files(workspace, run, Path(tempfile.mkdtemp(dir=lab.cache()))) if run else None
        buttons = [
            gr.DownloadButton(value=str(path) if path else None, interactive=bool(path))
            for path in files or (None, None)
        ]
        return [actions.shown(workspace, run) if run else "", *buttons]

    def look(workspace: Workspace) -> list[Any]:
        return stopping.shown(actions.progress(workspace) is not None)

    def look_on(workspace: Workspace, run: str) -> list[Any]:
        """How far a report is that another page has started, or the report once it is there."""
        if actions.progress(workspace):
            return [_far(workspace), *[gr.skip()] * 3, *look(workspace)]
        return [*show(workspace, run), *look(workspace)]

    def runs(workspace: Workspace, chosen: str | None) -> Any:
        return page.refreshed(actions.runs(workspace), chosen)

    one = [page.visitor, made.run]
    names = tuple(EvaluateSettings.model_fields)
    making = may_lack(may_lack(page.handler(make_report, (*names, ROWS, PROBES)), PROBES), ROWS)
    done = buttons.begun().then(
        making,
        [*one, buttons.asked, *fields.values(), *uploads],
        made.told,
        api_name="make_report",
        show_progress="hidden",
    )
    _connect_stop(page, made, buttons)
    done.success(page.handler(follow), one, made.shown[1:], **QUIET)
    done.failure(page.handler(show), one, made.shown, **QUIET)
    for over in (done.success, done.failure):
        over(page.handler(look), page.visitor, buttons.outputs, **QUIET)
    buttons.timer.tick(page.handler(look_on), one, [*made.shown, *buttons.outputs], **QUIET)
    page.changed(made.run)(page.handler(show), one, made.shown, **QUIET)
    opened = tab.select(page.handler(runs), one, made.run, **QUIET)
    opened.then(page.handler(look), page.visitor, buttons.outputs, **QUIET)
    _offer(page, one)


def _connect_stop(page: Page, made: _Widgets, buttons: Stopping) -> None:
    def stop_report(workspace: Workspace, pressed: float | None) -> str:
        """Stop the report that is being made."""
        return f"<p role='status'>{actions.stop(workspace, pressed)}</p>"

    pressed = [page.visitor, buttons.asked]
    buttons.button.click(page.handler(stop_report), pressed, made.told, api_name="stop_report", queue=False)


def _offer(page: Page, one: list[Any]) -> None:
    """What a script reads."""

    def read_report(workspace: Workspace, run: str) -> dict[str, Any]:
        """The report on a run as far as it is made, as report.json has it; empty if there is none."""
        return actions.as_json(workspace, run)

    found = gr.JSON(visible=False, label="Report")
    gr.Button(visible=False).click(page.handler(read_report), one, found, api_name="read_report", queue=False)


def _far(workspace: Workspace) -> str:
    """How far the report is that is being made."""
    now = actions.progress(workspace)
    if now is None:
        return ""
    bar = f"<progress class='steps-done' aria-label='Report' max='1' value='{now.share:.3f}'></progress>"
    return f"<p role='status'>{html.escape(now.run_id)}: {html.escape(now.sentence)} · {now.share:.0%}</p>{bar}"


def _ended(going: Background[Any]) -> str:
    """How it ended; what was done is kept either way."""
    try:
        report = going.result()
    except LabError as error:
        if not going.stopped:
            raise
        return f"<p role='status'>{html.escape(str(error))}</p>"
    return f"<p role='status'>{DONE.format(duration(sum(report.seconds.values())))}</p>"


def _standing(workspace: Workspace, run: str) -> str:
    if not run:
        return f"<p>{NO_RUN}</p>"
    return "" if actions.has_report(workspace, run) else f"<p>{NO_REPORT}</p>"
