"""What the Curate tab does: load a file, correct its mapping, look at rows and problems, leave out, split, save.

Which files are read: samples by a name from `samples()`, kept sources by a name from a manifest, and uploads, whose
path must lie in the folder where the server itself puts uploads. No other path that a caller sends is opened.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.actions.samples import sample_path
from core.actions.tables import PAGE_ROWS, TablePage, chat_text, containing, page_of, shortened, with_ids, with_rows
from core.curate import CHECKS, LEFT_OUT, Decided, Decisions, decide, leave_out, listed, row_numbers, scan, toggled
from core.errors import FileProblem, NotFound, SettingProblem
from core.ingest import SHAPES, Ingested, Mapping, ingest, suggest
from core.records import Example, Problem
from core.select import split
from core.settings import Limits, SplitSettings
from core.workspace import Version, Workspace, slug

SHOWN_CHARACTERS = 300
SHOWN_PROBLEM_CHARACTERS = 120
MEGABYTE = 1_000_000
ROW_HEADERS = ("Row", "Prompt", "Answer", "Label", "Split")
PROBLEM_HEADERS = ("Row", "Check", "Why", "Decision", "Text")


@dataclass(frozen=True)
class CheckCount:
    """How many rows of the version a check has found."""

    check: str
    rows: int


@dataclass(frozen=True)
class FormField:
    """A field of the mapping form: its name, the column that holds it (or ""), and whether it must have one."""

    name: str
    column: str
    required: bool


@dataclass(frozen=True)
class Opened:
    """A version as the tab shows it; `leave_out`, `keep` and `settings` are what it was made with, or the defaults.

    `unsure` is true where the columns were only guessed from what they hold, and a person should look at them.
    """

    version_id: str
    sentence: str
    notes: list[str]
    unsure: bool
    shape: str
    fields: list[FormField]
    columns: list[str]
    checks: list[CheckCount]
    leave_out: list[str]
    keep: str
    settings: SplitSettings


def shapes() -> list[tuple[str, str]]:
    """Title and key of every shape, for a form."""
    return [(shape.title, key) for key, shape in SHAPES.items()]


def split_field(name: str) -> dict[str, Any]:
    """Label, info, default and bounds of a field of the split settings, for a form."""
    return SplitSettings.field(name)


def check_names() -> list[str]:
    """The checks, in the order of the form."""
    return list(CHECKS)


def decisions(left_out: Sequence[str] | None, keep: str) -> Decisions:
    """The decisions that a form says; `keep` is a text like "3, 17, 20-25". Raises `SettingProblem`."""
    return Decisions(tuple(left_out or ()), tuple(row_numbers(keep)))


def toggle_keep(keep: str, row: int) -> str:
    """The rows to keep with `row` added, or taken out if it was there. Raises `SettingProblem`."""
    return toggled(keep, row)


def load_sample(workspace: Workspace, limits: Limits, name: str) -> Opened:
    """Load a sample by its file name. Raises `NotFound` for any other name."""
    return _load(workspace, limits, sample_path(name))


def load_file(workspace: Workspace, limits: Limits, path: str | None, uploads: Path) -> Opened:
    """Load an uploaded file, and keep a copy so that it can be read again with another mapping.

    `path` is what the server handed over for the upload, and must be a file below `uploads`, its upload folder.

    Raises:
        FileProblem: there is no file, it is too large, or it cannot be read; see `core.ingest`.
    """
    if not path:
        raise FileProblem("No file was chosen. Drop a CSV, TSV, JSON, JSONL or Parquet file, or choose a sample.")
    found = Path(path).resolve()
    if not found.is_relative_to(uploads.resolve()) or not found.is_file():
        raise FileProblem("This path is outside the workspace and was not opened. Upload the file on this page.")
    if limits.public and found.suffix.lower() == ".parquet":
        raise FileProblem(
            f"“{found.name}” was not opened: a small Parquet file can unpack to more than this public page has room "
            "for. Save it as CSV or JSONL, or run Tunebench on your own machine."
        )
    size = found.stat().st_size
    if size > limits.upload_mb * MEGABYTE:
        raise FileProblem(
            f"The file “{found.name}” has {size / MEGABYTE:,.1f} MB; this place takes at most {limits.upload_mb:,} MB. "
            "Cut it shorter, or run Tunebench on your own machine."
        )
    return _load(workspace, limits, found)


def remap(workspace: Workspace, limits: Limits, version_id: str, mapping: Mapping) -> Opened:
    """Read the source of a version again with a corrected mapping, as a new version of the same dataset.

    Raises:
        NotFound: the version or its source is not there.
        SettingProblem: the mapping does not fit the columns.
    """
    origin = _origin(workspace, version_id)
    source = str(origin.settings.get("source", ""))
    if not source:
        raise NotFound(f"The dataset “{origin.name}” was not read from a file, so it has no columns to choose.")
    name = str(origin.settings["name"])
    found = ingest(workspace.source(source), name, mapping, limits.rows)
    return _save_ingested(workspace, found, source, name)


def mapping_of(shape: str, columns: Sequence[str | None]) -> Mapping:
    """The mapping that a form says: the columns in the order of the shape's fields, empty where there is none."""
    key = str(shape or "")
    fields = SHAPES[key].fields if key in SHAPES else ()
    return Mapping(key, {field.name: column for field, column in zip(fields, columns, strict=False) if column})


