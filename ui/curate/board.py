"""The board: checks with their counts and examples, what is done with them, and undo."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import gradio as gr

from core.actions import Workspace
from core.actions.curate import board as actions
from core.actions.curate import rows as row_actions
from core.actions.curate import scan
from core.errors import LabError
from ui.common import Page, packed, unchecked
from ui.tables import frame

WIDTHS = ["130px", "60px", "90px", "205px", "185px", "185px"]
DECISIONS = (("Leave out all", "leave out"), ("Repair all", "repair"), ("Keep all", "keep"), ("As it was", "reset"))
SCANNING = "Looking for problems: {} …"
QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
# What a person typed may be refused, and Gradio shows a message only for events that go through its queue.
SPEAKING: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


# What shows something again: a function, its inputs (first the visitor), its outputs, and names of its last inputs.
View = tuple[Callable[..., list[Any]], list[Any], list[Any], list[str]]


@dataclass
class Board:
    """What the parts of the board share: the check whose rows are shown, and what is shown again after a decision."""

    page: Page
    version: gr.Dropdown
    check: gr.Dropdown
    said: gr.Markdown
    events: list[Any] = field(default_factory=list)
    views: list[View] = field(default_factory=list)

    def follow(self, event: Any) -> None:
        """Show everything again after `event`, once all views are known."""
        self.events.append(event)

    def connect(self) -> None:
        """Wire what `follow` has collected: all views are shown again by one request."""
        inputs = [one for _, inputs, _, _ in self.views for one in inputs[1:]]
        outputs = [one for _, _, outputs, _ in self.views for one in outputs]
        show = self.page.handler(self.show_again)
        for event in self.events:
            # What is shown for one event must not be skipped because another one is being answered.
            event.success(show, [self.page.visitor, *inputs], outputs, trigger_mode="always_last", **QUIET)

    def show_again(self, workspace: Workspace, *values: Any) -> list[Any]:
        """What all views show now, as values of their outputs."""
        shown: list[Any] = []
        rest = iter(values)
        for show, inputs, outputs, names in self.views:
            own = list(islice(rest, len(inputs) - 1))
            try:
                shown += packed(show, names)(workspace, *own)
            except LabError:  # a box holds what is no filter, which was said when it was typed
                shown += [gr.skip()] * len(outputs)
        return shown


@dataclass
class _Widgets:
    sentence: gr.Textbox
    checks: gr.Dataframe
    threshold: gr.Slider
    buttons: dict[str, gr.Button]
    undo: gr.Button
    redo: gr.Button
    history: gr.Dataframe

    @property
    def outputs(self) -> list[Any]:
        return [
            self.sentence, self.checks, self.threshold, *self.buttons.values(), self.undo, self.redo, self.history,
        ]  # fmt: skip


def build(page: Page, version: gr.Dropdown) -> Board:
    """Lay out the board; rows and history come below it."""
    sentence = gr.Textbox(label="If you save now", interactive=False, lines=1, max_lines=3, elem_id="board-sentence")
    checks = frame("Checks: click one to see its rows", actions.BOARD_HEADERS, WIDTHS, height=430)
    with gr.Row(equal_height=True):
        check = gr.Dropdown(
            row_actions.filters(),
            value=row_actions.ALL_ROWS,
            label="Rows shown below",
            allow_custom_value=True,
            min_width=200,
        )
        threshold = unchecked(gr.Slider(0, 1, 0.8, step=0.01, label="Threshold", visible=False, min_width=200))
    with gr.Row():
        buttons = {
            what: gr.Button(title, size="sm", min_width=100, interactive=False) for title, what in DECISIONS
        }  # fmt: skip
        undo = gr.Button("Undo", size="sm", min_width=70, interactive=False)
        redo = gr.Button("Redo", size="sm", min_width=70, interactive=False)
    said = gr.Markdown("", elem_id="board-said", label="What was done")
    with gr.Accordion("History", open=False):
        history = frame("Steps, newest first", ["Step"], ["700px"], height=200)
    made = _Widgets(sentence, checks, threshold, buttons, undo, redo, history)
    board = Board(page, version, check, said)
    page.changed(version)(lambda: ("", ""), None, [said, sentence], **QUIET)  # they speak of the version before
    _connect_view(board, made)
    _connect_decisions(board, made)
    return board


def connect_scan(board: Board, scanned: gr.Markdown) -> Callable[..., Any]:
    """A version that is shown is scanned first, saying so in `scanned`; the handler that does it is returned."""

    def scan_version(workspace: Workspace, version: str) -> Iterator[str]:
        for check in scan.scanning_version(workspace, version) if version else ():
            yield SCANNING.format(check)
        yield ""

    page, version = board.page, board.version
    run = page.handler(scan_version)
    quiet = {"show_progress": "hidden", "api_visibility": "private"}
    board.follow(page.changed(version)(run, [page.visitor, version], scanned, **quiet))
    board.follow(board.check.change(lambda: "", None, board.said, **QUIET))
    return run


def _connect_view(board: Board, made: _Widgets) -> None:
    def show_board(workspace: Workspace, version: str, check: str) -> list[Any]:
        """The checks with their counts, what is done with them and two examples each; and what a save would do."""
        return _shown(actions.board(workspace, version), check, made) if version else [gr.skip()] * len(made.outputs)

    inputs = [board.page.visitor, board.version, board.check]
    board.views.append((show_board, inputs, made.outputs, []))

    def board_of(workspace: Workspace, version: str) -> dict[str, Any]:
        """The board of a version: its checks with rows, decision and examples, the sentence, and the history."""
        return actions.board_as_dict(workspace, version)

    shown = gr.JSON(visible=False)
    made.sentence.submit(
        board.page.handler(board_of), [board.page.visitor, board.version], shown, api_name="board", queue=False
    )


def _shown(found: actions.Board, check: str, made: _Widgets) -> list[Any]:
    table = [[line.check, f"{line.rows:,}", line.action, line.about, *_two(line.examples)] for line in _full(found)]
    table += [["all others", "0", "", f"Found nothing: {', '.join(_empty(found))}.", "", ""]] if _empty(found) else []
    can_decide, can_repair = actions.decidable(check)
    active = {"repair": can_repair}
    return [
        found.sentence,
        table,
        _slider(found, check),
        *(gr.Button(interactive=active.get(what, can_decide)) for what in made.buttons),
        gr.Button(interactive=found.can_undo),
        gr.Button(interactive=found.can_redo),
        [[step] for step in found.history],
    ]


def _full(found: actions.Board) -> list[actions.Line]:
    return [line for line in found.lines if line.rows]


def _empty(found: actions.Board) -> list[str]:
    return [line.check for line in found.lines if not line.rows]


def _two(examples: list[str]) -> list[str]:
    return [*examples, "", ""][:2]


def _slider(found: actions.Board, check: str) -> Any:
    line = next((line for line in found.lines if line.check == check and line.threshold is not None), None)
    bounds = actions.bounds(check)
    if line is None or bounds is None:
        return gr.Slider(visible=False)
    return gr.Slider(
        bounds.lowest, bounds.highest, line.threshold, step=bounds.step, label=bounds.title, visible=True
    )  # fmt: skip


def _connect_decisions(board: Board, made: _Widgets) -> None:
    def decide(workspace: Workspace, version: str, what: str, check: str = "", rows: str = "") -> str:
        """Leave out, keep, repair or reset all rows of a check, or the rows named like “3, 17, 20-25”."""
        return actions.decide(workspace, version, what, check, rows)

    def set_threshold(workspace: Workspace, version: str, check: str, threshold: float) -> str:
        """Move the threshold of a check; its rows are counted again at once."""
        return actions.set_threshold(workspace, version, check, threshold)

    def undo(workspace: Workspace, version: str) -> str:
        """Undo the last step."""
        return actions.undo(workspace, version)

    def redo(workspace: Workspace, version: str) -> str:
        """Do again what was undone last."""
        return actions.undo(workspace, version, back=False)

    def choose(event: gr.SelectData) -> Any:
        return str(event.row_value[0]) if event.row_value[0] in row_actions.filters() else gr.skip()

    page, own = board.page, [board.page.visitor, board.version]
    what, rows = gr.Textbox(label="What", visible=False), gr.Textbox("", label="Rows", visible=False)
    named = [*own, what, board.check, rows]
    board.follow(what.submit(page.handler(decide), named, board.said, api_name="decide"))
    for key, button in made.buttons.items():
        pressed = gr.State(key)
        board.follow(button.click(page.handler(decide), [*own, pressed, board.check, rows], board.said, **SPEAKING))
    moved = made.threshold.release
    board.follow(
        moved(page.handler(set_threshold), [*own, board.check, made.threshold], board.said, api_name="set_threshold")
    )
    board.follow(made.undo.click(page.handler(undo), own, board.said, api_name="undo"))
    board.follow(made.redo.click(page.handler(redo), own, board.said, api_name="redo"))
    made.checks.select(choose, None, board.check, **QUIET)
