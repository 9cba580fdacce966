"""What the review shows: the list of values, the places of the one that is read, a row; and how it is turned."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions.mask import reading
from core.errors import LabError
from ui.common import Page
from ui.mask.places import places_html
from ui.mask.row import readable, row_html
from ui.mask.values import ValueList

NOT_SEARCHED = "Search first: press “Find personal data” under “Find”. What it finds in this version is reviewed here."
NO_VERSION = "There is no dataset yet. Save one on the Curate tab; what is found in it is reviewed here."
CHOOSE = "<p>Click a value in the list to see its places.</p>"
NO_ROW = "<p>Click a place, or type the number of a row and press Enter.</p>"
QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
# What a person typed may be refused, and Gradio shows a message only for events that go through its queue; so does the
# change of a state by which other parts hear of a decision.
SPEAKING: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
Chosen = dict[str, Any]  # `keys` of the values on the page, `key` of the one chosen, and its `line` among them


@dataclass
class Widgets:
    """The widgets that handlers read and set."""

    version: gr.Dropdown
    changed: gr.State
    sentence: gr.Markdown
    body: gr.Column
    deciding: gr.Column
    wanted: dict[str, Any]
    values: ValueList
    chosen: gr.State
    place: gr.State
    looked: gr.State
    places: gr.HTML
    places_page: gr.State
    row: gr.Textbox
    row_shown: gr.HTML
    scope: gr.Radio
    said: gr.Markdown
    buttons: dict[str, gr.Button]
    new_kind: gr.Dropdown
    marked_kind: gr.Dropdown
    history: gr.Dataframe

    @property
    def inputs(self) -> list[Any]:
        """What says which part is shown."""
        return [
            self.version, self.chosen, self.place, self.looked, self.row, self.places_page, self.values.number,
            *self.wanted.values(),
        ]  # fmt: skip

    @property
    def list_outputs(self) -> list[Any]:
        """What showing a page of values sets."""
        return [self.sentence, *self.values.outputs, self.chosen]

    @property
    def reading_outputs(self) -> list[Any]:
        """What reading a value and a row sets."""
        return [self.places, self.places_page, self.row_shown]

    @property
    def spot_outputs(self) -> list[Any]:
        """What says where a person reads: the place, the row, and the part of it."""
        return [self.place, self.row, self.looked]

    @property
    def side_outputs(self) -> list[Any]:
        """What else follows the decisions."""
        kinds = [self.wanted["kind"], self.new_kind, self.marked_kind]
        parts = [self.body, self.deciding]
        return [*kinds, self.buttons["undo"], self.buttons["redo"], self.history, *parts]


def connect(page: Page, made: Widgets) -> None:
    """Wire everything that only shows."""
    _connect_showing(page, made)
    _connect_list(page, made)
    _connect_reading(page, made)


def _connect_showing(page: Page, made: Widgets) -> None:
    """Everything is shown again after a search and after a decision; another version begins anew."""

    def show(
        workspace: Workspace,
        version: str,
        chosen: Chosen,
        place: str,
        looked: str,
        row: str,
        places_page: int,
        wanted: Chosen,
    ) -> list[Any]:
        if not reading.searched(workspace, version):
            return _nothing(made, version)
        found = _groups(workspace, version, wanted)
        read = _read_again(workspace, version, chosen, (place, looked, row), places_page)
        return [*_list_values(made, found, chosen), *read, *_sides(workspace, version, found, wanted["kind"])]

    def begin(workspace: Workspace, version: str, wanted: Chosen) -> list[Any]:
        return [*show(workspace, version, {}, "", "", "", 1, wanted), "", "", "", ""]

    outputs = [*made.list_outputs, *made.reading_outputs, *made.side_outputs]
    names = ["page", *made.wanted]
    made.changed.change(
        page.handler(show, names), [page.visitor, *made.inputs], outputs, trigger_mode="always_last", **SPEAKING
    )
    page.changed(made.version)(
        page.handler(begin, names),
        [page.visitor, made.version, gr.State(1), *made.wanted.values()],
        [*outputs, *made.spot_outputs, made.said],
        **QUIET,
    )


def _connect_list(page: Page, made: Widgets) -> None:
    """The list is turned, narrowed and sorted; a value of it is chosen by a click or by going to the next one."""

    def show(workspace: Workspace, version: str, chosen: Chosen, wanted: Chosen) -> list[Any]:
        if not reading.searched(workspace, version):
            return _nothing(made, version)[: len(made.list_outputs)]
        return _list_values(made, _groups(workspace, version, wanted), chosen)

    def turned(by: int) -> Callable[..., list[Any]]:
        def turn(workspace: Workspace, version: str, chosen: Chosen, wanted: Chosen) -> list[Any]:
            return show(workspace, version, chosen, {**wanted, "page": _number(wanted["page"]) + by})

        return turn

    def first(workspace: Workspace, version: str, chosen: Chosen, wanted: Chosen) -> list[Any]:
        return show(workspace, version, chosen, {**wanted, "page": 1})

    def click(workspace: Workspace, version: str, chosen: Chosen, event: gr.EventData) -> list[Any]:
        key, keys = str(event.key), chosen.get("keys", [])
        return _read_value(workspace, version, {**chosen, "key": key, "line": keys.index(key) if key in keys else 0})

    def moved(by: int) -> Callable[..., list[Any]]:
        def move(workspace: Workspace, version: str, chosen: Chosen, wanted: Chosen) -> list[Any]:
            if not reading.searched(workspace, version):
                return [gr.skip()] * len([*made.list_outputs, *read])
            found, line = _neighbour(workspace, version, chosen, wanted, by)
            if line is None:
                return [gr.skip()] * len([*made.list_outputs, *read])
            now = {"keys": found.keys, "line": line, "key": found.keys[line]}
            return [*_list_values(made, found, now), *_read_value(workspace, version, now)[1:]]

        return move

    read = [*made.reading_outputs, *made.spot_outputs]
    names = ["page", *made.wanted]
    inputs = [page.visitor, made.version, made.chosen, made.values.number, *made.wanted.values()]
    made.values.number.submit(page.handler(show, names), inputs, made.list_outputs, **SPEAKING)
    for button, by in ((made.values.previous, -1), (made.values.next, 1)):
        button.click(page.handler(turned(by), names), inputs, made.list_outputs, **SPEAKING)
    for box in made.wanted.values():
        narrowed = box.submit if isinstance(box, gr.Textbox) else box.input
        narrowed(page.handler(first, names), inputs, made.list_outputs, **SPEAKING)
    made.values.lines.click(page.handler(click), inputs[:3], [made.chosen, *read], **SPEAKING)
    for name, by in (("previous", -1), ("next", 1)):
        made.buttons[name].click(page.handler(moved(by), names), inputs, [*made.list_outputs, *read], **SPEAKING)


def _connect_reading(page: Page, made: Widgets) -> None:
    """A place that is clicked, or a row that is named, is read; steps lead to more places and to the rest of a row."""

    def pick(
        workspace: Workspace, version: str, chosen: Chosen, places_page: int, place: str, row: str, event: gr.EventData
    ) -> list[Any]:
        step = getattr(event, "step", None)
        if step is not None:
            view = reading.row(workspace, version, row, readable(str(step)))
            return [gr.skip()] * 3 + [row_html(view, place, str(step)), gr.skip(), gr.skip(), str(step)]
        place = str(event.place)
        key = reading.key_at(workspace, version, place) or chosen.get("key", "")
        same = key == chosen.get("key")
        places = reading.group_places(workspace, version, key, places_page if same else 1)
        view = reading.row(workspace, version, "", place)
        now = chosen if same else {**chosen, "key": key}
        return [now, places_html(places, place), places.page, row_html(view, place), place, view.row, ""]

    def turn(
        workspace: Workspace, version: str, chosen: Chosen, places_page: int, place: str, row: str, event: gr.EventData
    ) -> list[Any]:
        if getattr(event, "step", None) is None:
            return pick(workspace, version, chosen, places_page, place, row, event)
        found = reading.group_places(workspace, version, chosen.get("key", ""), event.step)
        return [gr.skip(), places_html(found, place), found.page, *[gr.skip()] * 4]

    def read(workspace: Workspace, version: str, row: str) -> list[Any]:
        return [row_html(reading.row(workspace, version, row)), "", ""]

    inputs = [page.visitor, made.version, made.chosen, made.places_page, made.place, made.row]
    outputs = [made.chosen, *made.reading_outputs, *made.spot_outputs]
    made.places.click(page.handler(turn), inputs, outputs, **SPEAKING)
    made.row_shown.click(page.handler(pick), inputs, outputs, **SPEAKING)
    named = [made.row_shown, made.place, made.looked]
    made.row.submit(page.handler(read), [page.visitor, made.version, made.row], named, **SPEAKING)


def _groups(workspace: Workspace, version: str, wanted: Chosen) -> reading.Groups:
    return reading.groups(workspace, version, wanted["page"], reading.query(wanted))


def _list_values(made: Widgets, found: reading.Groups, chosen: Chosen) -> list[Any]:
    return [found.sentence, *made.values.shown(found, chosen.get("key", "")), {**chosen, "keys": found.keys}]


def _read_value(workspace: Workspace, version: str, chosen: Chosen) -> list[Any]:
    """The chosen value with its places, and the row of the first one."""
    found = reading.group_places(workspace, version, chosen["key"])
    place = found.places[0].place
    view = reading.row(workspace, version, "", place)
    return [chosen, places_html(found, place), 1, row_html(view, place), place, view.row, ""]


def _read_again(
    workspace: Workspace, version: str, chosen: Chosen, at: tuple[str, str, str], places_page: int
) -> list[Any]:
    """The places and the row that were shown, as they are now; nothing for what is no longer there."""
    place, looked, row = at
    try:
        found = reading.group_places(workspace, version, chosen.get("key", ""), places_page)
        places = [places_html(found, place), found.page]
    except LabError:  # nothing was chosen, or the value is no longer found
        places = [CHOOSE, 1]
    try:
        shown = row_html(reading.row(workspace, version, row, readable(looked) or place), place, looked)
    except LabError:  # no row was read
        shown = NO_ROW
    return [*places, shown]


def _neighbour(
    workspace: Workspace, version: str, chosen: Chosen, wanted: Chosen, by: int
) -> tuple[reading.Groups, int | None]:
    """The page that holds the next value, or with `by` -1 the one before, and its line; None at the end.

    A value that a decision took out of the list left its line to the next one.
    """
    found = _groups(workspace, version, wanted)
    if chosen.get("key") in found.keys:
        line = found.keys.index(chosen["key"]) + by
    else:
        line = chosen.get("line", 0 if by > 0 else 1) - (by < 0)
    page = found.table.page + (1 if line >= len(found.keys) else -1 if line < 0 else 0)
    if page != found.table.page and 1 <= page <= found.table.pages:
        found = _groups(workspace, version, {**wanted, "page": page})
        line = 0 if by > 0 else len(found.keys) - 1
    return found, line if 0 <= line < len(found.keys) else None


def _sides(workspace: Workspace, version: str, found: reading.Groups, kind: str) -> list[Any]:
    kinds = reading.kind_choices(found.kinds)
    every = reading.new_kinds(workspace, version)
    known = kind if kind in [name for _, name in kinds] else reading.ANY
    return [
        gr.Dropdown(choices=kinds, value=known),
        gr.Dropdown(choices=every),
        gr.Dropdown(choices=every),
        gr.Button(interactive=found.can_undo),
        gr.Button(interactive=found.can_redo),
        [[step] for step in found.history],
        gr.Column(visible=True),
        gr.Column(visible=bool(found.kinds or found.can_undo or found.can_redo)),
    ]


def _nothing(made: Widgets, version: str) -> list[Any]:
    kinds = [gr.Dropdown(choices=reading.kind_choices([]), value=reading.ANY), gr.skip(), gr.skip()]
    off = [gr.Button(interactive=False)] * 2
    hidden = [gr.Column(visible=False)] * 2
    said = NOT_SEARCHED if version else NO_VERSION
    return [said, *made.values.empty(), {}, CHOOSE, 1, NO_ROW, *kinds, *off, [], *hidden]


def _number(page: Any) -> int:
    return int(page) if isinstance(page, int | float) else 1
