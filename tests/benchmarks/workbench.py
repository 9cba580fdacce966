"""A lab that is thrown away, and the way to a trained run in it by the actions that the buttons call."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.actions import Lab, train
from core.actions.curate import save, source
from core.models import fetch
from core.models.imports import WAITING
from core.settings import HOME
from core.workspace import Run, Workspace, default_home

ROOT = Path(__file__).resolve().parents[2]
POLL_SECONDS = 0.5
MOST_START_SECONDS = 120


def models_folder() -> Path:
    """Where models are kept: TUNEBENCH_MODELS, or the app's own folder."""
    return Path(os.environ.get("TUNEBENCH_MODELS") or default_home() / "models")


def set_environment() -> None:
    """The thread settings that the app runs with; call it before torch is imported."""
    for name, value in WAITING.items():
        os.environ.setdefault(name, value)


@contextmanager
def temporary_lab() -> Iterator[tuple[Lab, Workspace]]:
    """A lab in a temporary folder with the starter model, which is fetched if it is not on this machine."""
    os.environ["TUNEBENCH_MODELS"] = str(models_folder())
    fetch(models_folder(), lambda progress: None)
    with TemporaryDirectory(prefix="tunebench-", ignore_cleanup_errors=True) as folder:
        lab = Lab(Path(folder), HOME)
        yield lab, lab.workspace("")


def load(lab: Lab, workspace: Workspace, sample: str) -> source.Opened:
    """Load a sample, as a click on the Curate tab does."""
    return source.load_sample(workspace, lab.limits, sample)


def split(workspace: Workspace, loaded: source.Opened, settings: dict[str, Any]) -> str:
    """Do with the rows what the checks do by default, split, save; the new version. `settings`: of `SplitSettings`."""
    return save.save(workspace, loaded.version_id, settings)[0]


def train_to_the_end(lab: Lab, workspace: Workspace, version_id: str, values: dict[str, Any]) -> Run:
    """Start a run in the lab's jobs thread, watch its folder, and return it done; leaves the program if it fails."""
    run_id = train.start(lab, workspace, version_id, values)
    while (view := train.view(workspace, run_id)) and view.active:
        time.sleep(POLL_SECONDS)
    if view is None or view.state != "done":
        sys.exit(f"The run did not end well: {view.reason if view else 'it is gone'}")
    return workspace.run(run_id)


def load_pair(run: Run, dtype: str = "auto") -> tuple[Any, Any]:
    """The tokenizer and the base model with the run's adapter under the run's id, as the Compare tab loads them."""
    from peft import PeftModel

    from core.models import ModelSource, load_model, load_tokenizer

    source = ModelSource(**run.recipe.source)  # type: ignore[arg-type]
    base = load_model(source, dtype)  # type: ignore[arg-type]
    return load_tokenizer(source), PeftModel.from_pretrained(base, str(run.adapter), adapter_name=run.id).eval()


@contextmanager
def served_app() -> Iterator[str]:
    """The address of an app in a process of its own with an empty home; leaves the program if no page comes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with TemporaryDirectory(prefix="tunebench-", ignore_cleanup_errors=True) as home:
        about = {"TUNEBENCH_HOME": home, "TUNEBENCH_MODELS": models_folder(), "GRADIO_SERVER_PORT": port}
        environment = {**os.environ, **{name: str(value) for name, value in about.items()}}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment, **quiet)
        try:
            _wait_for_page(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_for_page(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + MOST_START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=MOST_START_SECONDS).close()
            return
        except OSError:
            time.sleep(POLL_SECONDS)
    sys.exit("The page was not served.")
