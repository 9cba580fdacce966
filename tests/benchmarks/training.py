"""The speed of LoRA training, side by side: Tunebench, transformers' Trainer, TRL, LLaMA-Factory and Unsloth.

    python tests/benchmarks/training.py [FILE] [--model FOLDER] [--rows 96] [--rounds 3] [--json] [--save] …

The same rows (the first of FILE that all can learn alike) in the same order, the same model, LoRA (r 16, alpha 32, all
linear layers), batch size, learning rate and steps for all, each in a process of its own, taking turns in which one
goes first. Counted are the steps alone, without importing and loading. The ratios are of the seconds for these rows: a
library counts its trained tokens (those that carry loss) in its own way, so these are told and not compared. `peak_mb`
is the most memory of the whole process. `held_out_loss` is computed from the adapter that each round has saved by the
same function, in float32, row by row; `base` is the model without any.

- tunebench: the loop of `core.train` with its records
- padded, dynamic: `transformers.Trainer`, rows filled up to the longest of the set or of their batch
- trl: TRL's SFTTrainer with its defaults, among them weights in float32 and gradient checkpointing
- trl_kept: without gradient checkpointing, which is no default
- trl_auto: that, and weights in the precision of the model's folder, as the two Trainers have them; no default
- llamafactory: with the Python of an environment that has it: --llamafactory PYTHON
- unsloth: on CUDA, where it is installed; not in 4 bits, which would be its default
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import report

sys.path.insert(0, str(report.ROOT))

HERE = Path(__file__).resolve().parent
SAMPLE = report.ROOT / "sample_data" / "marketing_emails.jsonl"
FIGURES = ("wall_seconds", "cpu_seconds", "trained_per_second", "trained_per_cpu_second", "peak_mb")
LOSS = "held_out_loss"
SAID = 400  # characters of what a contender that failed wrote last


def main() -> None:
    """Measure all contenders and publish their figures."""
    options = _options()
    if options.threads:
        os.environ["OMP_NUM_THREADS"] = str(options.threads)
    with tempfile.TemporaryDirectory(prefix="tunebench-", ignore_cleanup_errors=True) as folder:
        report.publish("training", measure(options, Path(folder)), options)


def measure(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """All rounds of all contenders, their medians, and how they compare with Tunebench."""
    job = _write_job(options, folder / "job.json")
    names, found = _contenders(options), {}
    skipped: dict[str, str] = {}
    for turn in range(options.rounds):
        for name in names if turn % 2 == 0 else reversed(names):
            if name not in skipped:
                target = folder / f"{name}-{turn}"
                target.mkdir()
                figures = _train(name, folder / "job.json", target, options)
                if isinstance(figures, str):
                    skipped[name] = figures
                else:
                    loss = _held_out(folder / "job.json", target)
                    found.setdefault(name, []).append({**figures, LOSS: loss})
    told = {name: _summary(rounds) for name, rounds in found.items()}
    return {
        **job,
        "contenders": told,
        "base_held_out_loss": _held_out(folder / "job.json", folder / "base"),
        "skipped": skipped,
        "ratios": _ratios(told),
    }


def _options() -> argparse.Namespace:
    parser = report.parser(__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=SAMPLE, help="the rows, in any shape that is read")
    parser.add_argument("--model", help="a folder of safetensors; the starter model by default")
    parser.add_argument("--rows", type=int, default=96, help="rows to train on, once")
    parser.add_argument("--held-out", type=int, default=24, help="rows for the held-out loss")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument(
        "--threads", type=int, help="OpenMP threads of every contender; the libraries choose by default"
    )
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only these contenders")
    parser.add_argument("--llamafactory", metavar="PYTHON", help="the Python of an environment with LLaMA-Factory")
    return parser.parse_args()


def _write_job(options: argparse.Namespace, path: Path) -> dict[str, Any]:
    import workbench
    from training_rows import make_job

    from core.models import fetch
    from core.models.starter import folder as starter_folder
    from core.settings import TrainSettings

    if not options.model:
        fetch(workbench.models_folder(), lambda progress: None)
    model = Path(options.model or starter_folder(workbench.models_folder())).resolve()
    settings = TrainSettings(batch_size=options.batch, epochs=1, evaluations=1)
    make_job(options.file.resolve(), str(model), options.rows, options.held_out, settings).write(path)
    return {"file": options.file.name, "model": model.name, "rows": options.rows, "held_out_rows": options.held_out}


def _contenders(options: argparse.Namespace) -> list[str]:
    import torch

    names = ["tunebench", "padded", "dynamic", "trl", "trl_kept", "trl_auto"]
    names += ["llamafactory"] if options.llamafactory else []
    names += ["unsloth"] if torch.cuda.is_available() and find_spec("unsloth") else []
    return [name for name in names if not options.only or name in options.only]


def _train(name: str, job: Path, target: Path, options: argparse.Namespace) -> dict[str, Any] | str:
    """The figures of one contender, or what it said where it failed."""
    theirs = name == "llamafactory"
    command = [options.llamafactory, HERE / "training_llamafactory.py"] if theirs else [sys.executable, ONE, name]
    quiet = {"TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [*map(str, command), str(job), str(target)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **quiet},
    )
    figures = target / "figures.json"
    if done.returncode or not figures.exists():
        return f"exit {done.returncode}: {done.stderr.strip()[-SAID:]}"
    found: dict[str, Any] = json.loads(figures.read_text(encoding="utf-8"))
    print(name, json.dumps(found), file=sys.stderr)
    return found


ONE = HERE / "training_one.py"


def _held_out(job: Path, target: Path) -> float:
    done = subprocess.run(
        [sys.executable, str(ONE), "held-out", str(job), str(target)], capture_output=True, text=True, check=True
    )
    return round(float(done.stdout.split()[-1]), 4)


def _summary(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    first = {key: rounds[0][key] for key in ("steps", "trained_tokens", "computed_tokens")}
    spreads = {key: report.spread([one[key] for one in rounds]) for key in FIGURES}
    return {**first, **spreads, LOSS: report.spread([one[LOSS] for one in rounds], 4)}


def _ratios(told: dict[str, Any]) -> dict[str, Any]:
    """Tunebench over each other on the same rows: times as fast (above 1 is quicker), and share of its memory."""
    if "tunebench" not in told:
        return {}
    ours = told["tunebench"]
    return {
        name: {
            "speed": _over(theirs, ours, "wall_seconds"),
            "speed_by_cpu_time": _over(theirs, ours, "cpu_seconds"),
            "memory": _over(ours, theirs, "peak_mb"),
            "held_out_loss_difference": round(ours[LOSS]["median"] - theirs[LOSS]["median"], 4),
        }
        for name, theirs in told.items()
        if name != "tunebench"
    }


def _over(one: dict[str, Any], other: dict[str, Any], key: str) -> float:
    return round(statistics.median(one[key]["all"]) / statistics.median(other[key]["all"]), 3)


if __name__ == "__main__":
    main()
