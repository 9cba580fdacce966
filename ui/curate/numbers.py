"""The numbers of a set: what they are beside those of an earlier version, what they advise, and the map of prompts."""

import html
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import gradio as gr
import pandas as pd

from core.actions import Workspace
from core.actions.curate import numbers as actions
from core.actions.curate.numbers import SetNumbers
from ui.common import Page, unchecked
from ui.curate import prompt_map
from ui.curate.board import QUIET

NOT_COUNTED = "<p>The numbers of this version are not counted yet: press Count.</p>"
NO_ADVICE = "<p>None of these numbers calls for anything.</p>"
LIGHTS = {"green": "#16a34a", "amber": "#d97706", "red": "#dc2626", "grey": "#64748b"}
LEVELS = {"alarm": ("Look at this", LIGHTS["red"]), "note": ("Good to know", LIGHTS["grey"])}
FIRST_LENGTH = "Prompt, characters"
CSS = """
.advice { display: grid; gap: 8px; margin: 0; padding: 0; list-style: none; }
.advice li { border-left: 4px solid; padding: 2px 0 2px 10px; margin: 0; }
.advice span, .was { color: var(--body-text-color-subdued); }
table { border-collapse: collapse; width: 100%; margin: 0; border: 0; }
tr { border: 0; border-top: 1px solid var(--border-color-primary); }
tr:first-child { border: 0; }
th, td { padding: 3px 6px 3px 0; border: 0; text-align: right; vertical-align: top; font-weight: normal; }
th:first-child, td:first-child { text-align: left; overflow-wrap: anywhere; }
.shares { columns: 330px; column-gap: 24px; }
.shares section { break-inside: avoid; margin-bottom: 14px; }
.shares h4 { margin: 0 0 2px; }
.shares td:first-child { width: 100%; }
.shares td:last-child { white-space: nowrap; }
.bar { height: 4px; border-radius: 2px; background: var(--color-accent); }
"""


def build(page: Page, version: gr.Dropdown, tab: gr.Tab) -> None:
    """Lay out the part and connect it; it shows the numbers of `version` when the tab is opened."""
    with gr.Row(equal_height=True):
        earlier = gr.Radio(list(actions.AGAINST), value=actions.BEFORE, label="Beside the numbers of", min_width=260)
        against = unchecked(earlier)
        count = gr.Button("Count", variant="primary", scale=0, min_width=130)
    figures = gr.HTML(NOT_COUNTED, css_template=CSS, elem_id="set-figures")
    gr.Markdown("#### Advice")
    advice = gr.HTML("", css_template=CSS, elem_id="set-advice")
    gr.Markdown("#### Lengths")
    lengths = gr.HTML("", css_template=CSS)
    with gr.Row(equal_height=True):
        tokens = gr.Markdown(actions.NO_TOKENS, elem_id="set-tokens", label="Tokens")
        count_tokens = gr.Button("Count tokens", size="sm", scale=0, min_width=130)
    length = gr.Dropdown([FIRST_LENGTH], value=FIRST_LENGTH, label="Rows by length", allow_custom_value=True)
    with gr.Row():
        now, before = _bars("Now"), _bars("Before")
    gr.Markdown("#### Shares")
    shares = gr.HTML("", css_template=CSS)
    gr.Markdown("#### Map of the prompts")
    prompt_map.build(page, version, tab)

    outputs = [figures, advice, lengths, tokens, length, now, before, shares]
    inputs = [page.visitor, version, against, length]

    def show(workspace: Workspace, version: str, against: str, length: str) -> list[Any]:
        if not version:
            return [gr.skip()] * len(outputs)
        return _shown(actions.set_numbers(workspace, version, against), length)

    def show_known(workspace: Workspace, version: str, against: str, length: str) -> list[Any]:
        if not version or not actions.numbers_are_known(workspace, version, against):
            return [NOT_COUNTED, "", "", actions.NO_TOKENS, gr.skip(), *[gr.BarPlot(visible=False)] * 2, ""]
        return show(workspace, version, against, length)

    def counting(workspace: Workspace, version: str, against: str = actions.BEFORE) -> Iterator[str]:
        """Count tokens with the starter model's tokenizer, of a version and the one before; says how far it is."""
        yield from actions.counting_tokens(page.lab, workspace, version, against)
        yield actions.set_numbers(workspace, version, against).tokens

    def set_numbers(workspace: Workspace, version: str, against: str = actions.BEFORE) -> dict[str, Any]:
        """The numbers of a version beside those of an earlier one; `against` is before, first or nothing."""
        return asdict(actions.set_numbers(workspace, version, against))

    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "minimal", "show_progress_on": figures}
    gr.on([tab.select, count.click, against.input], page.handler(show), inputs, outputs, **private)
    gr.on([page.changed(version, tab), length.input], page.handler(show_known), inputs, outputs, **QUIET)
    counted = count_tokens.click(
        page.handler(counting),
        [page.visitor, version, against],
        tokens,
        api_name="count_tokens",
        show_progress="hidden",
    )
    counted.success(page.handler(show), inputs, outputs, **QUIET)
    plain = gr.JSON(visible=False)
    gr.Button(visible=False).click(
        page.handler(set_numbers), [page.visitor, version, against], plain, api_name="set_numbers"
    )


