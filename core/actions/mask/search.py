"""Search a version for personal data, in the background; what was found is kept beside the version, without values."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

import polars as pl

from core.actions import background
from core.actions.background import Background, Watch
from core.actions.lab import Lab
from core.actions.mask.not_personal import accepted_places
from core.actions.mask.report import replaced_places
from core.actions.mask.stopped import forget_read, keep_read, read_before, stopped_at
from core.actions.mask.words import joined
from core.errors import LabError, NotFound, SettingProblem
from core.mask import Findings
from core.mask import scan as scan_dataset
from core.mask.scan import NOTHING_READ, ScanStopped
from core.privacy import ABOUT, KINDS, SEARCHED, Detector
from core.privacy.kinds import ORGANISATION, label
from core.privacy.own import OwnRules, parse
from core.privacy.people import unread_share
from core.records import Dataset
from core.settings import SearchSettings
from core.words import counted
from core.workspace import Workspace

SEARCHING = "searching"
EXTRA = "findings"
RULES_CHANGED = (
    "⚠ Your own rules have changed since this version was searched. Press “Find personal data” again to use them in "
    "all rows; what you decided in the review holds."
)
TABLES = ("places", "texts")
UNREAD_FROM = 0.05  # of the letters of a row; below it a single foreign word would raise the alarm
IN_MEMORY = 3
KINDS_NAMED = 6
LEFT_OUT = "Not looked for, by choice"

_lock = Lock()
_known: OrderedDict[tuple[Path, str], Findings] = OrderedDict()


@dataclass(frozen=True)
class KindFound:
    """How often a kind was found: places, rows, and how doubtful the least certain place is (0 to 1)."""

    kind: str
    label: str
    places: int
    rows: int
    doubt: float


@dataclass(frozen=True)
class Found:
    """What a search found in a version.

    `notes` are sentences on what was not looked for or read, and why: names without the name finder's weights, rows in
    scripts that it does not read, rules of the user's own that cannot be used here.
    """

    version_id: str
    rows: int
    rows_found: int
    kinds: list[KindFound]
    notes: tuple[str, ...]
    mode: str

    @property
    def sentence(self) -> str:
        """The result in words."""
        if not self.kinds:
            return f"Nothing was found in {counted(self.rows, 'row')} by a {self.mode} search."
        places = sum(kind.places for kind in self.kinds)
        return f"Found {counted(places, 'place')} in {self.rows_found:,} of {counted(self.rows, 'row')}."


def kinds() -> list[tuple[str, str, bool]]:
    """Every kind that can be searched: its name, its label, and whether it is unless the user chooses otherwise.

    Organisations are only found by a recogniser that was plugged in, and then without being asked for.
    """
    return [(kind, ABOUT[kind].label, ABOUT[kind].searched) for kind in KINDS if kind != ORGANISATION]


def versions(workspace: Workspace) -> list[tuple[str, str]]:
    """Label and id of every version, newest first."""
    return workspace.versions.choices()


def begin(
    lab: Lab, workspace: Workspace, version_id: str, values: dict[str, Any], asked: float | None = None
) -> Background[Found]:
    """Start a search; `values` are those of `SearchSettings`. Its `shares()` say how far it is.

    A Stop since the `moment` at which it was `asked` for holds for it.

    Raises:
        NotFound: there is no such version.
        SettingProblem: a mode or a kind that there is not.
        RulesProblem: the user's own rules have a mistake.
    """
    _version(workspace, version_id)
    settings = SearchSettings.parse(values)

    def work(watch: Watch) -> Found:
        return search(lab, workspace, version_id, settings, watch)

    return Background(workspace, SEARCHING, work, version_id, asked)


def going(workspace: Workspace) -> Background[Found] | None:
    """The search that goes on in this workspace, if there is one."""
    return background.going(workspace, SEARCHING)


def stop(workspace: Workspace, asked: float | None = None) -> str:
    """Stop whatever is being searched in this workspace, or was `asked` for and has not begun; its rows so far are
    kept for the next search."""
    stopped = background.stop(workspace, SEARCHING, asked)
    return "The search is being stopped." if stopped else "Nothing is being searched."


def search(lab: Lab, workspace: Workspace, version_id: str, settings: SearchSettings, watch: Watch) -> Found:
    """Search a version, row by row where the texts changed since the last search by the same rules.

    Raises:
        NotFound: there is no such version.
        LabError: the search was stopped; what it has read is kept for the next one.
    """
    dataset = workspace.versions.load(_version(workspace, version_id).id)
    _go_on(workspace, version_id, watch)
    reader, notes = detector(lab, workspace, settings, watch.stopped)
    _go_on(workspace, version_id, watch)  # a detector whose making was stopped may lack its name finder
    try:
        findings = scan_dataset(
            dataset,
            reader,
            workspace.secret_key(),
            _earlier(workspace, version_id, reader.stamp),
            watch.progress,
            watch.stopped,
        )
    except ScanStopped as stopped:
        keep_read(workspace, version_id, stopped.read)
        raise
    own_stamp = reader.own.stamp if reader.own else ""
    findings = replace(findings, places=without_ours(workspace, version_id, findings.places), rules=own_stamp)
    notes += [*(reader.own.notes if reader.own else ()), *_unread(reader, dataset)]
    kept = keep(workspace, version_id, findings, notes)
    forget_read(workspace, version_id)
    return _found(version_id, kept)


def detector(
    lab: Lab, workspace: Workspace, settings: SearchSettings, stopped: Callable[[], bool] = lambda: False
) -> tuple[Detector, list[str]]:
    """The detector for these settings with the user's own rules, and what it cannot do here, in sentences.

    Raises:
        SettingProblem: a kind that there is not.
    """
    own = rules(workspace)
    if unknown := sorted(set(settings.kinds) - {*KINDS, *(own.kinds if own else ())}):
        raise SettingProblem(f"There is no kind of personal data “{unknown[0][:40]}”. Kinds: {', '.join(KINDS)}.")
    tagger, why_not = lab.names.load(stopped) if settings.mode != "fast" else (None, "")
    notes = [why_not] if why_not else []
    if settings.mode == "fast":
        notes.append("A fast search reads patterns and cues only: most names in sentences are not found.")
    notes += _left_out(settings)
    return Detector(settings.mode, frozenset(settings.kinds) or SEARCHED, tagger, own), notes


def _left_out(settings: SearchSettings) -> list[str]:
    """A sentence on the usual kinds that are not to be looked for, so that nobody takes them for absent."""
    missing = [label(kind) for kind in KINDS if settings.kinds and kind in SEARCHED - set(settings.kinds)]
    more = [f"{len(missing) - KINDS_NAMED} more"] if len(missing) > KINDS_NAMED else []
    return [f"{LEFT_OUT}: {joined([*missing[:KINDS_NAMED], *more])}."] if missing else []


def rules(workspace: Workspace) -> OwnRules | None:
    """The user's own rules, None where there are none."""
    text = workspace.rules_text()
    return parse(text) if text.strip() else None