def form(workspace: Workspace, version_id: str, shape: str) -> list[FormField]:
    """The fields of `shape` with the columns of the version's file whose names fit. Raises `SettingProblem`."""
    if shape not in SHAPES:
        raise SettingProblem(f"There is no shape “{str(shape)[:60]}”. Shapes: {', '.join(SHAPES)}.")
    origin = _origin(workspace, version_id)
    said = origin.settings.get("mapping") or {}
    if said.get("shape") == shape:
        return _fields(Mapping(shape, said["columns"]))
    return _fields(suggest(workspace.versions.extra(origin.id, "columns") or [], shape))


def newest(workspace: Workspace) -> str:
    """The id of the newest version, or an empty text."""
    return next((version.id for version in workspace.versions.all()), "")


def version_ids(workspace: Workspace) -> list[str]:
    """The ids of all versions, newest first."""
    return [version.id for version in workspace.versions.all()]


def opened(workspace: Workspace, version_id: str) -> Opened:
    """A version as the tab shows it. Raises `NotFound`."""
    version = workspace.versions.get(version_id)
    origin = _origin(workspace, version_id)
    said = origin.settings.get("mapping") or {"shape": "", "columns": {}}
    decided = version.stage == "curate"
    return Opened(
        version_id=version.id,
        sentence=_sentence(version),
        notes=workspace.versions.extra(origin.id, "notes") or [],
        unsure=bool(origin.settings.get("unsure")),
        shape=said["shape"],
        fields=_fields(Mapping(said["shape"], said["columns"])),
        columns=workspace.versions.extra(origin.id, "columns") or [],
        checks=counts(workspace, version_id),
        leave_out=list(version.settings["leave_out"]) if decided else list(CHECKS),
        keep=listed(version.settings["keep"]) if decided else "",
        settings=SplitSettings.parse(version.settings["split"]) if decided else SplitSettings.parse({}),
    )


def counts(workspace: Workspace, version_id: str) -> list[CheckCount]:
    """For each check, how many rows it has found that are still in the version."""
    found = Counter(p.check for p in _problems(workspace, version_id) if p.row_id and p.action != LEFT_OUT)
    return [CheckCount(check, found[check]) for check in CHECKS]


def rows(workspace: Workspace, version_id: str, page: Any = 1, search: str = "") -> TablePage:
    """A page of the rows, `ROW_HEADERS` wide, whose text or label holds `search` in any case. Raises `NotFound`."""
    dataset = workspace.versions.load(version_id)
    if search.strip():
        dataset = containing(dataset, search.strip())
    number, pages, first = page_of(page, len(dataset))
    shown = [_row(example) for example in dataset.slice(first, PAGE_ROWS)]
    return TablePage(shown, number, pages, len(dataset))


def problems(workspace: Workspace, version_id: str, page: Any = 1, check: str = "") -> TablePage:
    """A page of the problems, `PROBLEM_HEADERS` wide, of one check or of all. Raises `NotFound`."""
    chosen = [problem for problem in _problems(workspace, version_id) if check in ("", problem.check)]
    number, pages, first = page_of(page, len(chosen))
    shown = chosen[first : first + PAGE_ROWS]
    examples = with_ids(workspace.versions.load(version_id), [p.row_id for p in shown if p.row_id])
    texts = {example.id: shortened(chat_text(example.messages), SHOWN_PROBLEM_CHARACTERS) for example in examples}
    table = [[str(p.row), p.check, p.reason, p.action or _default(p), texts.get(p.row_id or "", "")] for p in shown]
    return TablePage(table, number, pages, len(chosen))


def row_text(workspace: Workspace, version_id: str, row: int) -> str:
    """The whole text of a row, by its number. Raises `NotFound`."""
    dataset = workspace.versions.load(version_id)
    found = list(with_rows(dataset, [row]))
    if not found:
        raise NotFound(f"There is no row {row} in this version; it was left out, or is not in the file.")
    return "\n\n".join(f"{message.role}:\n{message.content}" for message in found[0].messages)


def problem_checks(workspace: Workspace, version_id: str) -> list[str]:
    """The names of the checks that stand in the list of problems, those of reading included."""
    return sorted({problem.check for problem in _problems(workspace, version_id)})


