"""Dataset versions: `datasets/<name>/v<N>/` with data.parquet, extra files, and manifest.json written last."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq
from pydantic import BaseModel

from core.errors import NotFound
from core.records import Dataset
from core.workspace.files import slug, write_json

FORMAT = 1
VERSION_ID = re.compile(r"[A-Za-z0-9_-]{1,60}/v[0-9]{1,6}")


class Version(BaseModel):
    """The manifest of a dataset version: what was done, to which parent, with which settings and result."""

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
        files: dict[str, Any] | None = None,
    ) -> Version:
        """Write a new version under the dataset `name` and return its manifest.

        `files` are kept beside the data as JSON (`{"problems": [...]}` becomes problems.json) and read with `extra`.
        """
        folder = self._next_folder(slug(name))
        pq.write_table(dataset.table, folder / "data.parquet", compression="zstd")
        for key, value in (files or {}).items():
            write_json(folder / f"{slug(key)}.json", value)
        version = Version(
            id=f"{folder.parent.name}/{folder.name}",
            stage=stage,
            parent=parent,
            settings=settings or {},
            result=result or {},
            rows=len(dataset),
            content_hash=dataset.content_hash(),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        write_json(folder / "manifest.json", version.model_dump())
        return version

    def all(self) -> list[Version]:
        """Every complete version, newest first."""
        manifests = self.folder.glob("*/v*/manifest.json")
        newest_first = sorted(manifests, key=lambda path: path.stat().st_mtime_ns, reverse=True)
        return [Version.model_validate_json(path.read_bytes()) for path in newest_first]

    def get(self, version_id: str) -> Version:
        """The manifest of a version.

        Raises:
            NotFound: there is no complete version of that id.
        """
        return Version.model_validate_json((self._folder(version_id) / "manifest.json").read_bytes())

    def load(self, version_id: str) -> Dataset:
        """The rows of a version. Raises `NotFound` like `get`."""
        return Dataset(pq.read_table(self._folder(version_id) / "data.parquet"))

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
        known = ", ".join(version.id for version in self.all()[:5]) or "none yet"
        raise NotFound(f"There is no dataset version “{str(version_id)[:60]}”. Saved versions: {known}.")

    def _next_folder(self, name: str) -> Path:
        numbers = [int(path.name[1:]) for path in (self.folder / name).glob("v*") if path.name[1:].isdigit()]
        number = max(numbers, default=0) + 1
        while True:  # another tab may take the number between the look and the mkdir
            folder = self.folder / name / f"v{number}"
            try:
                folder.mkdir(parents=True)
                return folder
            except FileExistsError:
                number += 1