def usable_rules(workspace: Workspace) -> OwnRules | None:
    """The user's own rules where they can be read; what is wrong with them is said where they are searched by."""
    try:
        return rules(workspace)
    except LabError:
        return None


def rules_changed(workspace: Workspace, version_id: str | None) -> str:
    """A sentence where this version was searched by other rules of the user than those of now, else nothing."""
    findings = findings_of(workspace, version_id) if version_id else None
    if findings is None or findings.rules is None:
        return ""
    try:
        now = rules(workspace)
    except LabError:  # the search says what is wrong with them
        return RULES_CHANGED
    return "" if findings.rules == (now.stamp if now else "") else RULES_CHANGED


def found(workspace: Workspace, version_id: str | None) -> Found | None:
    """What the last search of this version found, or None if there was none."""
    findings = findings_of(workspace, version_id) if version_id else None
    return _found(str(version_id), findings) if findings else None


def findings_of(workspace: Workspace, version_id: str) -> Findings | None:
    """The findings kept beside a version, or None if it was not searched or there is no such version."""
    key = (workspace.root, version_id)
    with _lock:
        if key in _known:
            _known.move_to_end(key)
            return _known[key]
    try:
        version = workspace.versions.get(version_id)
    except NotFound:
        return None
    tables = [workspace.versions.table(version_id, name) for name in TABLES]
    findings = Findings.kept(workspace.versions.extra(version_id, EXTRA), *tables)
    if findings is None or findings.content_hash != version.content_hash:
        return None
    _remember(key, findings)
    return findings


