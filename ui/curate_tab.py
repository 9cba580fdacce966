"""The Curate tab: a file or sample becomes a dataset; problems are left out; the rest is split."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from core.actions import Workspace, curate
from core.actions.samples import samples
from core.actions.tables import TablePage
from ui.common import Page, unchecked

MOST_FIELDS = 3
ROW_WIDTHS = ["65px", "290px", "290px", "140px", "85px"]
PROBLEM_WIDTHS = ["65px", "135px", "280px", "105px", "285px"]
ALL_CHECKS = "all checks"
NOTHING_YET = "Choose a sample or drop a file to begin."


@dataclass
class _Table:
    """A read-only table with its page buttons; `info` says where in it the page is."""

    frame: gr.Dataframe
    number: gr.Number
    info: gr.Markdown
    previous: gr.Button
    next: gr.Button

    @property
    def outputs(self) -> list[Any]:
        """What showing a page sets."""
        return [self.frame, self.number, self.info]


@dataclass
class _Tab:
    """The widgets that handlers read and set."""

    version: gr.Dropdown
    summary: gr.Textbox
    notes: gr.Textbox
    form: gr.Accordion
    shape: gr.Dropdown
    fields: list[gr.Dropdown]
    checks: gr.CheckboxGroup
    keep: gr.Textbox
    held_out: gr.Number
    seed: gr.Number
    save: gr.Button
    search: gr.Textbox
    rows: _Table
    row_text: gr.Textbox
    filter: gr.Dropdown
    problems: _Table


def build(page: Page) -> gr.Dropdown:
    """Lay out the tab and connect it; the dropdown that is returned holds the id of the version shown."""
    with gr.Row():
        with gr.Column(scale=1, min_width=300):
            buttons, upload = _sources(page.lab.limits.public)
        with gr.Column(scale=3, min_width=320):
            version = gr.Dropdown([], label="Dataset version", allow_custom_value=True, value=None)
            summary = gr.Textbox(NOTHING_YET, label="Summary", interactive=False, lines=1, max_lines=6)
            notes = gr.Textbox(label="Notes on the file", interactive=False, lines=1, max_lines=8, visible=False)
            form, shape, fields, apply = _mapping_form()
            names = curate.check_names()
            checks = unchecked(gr.CheckboxGroup(names, value=names, label="Leave out rows with"))
            with gr.Row(equal_height=True):
                keep = gr.Textbox(
                    "",
                    label="Keep these rows all the same",
                    info="Row numbers like 12, 40-45, or click rows in the list of problems.",
                    scale=2,
                    min_width=220,
                )
                held_out = gr.Number(**_plain("held_out"), scale=2, min_width=150)
                seed = gr.Number(**_plain("seed"), min_width=110)
            save = gr.Button("Save and split", variant="primary")
            with gr.Tabs():
                with gr.Tab("Rows"):
                    search = gr.Textbox("", label="Search rows", placeholder="Text, then Enter", max_lines=1)
                    rows = _table("Rows", curate.ROW_HEADERS, ROW_WIDTHS)
                    row_text = gr.Textbox(
                        label="Whole row", interactive=False, lines=2, max_lines=14, info="Click a row to read it."
                    )
                with gr.Tab("Problems"):
                    chosen = gr.Dropdown([ALL_CHECKS], value=ALL_CHECKS, label="Check", allow_custom_value=True)
                    problems = _table("Problems by row", curate.PROBLEM_HEADERS, PROBLEM_WIDTHS)
    parts = (version, summary, notes, form, shape, fields, checks, keep, held_out, seed, save)
    tab = _Tab(*parts, search, rows, row_text, chosen, problems)
    _connect_sources(page, tab, buttons, upload)
    _connect_mapping(page, tab, apply)
    _connect_tables(page, tab)
    _connect_save(page, tab)
    _connect_version(page, tab)
    return version


def _sources(public: bool) -> tuple[list[gr.Button], gr.File]:
    gr.Markdown("### Samples")
    buttons = []
    for sample in samples():
        buttons.append(gr.Button(sample.name, size="sm"))
        gr.Markdown(sample.description, container=False)
    kinds = "CSV, TSV, JSON or JSONL" if public else "CSV, TSV, JSON, JSONL or Parquet"
    upload = gr.File(label=f"Your file: {kinds}", height=165)
    return buttons, upload


def _mapping_form() -> tuple[gr.Accordion, gr.Dropdown, list[gr.Dropdown], gr.Button]:
    with gr.Accordion("Columns", open=False) as form:
        with gr.Row():
            shape = gr.Dropdown(curate.shapes(), label="Shape", value=None, allow_custom_value=True, min_width=230)
            fields = [_column(number) for number in range(1, MOST_FIELDS + 1)]
        apply = gr.Button("Apply mapping", size="sm")
    return form, shape, fields, apply


def _plain(name: str) -> dict[str, Any]:
    """A field without its bounds: core says in a sentence when they are broken."""
    field = curate.split_field(name)
    return {key: field[key] for key in ("label", "info", "value")}


def _column(number: int) -> gr.Dropdown:
    return gr.Dropdown([], label=f"Column {number}", value=None, allow_custom_value=True, min_width=150)


def _table(label: str, headers: tuple[str, ...], widths: list[str]) -> _Table:
    frame = gr.Dataframe(
        headers=list(headers),
        label=label,
        type="array",
        interactive=False,
        wrap=True,
        column_widths=list(widths),
        max_height=520,
        buttons=[],
    )
    with gr.Row():
        before = gr.Button("Previous", size="sm", min_width=90)
        number = gr.Number(1, label="Page", min_width=90)
        after = gr.Button("Next", size="sm", min_width=90)
    info = gr.Markdown("", label=f"Place in {label.lower()}")
    return _Table(frame, number, info, before, after)


def _said(found: curate.Opened) -> tuple[str, str]:
    """Version id and summary: what a caller of the API gets; the page reads the rest when the version changes."""
    return found.version_id, found.sentence


def _connect_sources(page: Page, tab: _Tab, buttons: list[gr.Button], upload: gr.File) -> None:
    limits = page.lab.limits

    def load_sample(workspace: Workspace, name: str) -> tuple[str, str]:
        """Load a sample by its file name; returns the id of the new dataset version and what was read."""
        return _said(curate.load_sample(workspace, limits, name))

    def load_file(workspace: Workspace, file: str | None) -> tuple[str, str]:
        """Load an uploaded file; returns the id of the new dataset version and what was read."""
        return _said(curate.load_file(workspace, limits, file, Path(get_upload_folder())))

    outputs = [tab.version, tab.summary]
    # The buttons know their own sample; a caller of the API names it through this box, which nobody sees.
    name = gr.Textbox(label="Sample", visible=False)
    name.submit(page.handler(load_sample), [page.visitor, name], outputs, api_name="load_sample")
    for button in buttons:
        button.click(page.handler(load_sample), [page.visitor, button], outputs, api_visibility="private")
    upload.upload(page.handler(load_file), [page.visitor, upload], outputs, api_name="load_file")


def _connect_mapping(page: Page, tab: _Tab, apply: gr.Button) -> None:
    limits = page.lab.limits

    def apply_mapping(
        workspace: Workspace, version: str, shape: str, column_1: str, column_2: str, column_3: str
    ) -> tuple[str, str]:
        """Read the file of a version again; the columns stand in the order of the shape's fields."""
        mapping = curate.mapping_of(shape, (column_1, column_2, column_3))
        return _said(curate.remap(workspace, limits, version, mapping))

    def form(workspace: Workspace, version: str, shape: str) -> list[Any]:
        if not version:
            return [gr.skip()] * MOST_FIELDS
        found = curate.opened(workspace, version)
        return _field_updates(curate.form(workspace, version, shape), found.columns)

    inputs = [page.visitor, tab.version, tab.shape]
    tab.shape.input(page.handler(form), inputs, tab.fields, queue=False, api_visibility="private")
    apply.click(
        page.handler(apply_mapping), [*inputs, *tab.fields], [tab.version, tab.summary], api_name="apply_mapping"
    )


