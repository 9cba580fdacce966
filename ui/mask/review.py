"""The review: values that were found, the places of one, a row with its marks; decisions for one, a value, a kind."""

import json

import gradio as gr

from core.actions import Workspace
from core.actions.mask import reading
from core.actions.mask import review as actions
from core.errors import SettingProblem
from ui import keys
from ui.common import Page, unchecked
from ui.mask import narrow, review_api, review_shown, values
from ui.mask.changes import another
from ui.mask.places import ARROWS, KEY_WORDS, KEYS, PICK_JS, TAKE_SELECTION_JS, WATCH_SELECTION_JS
from ui.mask.review_shown import CHOOSE, NO_ROW, NO_VERSION, SPEAKING, Chosen, Widgets
from ui.tables import frame

SCOPES = [
    ("this value", "value"),
    ("this name and longer ones", "name"),
    ("this place", "place"),
    ("this kind", "kind"),
]
DECISIONS = (("Mask", "accept", "mask"), ("Keep", "reject", "keep"), ("As it was", "reset", "reset"))


def build(page: Page, version: gr.Dropdown, changed: gr.State) -> None:
    """Lay out the review and connect it; what is shown follows `changed`, into which a decision writes another text."""
    sentence = gr.Markdown(NO_VERSION, elem_id="review-sentence", label="Review")
    with gr.Column(visible=False) as body:
        with gr.Column(visible=False) as deciding:
            with gr.Row(equal_height=True):
                search = gr.Textbox(
                    "", label="Search values", placeholder="Text, then Enter", max_lines=1, min_width=180
                )
                kind = unchecked(
                    gr.Dropdown(reading.kind_choices([]), value=reading.ANY, label="Kind found", min_width=150)
                )
                decision = unchecked(
                    gr.Dropdown(reading.decision_choices(), value=reading.ANY, label="Decision", min_width=130)
                )
                sort = unchecked(
                    gr.Dropdown([*reading.SORTS.items()], value="doubt", label="Order values by", min_width=120)
                )
            found = values.build()
            keys.build(
                "review-keys", KEY_WORDS, KEYS | ARROWS, {"j", "k", *ARROWS}, dict.fromkeys(ARROWS, "#review-values")
            )
            with gr.Row():
                buttons = {what: _button(title, name, 80) for title, what, name in DECISIONS}
                buttons |= {"undo": _button("Undo", "undo", 70), "redo": _button("Redo", "redo", 70)}
                buttons |= {"previous": _button("Previous value", "previous", 120)}
                buttons |= {"next": _button("Next value", "next", 110)}
            scope = unchecked(gr.Radio(SCOPES, value="value", label="Applies to", min_width=280))
            said = gr.Markdown("", elem_id="review-said", label="What was done in the review")
            with gr.Accordion("Another kind, always, history", open=False):
                with gr.Row(equal_height=True):
                    new_kind = gr.Dropdown([], label="Another kind", allow_custom_value=True, min_width=200)
                    buttons["kind"] = _button("Change kind", "kind", 110)
                    buttons["allow"] = _button("Always keep", "always-keep", 110)
                    buttons["deny"] = _button("Always mask", "always-mask", 110)
                with gr.Column(elem_classes=narrow.FITTING):
                    history = frame("Steps of the review, newest first", ["Step"], ["700px"], height=220)
            places = gr.HTML(CHOOSE, js_on_load=PICK_JS, elem_id="review-places")
        with gr.Row():
            row = gr.Textbox("", label="Row to read", placeholder="number", max_lines=1, min_width=110)
            marked_kind = gr.Dropdown(
                ["PERSON"], value="PERSON", label="Kind of the selected text", allow_custom_value=True, min_width=200
            )
            buttons["mark"] = _button("Mask selected text everywhere", "mark", 210)
        row_shown = gr.HTML(NO_ROW, js_on_load=WATCH_SELECTION_JS, elem_id="review-row")
    made = Widgets(
        version=version,
        changed=changed,
        sentence=sentence,
        body=body,
        deciding=deciding,
        wanted={"search": search, "kind": kind, "decision": decision, "sort": sort},
        values=found,
        chosen=gr.State({}),
        place=gr.State(""),
        looked=gr.State(""),
        places=places,
        places_page=gr.State(1),
        row=row,
        row_shown=row_shown,
        scope=scope,
        said=said,
        buttons=buttons,
        new_kind=new_kind,
        marked_kind=marked_kind,
        history=history,
    )
    review_shown.connect(page, made)
    _connect_decisions(page, made)
    _connect_marking(page, made)
    review_api.build(page, version)


def _button(title: str, name: str, width: int) -> gr.Button:
    return gr.Button(title, size="sm", min_width=width, elem_id=f"review-{name}")


def _connect_decisions(page: Page, made: Widgets) -> None:
    def decide(workspace: Workspace, version: str, what: str, chosen: Chosen, scope: str, place: str) -> list[str]:
        return [actions.decide(workspace, version, what, chosen.get("key", ""), scope, place), another()]

    def change(workspace: Workspace, version: str, kind: str, chosen: Chosen, scope: str, place: str) -> list[str]:
        return [actions.change_kind(workspace, version, chosen.get("key", ""), kind, scope, place), another()]

    def always(workspace: Workspace, version: str, which: str, chosen: Chosen) -> list[str]:
        return [actions.always(workspace, version, which, chosen.get("key", "")), another()]

    def move(workspace: Workspace, version: str, back: bool) -> list[str]:
        return [actions.undo(workspace, version, back), another()]

    own, outputs = [page.visitor, made.version], [made.said, made.changed]
    about = [made.chosen, made.scope, made.place]
    for _, what, _ in DECISIONS:
        made.buttons[what].click(page.handler(decide), [*own, gr.State(what), *about], outputs, **SPEAKING)
    made.buttons["kind"].click(page.handler(change), [*own, made.new_kind, *about], outputs, **SPEAKING)
    for which in ("allow", "deny"):
        made.buttons[which].click(page.handler(always), [*own, gr.State(which), made.chosen], outputs, **SPEAKING)
    for name, back in (("undo", True), ("redo", False)):
        made.buttons[name].click(page.handler(move), [*own, gr.State(back)], outputs, **SPEAKING)


def _connect_marking(page: Page, made: Widgets) -> None:
    def mark(workspace: Workspace, version: str, kind: str, selection: str) -> list[str]:
        taken = json.loads(selection or "null")
        if not taken:
            raise SettingProblem("No text is selected. Select some in the row below first.")
        bounds = (taken["start"], taken["end"]) if "start" in taken else None
        said = actions.add_span(workspace, version, taken["row"], kind, taken["text"], taken["message"], bounds)
        return [said, another()]

    selection = gr.Textbox("", visible=False)
    made.buttons["mark"].click(
        page.handler(mark),
        [page.visitor, made.version, made.marked_kind, selection],
        [made.said, made.changed],
        js=TAKE_SELECTION_JS,
        **SPEAKING,
    )
