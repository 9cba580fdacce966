"""What the Mask tab does: find personal data in a version, show it, and write a masked version.

Findings are kept beside the version as places without values, so that a scan is made once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, get_args

from core.actions.tables import page_of
from core.errors import NotFound, SettingProblem
from core.mask import Findings, MaskedRow, MaskReport, Plan, RowFindings, checked_choices, mask
from core.mask import scan as scan_dataset
from core.privacy import CARD, EMAIL, IBAN, IP, PHONE, SECRET, SUBSTITUTED, URL_CREDENTIALS
from core.records import Dataset, Example
from core.settings import MaskSettings
from core.settings.stages import MaskChoice
from core.workspace import Version, Workspace

EXTRA = "findings"
PAGE_ROWS = 10
SHOWN_AROUND = 120

LABELS = {
    SECRET: "Secret (key, token, password)",
    URL_CREDENTIALS: "User and password in a URL",
    CARD: "Payment card number",
    IBAN: "Bank account (IBAN)",
    EMAIL: "E-mail address",
    IP: "IP address",
    PHONE: "Phone number",
}
REPORT_HEADERS = ("Kind", "Choice", "Found", "Masked", "Left over")
CHOICES: tuple[str, ...] = get_args(MaskChoice)


@dataclass(frozen=True)
class KindFound:
    """How often a kind was found, and in how many rows."""

    kind: str
    label: str
    places: int
    rows: int


@dataclass(frozen=True)
class Found:
    """What a scan found in a version."""

    version_id: str
    rows: int
    rows_found: int
    kinds: list[KindFound]

    @property
    def sentence(self) -> str:
        """The finding in words."""
        if not self.kinds:
            return f"Nothing was found in {self.rows:,} rows. Person names are not searched: check them yourself."
        places = sum(kind.places for kind in self.kinds)
        return f"Found {places:,} places in {self.rows_found:,} of {self.rows:,} rows."


@dataclass(frozen=True)
class Piece:
    """A part of a text; `kind` and `reason` are empty where it is ordinary text."""

    text: str = field(repr=False)
    kind: str = ""
    reason: str = ""


@dataclass(frozen=True)
class MessageView:
    """A message with findings: as it is, and as it will be. Long stretches between findings are cut short."""

    role: str
    before: list[Piece]
    after: list[Piece]


@dataclass(frozen=True)
class RowView:
    """The messages with findings of one row; `row` counts from 1 in the source file."""

    row: int
    messages: list[MessageView]


@dataclass(frozen=True)
class FindingsPage:
    """One page of rows with findings; `number` and `pages` count from 1, `total` is the number of such rows."""

    rows: list[RowView]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class Saved:
    """A masked version: its id, a table row for each kind found (`REPORT_HEADERS`), and the leak check in words."""

    version_id: str
    rows: list[list[str | int]]
    leak_check: str
    is_clean: bool


def versions(workspace: Workspace) -> list[tuple[str, str]]:
    """Label and id of every version that can be masked, newest first."""
    return [(f"{v.id} · {v.stage} · {v.rows:,} rows", v.id) for v in workspace.versions.all()]


def choices_of(kind: str) -> list[str]:
    """What can be chosen for a kind: a secret has no substitute."""
    return [choice for choice in CHOICES if choice != "substitute" or kind in SUBSTITUTED]


def scan(workspace: Workspace, version_id: str, progress: Callable[[float], None] | None = None) -> Found:
    """Find personal data in a version and keep the places beside it. `progress` is told the share done, 0 to 1.

    Raises:
        NotFound: there is no such version.
    """
    dataset = workspace.versions.load(_version(workspace, version_id).id)
    return _found(version_id, _kept(workspace, version_id) or _scan(workspace, version_id, dataset, progress))


def found(workspace: Workspace, version_id: str | None) -> Found | None:
    """What an earlier scan of this version found, or None if there was none."""
    if not version_id or version_id not in {version.id for version in workspace.versions.all()}:
        return None
    findings = _kept(workspace, version_id)
    return _found(version_id, findings) if findings else None


def page(workspace: Workspace, version_id: str, number: Any, choices: dict[str, str]) -> FindingsPage:
    """The rows with findings on a page of ten, before and after masking with these choices.

    A number beyond the ends gives the first or the last page.

    Raises:
        NotFound: there is no such version.
        SettingProblem: a choice that there is not, or a page that is no number.
    """
    dataset = workspace.versions.load(_version(workspace, version_id).id)
    findings = _findings(workspace, version_id, dataset)
    plan = Plan(dataset, findings, _settings(choices), workspace.secret_key())
    number, pages, first = page_of(number, len(findings.rows), PAGE_ROWS)
    shown = findings.rows[first : first + PAGE_ROWS]
    rows = []
    for found_row in shown:
        example = dataset.slice(found_row.position, 1)[0]
        rows.append(_row_view(found_row, example, plan.row(found_row, example)))
    return FindingsPage(rows, number, pages, len(findings.rows))


def save_masked(
    workspace: Workspace,
    version_id: str,
    choices: dict[str, str],
    progress: Callable[[float], None] | None = None,
) -> Saved:
    """Write a masked version of `version_id`; `choices` names tag, substitute or keep by kind (in any
    case), tag where it is silent.

    The report is kept in the manifest of the new version. A version that was not scanned yet is scanned first.

    Raises:
        NotFound: there is no such version.
        SettingProblem: a choice that there is not.
    """
    parent, settings = _version(workspace, version_id), _settings(choices)
    dataset = workspace.versions.load(version_id)
    findings = _findings(workspace, version_id, dataset)
    masked = mask(dataset, findings, settings, workspace.secret_key(), progress)
    version = workspace.versions.save(
        parent.name,
        masked.dataset,
        "mask",
        parent=version_id,
        settings={"choices": checked_choices(settings)},
        result=masked.report.as_dict(),
    )
    return Saved(version.id, _report_rows(masked.report), leak_sentence(masked.report), masked.report.is_clean)


def leak_sentence(report: MaskReport) -> str:
    """The result of the leak check in words."""
    if report.is_clean:
        return (
            "Leak check passed: no masked value stands anywhere in the written texts, and a second search found "
            "nothing more of the kinds that were masked."
        )
    known, found_again = sum(report.known_left.values()), sum(report.found_left.values())
    rows = ", ".join(map(str, report.rows_left))
    return (
        f"Leak check found leftovers: {known:,} places where a masked value still stands, {found_again:,} places "
        f"found by a second search. Look at source rows {rows}; search and mask the new version once more."
    )


def _version(workspace: Workspace, version_id: str) -> Version:
    if not version_id:
        raise NotFound("Choose a dataset version first. If there is none, save one on the Curate tab.")
    return workspace.versions.get(version_id)


def _report_rows(report: MaskReport) -> list[list[str | int]]:
    rows: list[list[str | int]] = []
    for kind, places in report.found.items():
        left = report.known_left.get(kind, 0) + report.found_left.get(kind, 0)
        rows.append([LABELS[kind], report.choices[kind], places, report.masked.get(kind, 0), left])
    return rows


def _settings(choices: dict[str, str]) -> MaskSettings:
    for kind, choice in choices.items():
        if choice not in CHOICES:
            raise SettingProblem(
                f"The choice for {kind[:40]} is “{str(choice)[:40]}”; it must be one of {', '.join(CHOICES)}."
            )
    settings = MaskSettings.parse({"choices": {kind.upper(): choice for kind, choice in choices.items()}})
    checked_choices(settings)
    return settings


def _scan(workspace: Workspace, version_id: str, dataset: Dataset, progress: Any = None) -> Findings:
    findings = scan_dataset(dataset, progress)
    workspace.versions.keep_extra(version_id, EXTRA, findings.as_json())
    return findings


def _kept(workspace: Workspace, version_id: str) -> Findings | None:
    kept = workspace.versions.extra(version_id, EXTRA)
    return Findings.from_json(kept, workspace.versions.get(version_id).content_hash)


def _findings(workspace: Workspace, version_id: str, dataset: Dataset) -> Findings:
    return _kept(workspace, version_id) or _scan(workspace, version_id, dataset)


def _found(version_id: str, findings: Findings) -> Found:
    kinds = [KindFound(kind, LABELS[kind], places, rows) for kind, (places, rows) in findings.counts().items()]
    return Found(version_id, findings.total_rows, len(findings.rows), kinds)


def _row_view(found_row: RowFindings, example: Example, masked: MaskedRow) -> RowView:
    views = []
    for at, spans in found_row.resolved().items():
        (role, content), replaced = example.texts[at], masked.texts[at]
        before = _pieces(content, [(span.start, span.end, span.kind, span.reason) for span in spans])
        new = masked.spans.get(at, [])
        places = [(*place, span.kind, "") for place, span in zip(replaced.places, new, strict=True)]
        views.append(MessageView(role, before, _pieces(replaced.text, places)))
    return RowView(example.row, views)


def _pieces(text: str, places: list[tuple[int, int, str, str]]) -> list[Piece]:
    pieces: list[Piece] = []
    done = 0
    for start, end, kind, reason in places:
        pieces += [Piece(_between(text[done:start], first=not pieces)), Piece(text[start:end], kind, reason)]
        done = end
    tail = text[done:]
    pieces.append(Piece(tail if len(tail) <= SHOWN_AROUND else tail[:SHOWN_AROUND] + " …"))
    return [piece for piece in pieces if piece.text]


def _between(text: str, first: bool) -> str:
    if first:
        return text if len(text) <= SHOWN_AROUND else "… " + text[-SHOWN_AROUND:]
    return text if len(text) <= 2 * SHOWN_AROUND else f"{text[:SHOWN_AROUND]} … {text[-SHOWN_AROUND:]}"
