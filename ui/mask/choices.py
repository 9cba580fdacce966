"""What becomes of each kind that was found."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions.mask import preview as actions
from core.actions.mask.search import rules_changed
from ui.common import Page, unchecked
from ui.mask.changes import another

TITLES = {
    "tag": "Tag, like [{kind}_1]",
    "substitute": "Invented substitute",
    "hash": "Keyed hash",
    "partial": "All but the last four",
    "remove": "Take the row out",
    "keep": "Keep as it is",
}
ALL_AT_ONCE = [
    ("Tags", "tag"),
    ("Invented substitutes where there are any", "substitute"),
    ("Keyed hashes", "hash"),
    ("Take all these rows out", "remove"),
    ("Keep everything", "keep"),
]
# Kinds found at once; the widgets must be there before anybody knows how many. More become what the settings say.
MOST_KINDS = 36
ABOUT = """<style>
#mask-choices .form { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(250px, 100%), 1fr));
  background: var(--block-background-fill); }
</style>
<p><b>What becomes of each kind.</b> Equal values get the same substitute in all datasets of this workspace; what
was kept in the review stays as it is.</p>"""
NOTHING = "Nothing is to be masked: search this version under “Find” first, or nothing was found, or all is kept."
QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
# Through the queue: the other parts hear of a changed state only there.
QUEUED: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


@dataclass
class Choices:
    """The choices, as the other parts use them.

    `slots` show them, `kinds` says of which kinds, `chosen` holds them; `settled` is another text whenever there may be
    something else to show.
    """

    slots: list[gr.Dropdown]
    kinds: gr.State
    chosen: gr.JSON
    settled: gr.State

    def collected(self, trigger: Any) -> Any:
        """On `trigger`, first write what the slots show into `chosen`; the event to go on from."""

        def collect(kinds: list[str], *values: str) -> tuple[dict[str, str], str]:
            return dict(zip(kinds, values, strict=False)), another()

        return trigger(collect, [self.kinds, *self.slots], [self.chosen, self.settled], **QUEUED)


def build(page: Page, version: gr.Dropdown, tab: gr.Tab) -> Choices:
    """Lay out the choices; they are looked up when `tab`, on which they stand, is opened."""
    gr.HTML(ABOUT, padding=False)
    said = gr.Markdown(NOTHING, label="What to know before", elem_id="mask-choices-said")
    every = gr.Dropdown(ALL_AT_ONCE, value=None, label="All kinds at once", min_width=200, visible=False)
    with gr.Row(elem_id="mask-choices"):
        slots = [_slot() for _ in range(MOST_KINDS)]
    choices = Choices(slots, gr.State([]), gr.JSON({}, visible=False), gr.State(""))
    _connect(page, version, tab, choices, [said, every])
    _connect_all(page, choices, every)
    return choices


def _slot() -> gr.Dropdown:
    return unchecked(gr.Dropdown([], label="Kind", visible=False, min_width=260))


def _connect(page: Page, version: gr.Dropdown, tab: gr.Tab, choices: Choices, about: list[Any]) -> None:
    def show(workspace: Workspace, version: str, chosen: dict[str, str] | None) -> list[Any]:
        """A slot for each kind that will be masked, with what was chosen for it before."""
        found = actions.kinds_to_mask(workspace, version) if version else []
        known = chosen or {}
        shown = [_update(kind, known.get(kind.kind)) for kind in found[:MOST_KINDS]]
        hidden = [gr.Dropdown(visible=False)] * (MOST_KINDS - len(shown))
        said = rules_changed(workspace, version) if found else NOTHING
        head = [gr.Markdown(said, visible=bool(said)), gr.Dropdown(value=None, visible=len(found) > 1)]
        return [[kind.kind for kind in found], *head, *shown, *hidden]

    outputs = [choices.kinds, *about, *choices.slots]
    for event in (page.changed(version), tab.select):
        shown = event(page.handler(show), [page.visitor, version, choices.chosen], outputs, **QUIET)
        choices.collected(shown.then)
    for slot in choices.slots:
        choices.collected(slot.input)


def _connect_all(page: Page, choices: Choices, every: gr.Dropdown) -> None:
    def choose_all(choice: str, kinds: list[str]) -> list[Any]:
        """The choice in every slot whose kind has it."""
        has_it = [actions.can_become(kind, choice) for kind in kinds[:MOST_KINDS]]
        return [gr.Dropdown(value=choice) if has else gr.skip() for has in _padded(has_it)]

    choices.collected(every.input(choose_all, [every, choices.kinds], choices.slots, **QUIET).then)


def _padded(values: list[bool]) -> list[bool]:
    return values + [False] * (MOST_KINDS - len(values))


def _update(kind: actions.KindToMask, chosen: str | None) -> gr.Dropdown:
    options = [(TITLES.get(choice, choice).format(kind=kind.kind), choice) for choice in kind.choices]
    value = chosen if chosen in kind.choices else kind.usual
    return gr.Dropdown(choices=options, value=value, label=kind.label, info=kind.sentence, visible=True)
