"""Where a dataset comes from: samples, uploads, a path or the Hub; and which column of it holds what."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.data_classes import ListFiles
from gradio.utils import get_upload_folder
from pydantic import model_validator

from core.actions import Workspace, background
from core.actions.curate import columns as forms
from core.actions.curate import source as actions
from core.actions.curate import versions
from core.actions.samples import samples
from core.errors import LabError
from ui.common import Page

QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
READING = "Reading {}: {:.0%}."
NOTHING_YET = "Choose a sample or drop a file to begin."
KINDS_IN_PUBLIC = "CSV, TSV, JSON or JSONL; several files of the same columns become one dataset."
KINDS = (
    "CSV, TSV, JSON, JSONL, Parquet or Arrow, also packed (.gz, .zst, .zip). Several files of the same columns become "
    "one dataset."
)
SHOWN_COLUMNS = 12
STYLE = """<style>
.first-rows { overflow: auto; max-height: 360px; }
.first-rows table { border-collapse: collapse; font-size: 13px; width: max-content; }
.first-rows caption { text-align: left; padding-bottom: 4px; color: var(--body-text-color-subdued); }
.first-rows th, .first-rows td { border: 1px solid var(--border-color-primary) !important; padding: 4px 8px !important;
  text-align: left; vertical-align: top; max-width: 300px; overflow-wrap: anywhere; }
