"""The workspace folder as a whole."""

import os
import re
import secrets
import shutil
from datetime import datetime
from pathlib import Path

import orjson
from filelock import FileLock
from platformdirs import user_data_path

from core.errors import FileProblem, LabError, NotFound
from core.workspace.files import slug, write_atomically, write_json, writing
from core.workspace.runs import Recipe, Run
from core.workspace.versions import Versions

RUN_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
KEY_BYTES = 32


def default_home() -> Path:
    """`TUNEBENCH_HOME`, or `tunebench` in the user's data folder."""
    named = os.environ.get("TUNEBENCH_HOME")
    return Path(named).expanduser() if named else user_data_path("tunebench", appauthor=False)


def _linked(path: Path, target: Path) -> bool:
    try:
        target.hardlink_to(path)
    except OSError:  # another disk, or one that has no links
        return False
    return True


class Workspace:
    """Dataset versions (`versions`), runs, sources, the user's rules and the key for substitutes, below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.root.mkdir(parents=True, exist_ok=True)
        self.versions = Versions(self.root / "datasets")

    def keep_source(self, path: Path, name: str, link: bool = False) -> Path:
        """Keep a file that was read, so that it can be read again with another mapping.

        With `link` it becomes a second name of the same file where the disk allows it, which costs no room and no time;
        only right for a file that nobody writes to any more.
        """
        target = self.root / "sources" / f"{secrets.token_hex(4)}-{slug(Path(name).stem)}{Path(name).suffix.lower()}"
        target.parent.mkdir(parents=True, exist_ok=True)
        if link and _linked(path, target):
            return target
        temporary = target.with_name(f".{target.name}")
        shutil.copyfile(path, temporary)
        temporary.replace(target)
        return target

    def source(self, name: str) -> Path:
        """The kept source of that file name. Raises `NotFound` if it is not in this workspace."""
        path = (self.root / "sources" / name).resolve()
        if path.parent != self.root / "sources" or not path.is_file():
            raise NotFound(f"The source file “{name[:60]}” is no longer in the workspace. Load it again.")
        return path

    def forget_source(self, name: str) -> None:
        """Take a kept source away; nothing happens where there is none of that name."""
        path = (self.root / "sources" / name).resolve()
        if path.parent == self.root / "sources":
            path.unlink(missing_ok=True)

    def benchmarks(self) -> dict[str, list[str]]:
        """The prompts of each benchmark that was added, by its name, the newest last."""
        files = sorted((self.root / "benchmarks").glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        return {path.stem: orjson.loads(path.read_bytes()) for path in files}

    def benchmarks_stamp(self) -> str:
        """A text that changes whenever a benchmark is added or taken away; reads none of them."""
        files = sorted((self.root / "benchmarks").glob("*.json"))
        return " ".join(f"{path.stem}:{path.stat().st_mtime_ns}:{path.stat().st_size}" for path in files)

    def keep_benchmark(self, name: str, prompts: list[str]) -> str:
        """Keep the prompts of a benchmark, which training rows are held against; the name it is kept under."""
        write_json(self.root / "benchmarks" / f"{slug(name)}.json", prompts)
        return slug(name)

    def forget_benchmark(self, name: str) -> None:
        """Take a benchmark away; nothing happens where there is none of that name."""
        (self.root / "benchmarks" / f"{slug(name)}.json").unlink(missing_ok=True)

    def rules_text(self) -> str:
        """The user's own rules for finding personal data (YAML); empty if there are none.

        Raises:
            FileProblem: the file is not written in UTF-8.
        """
        path = self.root / "rules.yaml"
        written = path.read_bytes() if path.exists() else b""
        try:
            return written.decode("utf-8")
        except UnicodeDecodeError as error:
            line = written[: error.start].count(b"\n") + 1
            raise FileProblem(
                f"Your own rules cannot be read: line {line} of rules.yaml in the workspace is not written in UTF-8. "
                "Save that file in UTF-8."
            ) from error

    def keep_rules(self, text: str) -> None:
        """Keep the user's own rules, in the place of those that were there."""
        write_atomically(self.root / "rules.yaml", text.encode())

    def new_run(self, name: str, recipe: Recipe) -> Run:
        """A queued run with a timestamped id; ids of one name sort by their time.

        Raises:
            LabError: the disk is full, or the workspace cannot be written.
        """
        now = datetime.now()
        tail = f"{now.microsecond // 1000:03d}{secrets.choice('0123456789abcdef')}"
        folder = self.root / "runs"
        with writing(folder):
            return Run.create(folder / f"{now:%Y%m%d-%H%M%S}-{slug(name)}-{tail}", recipe)

    def run(self, run_id: str) -> Run:
        """A run by its id. Raises `NotFound`."""
        folder = self.root / "runs" / str(run_id or "")
        if not RUN_ID.fullmatch(str(run_id or "")) or not (folder / "run.yaml").exists():
            known = ", ".join(run.id for run in self.runs()[:3]) or "none yet"
            raise NotFound(f"There is no run “{str(run_id)[:60]}”. Runs: {known}.")
        return Run(folder)

    def runs(self) -> list[Run]:
        """All runs, newest first, but for those whose recipe is damaged or was written by a newer Tunebench."""
        folders = sorted((path.parent for path in (self.root / "runs").glob("*/run.yaml")), reverse=True)
        return [run for folder in folders if (run := Run(folder)).is_readable]

    def secret_key(self) -> bytes:
        """The key of this workspace from which substitutes are drawn; made at first use, readable by its owner only.

        Raises:
            LabError: the file is damaged, so that values could be guessed from their hashes; or the disk is full.
        """
        path = self.root / "key"
        with writing(self.root), FileLock(self.root / "key.lock"):
            if not path.exists() or not path.stat().st_size:  # an empty one is left where making it broke off
                made = self.root / ".key"
                made.unlink(missing_ok=True)
                made.touch(mode=0o600)
                made.write_bytes(secrets.token_bytes(KEY_BYTES))
                made.replace(path)
            key = path.read_bytes()
        if len(key) != KEY_BYTES:
            raise LabError(
                f"The file “key” in the workspace has {len(key)} bytes instead of {KEY_BYTES}: it is damaged. Put back "
                "a copy of it, or take it away; what was decided in reviews then counts as open again."
            )
        return key
