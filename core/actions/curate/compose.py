"""What the part “Instructions & mix” does: instructions put to plain rows, and several versions joined by weight."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa

from core.actions.curate.save import pending
from core.actions.tables import chat_text, shortened
from core.compose import WORDINGS, Instructed, Part
from core.compose import instruct as put_instructions
from core.compose import mix as join
from core.errors import SettingProblem
from core.records import HELD_OUT, Dataset, Example
from core.settings import InstructSettings, Limits, MixSettings
from core.workspace import Version, Workspace

TITLES = {
    "classify": "Classify",
    "extract": "Extract",
    "summarise": "Summarise",
    "translate": "Translate",
    "rewrite": "Rewrite in a tone",
    "answer": "Answer a question",
    "free": "Free",
}
PLACES = {"user": "In the user's turn", "system": "In the system turn"}
NEW_LINE = "\\n"  # how a line break inside a wording is written in the form, where every line is a wording
PREVIEW_FROM = 10_000
PREVIEW_ROWS = 3
PREVIEW_CHARACTERS = 600


@dataclass(frozen=True)
class Made:
    """The id of a new version, and what was done in words."""

    version_id: str
    sentence: str


def tasks() -> list[tuple[str, str]]:
    """Title and name of every task."""
    return [(TITLES[name], name) for name in WORDINGS]


def offered(task: str) -> str:
    """The wordings offered for a task, one a line. Raises `SettingProblem` if there is no such task."""
    return "\n".join(
        wording.replace("\n", NEW_LINE) for wording in WORDINGS[InstructSettings.parse({"task": task}).task]
    )


def places() -> list[tuple[str, str]]:
    """Title and name of every place where an instruction can stand."""
    return [(PLACES[name], name) for name in InstructSettings.field("place")["choices"]]


def instruct_fields() -> list[str]:
    """The names of the fields of the form for instructions."""
    return list(InstructSettings.model_fields)


def instruct_field(name: str) -> dict[str, Any]:
    """Label, info, default and bounds of a field of the form for instructions."""
    return InstructSettings.field(name)


def mix_field(name: str) -> dict[str, Any]:
    """Label, info, default and bounds of a field of the form for mixing."""
    return MixSettings.field(name)


def instruct(workspace: Workspace, version_id: str, values: dict[str, Any] | None = None) -> Made:
    """Put instructions to the rows of a version and save them as a new one.

    `values` are those of `InstructSettings`; wordings may also be a text with one a line. Which row got which wording
    is kept beside the new version as the table "wordings".

    Raises:
        NotFound: there is no such version.
        SettingProblem: a value is out of its bounds, or does not fit the rows; see `core.compose.instruct`.
    """
    settings, parent = _instruct_settings(values), _version(workspace, version_id)
    _refuse_twice(workspace, parent)
    done = put_instructions(workspace.versions.load(version_id), settings)
    sentence = " ".join(filter(None, [done.sentence, pending(workspace, version_id)]))
    version = workspace.versions.save(
        parent.name,
        done.dataset,
        "instruct",
        parent=parent.id,
        settings={**settings.model_dump(), "wordings": [wording.text for wording in done.wordings]},
        result={"sentence": sentence, "wordings": [asdict(wording) for wording in done.wordings]},
        tables={"wordings": done.of_row.to_arrow().cast(pa.schema([("id", pa.string()), ("wording", pa.uint32())]))},
    )
    return Made(version.id, sentence)


def _refuse_twice(workspace: Workspace, version: Version) -> None:
    """Raises `SettingProblem` if the rows of a version have been given instructions already."""
    line: Version | None = version
    while line:
        if line.stage == "instruct":
            raise SettingProblem(
                f"The rows of {version.id} were given instructions already, in {line.id}. Choose {line.parent} instead."
            )
        line = workspace.versions.get(line.parent) if line.parent else None


def preview(workspace: Workspace, version_id: str, values: dict[str, Any] | None = None) -> str:
    """Some of the first rows as `instruct` would make them, a held-out one among them. Raises like `instruct`."""
    settings, parent = _instruct_settings(values), _version(workspace, version_id)
    first = workspace.versions.load(parent.id).table.slice(0, PREVIEW_FROM)
    done = put_instructions(Dataset(first), settings)
    examples = _some(done)
    return "\n\n".join(f"Row {example.row}{_side(example)}\n{_shown(example)}" for example in examples)


def others(workspace: Workspace, version_id: str | None) -> list[tuple[str, str]]:
    """Label and id of the versions that this one can be mixed with, newest first."""
    return workspace.versions.choices(without=version_id)


def mix(workspace: Workspace, limits: Limits, version_id: str, values: dict[str, Any] | None = None) -> Made:
    """Join a version with others by weight and save the mix as a new version.

    `values` are those of `MixSettings`; the first of its parts is always `version_id`.

    Raises:
        NotFound: one of the versions is not there.
        SettingProblem: no other version is given, a value is out of its bounds, or the parts cannot be mixed.
    """
    values = values or {}
    own = _version(workspace, version_id)
    settings = MixSettings.parse({**values, "parts": [own.id, *list(values.get("parts") or [])[1:]]})
    if len(settings.parts) < 2:
        raise SettingProblem(_nothing_to_mix(workspace, own.id))
    versions = [workspace.versions.get(name) for name in settings.parts]
    parts = [Part(_part_name(version, versions), workspace.versions.load(version.id)) for version in versions]
    done = join(parts, settings, limits.rows)
    version = workspace.versions.save(
        own.name,
        done.dataset,
        "mix",
        parent=own.id,
        settings=settings.model_dump(),
        result={"sentence": done.sentence, "parts": [asdict(part) for part in done.parts]},
    )
    return Made(version.id, done.sentence)


def mix_values(form: dict[str, Any]) -> dict[str, Any]:
    """The values of `MixSettings` that a form with `weight` and two others (`other`, `third`) says."""
    named = [(form.get(name), form.get(f"{name}_weight")) for name in ("other", "third")]
    chosen = [(name, weight) for name, weight in named if name]
    rest: dict[str, Any] = {name: form[name] for name in ("merge", "rows", "held_out", "seed") if name in form}
    return {
        "parts": ["", *(name for name, _ in chosen)],
        "weights": [form.get("weight"), *(weight for _, weight in chosen)],
        **rest,
    }


def _version(workspace: Workspace, version_id: str) -> Version:
    if not version_id:
        raise SettingProblem("No dataset version is chosen. Choose one in the list, or load a file first.")
    return workspace.versions.get(version_id)


def _instruct_settings(values: dict[str, Any] | None) -> InstructSettings:
    values = dict(values or {})
    if isinstance(values.get("wordings"), str):
        values["wordings"] = [line.replace(NEW_LINE, "\n") for line in values["wordings"].splitlines() if line.strip()]
    return InstructSettings.parse(values)


def _part_name(version: Version, versions: Sequence[Version]) -> str:
    """The dataset's name; with the number of the version where several of the same dataset are mixed."""
    same = [other for other in versions if other.name == version.name]
    return version.name if len(same) == 1 else version.id.replace("/", "-")


def _nothing_to_mix(workspace: Workspace, version_id: str) -> str:
    if others(workspace, version_id):
        return "No other dataset version is chosen. Choose at least one to mix with."
    return (
        "There is no other dataset here yet to mix with. Load one first, a set of general instructions for instance, "
        "and come back to this version."
    )


def _some(done: Instructed) -> list[Example]:
    """The first rows that were changed, the last of them a held-out one if there is any."""
    changed = set(done.of_row["id"].head(PREVIEW_FROM).to_list())
    rows = [example for example in done.dataset if example.id in changed]
    apart = [example for example in rows if example.split == HELD_OUT][:1]
    return [*(example for example in rows if example not in apart)][: PREVIEW_ROWS - len(apart)] + apart


def _side(example: Example) -> str:
    return f" ({example.split})" if example.split else ""


def _shown(example: Example) -> str:
    return shortened(chat_text(example.messages), PREVIEW_CHARACTERS)
