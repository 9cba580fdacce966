"""Find: which kinds are searched and how thoroughly, the search with its progress, and what it found."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions.background import Background
from core.actions.mask import search as actions
from core.actions.mask.stopped import stopped_at
from core.errors import LabError
from core.settings import SearchSettings
from ui import stopping
from ui.common import Page, unchecked
from ui.mask import narrow
from ui.mask.changes import another
from ui.stopping import Stopping
from ui.tables import frame

NOT_SEARCHED = "This version has not been searched yet."
NO_VERSION = "There is no dataset yet. Save one on the Curate tab."
FETCH = "Fetch the name finder"
SEARCHING = "Searching: {:.0%}."
SEARCHING_IT = "Searching {}: {:.0%}."
STOPPING = "The search is being stopped."
EARLIER = " What was found before the stopped search is shown below."
NOT_YET = " A version whose search was stopped counts as not searched."
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
    kinds_found: gr.Column
    next: gr.Markdown

    @property
    def outputs(self) -> list[Any]:
        """What a result sets."""
        return [self.summary, self.notes, self.table, self.kinds_found, self.next]


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
    buttons = stopping.build("Find personal data")
    summary = gr.Textbox(NO_VERSION, label="Result of the search", interactive=False, lines=1, max_lines=4)
    notes = gr.HTML("", padding=False, visible=False, elem_id="search-notes")
    following = gr.Markdown("", label="What to do next", visible=False)
    with gr.Column(elem_classes=narrow.FITTING, visible=False) as kinds_found:
        table = frame("Kinds found", HEADERS, WIDTHS, height=420)
    made = _Widgets(mode, kinds, summary, notes, table, kinds_found, following)
    searched = _connect_search(page, version, made, buttons)
    _connect_shown(page, version, changed, made, (buttons, searched))
    _connect_weights(page, weights, buttons.start)


def ended(going: Background[actions.Found], earlier: actions.Found | None) -> tuple[str, list[str]]:
    """How a search ended: what it found, or, if it was stopped, what became of that. Raises what broke it otherwise."""
    try:
        found = going.result()
    except LabError as error:
        if not going.stopped:
            raise
        return f"{error}{EARLIER if earlier else NOT_YET}", []
    return found.sentence, list(found.notes)


def _connect_search(page: Page, version: gr.Dropdown, made: _Widgets, buttons: Stopping) -> Any:
    """The search and its Stop; the event that it is over."""

    def scan_personal_data(
        workspace: Workspace, version: str, asked: float | None, settings: dict[str, Any]
    ) -> Iterator[tuple[str, list[str]]]:
        """Find personal data in a dataset version: mode is fast, normal or thorough.

        Returns what was found in a sentence, and notes on what was not looked for, and why. A search that is stopped
        says what became of it.
        """
        going = actions.begin(page.lab, workspace, version, settings, asked)
        for share in going.shares():
            yield STOPPING if going.stopped else SEARCHING.format(share), []
        yield ended(going, actions.found(workspace, version))

    def stop_search(workspace: Workspace, asked: float | None) -> str:
        """Stop the search that is going on; its result says what became of it."""
        return actions.stop(workspace, asked)

    inputs = [page.visitor, version, buttons.asked, made.mode, made.kinds]
    run = page.handler(scan_personal_data, ["mode", "kinds"])
    said = [made.summary, gr.JSON(visible=False, label="Notes")]
    buttons.button.click(
        page.handler(stop_search), [page.visitor, buttons.asked], made.summary, api_name="stop_search", queue=False
    )
    return buttons.begun().then(run, inputs, said, api_name="scan_personal_data", show_progress="hidden")


def _connect_shown(
    page: Page, version: gr.Dropdown, changed: gr.State, made: _Widgets, search: tuple[Stopping, Any]
) -> None:
    """What was found, after a search and of another version; and a search that this page did not start."""
    buttons, searched = search

    def show(workspace: Workspace, version: str) -> list[Any]:
        """The result of the last search of this version."""
        return _shown(actions.found(workspace, version), version, stopped_at(workspace, version))

    def follow(workspace: Workspace, version: str) -> list[Any]:
        """The same without its sentence: the search has said how it ended."""
        return show(workspace, version)[1:]

    def look(workspace: Workspace) -> list[Any]:
        """The buttons as they are while a search goes on, or while there is none."""
        return stopping.shown(actions.going(workspace) is not None)

    def look_on(workspace: Workspace, version: str) -> list[Any]:
        """How far a search is that another page started, or what was found once it is over."""
        going = actions.going(workspace)
        if going is None:
            return [*show(workspace, version), another(), *look(workspace)]
        far = STOPPING if going.stopped else SEARCHING_IT.format(going.subject, going.share)
        return [far, *[gr.skip()] * len(made.outputs), *look(workspace)]

    own = [page.visitor, version]
    searched.success(another, None, changed, **QUEUED)
    searched.success(page.handler(follow), own, made.outputs[1:], **QUIET)
    searched.failure(page.handler(show), own, made.outputs, **QUIET)
    for over in (searched.success, searched.failure):
        over(page.handler(look), page.visitor, buttons.outputs, **QUIET)
    page.on_load(page.handler(look), [page.visitor], buttons.outputs)
    buttons.timer.tick(page.handler(look_on), own, [*made.outputs, changed, *buttons.outputs], **QUEUED)
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


def _shown(found: actions.Found | None, version: str, stopped: str) -> list[Any]:
    if found is None:
        nothing = (f"{stopped}{NOT_YET}" if stopped else NOT_SEARCHED) if version else NO_VERSION
        return [nothing, gr.HTML(visible=False), [], gr.Column(visible=False), gr.Markdown(visible=False)]
    lines = [[kind.label, f"{kind.places:,}", f"{kind.rows:,}", f"{kind.doubt:.0%}"] for kind in found.kinds]
    notes = "".join(f"<p>{escape(note)}</p>" for note in found.notes)
    shown = gr.HTML(f'{STYLE}<div class="notes" role="note">{notes}</div>', visible=bool(notes))
    some = bool(found.kinds)
    return [found.sentence, shown, lines, gr.Column(visible=some), gr.Markdown(NEXT, visible=some)]
