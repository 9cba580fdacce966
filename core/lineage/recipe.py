"""The steps from a file to a version, as a text that can be kept, read and followed again on another file."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from core.errors import FileProblem
from core.lineage.tree import parents_of
from core.words import counted
from core.workspace import Version, Workspace

FORMAT = 1
LONGEST_TEXT = 200_000
MOST_STEPS = 100  # each writes a version
DEEPEST = 20  # levels of a recipe's text; far deeper ones end a parser, libyaml's with the whole process
INGEST = "ingest"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # either makes plain values only
# By stage, the settings that only fit the file that was read: where its copies lie, how sure the guess was, and the
# decisions about its rows (format 1 of the versions named them in "keep" and "decisions").
OF_THIS_FILE = {INGEST: ("source", "unsure"), "curate": ("rows", "keep", "decisions")}


class Step(BaseModel):
    """What was done, by its stage, and with which settings."""

    model_config = ConfigDict(extra="forbid")

    stage: str
    settings: dict[str, Any] = {}


class Recipe(BaseModel):
    """Every step from the file to a version.

    `row_decisions` counts those about single rows, which are not among the settings; `needs` are the other versions
    that a mix takes, by id, with their content hashes.
    """

    model_config = ConfigDict(extra="forbid")

    format: int = FORMAT
    version: str = ""
    content_hash: str = ""
    row_decisions: int = 0
    needs: dict[str, str] = {}
    steps: list[Step]

    @property
    def note(self) -> str:
        """What replaying leaves aside, in words; empty if it is nothing."""
        if not self.row_decisions:
            return ""
        verb = "is" if self.row_decisions == 1 else "are"
        return f"{counted(self.row_decisions, 'decision')} about single rows {verb} not replayed."

    def as_yaml(self) -> str:
        """The text that `read_recipe` reads."""
        return as_yaml({key: value for key, value in self.model_dump().items() if value or key in ("format", "steps")})


def recipe(workspace: Workspace, version_id: str) -> Recipe:
    """How a version was made. Raises `NotFound` if it, or a version on the way to it, is not there."""
    line = main_line(workspace, version_id)
    others = [
        parent for before, version in zip([None, *line], line, strict=False) for parent in _others(before, version)
    ]
    return Recipe(
        version=line[-1].id,
        content_hash=line[-1].content_hash,
        row_decisions=sum(_row_decisions(version) for version in line),
        needs={name: workspace.versions.get(name).content_hash for name in others},
        steps=[Step(stage=version.stage, settings=_settings(version)) for version in line],
    )


def main_line(workspace: Workspace, version_id: str) -> list[Version]:
    """The versions from the file to this one; of a mix the first part is followed. Raises `NotFound`."""
    line = [workspace.versions.get(version_id)]
    while parents := [name for name in parents_of(line[-1]) if name not in {version.id for version in line}]:
        line.append(workspace.versions.get(parents[0]))
    return line[::-1]


def read_recipe(text: str) -> Recipe:
    """The recipe that a text holds.

    Raises:
        FileProblem: it is no recipe, a step of it is none, or it was written by a newer Tunebench.
    """
    values = _parsed(text)
    written = values.get("format")
    if isinstance(written, int) and written > FORMAT:
        raise FileProblem(
            f"This recipe is of format {written}, and this Tunebench reads up to {FORMAT}. "
            "Update Tunebench to replay it."
        )
    try:
        found = Recipe.model_validate(values)
    except ValidationError as error:
        raise FileProblem(_sentence(error)) from error
    if not found.steps:
        raise FileProblem("This recipe has no steps, so there is nothing to replay.")
    if len(found.steps) > MOST_STEPS:
        raise FileProblem(f"This recipe has {len(found.steps):,} steps; at most {MOST_STEPS} can be replayed.")
    return found


def as_yaml(value: Any) -> str:
    """A value as YAML in the order it has, without references inside."""
    dumper = type("Plain", (yaml.SafeDumper,), {"ignore_aliases": lambda *_: True})
    return str(yaml.dump(value, Dumper=dumper, sort_keys=False, allow_unicode=True, width=100))


def _settings(version: Version) -> dict[str, Any]:
    left_aside = OF_THIS_FILE.get(version.stage, ())
    return {key: _without_folders(value) for key, value in version.settings.items() if key not in left_aside}


def _without_folders(value: Any) -> Any:
    """The value with paths of this machine cut to their last part: a recipe is made to be handed on."""
    if isinstance(value, dict):
        return {key: _without_folders(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_folders(inner) for inner in value]
    return Path(value).name if isinstance(value, str) and Path(value).is_absolute() else value


def _row_decisions(version: Version) -> int:
    if version.stage != "curate":
        return 0
    return int(version.settings.get("rows", len(version.settings.get("keep", []))))


def _others(before: Version | None, version: Version) -> list[str]:
    """What a version was made from besides the one before it on the main line."""
    return [parent for parent in parents_of(version) if before is None or parent != before.id]


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > LONGEST_TEXT:
        raise FileProblem(f"A recipe has at most {LONGEST_TEXT:,} characters, and this has {len(text):,}.")
    try:
        _check_harmless(text)
        values = yaml.load(text, Loader=LOADER)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise FileProblem(
            f"This is not a recipe: the text is not YAML{where}. Choose a recipe.yaml of this page."
        ) from error
    if not isinstance(values, dict) or "steps" not in values:
        raise FileProblem("This is not a recipe: it has no “steps”. Choose a recipe.yaml that was downloaded here.")
    return values


def _check_harmless(text: str) -> None:
    """Raises `FileProblem` where the text would take the parser far more time, memory or depth than a recipe does."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):  # it can unfold to more than any memory holds
            raise FileProblem("This is not a recipe: it has references (*name), which no recipe has.")
        if depth > DEEPEST:
            raise FileProblem(f"This is not a recipe: it has more than {DEEPEST} levels.")


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    place = [f"step {part + 1}" if isinstance(part, int) else f"“{str(part)[:60]}”" for part in first["loc"]]
    where = ", ".join(part for part in place if part != "“steps”") or "“steps”"
    return f"This recipe cannot be read at {where}: {first['msg'].lower()}. Mend it there, or download it again."
