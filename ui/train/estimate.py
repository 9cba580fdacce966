"""What the run will take, beside the settings: minutes, memory and its parts, and buttons where it is too much."""

import html
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions import train as actions
from core.actions.train import RunEstimate
from core.actions.train.estimate import Estimate, Mend
from core.errors import LabError
from core.words import counted
from ui.common import Page, duration
from ui.train.form import written

MOST_MENDS = 7
GIGABYTE = 1e9
PARTS = {
    "program": ("Program", "Python, PyTorch and this page or the run's own process.", "#94a3b8"),
    "weights": ("Weights", "The base model, as it is kept in memory.", "#4f46e5"),
    "trained": ("What is trained", "The adapter, or with full tuning every weight.", "#0d9488"),
    "optimizer": ("Optimizer", "Its memory of past steps: two numbers for each trained weight.", "#7c3aed"),
    "step": ("One step", "Activations and gradients of the largest step, or what an evaluation needs.", "#d97706"),
    "waste": (
        "Between",
        "Memory between blocks in use, and code for each length: not given back at once.",
        "#cbd5e1",
    ),
}
CSS = """
.told { margin: 0 0 6px; } .told.alarm { border-left: 4px solid #b91c1c; padding-left: 10px; }
.memory { display: flex; height: 10px; border-radius: 5px; overflow: hidden; background: var(--border-color-primary); }
.memory span { min-width: 1px; } ul { margin: 8px 0 0; padding-left: 20px; }
"""
TABLE_CSS = """
table { width: 100%; border-collapse: collapse; font-size: .9em; } td, th { padding: 4px 8px 4px 0; text-align: left; }
td.size, th.size { text-align: right; white-space: nowrap; }
i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 6px; }
"""
Follow = Callable[..., gr.events.Dependency]


