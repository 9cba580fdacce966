"""What the model sees, before Start: any row in pieces, and how long the rows are, with what the maximum does."""

import html
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

import gradio as gr
import pandas as pd

from core.actions import Workspace
from core.actions.train import lengths as lengths_actions
from core.actions.train import seen as actions
from core.actions.train.lengths import SeenLengths
from core.errors import LabError
from ui.common import Page, unchecked
from ui.train.picture import CSS, row_html

NOTHING = "<p>Choose a dataset version to see its rows as the model does.</p>"
WITHIN, LONGER = "within the maximum", "longer"
COLOURS = {WITHIN: "#4f46e5", LONGER: "#d97706"}
FIGURES_CSS = "ul { margin: 8px 0 0; padding-left: 20px; } .problem { font-weight: 600; }"
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "trigger_mode": "always_last"}


def build(
    page: Page, opened: gr.events.Dependency, version: gr.Dropdown, fields: dict[str, Any]
) -> tuple[Callable[[Any], None], list[Any]]:
    """Lay out the part and connect it to the version and the fields of the settings, named as in `TrainSettings`.

    `opened` is the event after which the tab's versions are there. Returns `follow(event)`, which shows the part anew
    after an event that fills fields in, and the events after which the field `max_tokens` has another value that a
    person has not typed.
    """
    lab, names = page.lab, tuple(fields)
    with gr.Row():
        kind = gr.Dropdown(
            list(actions.WHICH),
            value=actions.EVERY,
            label="Show",
            info="Which rows the two buttons step through.",
            min_width=180,
            elem_id="seen-which",
        )
        number = gr.Textbox(
            "1", label="Row", info="Enter shows it.", max_lines=1, scale=0, min_width=110, elem_id="seen-number"
        )
    with gr.Row():
        back = gr.Button("Previous row", size="sm", min_width=100)
        forth = gr.Button("Next row", size="sm", min_width=100)
    picture = gr.HTML(NOTHING, css_template=CSS, elem_id="seen-row")
    gr.Markdown("#### Lengths of all rows")
    figures = gr.HTML("", css_template=FIGURES_CSS, elem_id="seen-figures")
    plot = gr.BarPlot(
        _frame(None),
        x="tokens",
        y="rows",
        color="part",
        color_map=COLOURS,
        title="Rows by length in tokens",
        x_title=" ",
        y_title="Rows",
        y_lim=[0, None],  # else a single bar has no height
        color_title=" ",
        x_label_angle=-60,  # so that they stay apart on a telephone
        sort=lengths_actions.bar_names(),
        height=300,
        show_label=False,
        visible=False,
        elem_id="seen-plot",
    )
    with gr.Row():
        cut_none = gr.Button("Cut none", size="sm", visible=False)
        cut_few = gr.Button("Cut 1 in 100", size="sm", visible=False)
    which = unchecked(kind)
    setup = [page.visitor, version, *fields.values()]
    one = [page.visitor, version, number, which, *fields.values()]

    def show_row(workspace: Workspace, dataset: str, number: str, which: str, settings: dict[str, Any]) -> Any:
        return _shown(lambda: actions.row(lab, workspace, dataset, settings, number, which))

    def show_next(workspace: Workspace, dataset: str, number: str, which: str, settings: dict[str, Any]) -> Any:
        return _shown(lambda: actions.row(lab, workspace, dataset, settings, number, which, 1))

    def show_previous(workspace: Workspace, dataset: str, number: str, which: str, settings: dict[str, Any]) -> Any:
        return _shown(lambda: actions.row(lab, workspace, dataset, settings, number, which, -1))

    def show_lengths(workspace: Workspace, dataset: str, settings: dict[str, Any]) -> Iterator[list[Any]]:
        if not dataset:
            yield [gr.skip()] * 4
            return
        try:
            for said in lengths_actions.measuring(lab, workspace, dataset, settings):
                yield [_line(said), *[gr.skip()] * 3]
            found = lengths_actions.lengths(lab, workspace, dataset, settings)
        except LabError as error:  # while a person is still choosing, a sentence in place says more than an alarm
            yield [_line(str(error)), *[gr.update(visible=False)] * 3]
            return
        yield [_figures(found), gr.BarPlot(_frame(found), visible=True), *_offers(found)]

    def take_none(workspace: Workspace, dataset: str, settings: dict[str, Any]) -> str:
        return str(lengths_actions.lengths(lab, workspace, dataset, settings).cuts_none)

    def take_few(workspace: Workspace, dataset: str, settings: dict[str, Any]) -> str:
        return str(lengths_actions.lengths(lab, workspace, dataset, settings).cuts_few)

    def seen_row(
        workspace: Workspace, dataset: str, number: str, which: str, settings: dict[str, Any]
    ) -> dict[str, Any]:
        """A row as the model sees it, in pieces of text; `which` is every, cut or left out."""
        return asdict(actions.row(lab, workspace, dataset, settings, number, which))

    def seen_lengths(workspace: Workspace, dataset: str, settings: dict[str, Any]) -> dict[str, Any]:
        """How long the rows to train on are in tokens, and what becomes of them at the chosen maximum."""
        return asdict(lengths_actions.lengths(lab, workspace, dataset, settings))

    row_outputs, length_outputs = [picture, number], [figures, plot, cut_none, cut_few]
    showing, telling = page.handler(show_row, names), page.handler(show_lengths, names)
    settled = [_settled(field) for field in fields.values()]

    def follow(event: Any) -> None:
        event(showing, one, row_outputs, **QUIET).then(telling, setup, length_outputs, **QUIET)

    for event in (opened.then, partial(gr.on, [version.input, *settled])):
        follow(event)
    gr.on([number.submit, which.input], showing, one, row_outputs, **QUIET)
    back.click(page.handler(show_previous, names), one, row_outputs, **QUIET)
    forth.click(page.handler(show_next, names), one, row_outputs, **QUIET)
    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    taken = [
        button.click(page.handler(take, names), setup, fields["max_tokens"], **private)
        for button, take in ((cut_none, take_none), (cut_few, take_few))
    ]
    for event in taken:
        follow(event.success)
    plain = gr.JSON(visible=False)
    gr.Button(visible=False).click(page.handler(seen_row, names), one, plain, api_name="seen_row")
    gr.Button(visible=False).click(page.handler(seen_lengths, names), setup, plain, api_name="seen_lengths")
    return follow, taken


