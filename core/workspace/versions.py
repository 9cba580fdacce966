"""Dataset versions: `datasets/<name>/v<N>/` with data.parquet, extra files, and manifest.json written last."""

import re
import shutil
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict

from core.errors import NotFound
from core.records import SCHEMA, ContentHash, Dataset, with_schema
from core.words import counted
from core.workspace.files import append_line, read_lines, remove, slug, write_json, write_table

FORMAT = 2
DATASETS_IN_MEMORY = 3
MANIFESTS_IN_MEMORY = 4096
VERSION_ID = re.compile(r"[A-Za-z0-9_-]{1,60}/v[0-9]{1,6}")
NUMBER = re.compile(r"\.?v([0-9]{1,6})")
DELETED = "."  # before the name of the folder
DONE = {
    "ingest": "imported",
    "curate": "curated",
    "select": "selected",
    "instruct": "instructed",
    "mix": "mixed",
    "mask": "masked",
    "votes": "from votes",
}


class Version(BaseModel):
    """The manifest of a dataset version: what was done, to which parent, with which settings and result."""

    model_config = ConfigDict(frozen=True)  # one is handed to all who ask

    format: int = FORMAT
    id: str
    stage: str
    parent: str | None
    settings: dict[str, Any]
    result: dict[str, Any]
    rows: int
    content_hash: str
    created: str

    @property
    def name(self) -> str:
        """The dataset's name, the same for all of its versions."""
        return self.id.split("/")[0]

    @property
    def label(self) -> str:
        """The version in a list to choose from: `tickets · v3 · masked · 1,204 rows`."""
        return " · ".join([*self.id.split("/"), DONE.get(self.stage, self.stage), counted(self.rows, "row")])