def build(page: Page, version: gr.Dropdown, fields: dict[str, Any]) -> tuple[Follow, list[gr.events.Dependency]]:
    """Lay out the part. Returns `follow(event, api_name=None)`, which estimates after an event and returns that one,
    and the clicks after which fields hold other values.
    """
    lab, names = page.lab, tuple(fields)
    told = gr.HTML("", css_template=CSS, elem_id="estimate")
    kept = gr.State([])
    buttons = [gr.Button("", size="sm", visible=False, elem_id=f"mend-{place}") for place in range(MOST_MENDS)]
    with gr.Accordion("What the memory is needed for", open=False):
        table = gr.HTML("", css_template=TABLE_CSS, elem_id="estimate-parts")
    setup = [page.visitor, version, *fields.values()]

    def show_estimate(workspace: Workspace, dataset: str, settings: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
        if not dataset:
            yield "", "", []
            return
        try:
            first = actions.estimate(lab, workspace, dataset, settings, measure=False)
            measuring = first.estimate.seconds is None and first.estimate.fits
            yield _told(first, measuring), _table(first.estimate), _changes(first)
            if measuring:
                found = actions.estimate(lab, workspace, dataset, settings)
                yield _told(found), _table(found.estimate), _changes(found)
        except LabError as error:  # the plan says what is wrong with a setting; here only what cannot be estimated
            yield f"<p class='told'>{html.escape(str(error), quote=False)}</p>", "", []

    def mend(place: int) -> Callable[..., Any]:
        def take(changes: list[tuple[str, dict[str, Any]]]) -> list[Any]:
            changed = changes[place][1] if place < len(changes) else {}
            return [_value(field, changed[name]) if name in changed else gr.skip() for name, field in fields.items()]

        return take

    def show_buttons(changes: list[tuple[str, dict[str, Any]]]) -> list[Any]:
        labels = [label for label, _ in changes[:MOST_MENDS]]
        return [gr.Button(label, visible=bool(label)) for label in (labels + [""] * MOST_MENDS)[:MOST_MENDS]]

    handler = page.handler(show_estimate, names)

    def follow(event: Callable[..., Any], api_name: str | None = None) -> gr.events.Dependency:
        quiet: dict[str, Any] = {"show_progress": "hidden"}
        shown: dict[str, Any] = {"api_name": api_name} if api_name else {"api_visibility": "private"}
        found = event(handler, setup, [told, table, kept], trigger_mode="always_last", **quiet, **shown)
        after: gr.events.Dependency = found.then(show_buttons, kept, buttons, api_visibility="private", **quiet)
        return after

    quick: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
    clicks = [button.click(mend(at), kept, list(fields.values()), **quick) for at, button in enumerate(buttons)]
    return follow, clicks


def _told(found: RunEstimate, measuring: bool = False) -> str:
    estimate = found.estimate
    if not estimate.fits:
        said = (
            f"<p class='told alarm' role='alert'>⚠ This would not fit: it needs <b>{_gigabytes(estimate.peak)}</b> of "
            f"memory and <b>{_gigabytes(estimate.room)}</b> are {_free(estimate)}, of which "
            f"{_gigabytes(estimate.margin)} are better left to the system.</p>"
        )
        return said + _bar(estimate) + _mends(found.mends)
    if estimate.seconds is not None:
        minutes = f"About <b>{duration(estimate.seconds)}</b> {found.turn}".rstrip()
    else:
        minutes = "Measuring a few steps …" if measuring else html.escape(estimate.untimed)
    size = f"{_gigabytes(estimate.peak)} of {_gigabytes(estimate.room)} {_free(estimate)}"
    said = f"<p class='told'>{html.escape(estimate.said)}</p>" if estimate.said else ""
    return f"<p class='told'>{minutes} · peak <b>{size}</b></p>{said}{_bar(estimate)}"


def _free(estimate: Estimate) -> str:
    return "free when the run that goes on has ended" if estimate.beside else "free"


def _bar(estimate: Estimate) -> str:
    whole = max(estimate.room, estimate.peak, 1)
    pieces = "".join(
        f"<span style='width: {100 * size / whole:.2f}%; background: {PARTS[name][2]}' "
        f"title='{PARTS[name][0]}: {_gigabytes(size)}'></span>"
        for name, size in estimate.parts.items()
        if size
    )
    said = f"Peak {_gigabytes(estimate.peak)} of {_gigabytes(estimate.room)}"
    return f"<div class='memory' role='img' aria-label='{said}'>{pieces}</div>"


def _mends(mends: list[Mend]) -> str:
    if not mends:
        return "<p>No change of these settings helps: choose a smaller model, or close other programs.</p>"
    lines = "".join(f"<li>{html.escape(_label(mend))}. {html.escape(mend.cost)}</li>" for mend in mends[:MOST_MENDS])
    enough = "" if any(mend.estimate.fits for mend in mends) else "<p>None of these is enough on its own.</p>"
    return f"<ul>{lines}</ul>{enough}"


def _label(mend: Mend) -> str:
    minutes = f", about {duration(mend.estimate.seconds)}" if mend.estimate.seconds is not None else ""
    fits = ", fits" if mend.estimate.fits else ""
    return f"{mend.title}: peak {_gigabytes(mend.estimate.peak)}{fits}{minutes}"


def _changes(found: RunEstimate) -> list[tuple[str, dict[str, Any]]]:
    """For each button its label and the settings it changes."""
    return [(mend.title, mend.changes) for mend in found.mends]


def _table(estimate: Estimate) -> str:
    rows = "".join(
        f"<tr><td><i style='background: {colour}'></i>{title}</td><td>{why}</td>"
        f"<td class='size'>{_gigabytes(estimate.parts[name])}</td></tr>"
        for name, (title, why, colour) in PARTS.items()
    )
    head = "<tr><th>Part</th><th>What it is</th><th class='size'>Memory</th></tr>"
    steps = counted(estimate.steps, "step")
    return f"<table>{head}{rows}</table><p>{steps}.</p>"


def _gigabytes(size: float) -> str:
    """Bytes as a person says them: `0.4 GB`, `24 GB`."""
    gigabytes = size / GIGABYTE
    return f"{gigabytes:.1f} GB" if gigabytes < 10 else f"{gigabytes:.0f} GB"


def _value(field: Any, value: Any) -> Any:
    """A setting as its field shows it."""
    return written(value) if isinstance(field, gr.Textbox) and not isinstance(value, str) else value