def _settled(field: Any) -> Any:
    """The event after which a person has set the field, and is not in the middle of typing."""
    return field.blur if isinstance(field, gr.Textbox | gr.Number) else field.input


def _shown(look: Any) -> tuple[str, Any]:
    try:
        seen = look()
    except LabError as error:
        return _line(str(error)), gr.skip()
    return row_html(seen), str(seen.number)


def _line(said: str) -> str:
    return f"<p role='status'>{html.escape(said)}</p>"


def _figures(found: SeenLengths) -> str:
    about = "≈ " if found.measured < found.rows else ""
    left_out = found.beyond + found.empty + found.refused
    cells = {
        "Rows to train on": f"{found.rows:,}",
        "Tokens an epoch": f"{about}{found.tokens:,}",
        "Learned": f"{found.trained / max(1, found.tokens):.0%}",
        "Half are shorter than": f"{found.median:,}",
        "Longest row": f"{found.longest:,}",
        "Rows cut": f"{about}{found.cut:,}",
        "Rows left out": f"{about}{left_out:,}",
        "Tokens of padding": f"{about}{found.padding:,}",
    }
    grid = "".join(f"<div class='figure'><b>{value}</b><span>{name}</span></div>" for name, value in cells.items())
    problem = f"<p class='problem' role='alert'>{html.escape(found.problem)}</p>" if found.problem else ""
    said = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in found.sentences)
    return f"{problem}<div class='figures'>{grid}</div><ul>{said}</ul>"


def _frame(found: SeenLengths | None) -> pd.DataFrame:
    """Points of the plot. It only ever draws the parts of its first frame, so each begins with a blank."""
    rows = [(bar.name, count, part) for bar in (found.bars if found else []) for part, count in _parts(bar)]
    blanks = [] if rows else [(lengths_actions.bar_names()[0], 0, part) for part in COLOURS]
    return pd.DataFrame([*blanks, *rows], columns=["tokens", "rows", "part"])


def _parts(bar: Any) -> list[tuple[str, int]]:
    return [(WITHIN, bar.within), (LONGER, bar.longer)]


def _offers(found: SeenLengths) -> list[Any]:
    """The buttons that set the maximum, where another one would cut fewer rows or waste less room."""
    other = found.cuts_none not in (0, found.max_tokens)
    fewer = found.cuts_few not in (0, found.max_tokens, found.cuts_none)
    return [
        gr.Button(f"Set the maximum to {found.cuts_none:,}: cuts none", visible=other),
        gr.Button(f"Set the maximum to {found.cuts_few:,}: cuts 1 row in 100 at most", visible=fewer),
    ]
