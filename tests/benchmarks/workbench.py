"""A lab that is thrown away, and the way to a trained run in it by the actions that the buttons call."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.actions import Lab, train
from core.actions.curate import save, source
from core.models import fetch
from core.settings import HOME
from core.workspace import Run, Workspace, default_home
from ui import server

POLL_SECONDS = 0.5


def models_folder() -> Path:
    """Where models are kept: TUNEBENCH_MODELS, or the app's own folder."""
    return Path(os.environ.get("TUNEBENCH_MODELS") or default_home() / "models")


def set_environment() -> None:
    """The thread settings that the app runs with; call it before torch is imported."""
    for name, value in server.ENVIRONMENT_UNLESS_SET.items():
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
