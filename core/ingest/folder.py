"""The tables of a folder: what `datasets` saved with `save_to_disk`, or files that lie side by side."""

from pathlib import Path
from typing import Any

import orjson

from core.errors import FileProblem
from core.ingest.contents import PACKED_SUFFIXES, TABLE_SUFFIXES
from core.ingest.source import File
from core.words import counted

STATE, SPLITS = "state.json", "dataset_dict.json"


def files_of(path: Path) -> tuple[list[File], list[str]]:
    """The files to be read at a path, itself or those of a folder, and notes on them.

    The files of a `datasets` folder are named after its splits.

    Raises:
        FileProblem: there is nothing at the path, a folder holds no table, or a `datasets` folder is not complete.
    """
    if path.is_file():
        return [File(path, path.name)], []
    if not path.is_dir():
        raise FileProblem(f"There is no file or folder “{path}”.")
    if (path / SPLITS).is_file():
        return _splits(path)
    if (path / STATE).is_file():
        return _shards(path, path.name), []
    suffixes = (*TABLE_SUFFIXES, *PACKED_SUFFIXES)
    tables = sorted(file for file in path.iterdir() if file.is_file() and file.suffix.lower() in suffixes)
    files = [File(table, table.name) for table in tables if not table.name.startswith(".")]
    if not files:
        raise FileProblem(f"The folder “{path.name}” holds no table ({', '.join(suffixes)}).")
    return files, []


def _splits(folder: Path) -> tuple[list[File], list[str]]:
    names = [str(name) for name in _told(folder / SPLITS, "splits")]
    shards = {name: _shards(_inside(folder, name), name) for name in names}
    listed = ", ".join(f"“{name}”" for name in names)
    notes = [f"The folder has {counted(len(names), 'split')}, {listed}; the column “source” tells them apart."]
    return [shard for name in names for shard in shards[name]], notes if len(names) > 1 else []


def _shards(folder: Path, name: str) -> list[File]:
    paths = [_inside(folder, str(file.get("filename"))) for file in _told(folder / STATE, "_data_files")]
    if missing := [path.name for path in paths if not path.is_file()]:
        raise FileProblem(f"The folder “{folder.name}” is not complete: “{missing[0]}” is missing. Save it again.")
    if len(paths) == 1:
        return [File(paths[0], f"{name}.arrow")]
    return [File(path, f"{name}-{number}.arrow") for number, path in enumerate(paths, 1)]


def _told(path: Path, key: str) -> list[Any]:
    try:
        told = orjson.loads(path.read_bytes())[key]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FileProblem(f"The file “{path.name}” of “{path.parent.name}” cannot be read. Save it again.") from error
    if not isinstance(told, list) or not told:
        raise FileProblem(f"The file “{path.name}” of “{path.parent.name}” names no data. Save it again.")
    return told


def _inside(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise FileProblem(f"The folder “{folder.name}” names a file outside of itself, which was not opened.")
    return path
