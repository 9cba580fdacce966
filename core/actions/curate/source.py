"""Load files as a dataset, and read them again with another mapping.

Which files are read: samples by a name from `samples()`, kept sources by a name from a manifest, uploads, whose path
must lie in the folder where the server itself puts uploads, and, at home only, what a person types: a path or the id of
a dataset on the Hub. No other path that a caller sends is opened.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from core.actions.background import Watch, stop
from core.actions.curate.columns import FormField, certainty, fields_of
from core.actions.curate.uploads import all_uploaded
from core.actions.curate.uploads import uploaded as uploaded
from core.actions.samples import sample_path
from core.errors import FileProblem, NotFound
from core.ingest import File, Guess, Mapping, download, files_of, ingest, is_hub_id, name_of, preview, read, stem
from core.records import Problem
from core.settings import Limits
from core.words import counted
from core.workspace import Version, Workspace, slug

READING = "reading"
UNREAD = "unread"
UNREAD_SCHEMA = pa.schema([("row", pa.int64()), ("check", pa.string()), ("reason", pa.string())])
READINGS = 10
NOBODY = Watch()
AGAIN = "{} It was loaded before: {} is shown again, with what was decided about it."


@dataclass(frozen=True)
class Opened:
    """The files that a version comes from, and how they were read.

    `unsure` says that a person should look at the columns, `questions` where two could be the answer, `certainty` how
    likely the shape is, in words. `preview` holds the first rows, shortened, by column. `again` says that nothing was
    made, because the version was there already.
    """

    version_id: str
    sentence: str
    notes: list[str]
    unsure: bool
    questions: list[str]
    certainty: str
    shape: str
    fields: list[FormField]
    columns: list[str]
    preview: list[dict[str, str]]
    again: bool = False


def load_sample(workspace: Workspace, limits: Limits, name: str) -> Opened:
    """Load a sample by its file name; a version that was made of the same rows before is opened again, and says so.

    Raises:
        NotFound: there is no sample of that name.
    """
    path = sample_path(name)
    file = File(path, path.name)
    if known := _loaded_before(workspace, file):
        found = opened(workspace, known)
        return replace(found, sentence=AGAIN.format(found.sentence, known), again=True)
    return _load(workspace, limits, [file])


def load_files(
    workspace: Workspace,
    limits: Limits,
    paths: Sequence[str] | str | None,
    uploads: Path,
    mapping: Mapping | None = None,
    watch: Watch = NOBODY,
) -> Opened:
    """Load one or more uploaded files of the same columns as one dataset; without a mapping it is guessed.

    They are kept, so that they can be read again with another mapping. `paths` are what the server handed over for the
    uploads, and must be files below `uploads`, its upload folder.

    Raises:
        FileProblem: there is no file, they are too large, or one cannot be read; see `core.ingest`.
        SettingProblem: the mapping does not fit the columns.
        Stopped: the reading was stopped; nothing of it was kept.
    """
    return _load(workspace, limits, all_uploaded(limits, paths, uploads), mapping, watch, link=True)


def load_typed(workspace: Workspace, limits: Limits, text: str, watch: Watch = NOBODY) -> Opened:
    """Load what a person typed at home: the path of a file or folder, or the id of a dataset on the Hub.

    Raises:
        FileProblem: this is a public place; there is no such thing, or it cannot be read.
        Stopped: the reading was stopped; nothing of it was kept.
    """
    wanted = str(text or "").strip().strip("\"'")
    if limits.public:
        raise FileProblem("Paths and Hub datasets are not read on this public page. Upload a file, or choose a sample.")
    if not wanted:
        raise FileProblem("Write the path of a file or folder, or the id of a dataset on the Hub, like owner/name.")
    path = Path(wanted).expanduser()
    if path.exists() or not is_hub_id(wanted):
        files, notes = files_of(path.absolute())
        return _load(workspace, limits, files, None, watch, notes)
    with tempfile.TemporaryDirectory(dir=workspace.root) as folder:
        files, notes = download(wanted, Path(folder) / slug(wanted))
        return _load(workspace, limits, files, None, watch, notes, link=True)


def first_rows(limits: Limits, paths: Sequence[str] | str | None, uploads: Path) -> list[dict[str, str]]:
    """The first rows of uploaded files, shortened, by column; does not read all of them. Raises like `load_files`."""
    return preview(all_uploaded(limits, paths, uploads)).preview


def remap(workspace: Workspace, limits: Limits, version_id: str, mapping: Mapping, watch: Watch = NOBODY) -> Opened:
    """Read the files of a version again with a corrected mapping, as a new version of the same dataset.

    Raises:
        NotFound: the version or one of its files is not there.
        SettingProblem: the mapping does not fit the columns.
        Stopped: the reading was stopped; nothing of it was kept.
    """
    origin = _origin(workspace, version_id)
    kept = kept_files(origin)
    if not kept:
        raise NotFound(f"The dataset “{origin.name}” was not read from a file, so it has no columns to choose.")
    files = [File(workspace.source(source), name) for source, name in kept]
    return _read(workspace, limits, origin.name, files, mapping, watch)


def form(workspace: Workspace, version_id: str, shape: str) -> list[FormField]:
    """The fields of `shape` with the columns of the version's files that fit. Raises `SettingProblem`."""
    origin = _origin(workspace, version_id)
    return fields_of(shape, _readings(workspace, origin), workspace.versions.extra(origin.id, "columns") or [])