</style>"""


def build_source(page: Page, version: gr.Dropdown, summary: gr.Textbox) -> None:
    """Lay out what can be loaded; the id of what was loaded goes to `version`, and a sentence to `summary`."""
    public = page.lab.limits.public
    gr.Markdown("### Samples")
    buttons = []
    for sample in samples():
        buttons.append(gr.Button(sample.name, size="sm"))
        gr.Markdown(sample.description, container=False)
    upload = gr.File(label="Your files", file_count="multiple", height=165)
    upload.data_model = _OneOrMore
    gr.Markdown(KINDS_IN_PUBLIC if public else KINDS, container=False)
    stop = gr.Button("Stop reading", size="sm", variant="stop", visible=False)
    refused = gr.HTML("", padding=False, visible=False, elem_id="refused")
    first = gr.HTML("", padding=False, visible=False)
    loading = _Loading(page, version, summary, stop, refused)
    _connect_samples(page, [version, summary], buttons)
    _connect_upload(loading, upload, first)
    if not public:
        typed = gr.Textbox(
            "", label="Or a path or Hub dataset", info="A file, a folder, or owner/name on the Hub.", max_lines=1
        )
        _connect_typed(loading, typed, gr.Button("Load", size="sm"))
    stop.click(page.handler(stop_reading), [page.visitor], summary, api_name="stop_reading", queue=False)


def build_mapping(page: Page, version: gr.Dropdown, summary: gr.Textbox) -> None:
    """Lay out the notes on the files of `version`, and the form that says which column holds what."""
    notes = gr.Textbox(label="Notes on the file", interactive=False, lines=1, max_lines=8, visible=False)
    with gr.Accordion("Columns", open=False) as accordion:
        about = gr.HTML("", elem_id="mapping-about", padding=False)
        with gr.Row():
            shape = gr.Dropdown(forms.shapes(), label="Shape", value=None, allow_custom_value=True, min_width=230)
            fields = [_column(number) for number in range(1, forms.most_fields() + 1)]
        apply = gr.Button("Apply mapping", size="sm")
        stop = gr.Button("Stop reading", size="sm", variant="stop", visible=False)
        refused = gr.HTML("", padding=False, visible=False)
        first = gr.HTML("", padding=False)
    _connect_apply(_Loading(page, version, summary, stop, refused), shape, fields, apply)
    stop.click(page.handler(stop_reading), [page.visitor], summary, api_visibility="private", queue=False)

    def form(workspace: Workspace, version: str, shape: str) -> list[Any]:
        if not version:
            return [gr.skip()] * len(fields)
        columns = actions.opened(workspace, version).columns
        return _field_updates(actions.form(workspace, version, shape), columns)

    def show_mapping(workspace: Workspace, version: str) -> list[Any]:
        if not version:
            return [gr.skip()] * len(outputs)
        found = actions.opened(workspace, version)
        return [
            gr.Textbox("\n".join(found.notes), visible=bool(found.notes)),
            "".join(f"<p>{escape(line)}</p>" for line in [found.certainty, *found.questions] if line),
            found.shape or None,
            *_field_updates(found.fields, found.columns),
            _rows_html(found.preview),
            gr.Accordion(open=found.unsure),
        ]

    outputs = [notes, about, shape, *fields, first, accordion]
    shape.input(page.handler(form), [page.visitor, version, shape], fields, queue=False, api_visibility="private")
    page.changed(version)(page.handler(show_mapping), [page.visitor, version], outputs, **QUIET)


class _OneOrMore(ListFiles):
    """What a caller of the API sends for files: a list of them, or one by itself."""

    @model_validator(mode="before")
    @classmethod
    def _listed(cls, sent: Any) -> Any:
        return sent if isinstance(sent, list) else [sent]


@dataclass
class _Loading:
    """What everything shares that reads files: where its outcome goes, the button that stops it, and why it failed."""

    page: Page
    version: gr.Dropdown
    summary: gr.Textbox
    stop: gr.Button
    refused: gr.HTML

    def __post_init__(self) -> None:
        self.page.changed(self.version)(lambda: gr.HTML(visible=False), None, self.refused, **QUIET)

    def connect(self, trigger: Any, load: Callable[..., Any], inputs: list[Any]) -> Any:
        """On `trigger` run the handler `load`, which is also its name in the API, with the stop button shown.

        Why a file was refused stays on the page, since a message of Gradio's goes after some seconds.
        """

        def begin_reading() -> list[Any]:
            return [gr.Button(visible=True), gr.HTML(visible=False)]

        def end_reading() -> gr.Button:
            return gr.Button(visible=False)

        def say_again(workspace: Workspace, version: str) -> str:
            return versions.opened(workspace, version).sentence if version else NOTHING_YET

        def say_why(why: str) -> gr.HTML:
            return gr.HTML(f"<p role='alert'>⚠ {escape(why)}</p>", visible=bool(why))

        why = gr.State("")
        trigger(begin_reading, None, [self.stop, self.refused], **QUIET)
        outputs = [self.version, self.summary, why]
        event = trigger(load, [self.page.visitor, *inputs], outputs, api_name=load.__name__, show_progress="hidden")
        for ended in (event.success, event.failure):
            ended(end_reading, None, self.stop, **QUIET)
        event.failure(self.page.handler(say_again), [self.page.visitor, self.version], self.summary, **QUIET)
        event.failure(say_why, why, self.refused, **QUIET)
        return event


def _connect_samples(page: Page, outputs: list[Any], buttons: list[gr.Button]) -> None:
    limits = page.lab.limits

    def load_sample(workspace: Workspace, name: str) -> tuple[str, str]:
        """Load a sample by its file name; returns the id of its version, new or as it was, and what was read."""
        found = actions.load_sample(workspace, limits, name)
        if found.again:  # said beside the summary, which follows the version
            gr.Info(escape(found.sentence, quote=False))
        return found.version_id, found.sentence

    # The buttons know their own sample; a caller of the API names it through this box, which nobody sees.
    name = gr.Textbox(label="Sample", visible=False)
    name.submit(page.handler(load_sample), [page.visitor, name], outputs, api_name="load_sample")
    for button in buttons:
        button.click(page.handler(load_sample), [page.visitor, button], outputs, api_visibility="private")


def _connect_upload(loading: _Loading, upload: gr.File, first: gr.HTML) -> None:
    limits = loading.page.lab.limits

    def load_file(workspace: Workspace, file: list[str] | None) -> Iterator[tuple[Any, Any, str]]:
        """Load one or more uploaded files of the same columns; returns the id of the new version and what was read."""
        uploads = Path(get_upload_folder())
        name = Path(file[0]).name if file else ""
        yield from _read(
            workspace, name, lambda watch: actions.load_files(workspace, limits, file, uploads, None, watch)
        )

    def first_rows(workspace: Workspace, file: list[str] | None) -> gr.HTML:
        try:
            shown = _rows_html(actions.first_rows(limits, file, Path(get_upload_folder())))
        except LabError:  # which the reading itself says in a sentence
            shown = ""
        return gr.HTML(shown, visible=bool(shown))

    def ready_again() -> list[Any]:
        """An empty box for the next file, also after one that was refused."""
        return [None, gr.HTML("", visible=False)]

    upload.upload(loading.page.handler(first_rows), [loading.page.visitor, upload], first, **QUIET)
    event = loading.connect(upload.upload, loading.page.handler(load_file), [upload])
    for ended in (event.success, event.failure):
        ended(ready_again, None, [upload, first], **QUIET)


def _connect_typed(loading: _Loading, typed: gr.Textbox, button: gr.Button) -> None:
    limits = loading.page.lab.limits

    def load_path(workspace: Workspace, location: str) -> Iterator[tuple[Any, Any, str]]:
        """Load a file or folder of this machine, or a Hub dataset; returns the version's id and what was read."""
        yield from _read(workspace, str(location), lambda watch: actions.load_typed(workspace, limits, location, watch))

    loading.connect(button.click, loading.page.handler(load_path), [typed])