def _connect_tables(page: Page, tab: _Tab) -> None:
    def rows(workspace: Workspace, version: str, page_number: float = 1, search: str = "") -> list[Any]:
        """A page of 50 rows, found by their text; returns the table, its page number and where that is."""
        return _shown(curate.rows(workspace, version, page_number, search), "rows") if version else _nothing()

    def problems(workspace: Workspace, version: str, page_number: float = 1, check: str = ALL_CHECKS) -> list[Any]:
        """A page of 50 problems of one check or all; returns the table, its page number and where that is."""
        chosen = "" if check == ALL_CHECKS else check
        found = curate.problems(workspace, version, page_number, chosen) if version else None
        return _shown(found, "problems") if found else _nothing()

    def read_row(workspace: Workspace, version: str, event: gr.SelectData) -> str:
        return curate.row_text(workspace, version, int(event.row_value[0]))

    def keep_row(workspace: Workspace, keep: str, event: gr.SelectData) -> str:
        return curate.toggle_keep(keep, int(event.row_value[0]))

    _connect_pages(page, tab.version, tab.rows, rows, tab.search, "rows")
    _connect_pages(page, tab.version, tab.problems, problems, tab.filter, "problems")
    tab.rows.frame.select(
        page.handler(read_row), [page.visitor, tab.version], tab.row_text, queue=False, api_visibility="private"
    )
    tab.problems.frame.select(
        page.handler(keep_row), [page.visitor, tab.keep], tab.keep, queue=False, api_visibility="private"
    )