def save_curated(
    workspace: Workspace, version_id: str, decided_on: Decisions, settings: dict[str, Any] | None = None
) -> Opened:
    """Leave rows out, split the others, and save them as a new version.

    `settings` are those of `SplitSettings`. The problems of the new version hold every row that was left out, with the
    reason, besides those that were kept; its manifest holds the decisions and how many rows each check took.

    Raises:
        NotFound: there is no such version.
        SettingProblem: a check or row number is not in the list of problems, nothing would be left, or the split fails.
    """
    wanted = SplitSettings.parse(settings or {})
    decided = decide(_problems(workspace, _chosen(version_id)), decided_on, CHECKS)
    dataset = workspace.versions.load(version_id)
    kept = leave_out(dataset, [p.row_id for p in decided if p.action == LEFT_OUT and p.row_id])
    if not len(kept):
        raise SettingProblem("Every row would be left out. Untick a check, or name rows to keep.")
    done = split(kept, wanted)
    gone = [problem for problem in decided if problem.action == LEFT_OUT]
    version = workspace.versions.save(
        workspace.versions.get(version_id).name,
        done.dataset,
        "curate",
        parent=version_id,
        settings={
            "leave_out": list(decided_on.leave_out),
            "keep": list(decided_on.keep),
            "split": wanted.model_dump(),
            "decisions": [{"row": p.row, "row_id": p.row_id, "check": p.check, "action": p.action} for p in decided],
        },
        result={
            "train": done.train,
            "held_out": done.held_out,
            "note": done.note,
            "left_out": len({problem.row for problem in gone}),
            "checks": dict(Counter(problem.check for problem in gone)),
        },
        files={"problems": [asdict(problem) for problem in decided]},
    )
    return opened(workspace, version.id)


def _load(workspace: Workspace, limits: Limits, path: Path) -> Opened:
    found = ingest(path, path.name, max_rows=limits.rows)
    return _save_ingested(workspace, found, workspace.keep_source(path, path.name).name, path.name)


def _save_ingested(workspace: Workspace, found: Ingested, source: str, name: str) -> Opened:
    noted: list[Problem] = sorted([*found.problems, *scan(found.dataset)], key=lambda problem: problem.row)
    version = workspace.versions.save(
        slug(Path(name).stem),
        found.dataset,
        "ingest",
        settings={"source": source, "name": name, "mapping": asdict(found.mapping), "unsure": found.unsure},
        result={
            "unreadable": len(found.problems),
            "checks": dict(Counter(problem.check for problem in noted)),
        },
        files={
            "problems": [asdict(problem) for problem in noted],
            "columns": found.columns,
            "notes": found.notes,
            "preview": found.preview,
        },
    )
    return opened(workspace, version.id)


def _chosen(version_id: str) -> str:
    if not version_id:
        raise SettingProblem("No dataset is loaded yet. Choose a sample or drop a file first.")
    return version_id


def _origin(workspace: Workspace, version_id: str) -> Version:
    """The version that was read from the file, which this one comes from."""
    version = workspace.versions.get(_chosen(version_id))
    while version.stage != "ingest" and version.parent:
        version = workspace.versions.get(version.parent)
    return version


def _problems(workspace: Workspace, version_id: str) -> list[Decided]:
    return [Decided(**problem) for problem in workspace.versions.extra(version_id, "problems") or []]


def _fields(mapping: Mapping) -> list[FormField]:
    fields = SHAPES[mapping.shape].fields if mapping.shape in SHAPES else ()
    return [FormField(field.name, mapping.columns.get(field.name, ""), field.required) for field in fields]


def _default(problem: Decided) -> str:
    return "open" if problem.row_id else "cannot be read"


def _sentence(version: Version) -> str:
    result = version.result
    if version.stage == "ingest":
        verb = "is" if result["unreadable"] == 1 else "are"
        lost = f"; {result['unreadable']:,} cannot be read and {verb} left out" if result["unreadable"] else ""
        return f"{version.rows:,} rows were read from {version.settings['name']}{lost}."
    if version.stage == "curate":
        by_check = ", ".join(f"{count:,} {check}" for check, count in result["checks"].items())
        out = f"{result['left_out']:,} left out ({by_check})" if by_check else "none left out"
        sides = f"{result['train']:,} to train on, {result['held_out']:,} held out"
        return " ".join(part for part in (f"{version.rows:,} rows kept, {out}: {sides}.", result["note"]) if part)
    return f"{version.rows:,} rows, made on another tab ({version.stage})."


def _row(example: Example) -> list[str]:
    shown = chat_text(example.prompt), example.answer, example.label or "", example.split or ""
    return [str(example.row), *(shortened(text, SHOWN_CHARACTERS) for text in shown)]
