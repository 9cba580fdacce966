"""Find: which kinds are searched and how thoroughly, the search with its progress, and what it found."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions.mask import search as actions
from core.settings import SearchSettings
from ui.common import Page, unchecked
from ui.mask.changes import another
from ui.tables import frame

NOT_SEARCHED = "This version has not been searched yet."
NO_VERSION = "There is no dataset yet. Save one on the Curate tab."
FETCH = "Fetch the name finder"
SEARCHING = "Searching: {:.0%}."
NEXT = "Next: look at the findings under “Review”, the doubtful ones first, or go on to “Write”."
HEADERS = ("Kind", "Places", "Rows", "Most doubtful")
WIDTHS = ["190px", "75px", "65px", "130px"]
POLL_SECONDS = 1.0
QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
# Through the queue: the other parts hear of a changed state only there.
QUEUED: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
STYLE = """<style>
.notes p { margin: 6px 0; padding: 8px 12px; border-left: 4px solid #b45309; border-radius: 4px;
  background: var(--block-background-fill); color: var(--body-text-color); }
</style>"""


@dataclass
class _Widgets:
    """The widgets that handlers read and set."""

    mode: gr.Radio
    kinds: gr.CheckboxGroup
    summary: gr.Textbox
    notes: gr.HTML
    table: gr.Dataframe
    next: gr.Markdown

    @property
    def outputs(self) -> list[Any]:
        """What a result sets."""
        return [self.summary, self.notes, self.table, self.next]


def build(page: Page, version: gr.Dropdown, changed: gr.State) -> None:
    """Lay out the part and connect it; a search that has ended writes another text into `changed`."""
    about = SearchSettings.field("mode")
    modes = [(mode.capitalize(), mode) for mode in about["choices"]]
    mode = unchecked(gr.Radio(modes, value=about["value"], label=about["label"], info=about["info"]))
    with gr.Accordion("Kinds that are searched", open=False):
        every = actions.kinds()
        usual = [kind for kind, _, searched in every if searched]
        kinds = unchecked(
            gr.CheckboxGroup(
                [(label, kind) for kind, label, _ in every],
                value=usual,
                label="Kinds",
                info="None chosen: the usual ones.",
            )
        )
    weights = [
        gr.HTML(visible=False, padding=False),
        gr.Button(FETCH, size="sm", visible=False),
        gr.Timer(POLL_SECONDS, active=False),
    ]
    with gr.Row():
        find = gr.Button("Find personal data", variant="primary", min_width=180, scale=4)
        stop = gr.Button("Stop", variant="stop", min_width=90, scale=1, visible=False)
    summary = gr.Textbox(NO_VERSION, label="Result of the search", interactive=False, lines=1, max_lines=4)
    notes = gr.HTML("", padding=False, visible=False, elem_id="search-notes")
    following = gr.Markdown("", label="What to do next", visible=False)
    table = frame("Kinds found", HEADERS, WIDTHS, height=420)
    made = _Widgets(mode, kinds, summary, notes, table, following)
    _connect_search(page, version, changed, made, (find, stop))
    _connect_weights(page, weights, find)


def _connect_search(
    page: Page, version: gr.Dropdown, changed: gr.State, made: _Widgets, buttons: tuple[gr.Button, gr.Button]
) -> None:
    find, stop = buttons

    def scan_personal_data(workspace: Workspace, version: str, settings: dict[str, Any]) -> Iterator[str]:
        """Find personal data in a dataset version: mode is fast, normal or thorough; returns a sentence at its end."""
        going = actions.begin(page.lab, workspace, version, settings)
        for share in going.shares():
            yield SEARCHING.format(share)
        yield going.result().sentence

    def stop_search(workspace: Workspace) -> str:
        """Stop the search that is going on; nothing of it is kept."""
        return actions.stop(workspace)

    def show(workspace: Workspace, version: str) -> list[Any]:
        """The result of the last search of this version."""
        return _shown(actions.found(workspace, version), version)

    own = [page.visitor, version]
    inputs = [*own, made.mode, made.kinds]
    run = page.handler(scan_personal_data, ["mode", "kinds"])
    find.click(lambda: gr.Button(visible=True), None, stop, **QUIET)
    searched = find.click(run, inputs, made.summary, api_name="scan_personal_data", show_progress="hidden")
    searched.success(another, None, changed, **QUEUED)
    for ended in (searched.success, searched.failure):
        ended(page.handler(show), own, made.outputs, **QUIET)
        ended(lambda: gr.Button(visible=False), None, stop, **QUIET)
    stop.click(page.handler(stop_search), [page.visitor], made.summary, api_name="stop_search", queue=False)
    page.changed(version)(page.handler(show), own, made.outputs, **QUIET)


def _connect_weights(page: Page, shown: list[Any], find: gr.Button) -> None:
    """The line says how far the name finder is; its timer rests when that is ready or has failed."""
    fetch = page.lab.names.weights
    _, get, timer = shown

    def first() -> list[Any]:
        return _line(fetch.progress, hide_ready=True)

    def refresh() -> list[Any]:
        return _line(fetch.progress)

    def look_again() -> gr.Timer:
        """A search fetches what it lacks."""
        return gr.Timer(active=fetch.progress.state != "ready")

    def fetch_name_finder() -> list[Any]:
        """Fetch the weights that find names in sentences; searches use them from then on."""
        fetch.start()
        return _line(fetch.progress, going=True)

    page.on_load(first, [], shown)
    timer.tick(refresh, None, shown, **QUIET)
    find.click(look_again, None, timer, **QUIET)
    get.click(fetch_name_finder, None, shown, api_name="fetch_name_finder", queue=False, show_progress="hidden")


def _line(progress: Any, hide_ready: bool = False, going: bool = False) -> list[Any]:
    """Updates of the line, the button and the timer."""
    ready, failed = progress.state == "ready", progress.state == "failed"
    idle = failed or (progress.state == "waiting" and not going)
    bar = ""
    if progress.state == "downloading":
        bar = f'<progress aria-label="Name finder" value="{progress.done}" max="{progress.total}"></progress>'
    look, role = "failed" if idle else progress.state, "alert" if failed else "status"
    text = f'<div class="starter {look}" role="{role}">{escape(progress.sentence)}{bar}</div>'
    return [
        gr.HTML(text, visible=not (ready and hide_ready)),
        gr.Button("Try again" if failed else FETCH, visible=idle),
        gr.Timer(active=not (ready or idle)),
    ]


def _shown(found: actions.Found | None, version: str) -> list[Any]:
    if found is None:
        return [NOT_SEARCHED if version else NO_VERSION, gr.HTML(visible=False), [], gr.Markdown(visible=False)]
    lines = [[kind.label, f"{kind.places:,}", f"{kind.rows:,}", f"{kind.doubt:.0%}"] for kind in found.kinds]
    notes = "".join(f"<p>{escape(note)}</p>" for note in found.notes)
    shown = gr.HTML(f'{STYLE}<div class="notes" role="note">{notes}</div>', visible=bool(notes))
    return [found.sentence, shown, lines, gr.Markdown(NEXT, visible=bool(found.kinds))]