def _connect_apply(loading: _Loading, shape: gr.Dropdown, fields: list[gr.Dropdown], apply: gr.Button) -> None:
    limits = loading.page.lab.limits
    names = [f"column_{number}" for number in range(1, len(fields) + 1)]

    def apply_mapping(
        workspace: Workspace, version: str, shape: str, columns: dict[str, str]
    ) -> Iterator[tuple[Any, Any, str]]:
        """Read the files of a version again; the columns stand in the order of the shape's fields."""

        def read_again(watch: background.Watch) -> actions.Opened:
            mapping = forms.mapping_of(shape, list(columns.values()))
            return actions.remap(workspace, limits, version, mapping, watch)

        yield from _read(workspace, str(version), read_again)

    loading.connect(apply.click, loading.page.handler(apply_mapping, names), [loading.version, shape, *fields])


def _read(
    workspace: Workspace, name: str, work: Callable[[background.Watch], actions.Opened]
) -> Iterator[tuple[Any, Any, str]]:
    """How far the reading is, and at its end the version and what was read, or last why it was refused.

    Closing the page does not end it.
    """
    going = background.Background(workspace, actions.READING, work)
    for share in going.shares():
        yield gr.skip(), READING.format(name, share), ""
    try:
        found = going.result()
    except LabError as error:
        yield gr.skip(), gr.skip(), str(error)
        raise
    yield found.version_id, found.sentence, ""


def stop_reading(workspace: Workspace) -> str:
    """Stop whatever is being read; nothing of it is kept."""
    return actions.stop_reading(workspace)


def _column(number: int) -> gr.Dropdown:
    return gr.Dropdown([""], label=f"Column {number}", value="", allow_custom_value=True, min_width=150)


def _field_updates(fields: list[forms.FormField], columns: list[str]) -> list[Any]:
    updates = [
        gr.Dropdown(
            choices=columns if field.required else ["", *columns],
            value=field.column or None,
            label=field.name if field.required else f"{field.name} (optional)",
            visible=True,
        )
        for field in fields
    ]
    return [*updates, *(gr.Dropdown(value=None, visible=False) for _ in range(forms.most_fields() - len(fields)))]


def _rows_html(rows: list[dict[str, str]]) -> str:
    """The first rows of a file as a table, which scrolls by itself where it is wide."""
    names = list(dict.fromkeys(name for row in rows for name in row))[:SHOWN_COLUMNS]
    if not names:
        return ""
    lines = [[row.get(name, "") for name in names] for row in rows]
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in line) + "</tr>" for line in lines)
    table = f"<table><caption>First rows of the file</caption><tr>{head}</tr>{body}</table>"
    return f'{STYLE}<div class="first-rows" role="region" aria-label="First rows" tabindex="0">{table}</div>'