def opened(workspace: Workspace, version_id: str) -> Opened:
    """The files that a version comes from, and how they were read. Raises `NotFound`."""
    origin = _origin(workspace, version_id)
    shape = (origin.settings.get("mapping") or {}).get("shape", "")
    readings, extra = _readings(workspace, origin), workspace.versions.extra
    columns = extra(origin.id, "columns") or []
    return Opened(
        version_id=version_id,
        sentence=loaded_sentence(origin),
        notes=extra(origin.id, "notes") or [],
        unsure=bool(origin.settings.get("unsure")),
        questions=extra(origin.id, "questions") or [],
        certainty=certainty(readings[0], readings[1:]),
        shape=shape,
        fields=fields_of(shape, readings, columns) if shape else [],
        columns=columns,
        preview=extra(origin.id, "preview") or [],
    )


def loaded_sentence(version: Version) -> str:
    """What a version of stage “ingest” holds, in words."""
    lost = version.result.get("unreadable", 0)
    rest = f"; {lost:,} cannot be read and {'is' if lost == 1 else 'are'} left out" if lost else ""
    verb = "was" if version.rows == 1 else "were"
    return f"{counted(version.rows, 'row')} {verb} read from {version.settings.get('name', 'a file')}{rest}."


def kept_files(version: Version) -> list[tuple[str, str]]:
    """The names under which the files of a version that was read from files are kept, and what they were called."""
    source = version.settings.get("source") or [] if version.stage == "ingest" else []
    if isinstance(source, str):  # format 1 kept one
        return [(source, str(version.settings["name"]))]
    return list(zip(source, version.settings.get("names", source), strict=True))


def unread(workspace: Workspace, version_id: str) -> list[Problem]:
    """The rows of the files that could not be read. Raises `NotFound`."""
    origin = _origin(workspace, version_id)
    table = workspace.versions.table(origin.id, UNREAD)
    if table is not None:
        return [Problem(**row) for row in table.to_pylist()]
    listed = workspace.versions.extra(origin.id, "problems") or []  # as format 1 kept them
    return [Problem(one["row"], one["check"], one["reason"]) for one in listed if one["row_id"] is None]


def _loaded_before(workspace: Workspace, file: File) -> str:
    """The id of the newest version that was read from a file of this name with these rows; empty if there is none."""
    named = [one for one in workspace.versions.all() if [name for _, name in kept_files(one)] == [file.name]]
    content = read(file.path, file.name)[0].content_hash() if named else ""
    return next((one.id for one in named if one.content_hash == content), "")


def _load(
    workspace: Workspace,
    limits: Limits,
    files: list[File],
    mapping: Mapping | None = None,
    watch: Watch = NOBODY,
    notes: Sequence[str] = (),
    link: bool = False,
) -> Opened:
    """Keep copies of the files, or with `link` second names of them, and read those; where that fails, forget them."""
    kept = [File(workspace.keep_source(file.path, file.name, link), file.name) for file in files]
    try:
        return _read(workspace, limits, slug(stem(files[0].name)), kept, mapping, watch, notes)
    except BaseException:
        for file in kept:
            file.path.unlink()
        raise


def _read(
    workspace: Workspace,
    limits: Limits,
    name: str,
    files: list[File],
    mapping: Mapping | None,
    watch: Watch,
    notes: Sequence[str] = (),
) -> Opened:
    draft = workspace.versions.draft(name)
    try:
        found = ingest(
            files, mapping, add=draft.add, max_rows=limits.rows, progress=watch.progress, stopped=watch.stopped
        )
        unread = [(problem.row, problem.check, problem.reason) for problem in found.problems]
        columns = zip(*unread, strict=True) if unread else [(), (), ()]
        draft.keep(
            {
                "columns": found.columns,
                "notes": [*notes, *found.notes],
                "preview": found.preview,
                "questions": found.questions,
                "readings": [{**asdict(one.mapping), **_weight(one)} for one in found.candidates[:READINGS]],
            },
            {UNREAD: pa.table([pa.array(cells) for cells in columns], schema=UNREAD_SCHEMA)},
        )
        settings = {
            "source": [file.path.name for file in files],
            "names": [file.name for file in files],
            "name": name_of(files),
            "mapping": asdict(found.mapping),
            "unsure": found.unsure,
        }
        version = draft.finish("ingest", None, settings, {"unreadable": len(found.problems)})
    except BaseException:
        draft.discard()
        raise
    return opened(workspace, version.id)


def _weight(guess: Guess) -> dict[str, Any]:
    return {"confidence": round(guess.confidence, 3), "reason": guess.reason}


def _origin(workspace: Workspace, version_id: str) -> Version:
    """The version that was read from files, which this one comes from."""
    if not version_id:
        raise NotFound("No dataset is loaded yet. Choose a sample or drop a file first.")
    version = workspace.versions.get(version_id)
    while version.stage != "ingest" and version.parent:
        try:
            version = workspace.versions.get(version.parent)
        except NotFound:  # deleted while this one was being made of it
            break
    return version


def _readings(workspace: Workspace, origin: Version) -> list[dict[str, Any]]:
    """How the files can be read: as they were, and then as was guessed, best first."""
    said = origin.settings.get("mapping") or {}
    return [said, *(workspace.versions.extra(origin.id, "readings") or [])]


def stop_reading(workspace: Workspace) -> str:
    """Stop whatever is being read in this workspace, of which nothing is kept; returns a sentence."""
    return "Reading is being stopped." if stop(workspace, READING) else "Nothing is being read."
