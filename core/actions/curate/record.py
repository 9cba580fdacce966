"""What the Versions part does: the tree of versions, the data card, the recipe, and the files to share."""

import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from core.actions.mask.leftovers import standing
from core.actions.mask.quick_look import quick_look
from core.actions.tables import PAGE_ROWS, TablePage, page_of
from core.errors import SettingProblem
from core.lineage import (
    EVERY_ROW,
    EXPORTED_PARTS,
    LICENSES,
    CardFields,
    Line,
    card_fields,
    export_rows,
    keep_card,
    tree,
)
from core.lineage import data_card as lineage_card
from core.lineage import recipe as lineage_recipe
from core.words import counted
from core.workspace import Workspace, slug

TREE_HEADERS = ("Version", "Stage", "Rows", "Train", "Held out", "Left out", "Made from", "Runs", "Made", "Hash")
INDENT, BRANCH = "\u2003", "└ "
DEEPEST_INDENT = 6
REASONS_SHOWN = 3
HASH_CHARACTERS = 12
FILES, FILES_SECONDS = "files-", 3600


def version_tree(workspace: Workspace, page: Any = 1) -> TablePage:
    """A page of the tree of all versions, `TREE_HEADERS` wide. Raises `SettingProblem` if the page is no number."""
    lines = tree(workspace)
    number, pages, first = page_of(page, len(lines))
    return TablePage([_tree_row(line) for line in lines[first : first + PAGE_ROWS]], number, pages, len(lines))


def version_of(cell: str) -> str:
    """The id of a version from its cell in the tree, where it stands behind an indent."""
    return cell.strip().removeprefix(BRANCH)


def licenses() -> list[str]:
    """Identifiers of licences that the form offers."""
    return list(LICENSES)


def export_parts() -> list[str]:
    """Which rows can be exported."""
    return list(EXPORTED_PARTS)


def card_form(workspace: Workspace, version_id: str) -> CardFields:
    """What a person has said about a version, or about the nearest one before it. Raises `NotFound`."""
    return card_fields(workspace, _chosen(version_id))


def data_card(workspace: Workspace, version_id: str) -> str:
    """The data card of a version as Markdown. Raises `NotFound`."""
    return lineage_card(workspace, _chosen(version_id), standing(workspace, version_id).sentence)


def save_card(
    workspace: Workspace, version_id: str, license: str | None, language: str, pretty_name: str, description: str
) -> str:
    """Keep what only a person knows beside the version; says what is kept.

    Raises:
        NotFound: there is no such version.
        SettingProblem: a field is too long, or a language is no code.
    """
    said = {"license": license, "language": language, "pretty_name": pretty_name, "description": description}
    fields = CardFields(**{name: str(text or "") for name, text in said.items()})
    keep_card(workspace, _chosen(version_id), fields)
    if fields.license.strip():
        return f"The card of {version_id} is kept."
    return f"The card of {version_id} is kept. No licence was given, so it says “unknown”."


def card_file(workspace: Workspace, version_id: str, folder: Path) -> Path:
    """The data card as README.md in a new folder below `folder`. Raises `NotFound`."""
    path = _new(folder) / "README.md"
    path.write_text(data_card(workspace, version_id), encoding="utf-8")
    return path


def recipe(workspace: Workspace, version_id: str) -> tuple[str, str]:
    """The recipe of a version as YAML, and what replaying leaves aside in words. Raises `NotFound`."""
    found = lineage_recipe(workspace, _chosen(version_id))
    return found.as_yaml(), found.note


def recipe_file(workspace: Workspace, version_id: str, folder: Path) -> Path:
    """The recipe as a file in a new folder below `folder`. Raises `NotFound`."""
    path = _new(folder) / f"{_file_name(version_id)}-recipe.yaml"
    path.write_text(recipe(workspace, version_id)[0], encoding="utf-8")
    return path


def export_dataset(workspace: Workspace, version_id: str, part: str, folder: Path) -> tuple[list[Path], str]:
    """The rows of a version as JSONL and as Parquet in a new folder below `folder`, and sentences on them.

    They say what is known of the personal data in the version; one that was never searched, or has rows that came or
    changed since, is looked through now.

    Raises:
        NotFound: there is no such version.
        SettingProblem: there is no such part, or it has no rows.
    """
    dataset = workspace.versions.load(_chosen(version_id))
    name = _file_name(version_id) + ("" if part == EVERY_ROW else f"-{slug(part)}")
    written = export_rows(dataset, _new(folder) / name, part)
    said = f"{counted(written.rows, 'row')} in the form that TRL reads: {', '.join(written.columns)}."
    if part == EVERY_ROW and "split" in written.columns:
        said += " Held-out rows are among them: see the column split."
    return written.paths, f"{said} {_personal_data(workspace, version_id, part)}"


def _personal_data(workspace: Workspace, version_id: str, part: str) -> str:
    known = standing(workspace, version_id)
    if known.is_searched and not known.unread:
        return known.sentence
    dataset = workspace.versions.load(version_id)
    rows = dataset if part == EVERY_ROW else dataset.part(part)
    return f"{known.sentence} {quick_look(workspace, rows).sentence}"


def _chosen(version_id: str) -> str:
    if not version_id:
        raise SettingProblem("No dataset version is chosen. Choose one in the list, or load a file first.")
    return version_id


def _tree_row(line: Line) -> list[str]:
    version = line.version
    depth = min(line.depth, DEEPEST_INDENT)
    split = line.train or line.held_out
    return [
        INDENT * depth + (BRANCH if depth else "") + version.id,
        version.stage,
        f"{version.rows:,}",
        f"{line.train:,}" if split else "–",
        f"{line.held_out:,}" if split else "–",
        _left_out(line),
        ", ".join(line.parents) or str(version.settings.get("name", "")),
        ", ".join(line.runs),
        version.created[:16].replace("T", " "),
        version.content_hash[:HASH_CHARACTERS],
    ]


def _left_out(line: Line) -> str:
    """How many, and the checks that took most of them."""
    if not line.left_out:
        return "0"
    shown = [f"{count:,} {check}" for check, count in list(line.reasons.items())[:REASONS_SHOWN]]
    more = len(line.reasons) - len(shown)
    said = ", ".join([*shown, f"and {counted(more, 'more check')}"] if more > 0 else shown)
    return f"{line.left_out:,} ({said})" if said else f"{line.left_out:,}"


def _file_name(version_id: str) -> str:
    return slug(version_id.replace("/", "-"))


def _new(folder: Path) -> Path:
    """A new folder for files to download; those of long ago, which the page has copied at once, are deleted."""
    for old in folder.glob(f"{FILES}*"):
        if time.time() - old.stat().st_mtime > FILES_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=FILES, dir=folder))
