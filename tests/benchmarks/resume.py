"""Kills runs with `kill -9` at random moments, resumes them, and holds what comes out against a run left alone.

    python tests/benchmarks/resume.py [--kills N] [--starter-kills N] [--seed N] [--json] [--save]

Runs are trained by `python -m core.train RUN_DIR`, each in a process of its own. A third of the kills falls on a moment
drawn from the whole time of a run, loading included; a third on a moment while it trains; a third on the moment at
which a checkpoint is being written. A run that had ended by itself when its moment came is `missed`, which is no kill;
another one begins. After each kill the newest checkpoint must be whole; `lost` are the steps since it. When the kills
are spent, the last run is resumed to its end. The losses of every run that has ended, step by step, must be those of
the run that was left alone. The tiny model is a random Llama of two layers; `--starter-kills` are on the starter model.
"""

import argparse
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import report
import workbench

sys.path.append(str(report.ROOT / "tests"))

from conftest import make_tiny_model

from core.models import resolve
from core.records import HELD_OUT, TRAIN, Dataset, Example, Message
from core.settings import HOME, TrainSettings
from core.workspace import Recipe, Run, Version, Workspace

POLL_SECONDS = 0.005
LONGEST_SECONDS = 3600
MOMENTS = ("any", "training", "saving")
SETTINGS = {"batch_size": 4, "learning_rate": 5e-3, "lora_dropout": 0.05}


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Both models."""
    rng = random.Random(options.seed)
    with TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "home")
        version = workspace.versions.save("rows", rows(96), "curate")
        found = {}
        if options.kills:
            model = make_tiny_model(Path(folder) / "tiny")
            found["tiny"] = _killed(workspace, version, str(model), options.kills, rng, epochs=8, evaluations=40)
        if options.starter_kills:
            found["starter"] = _killed(
                workspace, version, "starter", options.starter_kills, rng, epochs=1, evaluations=8, max_steps=16
            )
    kills = [kill for model in found.values() for kill in model["kills"]]
    return {
        "models": found,
        "kills": len(kills),
        "missed": sum(model["missed"] for model in found.values()),
        "runs_compared": sum(model["runs_compared"] for model in found.values()),
        "most_steps_lost": max(kill["lost"] for kill in kills),
        "all_checkpoints_whole": all(kill["whole"] for kill in kills),
        "largest_difference": max(model["largest_difference"] for model in found.values()),
    }


def rows(count: int) -> Dataset:
    """Questions about invented parcels, every eighth held out."""
    return Dataset.of(
        Example(
            f"r{row}",
            row,
            (
                Message("user", f"Where is parcel {row * 37 % 101}?"),
                Message("assistant", f"It left depot {row % 7} on day {row % 5} and comes on day {row % 5 + 2}."),
            ),
            split=HELD_OUT if row % 8 == 0 else TRAIN,
        )
        for row in range(1, count + 1)
    )


def _killed(
    workspace: Workspace, version: Version, model: str, kills: int, rng: random.Random, **settings: Any
) -> dict[str, Any]:
    alone = _new_run(workspace, version, model, settings)
    started = time.monotonic()
    _start(alone).wait(LONGEST_SECONDS)
    whole_seconds = time.monotonic() - started
    assert alone.status().state == "done", alone.status().reason
    found: list[dict[str, Any]] = []
    differences: list[float] = []
    run = _new_run(workspace, version, model, settings)
    while len(found) < kills:
        kill = _kill_once(run, MOMENTS[len(found) % 3], rng, whole_seconds)
        if kill:
            found.append(kill)
        else:
            differences.append(_difference(alone, run))
            run = _new_run(workspace, version, model, settings)
    missed = len(differences)
    _start(run).wait(LONGEST_SECONDS)
    differences.append(_difference(alone, run))
    return {
        "steps": alone.status().steps,
        "seconds_alone": round(whole_seconds, 1),
        "runs_compared": len(differences),
        "largest_difference": max(differences),
        "missed": missed,
        "kills": found,
    }


def _difference(alone: Run, run: Run) -> float:
    """The largest difference of two losses of the same step; both runs have ended and tell of the same steps."""
    assert run.status().state == "done", run.status().reason
    pairs = list(zip(_losses(alone), _losses(run), strict=True))
    assert all(left[:2] == right[:2] for left, right in pairs)
    return max(abs(left[2] - right[2]) for left, right in pairs)


def _kill_once(run: Run, moment: str, rng: random.Random, whole_seconds: float) -> dict[str, Any] | None:
    """What a kill at such a moment left, or None where the run had ended by itself before."""
    before = _newest(run)
    process = _start(run)
    began = _last_step(run)
    end = time.monotonic() + LONGEST_SECONDS
    if moment == "any":
        _wait(process, time.monotonic() + rng.uniform(0, whole_seconds))
    else:
        while process.poll() is None and time.monotonic() < end and _last_step(run) <= began:
            time.sleep(POLL_SECONDS)  # it loads
        if moment == "training":
            _wait(process, time.monotonic() + rng.uniform(0, whole_seconds / 4))
        else:
            _wait_for_save(run, process, rng.randrange(1, 4))
    process.kill()
    if process.wait() != -signal.SIGKILL or run.status().state == "done":
        return None
    newest = _newest(run)
    step = _last_step(run)
    return {
        "moment": moment,
        "half_written": [path.name for path in run.checkpoints.glob(".step-*")],
        "killed_after_step": step,
        "resumed_from": newest,
        "lost": max(0, step - newest),
        "went_on_from": before,
        "whole": _is_whole(run),
        "state_shown": run.status().state,
    }


def _wait_for_save(run: Run, process: subprocess.Popen[bytes], turns: int) -> None:
    """Until the `turns`-th checkpoint from now is being written."""
    for turn in range(turns):
        if turn:
            _poll_until(process, lambda: not _is_saving(run))
        _poll_until(process, lambda: _is_saving(run))


def _is_saving(run: Run) -> bool:
    return any(run.checkpoints.glob(".step-*"))


def _poll_until(process: subprocess.Popen[bytes], holds: Callable[[], bool]) -> None:
    while process.poll() is None and not holds():
        time.sleep(POLL_SECONDS / 5)


def _wait(process: subprocess.Popen[bytes], until: float) -> None:
    while process.poll() is None and time.monotonic() < until:
        time.sleep(POLL_SECONDS)


def _is_whole(run: Run) -> bool:
    """Whether the newest checkpoint can be read in full; having none yet is no damage."""
    import torch
    from safetensors.torch import load_file

    for folder in sorted(run.checkpoints.glob("step-*"))[-1:]:
        load_file(folder / "adapter_model.safetensors")
        torch.load(folder / "optimizer.pt", weights_only=True)
    return True


def _newest(run: Run) -> int:
    found = sorted(run.checkpoints.glob("step-*"))
    return int(found[-1].name.split("-")[1]) if found else 0


def _last_step(run: Run) -> int:
    return max((line["step"] for line in run.metrics() if line["kind"] == "train"), default=0)


def _losses(run: Run) -> list[tuple[str, int, float]]:
    return [(line["kind"], line["step"], line["loss"]) for line in run.metrics()]


def _start(run: Run) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "core.train", str(run.folder)]
    return subprocess.Popen(command, cwd=report.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _new_run(workspace: Workspace, version: Version, model: str, settings: dict[str, Any]) -> Run:
    source = resolve(model, workbench.models_folder(), HOME)
    recipe = Recipe(
        model=model,
        source=asdict(source),
        dataset=version.id,
        dataset_hash=version.content_hash,
        workspace=str(workspace.root),
        settings=TrainSettings.parse({**SETTINGS, "model": model, **settings}),
        most_steps=1_000_000,
        versions={},
        created="",
    )
    return workspace.new_run("killed", recipe)


def main() -> None:
    """Read the command line, measure, publish."""
    parser = report.parser(__doc__)
    parser.add_argument("--kills", type=int, default=14, help="kills on the tiny model")
    parser.add_argument("--starter-kills", type=int, default=6, help="kills on the starter model")
    parser.add_argument("--seed", type=int, default=1, help="of the moments")
    options = parser.parse_args()
    report.publish("resume", measure(options), options)


if __name__ == "__main__":
    main()