def _connect_pages(
    page: Page, version: gr.Dropdown, table: _Table, show: Callable[..., Any], narrow: Any, api_name: str
) -> None:
    """Page number, Previous, Next and the search or filter box of a table all show a page of it."""

    def previous(workspace: Workspace, version: str, number: float, wanted: str) -> Any:
        return show(workspace, version, (number or 1) - 1, wanted)

    def following(workspace: Workspace, version: str, number: float, wanted: str) -> Any:
        return show(workspace, version, (number or 1) + 1, wanted)

    def first(workspace: Workspace, version: str, wanted: str) -> Any:
        return show(workspace, version, 1, wanted)

    inputs = [page.visitor, version, table.number, narrow]
    quiet: dict[str, Any] = {"queue": False, "api_visibility": "private"}
    table.number.submit(page.handler(show), inputs, table.outputs, queue=False, api_name=api_name)
    table.previous.click(page.handler(previous), inputs, table.outputs, **quiet)
    table.next.click(page.handler(following), inputs, table.outputs, **quiet)
    changed = narrow.input if isinstance(narrow, gr.Dropdown) else narrow.submit
    changed(page.handler(first), [page.visitor, version, narrow], table.outputs, **quiet)


def _connect_save(page: Page, tab: _Tab) -> None:
    def save_curated(
        workspace: Workspace, version: str, leave_out: list[str], keep: str, held_out: float, seed: float
    ) -> tuple[str, str]:
        """Leave rows out and split the others; returns the id of the new version and a summary."""
        settings = {"held_out": held_out, "seed": seed}
        return _said(curate.save_curated(workspace, version, curate.decisions(leave_out, keep), settings))

    inputs = [page.visitor, tab.version, tab.checks, tab.keep, tab.held_out, tab.seed]
    tab.save.click(page.handler(save_curated), inputs, [tab.version, tab.summary], api_name="save_curated")


def _connect_version(page: Page, tab: _Tab) -> None:
    """Whatever sets the version, its details follow."""

    def newest(workspace: Workspace) -> str | None:
        return curate.newest(workspace) or None

    def show(workspace: Workspace, version: str) -> list[Any]:
        if not version:
            return [gr.skip()] * len(outputs)
        found = curate.opened(workspace, version)
        checks = [(f"{count.check} · {count.rows:,} rows", count.check) for count in found.checks]
        listed = [ALL_CHECKS, *curate.problem_checks(workspace, version)]
        return [
            gr.Dropdown(choices=curate.version_ids(workspace)),
            found.sentence,
            gr.Textbox("\n".join(found.notes), visible=bool(found.notes)),
            found.shape or None,
            *_field_updates(found.fields, found.columns),
            gr.Accordion(open=found.unsure),
            gr.CheckboxGroup(choices=checks, value=found.leave_out),
            found.keep,
            found.settings.held_out,
            found.settings.seed,
            "",
            "",
            gr.Dropdown(choices=listed, value=ALL_CHECKS),
            *_shown(curate.rows(workspace, version), "rows"),
            *_shown(curate.problems(workspace, version), "problems"),
        ]

    outputs = [
        *(tab.version, tab.summary, tab.notes, tab.shape, *tab.fields, tab.form, tab.checks, tab.keep),
        *(tab.held_out, tab.seed, tab.search, tab.row_text, tab.filter, *tab.rows.outputs, *tab.problems.outputs),
    ]
    inputs = [page.visitor, tab.version]
    tab.version.change(page.handler(show), inputs, outputs, api_visibility="private", show_progress="minimal")
    page.on_load(page.handler(newest), [page.visitor], tab.version)


def _field_updates(fields: list[curate.FormField], columns: list[str]) -> list[Any]:
    updates = [
        gr.Dropdown(
            choices=columns if field.required else ["", *columns],
            value=field.column or None,
            label=field.name if field.required else f"{field.name} (optional)",
            visible=True,
        )
        for field in fields
    ]
    return [*updates, *(gr.Dropdown(value=None, visible=False) for _ in range(MOST_FIELDS - len(fields)))]


def _shown(found: TablePage, what: str) -> list[Any]:
    place = f"Page {found.page:,} of {found.pages:,} · {found.total:,} {what}"
    return [found.rows, found.page, place]


def _nothing() -> list[Any]:
    return [[], 1, "Nothing is loaded yet."]
