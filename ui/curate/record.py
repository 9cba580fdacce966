"""The versions: a tree of them, the difference of two, the data card, the data as files, and the recipe."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from core.actions import Workspace
from core.actions.curate import record as actions
from core.actions.curate import replay
from ui.common import Page
from ui.curate import difference
from ui.curate.board import QUIET
from ui.tables import Table, table

TREE_WIDTHS = ["180px", "70px", "70px", "70px", "85px", "190px", "120px", "130px", "150px", "120px"]
NO_LICENSE = "Under which the rows may be used; ask who made them. Empty: unknown."


def build(page: Page, version: gr.Dropdown, tab: gr.Tab) -> None:
    """Lay out the part and connect it; what makes or opens a version writes its id into `version`."""
    tree = table("Versions: click one to open it", actions.TREE_HEADERS, TREE_WIDTHS, "versions", height=420)
    with gr.Accordion("Difference between two versions", open=False):
        difference.build(page, version, tab)
    with gr.Accordion("Data card", open=False):
        _build_card(page, version, tab)
    with gr.Accordion("Data as files", open=False):
        _build_files(page, version, tab)
    with gr.Accordion("Recipe: the same steps on another file", open=False):
        _build_recipe(page, version, tab)
    _connect_tree(page, version, tab, tree)


def _connect_tree(page: Page, version: gr.Dropdown, tab: gr.Tab, tree: Table) -> None:
    def version_tree(workspace: Workspace, page_number: float = 1) -> list[Any]:
        """A page of 50 versions, each below the one it was made from; the newest dataset comes first."""
        return tree.shown(actions.version_tree(workspace, page_number))

    def turned(by: int) -> Callable[..., list[Any]]:
        def turn(workspace: Workspace, page_number: float) -> list[Any]:
            return version_tree(workspace, (page_number or 1) + by)

        return turn

    def clicked(event: gr.SelectData) -> str:
        return actions.version_of(str(event.row_value[0]))

    inputs = [page.visitor, tree.number]
    tree.number.submit(page.handler(version_tree), inputs, tree.outputs, api_name="version_tree", queue=False)
    tree.previous.click(page.handler(turned(-1)), inputs, tree.outputs, **QUIET)
    tree.next.click(page.handler(turned(1)), inputs, tree.outputs, **QUIET)
    tree.frame.select(clicked, None, version, **QUIET)
    gr.on([tab.select, page.changed(version, tab)], page.handler(version_tree), inputs, tree.outputs, **QUIET)


def _build_card(page: Page, version: gr.Dropdown, tab: gr.Tab) -> None:
    folder = page.lab.cache
    with gr.Row():
        license = gr.Dropdown(
            actions.licenses(), value="", label="Licence", info=NO_LICENSE, allow_custom_value=True, min_width=200
        )
        language = gr.Textbox(
            "", label="Languages", info="Codes like en, de. Empty: as measured.", max_lines=1, min_width=160
        )
        pretty_name = gr.Textbox("", label="Name", info="Empty: that of the dataset.", max_lines=1, min_width=160)
    description = gr.Textbox("", label="What the rows are, and where they come from", lines=2, max_lines=10)
    with gr.Row():
        make = gr.Button("Make the card", variant="primary", min_width=140)
        download = _download("Download README.md")
    said = gr.Textbox(label="Card", interactive=False, lines=1, max_lines=3)
    card = gr.Textbox(label="README.md", interactive=False, lines=4, max_lines=24, buttons=["copy"])

    def save_card(
        workspace: Workspace, version: str, license: str, language: str, pretty_name: str, description: str
    ) -> str:
        """Keep what only a person knows of a version: licence, language codes, name, description (Markdown)."""
        return actions.save_card(workspace, version, license, language, pretty_name, description)

    def data_card(workspace: Workspace, version: str) -> tuple[str, str]:
        """The data card of a version as Markdown, and as the file README.md. It holds no text of a row."""
        return actions.data_card(workspace, version), str(actions.card_file(workspace, version, folder()))

    def form(workspace: Workspace, version: str) -> list[Any]:
        if not version:
            return [gr.skip()] * len(shown)
        kept = actions.card_form(workspace, version)
        return [kept.license, kept.language, kept.pretty_name, kept.description, "", "", _none()]

    own, fields = [page.visitor, version], [license, language, pretty_name, description]
    saved = make.click(page.handler(save_card), [*own, *fields], said, api_name="save_card", queue=False)
    made = saved.success(page.handler(data_card), own, [card, download], api_name="data_card")
    made.success(_ready, None, download, **QUIET)
    shown = [*fields, said, card, download]
    page.changed(version, tab)(page.handler(form), own, shown, **QUIET)


def _build_files(page: Page, version: gr.Dropdown, tab: gr.Tab) -> None:
    folder = page.lab.cache
    with gr.Row(equal_height=True):
        part = gr.Dropdown(
            actions.export_parts(),
            value=actions.export_parts()[0],
            label="Rows",
            allow_custom_value=True,
            min_width=140,
        )
        write = gr.Button("Write files", variant="primary", min_width=120)
        jsonl, parquet = _download("Download JSONL"), _download("Download Parquet")
    said = gr.Textbox(label="Files", interactive=False, lines=1, max_lines=8)

    def export_dataset(workspace: Workspace, version: str, part: str = "all") -> tuple[str, str, str]:
        """The rows of a version in the form that TRL reads, as JSONL and as Parquet; part is all, train or held-out."""
        paths, sentence = actions.export_dataset(workspace, version, part, folder())
        return str(paths[0]), str(paths[1]), sentence

    files = [jsonl, parquet]
    inputs = [page.visitor, version, part]
    done = write.click(page.handler(export_dataset), inputs, [*files, said], api_name="export_dataset")
    done.success(lambda: [_ready(), _ready()], None, files, **QUIET)
    gr.on([page.changed(version, tab), part.input], lambda: [_none(), _none(), ""], None, [*files, said], **QUIET)


def _build_recipe(page: Page, version: gr.Dropdown, tab: gr.Tab) -> None:
    folder = page.lab.cache
    with gr.Row():
        make = gr.Button("Show the recipe", min_width=140)
        download = _download("Download recipe")
    text = gr.Textbox(label="Recipe", interactive=False, lines=3, max_lines=24, buttons=["copy"])
    with gr.Row():
        file = gr.File(label="New file of the same shape", height=120, min_width=200)
        other = gr.File(label="Recipe file (none: that of this version)", height=120, min_width=200)
    run = gr.Button("Replay on the new file", variant="primary")
    said = gr.Textbox(label="Recipe and replay", interactive=False, lines=1, max_lines=8)

    def recipe(workspace: Workspace, version: str) -> tuple[str, str, str]:
        """The recipe of a version as YAML and as a file, and what replaying it leaves aside."""
        found, note = actions.recipe(workspace, version)
        return found, str(actions.recipe_file(workspace, version, folder())), note

    def replay_recipe(
        workspace: Workspace, version: str, file: str | None, recipe: str | None
    ) -> Iterator[tuple[Any, str]]:
        """Do the steps of a recipe (or of a version, where there is none) on a new file; gives the new version's id."""
        place = replay.Place(page.lab, workspace, Path(get_upload_folder()))
        for done in replay.replay_recipe(place, version, file, recipe):
            yield done.version_id or gr.skip(), done.sentence

    own = [page.visitor, version]
    shown = make.click(page.handler(recipe), own, [text, download, said], api_name="recipe")
    shown.success(_ready, None, download, **QUIET)
    run.click(page.handler(replay_recipe), [*own, file, other], [version, said], api_name="replay_recipe")
    page.changed(version, tab)(lambda: ["", _none()], None, [text, download], **QUIET)


def _download(label: str) -> gr.DownloadButton:
    return gr.DownloadButton(label, size="sm", min_width=150, interactive=False)


def _none() -> gr.DownloadButton:
    """A button without a file: what it held was of another version."""
    return gr.DownloadButton(value=None, interactive=False)


def _ready() -> gr.DownloadButton:
    """A button that may be clicked: the browser saves what it holds at that moment, so its file comes before."""
    return gr.DownloadButton(interactive=True)
