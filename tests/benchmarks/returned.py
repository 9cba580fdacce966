"""How much memory a run gives back: what the page's process holds before a run of the starter model and after it.

    python tests/benchmarks/returned.py [--runs 3] [--steps N] [--json] [--save]

Runs in the page's own process, then in processes of their own (`isolated`). Before the first look the libraries are
loaded and one run is trained, so that what every first run leaves (code, threads, tables) is not counted as a leak of
the next; `first_run_mb` says what that was. Resident memory in megabytes.
"""

import argparse
import time
from itertools import pairwise
from typing import Any

import psutil
import report
import workbench

from core.models import import_heavy

SETTLE_SECONDS = 1.0
AIM = 0.05


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """What is held before and after each run."""
    values = {"max_steps": options.steps, "evaluations": 1}
    with workbench.temporary_lab() as (lab, workspace):
        version = workbench.split(workspace, workbench.load(lab, workspace, "intents.csv"), {})
        import_heavy()
        found: dict[str, Any] = {"libraries_mb": _held()}
        workbench.train_to_the_end(lab, workspace, version, values)
        found["first_run_mb"] = _held()
        for name, apart in (("in_the_page", False), ("isolated", True)):
            held = [_held()]
            for _ in range(options.runs):
                workbench.train_to_the_end(lab, workspace, version, {**values, "isolated": apart})
                held.append(_held())
            growth = [round(after / before - 1, 4) for before, after in pairwise(held)]
            found[name] = {"held_mb": held, "growth": growth, "within_aim": all(each <= AIM for each in growth)}
        return {"aim": AIM, **found}


def _held() -> float:
    time.sleep(SETTLE_SECONDS)
    return round(psutil.Process().memory_info().rss / 2**20, 1)


def main() -> None:
    """Read the command line, measure, publish."""
    parser = report.parser(__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each sort")
    parser.add_argument("--steps", type=int, default=4)
    options = parser.parse_args()
    workbench.set_environment()
    report.publish("returned", measure(options), options)


if __name__ == "__main__":
    main()
