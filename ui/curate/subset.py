"""Select: fewer rows to train on, chosen by a method, with a random control; and IFD scores by the starter model."""

from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions.curate import ifd
from core.actions.curate import subset as actions
from ui.common import Page, duration, unchecked

ABOUT = (
    "Fewer rows can teach as well as many, or better. Held-out rows stay, so that both are measured on the same. "
    "Train on the chosen rows and on the random control, and keep what is really better."
)
ABOUT_IFD = (
    "IFD says how much a prompt helps the starter model to guess its answer: near 0 the answer nearly follows from the "
    "prompt, at 1 or more the prompt does not help and may belong to another answer. Scoring goes on when this page is "
    "closed, waits for trainings, and can be stopped and resumed."
)
NOT_SCORED = "No row of this version has been scored yet."
SECONDS = 2.0
QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


def build(page: Page, version: gr.Dropdown, tab: gr.Tab) -> None:
    """Lay out the part and connect it."""
    gr.Markdown(ABOUT)
    names = ("method", "rows", "seed")
    about = actions.field("method")
    method = unchecked(gr.Radio(actions.methods(), value=about["value"], label=about["label"]))
    with gr.Row(equal_height=True):
        rows, seed = (_number(actions.field(name)) for name in names[1:])
        control = gr.Checkbox(True, label="Also make a random control of equal size", min_width=200)
    select = gr.Button("Select rows", variant="primary")
    said = gr.Textbox(label="What was selected", interactive=False, lines=1, max_lines=6)

    def select_rows(workspace: Workspace, version: str, control: bool, settings: dict[str, Any]) -> tuple[str, str]:
        """Save a version with fewer rows to train on, and a random control; returns its id and what was chosen."""
        done = actions.select_rows(workspace, version, settings, control)
        return done.version_id, done.sentence

    inputs = [page.visitor, version, control, method, rows, seed]
    select.click(page.handler(select_rows, names), inputs, [version, said], api_name="select_rows")
    _build_scoring(page, version, tab)


def _build_scoring(page: Page, version: gr.Dropdown, tab: gr.Tab) -> None:
    lab, names = page.lab, ("rows", "seed")
    gr.Markdown(f"### Scores for “highest IFD”\n{ABOUT_IFD}")
    with gr.Row(equal_height=True):
        rows, seed = (_number(ifd.field(name)) for name in names)
        with gr.Column(min_width=160):
            score = gr.Button("Score rows")
            stop = gr.Button("Stop", variant="stop", interactive=False)
    state = gr.Textbox(NOT_SCORED, label="IFD scores", interactive=False, lines=1, max_lines=4)
    timer = gr.Timer(SECONDS, active=False)
    shown = [state, score, stop, timer]

    def score_ifd(workspace: Workspace, version: str, settings: dict[str, Any]) -> str:
        """Begin to score rows, or go on where it was stopped; returns how far it is."""
        return _sentence(ifd.score_ifd(lab, workspace, version, settings))

    def stop_ifd(workspace: Workspace, version: str) -> str:
        """Ask the scoring to end after its current row; returns how far it is."""
        return _sentence(ifd.stop_ifd(lab, workspace, version))

    def show(workspace: Workspace, version: str) -> list[Any]:
        return _shown(ifd.scoring(workspace, version) if version else None)

    own = [page.visitor, version]
    started = score.click(page.handler(score_ifd, names), [*own, rows, seed], state, api_name="score_ifd")
    stopped = stop.click(page.handler(stop_ifd), own, state, api_name="stop_ifd", queue=False)
    gr.on([timer.tick, tab.select, page.changed(version, tab)], page.handler(show), own, shown, **QUIET)
    for event in (started, stopped):
        event.success(page.handler(show), own, shown, **QUIET)


def _shown(found: ifd.Scoring | None) -> list[Any]:
    active = found is not None and found.active
    text = _sentence(found) if found else NOT_SCORED
    return [text, gr.Button(interactive=not active), gr.Button(interactive=active), gr.Timer(active=active)]


def _sentence(found: ifd.Scoring) -> str:
    """How far it is, and what the scores say."""
    if not found.state:
        return found.summary or NOT_SCORED
    words = {"queued": "Waiting", "running": "Scoring"}
    head = words.get(found.state, found.state.capitalize())
    head += f": {found.done:,} of {found.rows:,} rows." if found.rows else "."
    left = f"About {duration(found.remaining)} left." if found.remaining is not None else ""
    return " ".join(filter(None, (head, left, found.reason, found.summary)))


def _number(about: dict[str, Any]) -> gr.Number:
    """A field without its bounds: core says in a sentence when they are broken."""
    return gr.Number(about["value"], label=about["label"], info=about["info"], min_width=160)
