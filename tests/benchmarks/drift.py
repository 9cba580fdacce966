"""How far runs from mild to extreme have moved on general prompts, whether in that order, and under which light.

    python tests/benchmarks/drift.py [--sample intents.csv] [--seeds 1 2] [--general FILE …] [--share 0.5]

For each seed every run of `LADDER` is trained on the sample, then the last but one once more with general rows mixed
in, as `mixed`: those of the samples, or of FILE (any accepted shape), in a share of the rows. Each is measured as the
Evaluate tab does. `false_alarms` of the run `ALARMED` says how often a light is higher than it should be where the
mean lies exactly on its threshold: prompts are drawn anew from those of the run, moved so that it does.
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import report
import workbench

from core.actions import Lab
from core.actions.curate import compose, source
from core.workspace import Run, Workspace

SHAPES = report.ROOT / "sample_data" / "shapes"
GENERAL = [SHAPES / "preference.jsonl", SHAPES / "trees.jsonl"]
HELD_OUT_ROWS = 4
STEPS = 20
LONGEST = 160  # tokens of a row
DRAWS = 200


@dataclass(frozen=True)
class Rung:
    """A run by its name and by how far each of its steps goes; all have as many."""

    name: str
    learning_rate: float


LADDER = [
    Rung("mildest", 1e-5),
    Rung("mild", 3e-5),
    Rung("light", 1e-4),
    Rung("medium", 2e-4),
    Rung("strong", 4e-4),
    Rung("harsh", 1e-3),
    Rung("extreme", 1e-2),
]
MIXED = LADDER[-2]
ALARMED = LADDER[-3]


def measure(sample: str, seed: int, general: Sequence[Path], share: float) -> list[dict[str, Any]]:
    """The figures of every run of one seed."""
    with workbench.temporary_lab() as (lab, workspace):
        loaded = workbench.load(lab, workspace, sample)
        narrow = workbench.split(workspace, loaded, {"held_out": HELD_OUT_ROWS, "seed": seed})
        mixed = _mixed(lab, workspace, narrow, general, share)
        rungs = [(rung, narrow) for rung in LADDER] + [(replace(MIXED, name="mixed"), mixed)]
        return [_run(lab, workspace, version, rung, seed) for rung, version in rungs]


def _mixed(lab: Lab, workspace: Workspace, narrow: str, general: Sequence[Path], share: float) -> str:
    others = [source.load_typed(workspace, lab.limits, str(path)).version_id for path in general]
    weights = [1 - share, *[share / len(others)] * len(others)]
    values = {"parts": [narrow, *others], "weights": weights, "rows": 200}
    return compose.mix(workspace, lab.limits, narrow, values).version_id


def _run(lab: Lab, workspace: Workspace, version: str, rung: Rung, seed: int) -> dict[str, Any]:
    values = {
        "learning_rate": rung.learning_rate,
        "max_steps": STEPS,
        "epochs": 100,
        "seed": seed,
        "evaluations": 1,
        "keep_best": False,
        "max_tokens": LONGEST,
    }
    run = workbench.train_to_the_end(lab, workspace, version, values)
    figures = {**asdict(rung), "seed": seed, **_figures(run, rung == ALARMED)}
    print(f"seed {seed}, {rung.name}: {figures['light']}, KL {figures['kl']:.4f}", file=sys.stderr, flush=True)
    return figures


def _figures(run: Run, alarms: bool) -> dict[str, Any]:
    from core.evaluate.forgetting import general, judged, moves
    from core.evaluate.subject import Subject

    subject = Subject.open(run)
    began = time.process_time()
    measured = moves(subject, general())
    seconds = time.process_time() - began
    found = judged(measured)
    assert found.whole
    return {
        "light": found.light,
        **found.whole.model_dump(exclude={"kind"}),
        "loss_change": found.whole.loss_change,
        "kl_between": found.kl_between,
        "loss_between": found.loss_between,
        "cpu_seconds": round(seconds, 1),
        "kinds": {each.kind: round(each.kl, 4) for each in found.kinds},
        **({"false_alarms": _false_alarms(measured)} if alarms else {}),
    }


def _false_alarms(measured: Sequence[Any]) -> dict[str, float]:
    """How often prompts drawn from a run whose mean is a threshold come out above it, by threshold."""
    import numpy as np

    from core.evaluate.bootstrap import interval
    from core.evaluate.forgetting import AMBER_KL, AMBER_LOSS, RED_LOSS

    kl = np.array([how.kl for _, how in measured])
    loss = np.array([how.tuned_loss - how.base_loss for _, how in measured])
    cases = {
        "amber by KL": (kl / kl.mean() * AMBER_KL, AMBER_KL),
        "amber by loss": (loss - loss.mean() + AMBER_LOSS, AMBER_LOSS),
        "red by loss": (loss - loss.mean() + RED_LOSS, RED_LOSS),
    }
    draws = np.random.default_rng(0)
    return {
        name: float(np.mean([interval(draws.choice(values, len(values)))[0] > edge for _ in range(DRAWS)]))
        for name, (values, edge) in cases.items()
    }


def _summary(runs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """For each seed the runs in the order of what they have moved, and whether that is the order of the ladder."""
    seeds: dict[int, list[dict[str, Any]]] = {}
    for run in runs:
        seeds.setdefault(run["seed"], []).append(run)
    names = [rung.name for rung in LADDER]
    return [
        {
            "seed": seed,
            "in_order": [run["name"] for run in sorted(own, key=lambda run: run["kl"]) if run["name"] != "mixed"]
            == names,
            "lights": {
                run["name"]: f"{run['light']} (KL {run['kl']:.3f}, loss {run['loss_change']:+.3f})" for run in own
            },
        }
        for seed, own in seeds.items()
    ]


def main() -> None:
    """Train and measure the ladder once for each seed."""
    parser = report.parser(__doc__)
    parser.add_argument("--sample", default="intents.csv")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1])
    parser.add_argument("--general", nargs="+", type=Path, default=GENERAL, metavar="FILE")
    parser.add_argument("--share", type=float, default=0.5, help="of general rows in the mix")
    options = parser.parse_args()
    workbench.set_environment()
    runs = [run for seed in options.seeds for run in measure(options.sample, seed, options.general, options.share)]
    ordered = sorted(runs, key=lambda run: (run["seed"], run["kl"]))
    report.publish("drift", {"summary": _summary(runs), "runs": ordered}, options)


if __name__ == "__main__":
    main()
