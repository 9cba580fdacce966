"""What the Select part does: a subset of the rows to train on as a new version, and a random control beside it."""

from dataclasses import dataclass
from typing import Any

from core.actions.curate.ifd import scores
from core.actions.curate.save import pending
from core.errors import SettingProblem
from core.select import Subset, choose, control
from core.settings import SelectSettings
from core.workspace import Version, Workspace

TITLES = {
    "random": "At random",
    "stratified": "At random, in the shares of the labels",
    "longest": "The longest answers",
    "diverse": "Prompts far from each other",
    "ifd": "The highest IFD below 1 (score rows first)",
}


@dataclass(frozen=True)
class Selected:
    """The id of the version with the chosen rows, that of its random control (or ""), and what was done in words."""

    version_id: str
    control_id: str
    sentence: str


def field(name: str) -> dict[str, Any]:
    """Label, info, default and bounds of a field of the form."""
    return SelectSettings.field(name)


def methods() -> list[tuple[str, str]]:
    """Title and name of every method."""
    return [(TITLES[name], name) for name in SelectSettings.field("method")["choices"]]


def select_rows(
    workspace: Workspace, version_id: str, values: dict[str, Any] | None = None, with_control: bool = True
) -> Selected:
    """Choose rows to train on and save them as a new version; with a control, an equal number at random as another.

    `values` are those of `SelectSettings`.

    Raises:
        NotFound: there is no such version.
        SettingProblem: a value is out of its bounds, or the method does not fit the rows; see `core.select.choose`.
    """
    settings = SelectSettings.parse(values or {})
    if not version_id:
        raise SettingProblem("No dataset version is chosen. Choose one in the list, or load a file first.")
    parent = workspace.versions.get(version_id)
    dataset = workspace.versions.load(version_id)
    subset = choose(dataset, settings, scores(workspace, version_id) if settings.method == "ifd" else None)
    is_own_control = settings.method == "random" or subset.rows == subset.available
    other = control(dataset, subset, settings) if with_control and not is_own_control else None
    beside = _save(workspace, parent, other, {}) if other else None
    version = _save(workspace, parent, subset, {"control": beside.id} if beside else {})
    said = " ".join(filter(None, [_sentence(subset, beside, with_control), pending(workspace, version_id)]))
    return Selected(version.id, beside.id if beside else "", said)


def _save(workspace: Workspace, parent: Version, subset: Subset, result: dict[str, str]) -> Version:
    return workspace.versions.save(
        parent.name,
        subset.dataset,
        "select",
        parent=parent.id,
        settings=subset.settings.model_dump(),
        result={"chosen": subset.rows, "of": subset.available, "sentence": subset.sentence, **result},
    )


def _sentence(subset: Subset, beside: Version | None, with_control: bool) -> str:
    if beside:
        return f"{subset.sentence} As a control, {beside.id} has as many rows chosen at random: train both and compare."
    if with_control and subset.rows < subset.available:
        return f"{subset.sentence} A random choice needs no control."
    return subset.sentence
