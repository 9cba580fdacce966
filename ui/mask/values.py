"""The list of values that were found: a page of it as a table that fits its width, with the one that is read marked."""

import html
from dataclasses import dataclass
from typing import Any

import gradio as gr

from core.actions.mask.reading import GROUP_HEADERS, Groups

# On a narrow page the value, its kind, its rows and what was decided are left; the rest is for wide ones.
ONLY_WIDE = {"No.", "Places", "Doubt"}
WIDTHS = ("6%", "40%", "22%", "8%", "7%", "8%", "9%")
NARROW_WIDTHS = ("", "38%", "26%", "", "13%", "", "23%")
STYLE = (
    "<style>"
    "[data-list] { position: relative; max-height: 420px; overflow: auto; border-radius: 6px;"
    " border: 1px solid var(--border-color-primary); }"
    "[data-list]:focus-visible { outline: 2px solid var(--color-accent); }"
    "#review-values table { width: 100%; margin: 0; table-layout: fixed; border-collapse: collapse;"
    " font-size: 14px; }"
    "#review-values :is(table, thead, tbody, tr) { border: 0 !important; }"
    "#review-values th { position: sticky; top: 0; background: var(--block-background-fill); text-align: left;"
    " overflow-wrap: normal !important; }"
    "#review-values th, #review-values td { padding: 6px 8px; overflow-wrap: anywhere; vertical-align: top;"
    " border: 0; border-bottom: 1px solid var(--border-color-primary); }"
    "#review-values td:nth-child(2) { white-space: pre-wrap; font-family: var(--font-mono); font-size: 13px; }"
    "#review-values tbody tr { cursor: pointer; }"
    "#review-values tr.chosen td { background: var(--background-fill-secondary);"
    " border-bottom-color: var(--color-accent); }"
    "#review-values tr.chosen td:nth-child(2) { box-shadow: inset 4px 0 0 var(--color-accent); }"
    "@media (max-width: 640px) {"
    " #review-values .wide { display: none; }"
    " #review-values table { font-size: 13px; }"
    " #review-values th, #review-values td { padding: 6px 4px; }"
    " #review-values td:nth-child(2) { padding-left: 8px; } }"
    + "".join(f"#review-values th:nth-child({n}) {{ width: {width}; }}" for n, width in enumerate(WIDTHS, 1))
    + "@media (max-width: 640px) {"
    + "".join(
        f"#review-values th:nth-child({n}) {{ width: {width}; }}" for n, width in enumerate(NARROW_WIDTHS, 1) if width
    )
    + "}</style>"
)
# A click says which value. The element outlives what is shown in it, so it keeps the keys and its place; a value that
# is read is scrolled to.
LIST_JS = """
element.dataset.list = '';
element.tabIndex = 0;
element.setAttribute('role', 'region');
element.setAttribute('aria-label', 'Values found');
element.addEventListener('click', (event) => {
  const line = event.target.closest('tr[data-key]');
  if (!line || !window.getSelection().isCollapsed) return;
  element.querySelectorAll('tr.chosen').forEach((other) => other.classList.remove('chosen'));
  line.classList.add('chosen');
  trigger('click', {key: line.dataset.key});
});
new MutationObserver(() => {
  const line = element.querySelector('tr.chosen');
  if (!line) return;
  const above = line.offsetTop - element.querySelector('thead').offsetHeight;
  const below = line.offsetTop + line.offsetHeight - element.clientHeight;
  if (element.scrollTop > above) element.scrollTop = above;
  else if (element.scrollTop < below) element.scrollTop = below;
}).observe(element, {childList: true, subtree: true, attributes: true, attributeFilter: ['class']});
"""


@dataclass
class ValueList:
    """The list, its page number and buttons; `info` says where in it the page is."""

    lines: gr.HTML
    number: gr.Number
    info: gr.Markdown
    previous: gr.Button
    next: gr.Button

    @property
    def outputs(self) -> list[Any]:
        """What showing a page sets."""
        return [self.lines, self.number, self.info]

    def shown(self, found: Groups, chosen: str) -> list[Any]:
        """A page as values of `outputs`; `chosen` is the key of the value that is read."""
        page = found.table
        what = "value" if page.total == 1 else "values"
        place = f"Page {page.page:,} of {page.pages:,} · {page.total:,} {what}"
        return [values_html(found, chosen), page.page, place]

    def empty(self) -> list[Any]:
        """Nothing as values of `outputs`."""
        return ["", 1, ""]


def build() -> ValueList:
    """Lay out the list."""
    lines = gr.HTML("", js_on_load=LIST_JS, elem_id="review-values")
    with gr.Row():
        before = gr.Button("Previous", size="sm", min_width=90)
        number = gr.Number(1, label="Page", min_width=90)
        after = gr.Button("Next", size="sm", min_width=90)
    return ValueList(lines, number, gr.Markdown("", label="Place in the list of values"), before, after)


def values_html(found: Groups, chosen: str) -> str:
    """A page of values as a table; a click on a line reads its value."""
    wide = [' class="wide"' if header in ONLY_WIDE else "" for header in GROUP_HEADERS]
    head = "".join(f"<th{one}>{header}</th>" for one, header in zip(wide, GROUP_HEADERS, strict=True))
    lines = "".join(_line(row, key, wide, key == chosen) for row, key in zip(found.table.rows, found.keys, strict=True))
    return f"{STYLE}<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def _line(row: list[str], key: str, wide: list[str], is_chosen: bool) -> str:
    cells = "".join(f"<td{one}>{html.escape(cell)}</td>" for one, cell in zip(wide, row, strict=True))
    about = ' class="chosen" aria-current="true"' if is_chosen else ""
    return f'<tr data-key="{html.escape(key)}"{about}>{cells}</tr>'
