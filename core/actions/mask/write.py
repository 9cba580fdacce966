"""Write a masked version: plan, replace, save, read it back from disk, and check that nothing is left over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from core.actions import background
from core.actions.background import Background, Watch
from core.actions.lab import Lab
from core.actions.mask import search
from core.actions.mask.not_personal import remember
from core.actions.mask.preview import settings_of
from core.actions.mask.report import REPLACED, STAGE, keep_replaced, replaced_places, report_of
from core.actions.mask.reviewed import reviewed, to_leave, to_mask
from core.errors import LabError, NotFound
from core.mask.apply import Masked, mask
from core.mask.choices import KEEP, choice_of
from core.mask.findings import Findings
from core.mask.verification import Verification
from core.mask.verify import left_places, verify
from core.privacy.kinds import label
from core.privacy.substitutes import Ledger
from core.settings import MaskSettings, SearchSettings
from core.words import counted
from core.workspace import Version, Workspace

MASKING = "masking"
HEADERS = ("Kind", "Became", "Found", "Masked", "Left over")
UNCHECKED = "This version was not checked to its end, so nothing says yet that nothing is left over in it."


@dataclass(frozen=True)
class Saved:
    """A masked version: its id, a table row for each kind (`HEADERS`), and the result of the check in words."""

    version_id: str
    rows: list[list[str | int]]
    leak_check: str
    is_clean: bool


@dataclass(frozen=True)
class Verdict:
    """Whether a masked version was found clean, and what was done to it in words."""

    is_clean: bool
    sentence: str


def begin(
    lab: Lab, workspace: Workspace, version_id: str, choices: Mapping[str, Any], asked: float | None = None
) -> Background[Saved]:
    """Start masking; its `shares()` say how far it is, the check of the written rows included.

    A Stop since the `moment` at which it was `asked` for holds for it.

    Raises:
        NotFound: there is no such version.
        SettingProblem: a choice that there is not.
    """
    if not version_id:
        raise NotFound("Choose a dataset version first. If there is none, save one on the Curate tab.")
    settings, version = settings_of(choices), workspace.versions.get(version_id)

    def work(watch: Watch) -> Saved:
        return save_masked(lab, workspace, version.id, settings, watch)

    return Background(workspace, MASKING, work, version.id, asked)


def going(workspace: Workspace) -> Background[Saved] | None:
    """The masking that goes on in this workspace, if there is one."""
    return background.going(workspace, MASKING)


def stop(workspace: Workspace, asked: float | None = None) -> str:
    """Stop whatever is being masked in this workspace, or was `asked` for and has not begun. A version that is written
    already stays, and says so."""
    stopped = background.stop(workspace, MASKING, asked)
    return "The masking is being stopped." if stopped else "Nothing is being masked."


def mask_again(lab: Lab, workspace: Workspace, version_id: str, recorded: Mapping[str, Any]) -> Saved:
    """Mask a version as another one was, by the settings that its manifest records; it is searched the same way first.

    Raises:
        NotFound: there is no such version.
        SettingProblem: a choice, mode or kind that there is not.
    """
    settings = settings_of(recorded.get("choices"))
    how = SearchSettings.parse(dict(recorded.get("search") or {}))
    return save_masked(lab, workspace, version_id, settings, how=how)


def save_masked(
    lab: Lab,
    workspace: Workspace,
    version_id: str,
    settings: MaskSettings,
    watch: Watch | None = None,
    how: SearchSettings | None = None,
) -> Saved:
    """Write a masked version of `version_id` and check it; one that was not searched yet is searched first, by `how`.

    Counts are kept in the manifest of the new version, and what the check found beside it; neither holds a value. Where
    the check cannot be made the version stays, and says why nobody has checked it.

    Raises:
        NotFound: there is no such version.
        LabError: it was stopped before anything was written.
    """
    watch = watch or Watch()
    parent = workspace.versions.get(version_id)
    findings = search.findings_of(workspace, version_id) or _searched(lab, workspace, version_id, how, watch)
    masked = _masked(workspace, version_id, settings, _part(watch, 0.3, 0.5))
    version = workspace.versions.save(
        parent.name,
        masked.dataset,
        "mask",
        parent=version_id,
        settings={**settings.model_dump(), "search": {"mode": findings.mode, "kinds": sorted(findings.kinds)}},
        result=masked.report.as_dict(),
    )
    keep_replaced(workspace, version.id, masked.changes)
    why = ""
    try:
        checked = _checked(lab, workspace, version, masked, _part(watch, 0.5, 1.0))
    except LabError as error:  # the version is there, and says that nobody has checked it
        checked, why = None, f" {error}"
    saved = _saved(version, masked.report.found, masked.report.masked, settings, checked)
    return replace(saved, leak_check=saved.leak_check + why)


def verdict(workspace: Workspace, version_id: str) -> Verdict:
    """Whether a masked version was found clean. Raises `NotFound` if there is no such version."""
    version, report = workspace.versions.get(version_id), report_of(workspace, version_id)
    checked = report.verification if report else None
    places = counted(sum(report.masked.values()) if report else 0, "place")
    return Verdict(
        bool(checked and checked.is_clean), f"{version.id}: {counted(version.rows, 'row')}, {places} masked."
    )


def saved(workspace: Workspace, version_id: str | None) -> Saved | None:
    """A masked version as it was saved, with what was said of its leftovers since; None if masking did not make it.

    Raises:
        NotFound: there is no such version.
    """
    version = workspace.versions.get(version_id) if version_id else None
    report = report_of(workspace, version.id) if version and version.stage == STAGE else None
    if version is None or report is None:
        return None
    settings = MaskSettings.parse({"choices": version.settings.get("choices") or {}})
    return _saved(version, version.result.get("found") or {}, report.masked, settings, report.verification)


def _searched(lab: Lab, workspace: Workspace, version_id: str, how: SearchSettings | None, watch: Watch) -> Findings:
    try:
        search.search(lab, workspace, version_id, how or SearchSettings(), _part(watch, 0.0, 0.3))
    except LabError as error:
        if watch.stopped():
            raise LabError(f"No version was written. {error}") from error
        raise
    return search.must_be_found(workspace, version_id)


def _masked(workspace: Workspace, version_id: str, settings: MaskSettings, watch: Watch) -> Masked:
    kept = [kind for kind, choice in settings.choices.items() if choice == KEEP]
    places, dataset = to_mask(workspace, version_id, kept), workspace.versions.load(version_id)
    ledger = Ledger(workspace.root / "ledger.json")
    left = to_leave(workspace, version_id, kept)
    return mask(dataset, places, settings, workspace.secret_key(), ledger, watch.progress, watch.stopped, left)


def _checked(lab: Lab, workspace: Workspace, version: Version, masked: Masked, watch: Watch) -> Verification | None:
    """The result of reading the written version back, or None if that was stopped."""
    parent = str(version.parent)
    found = reviewed(workspace, parent)
    how = SearchSettings(mode=found.findings.mode, kinds=sorted(found.findings.kinds))
    reader, notes = search.detector(lab, workspace, how, watch.stopped)
    if watch.stopped():
        return None
    known = found.findings.notes
    if lacking := [note for note in notes if note not in known and not note.startswith(search.LEFT_OUT)]:
        raise LabError(f"The check would read less than the search did: {' '.join(lacking)}")
    own = reader.own.kinds if reader.own else frozenset()
    kept = {kind for kind, choice in version.settings["choices"].items() if choice == KEEP}
    rejected = to_leave(workspace, parent).select(list(REPLACED))
    left = pl.concat([rejected, replaced_places(workspace, parent)], how="vertical_relaxed")
    try:
        result = verify(
            found.dataset,
            workspace.versions.load(version.id),
            masked.changes,
            reader.find_rows,
            (reader.kinds | own) - kept,
            left_places(left),
            watch.progress,
            watch.stopped,
        )
    except LabError:
        if watch.stopped():
            return None
        raise
    return remember(workspace, version.id, result)


def _saved(
    version: Version,
    found: Mapping[str, int],
    masked: Mapping[str, int],
    settings: MaskSettings,
    checked: Verification | None,
) -> Saved:
    left = checked.leftovers if checked else {}
    rows: list[list[str | int]] = [
        [label(kind), choice_of(settings, kind), found.get(kind, 0), masked.get(kind, 0), left.get(kind, 0)]
        for kind in dict.fromkeys([*found, *left])
    ]
    return Saved(version.id, rows, checked.sentence if checked else UNCHECKED, bool(checked and checked.is_clean))


def _part(watch: Watch, start: float, end: float) -> Watch:
    """The watch over a part of the work, which tells its shares as those of the whole."""
    tell: Callable[[float], None] = watch.progress
    return Watch(lambda share: tell(start + (end - start) * share), watch.stopped)