class Draft:
    """A version that is being written, a table at a time, so that its rows need not be in memory at once.

    Nobody sees it before `finish`; `discard` takes it away.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows = 0
        self._hash = ContentHash()
        self._writer = pq.ParquetWriter(folder / "data.parquet", SCHEMA, compression="zstd", compression_level=1)

    def add(self, table: pa.Table) -> None:
        """Append rows; columns of `SCHEMA` that are not there hold nulls."""
        table = with_schema(table)
        self._hash.update(table)
        self._writer.write_table(table)
        self.rows += len(table)

    def keep(self, files: dict[str, Any], tables: dict[str, pa.Table]) -> None:
        """Write JSON (read with `Versions.extra`) and tables (read with `Versions.table`) beside the data."""
        for key, value in files.items():
            write_json(self.folder / f"{slug(key)}.json", value)
        for key, table in tables.items():
            write_table(self.folder / f"{slug(key)}.parquet", table)

    def finish(
        self, stage: str, parent: str | None, settings: dict[str, Any] | None, result: dict[str, Any] | None
    ) -> Version:
        """Write the manifest, with which the version is there."""
        self._writer.close()
        version = Version(
            id=f"{self.folder.parent.name}/{self.folder.name}",
            stage=stage,
            parent=parent,
            settings=settings or {},
            result=result or {},
            rows=self.rows,
            content_hash=self._hash.hexdigest(),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        write_json(self.folder / "manifest.json", version.model_dump())
        return version

    def discard(self) -> None:
        """Take the unfinished version away."""
        self._writer.close()
        shutil.rmtree(self.folder)


class Versions:
    """The dataset versions below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(
        self,
        name: str,
        dataset: Dataset,
        stage: str,
        *,
        parent: str | None = None,
        settings: dict[str, Any] | None = None,
        result: dict[str, Any] | None = None,
        tables: dict[str, pa.Table] | None = None,
    ) -> Version:
        """Write a new version under the dataset `name` and return its manifest.

        `tables` are kept beside the data as Parquet (`{"decided": …}` becomes decided.parquet) and read with `table`.
        """
        draft = self.draft(name)
        draft.add(dataset.table)
        draft.keep({}, tables or {})
        return draft.finish(stage, parent, settings, result)

    def draft(self, name: str) -> Draft:
        """Begin a new version under the dataset `name`, to be written a table at a time."""
        self._clear()
        return Draft(self._next_folder(slug(name)))

    def all(self) -> list[Version]:
        """Every complete version, newest first."""
        found = [stamped for path in self.folder.glob("*/v*/manifest.json") if (stamped := _stamped(path))]
        return [version for _, version in sorted(found, key=lambda stamped: stamped[0], reverse=True)]

    def choices(self, without: str | None = None) -> list[tuple[str, str]]:
        """Label and id of every complete version, newest first, for a list to choose from; `without` is left out."""
        return [(version.label, version.id) for version in self.all() if version.id != without]

    def get(self, version_id: str) -> Version:
        """The manifest of a version.

        Raises:
            NotFound: there is no complete version of that id.
        """
        path = self._folder(version_id) / "manifest.json"
        return _manifest(path, path.stat().st_mtime_ns)

    def delete(self, version_id: str) -> None:
        """Take a version away with all that is kept beside it; whether others need it is not asked here.

        A rename ends it at once. Where the program is ended before its files are gone, they go with the next version
        that is written or deleted. Its number is not given again: runs, recipes and other versions name it.

        Raises:
            NotFound: there is no complete version of that id.
        """
        folder = self._folder(version_id)
        folder.rename(_deleted(folder))
        _read.cache_clear()
        self._clear()

    def load(self, version_id: str) -> Dataset:
        """The rows of a version; the last few that were asked for stay in memory. Raises `NotFound` like `get`."""
        path = self._folder(version_id) / "data.parquet"
        return _read(path, path.stat().st_mtime_ns)

    def table(self, version_id: str, key: str) -> pa.Table | None:
        """The table that was kept beside the data under `key`, or None. Raises `NotFound` like `get`."""
        path = self._folder(version_id) / f"{slug(key)}.parquet"
        return pq.read_table(path) if path.exists() else None

    def keep_table(self, version_id: str, key: str, table: pa.Table) -> None:
        """Keep a table beside the data under `key`, as `table` reads it. Raises `NotFound` like `get`."""
        write_table(self._folder(version_id) / f"{slug(key)}.parquet", table)

    def lines(self, version_id: str, key: str) -> list[Any]:
        """The lines of the journal `key` beside the data; none if there is none. Raises `NotFound` like `get`."""
        return read_lines(self._folder(version_id) / f"{slug(key)}.jsonl")

    def add_line(self, version_id: str, key: str, line: Any) -> None:
        """Append a line to the journal `key` beside the data. Raises `NotFound` like `get`."""
        append_line(self._folder(version_id) / f"{slug(key)}.jsonl", line)

    def extra(self, version_id: str, key: str) -> Any:
        """What was kept beside the data under `key`, or None. Raises `NotFound` like `get`."""
        path = self._folder(version_id) / f"{slug(key)}.json"
        return orjson.loads(path.read_bytes()) if path.exists() else None

    def keep_extra(self, version_id: str, key: str, value: Any) -> None:
        """Keep JSON beside the data under `key`, as `extra` reads it. Raises `NotFound` like `get`."""
        write_json(self._folder(version_id) / f"{slug(key)}.json", value)

    def _folder(self, version_id: str) -> Path:
        if VERSION_ID.fullmatch(str(version_id or "")) and (self.folder / version_id / "manifest.json").exists():
            return self.folder / version_id
        if not version_id:
            raise NotFound("No dataset is loaded yet. Choose a sample or drop a file first.")
        known = ", ".join(version.id for version in self.all()[:5]) or "none yet"
        if VERSION_ID.fullmatch(str(version_id)) and _deleted(self.folder / version_id).exists():
            raise NotFound(f"The dataset version “{version_id}” was deleted. Saved versions: {known}.")
        raise NotFound(f"There is no dataset version “{str(version_id)[:60]}”. Saved versions: {known}.")

    def _clear(self) -> None:
        """Empty the folders of deleted versions; the folders stay and keep the numbers."""
        for path in self.folder.glob(f"*/{DELETED}v*/*"):
            remove(path)

    def _next_folder(self, name: str) -> Path:
        matches = [NUMBER.fullmatch(path.name) for path in (self.folder / name).glob("*")]
        number = max((int(match[1]) for match in matches if match), default=0) + 1
        while True:  # another tab may take the number between the look and the mkdir
            folder = self.folder / name / f"v{number}"
            try:
                folder.mkdir(parents=True)
                return folder
            except FileExistsError:
                number += 1


def _deleted(folder: Path) -> Path:
    """Where a version lies once it is deleted: in the same folder, under a name that no version has."""
    return folder.with_name(f"{DELETED}{folder.name}")


def _stamped(path: Path) -> tuple[int, Version] | None:
    """When a manifest was written, and the manifest; None if its version was deleted since it was listed."""
    try:
        written = path.stat().st_mtime_ns
        return written, _manifest(path, written)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=MANIFESTS_IN_MEMORY)
def _manifest(path: Path, _written: int) -> Version:
    said = orjson.loads(path.read_bytes())
    if said.get("format") == 1:  # it listed every row that was decided about, which nothing reads any more
        said.get("settings", {}).pop("decisions", None)
    return Version.model_validate(said)


@lru_cache(maxsize=DATASETS_IN_MEMORY)
def _read(path: Path, _written: int) -> Dataset:
    return Dataset(pq.read_table(path))