def must_be_found(workspace: Workspace, version_id: str) -> Findings:
    """The findings of a version. Raises `LabError` if it was not searched, `NotFound` if it is not there."""
    findings = findings_of(workspace, _version(workspace, version_id).id)
    if findings is None:
        raise LabError(f"{version_id} was not searched for personal data yet. Press “Find personal data” first.")
    return findings


def keep(workspace: Workspace, version_id: str, findings: Findings, notes: list[str]) -> Findings:
    """Keep findings beside the version that they are of; they are returned with their notes."""
    noted = replace(findings, notes=tuple(notes))
    for name, table in noted.tables().items():
        workspace.versions.keep_table(version_id, name, table)
    workspace.versions.keep_extra(version_id, EXTRA, noted.about())
    _remember((workspace.root, version_id), noted)
    return noted


def without_ours(workspace: Workspace, version_id: str, places: pl.DataFrame) -> pl.DataFrame:
    """The places without those that an earlier masking has put there, tags and invented names, and without leftovers
    of it that were called not personal."""
    ours = pl.concat([replaced_places(workspace, version_id), accepted_places(workspace, version_id)])
    both = places.with_row_index("line").join(ours, on=["row_id", "message"], suffix="_ours")
    inside = (pl.col("start") >= pl.col("start_ours")) & (pl.col("end") <= pl.col("end_ours"))
    invented = both.filter(inside)["line"].unique()
    return places.with_row_index("line").filter(~pl.col("line").is_in(invented.implode())).drop("line")


def _remember(key: tuple[Path, str], findings: Findings) -> None:
    with _lock:
        _known[key] = findings
        _known.move_to_end(key)
        while len(_known) > IN_MEMORY:
            _known.popitem(last=False)


def _version(workspace: Workspace, version_id: str) -> Any:
    if not version_id:
        raise NotFound("Choose a dataset version first. If there is none, save one on the Curate tab.")
    return workspace.versions.get(version_id)


def _earlier(workspace: Workspace, version_id: str, stamp: str) -> list[Findings]:
    """What is known by the same rules: the findings of the version itself or of the nearest one that it was made from,
    and what searches that were stopped have read of those before."""
    name: str | None = version_id
    known: list[Findings] = []
    while name:
        findings = findings_of(workspace, name)
        if findings and findings.stamp == stamp:
            return [*known, findings]
        try:
            read = read_before(workspace, name)
            name = workspace.versions.get(name).parent
        except NotFound:
            break
        known += [read] if read else []
    return known


def _go_on(workspace: Workspace, version_id: str, watch: Watch) -> None:
    """Raises `LabError` if the search is to stop."""
    if watch.stopped():
        raise LabError(stopped_at(workspace, version_id) or NOTHING_READ)


def _unread(reader: Detector, dataset: Dataset) -> list[str]:
    """A sentence on the rows in scripts that the name finder does not read."""
    if not reader.reads_names:
        return []
    rows = sum(unread_share(text for _, text in example.texts) > UNREAD_FROM for example in dataset)
    hold = "holds" if rows == 1 else "hold"
    what = f"{counted(rows, 'row')} {hold} text in scripts in which names are seldom found: look at them yourself."
    return [what] if rows else []


def _found(version_id: str, findings: Findings) -> Found:
    by_kind = findings.shown.group_by("kind").agg(
        places=pl.len(), rows=pl.col("position").n_unique(), doubt=1 - pl.col("score").min()
    )
    order = {kind: number for number, kind in enumerate(KINDS)}
    lines = sorted(by_kind.iter_rows(named=True), key=lambda line: (order.get(line["kind"], -1), line["kind"]))
    kinds = [KindFound(label=label(line["kind"]), **{**line, "doubt": round(line["doubt"], 2)}) for line in lines]
    return Found(version_id, findings.total_rows, findings.rows_found, kinds, findings.notes, findings.mode)