def _bars(title: str) -> gr.BarPlot:
    return gr.BarPlot(
        x="length",
        y="rows",
        title=title,
        x_title=" ",
        y_title="Rows",
        y_lim=[0, None],  # else a single bar has no height
        x_label_angle=-40,
        sort=actions.bar_names(),
        height=260,
        min_width=280,
        visible=False,
        show_label=False,
    )


def _shown(found: SetNumbers, length: str) -> list[Any]:
    title = length if length in found.bars else next(iter(found.bars))
    parts = found.bars[title]
    now = pd.DataFrame([(part.name, part.now) for part in parts], columns=["length", "rows"])
    before = pd.DataFrame([(part.name, part.before) for part in parts], columns=["length", "rows"])
    known = bool(parts) and parts[0].before is not None
    return [
        _figures(found),
        _advice(found),
        _lengths(found),
        found.tokens,
        gr.Dropdown(choices=list(found.bars), value=title),
        gr.BarPlot(now, visible=bool(parts)),
        gr.BarPlot(before if known else None, visible=known),
        _shares(found),
    ]


def _figures(found: SetNumbers) -> str:
    cells = "".join(
        f"<div class='figure'><b>{_changed(figure.now, figure.before)}</b>{html.escape(figure.title)}</div>"
        for figure in found.figures
    )
    beside = f"Beside the numbers of {html.escape(found.before)}." if found.before else "There is no earlier version."
    return f"<div class='figures'>{cells}</div><p class='was'>{beside}</p>"


def _advice(found: SetNumbers) -> str:
    """The light, and a line for each advice; the word before it says what the colour says."""
    numbers = "".join(
        f"<br>{html.escape(figure.title)}: {_changed(figure.now, figure.before)} "
        f"<span>({html.escape(figure.about)})</span>"
        for figure in found.diversity
    )
    lines = [_line(LIGHTS[found.light], f"Variety: {found.verdict}", numbers)]
    for one in found.advice:
        title, colour = LEVELS[one.level]
        text = f"{html.escape(one.finding)} <span>{html.escape(one.reason)}</span> {html.escape(one.todo)}"
        lines.append(_line(colour, title, text))
    return f"<ul class='advice'>{''.join(lines)}</ul>" + ("" if found.advice else NO_ADVICE)


def _line(colour: str, title: str, text: str) -> str:
    return f"<li style='border-color: {colour}'><b>{html.escape(title)}.</b> {text}</li>"


def _lengths(found: SetNumbers) -> str:
    heads = "".join(
        f"<th scope='col'>{html.escape(figure.title)}</th>" for figure in next(iter(found.lengths.values()))
    )
    rows = "".join(
        f"<tr><th scope='row'>{html.escape(title)}</th>"
        + "".join(f"<td>{_changed(figure.now, figure.before)}</td>" for figure in figures)
        + "</tr>"
        for title, figures in found.lengths.items()
    )
    return f"<table><tr><th scope='col'>Length</th>{heads}</tr>{rows}</table>"


def _shares(found: SetNumbers) -> str:
    return "<div class='shares'>" + "".join(_share(title, parts) for title, parts in found.shares.items()) + "</div>"


def _share(title: str, parts: list[Any]) -> str:
    """A table with a bar for each value; that of all others would only dwarf them."""
    most = max((part.now for part in parts if part.name != actions.OTHERS), default=0) or 1
    rows = "".join(
        f"<tr><td>{html.escape(part.name)}{'' if part.name == actions.OTHERS else _bar(part.now / most)}</td>"
        f"<td>{_changed(f'{part.now:,}', '' if part.before is None else f'{part.before:,}')}</td></tr>"
        for part in parts
    )
    return f"<section><h4>{html.escape(title)}</h4><table>{rows}</table></section>"


def _bar(share: float) -> str:
    return f"<div class='bar' style='width: {100 * share:.0f}%'></div>"


def _changed(now: str, before: str) -> str:
    """A number, with what it was where that is known and another one."""
    return now if before in ("", now) else f"<span class='was'>{before} →</span> {now}"
