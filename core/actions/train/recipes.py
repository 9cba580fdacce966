"""Training recipes: the settings of a run as a text that can be kept, edited, and put back into the form."""

import secrets
from pathlib import Path
from typing import Any

import yaml

from core.actions.lab import Lab
from core.errors import FileProblem
from core.settings import PRESETS, TrainSettings, preset
from core.workspace import Workspace

KIND = "tunebench training"
FORMAT = 1
LONGEST = 50_000
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # either makes plain values only
HEAD = "# How a run is trained. Change what you like and load it: it is checked as the form is.\n"


def recipe_text(values: dict[str, Any]) -> str:
    """The settings of the form as YAML, each with its name on the page. Raises `SettingProblem` like the form."""
    return _text(TrainSettings.parse(values))


def recipe_of(workspace: Workspace, run_id: str) -> str:
    """The settings of a run as YAML. Raises `NotFound`."""
    return _text(workspace.run(run_id).recipe.settings)


def read_recipe(lab: Lab, text: str) -> dict[str, Any]:
    """The settings that a text holds; those it does not name have their defaults.

    Raises:
        FileProblem: it is no training recipe, or one of a newer Tunebench; the sentence names the line.
        SettingProblem: a setting is unknown, out of its bounds, or contradicts another.
    """
    values = _parsed(text)
    if values.pop("kind", KIND) != KIND:
        raise FileProblem("This is a recipe of another kind. A training recipe begins with “kind: tunebench training”.")
    written = values.pop("format", FORMAT)
    if not isinstance(written, int) or isinstance(written, bool) or written > FORMAT:
        raise FileProblem(
            f"This recipe is of format {str(written)[:20]}, and this Tunebench reads up to {FORMAT}. "
            "Update Tunebench to use it."
        )
    settings = TrainSettings.parse(values)
    lab.limits.check(settings)
    return settings.model_dump()


def opened_recipe(path: Path) -> str:
    """The text of a recipe file. Raises `FileProblem` where it is too large or no text."""
    data = path.read_bytes()[: LONGEST + 1]
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileProblem(f"{path.name[:60]} is not text, so it is no recipe. Choose a .yaml file.") from error


def recipe_file(lab: Lab, text: str) -> Path:
    """The text as a file to download, read first: what could not be loaded again is not handed out."""
    read_recipe(lab, text)
    folder = lab.cache() / "recipes" / secrets.token_hex(8)
    folder.mkdir(parents=True)
    path = folder / "training-recipe.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def presets() -> list[tuple[str, str]]:
    """Title and id of every preset."""
    return [(each.title, each.id) for each in PRESETS]


def preset_settings(lab: Lab, name: str) -> tuple[dict[str, Any], str]:
    """The settings of a preset within the bounds of this place, without a model, and what it sets and why.

    An unknown name gives nothing.
    """
    chosen = preset(name)
    return (chosen.settings(lab.limits), chosen.why) if chosen else ({}, "")


def _text(settings: TrainSettings) -> str:
    lines = [HEAD, f"kind: {KIND}\nformat: {FORMAT}\n"]
    for name, value in settings.model_dump().items():
        shown = yaml.safe_dump({name: value}, allow_unicode=True, sort_keys=False, width=1000).rstrip("\n")
        lines.append(f"{shown}\n" if "\n" in shown else f"{shown}  # {settings.field(name)['label']}\n")
    return "".join(lines)


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > LONGEST:
        raise FileProblem(f"A recipe has at most {LONGEST:,} characters, and this has {len(text):,}.")
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=LOADER)):
            raise FileProblem("A recipe has no references (*name): one could unfold to more than any memory holds.")
        values = yaml.load(text, Loader=LOADER)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise FileProblem(
            f"This is not a recipe: the text is not YAML{where}. Mend it there and load it again."
        ) from error
    if not isinstance(values, dict) or not all(isinstance(name, str) for name in values):
        raise FileProblem("This is not a recipe: it is no list of settings such as “epochs: 3”.")
    return values
