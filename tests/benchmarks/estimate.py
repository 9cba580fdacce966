"""How far the estimate of the Train tab is from what a run then takes, in memory and in time.

For each setting: estimate it as the page does, then train a short run of it by `python -m core.train` and look at the
most memory that process ever held and at its time from start to end. Rows are made of invented words.
"""

import re
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import report
import workbench

sys.path.insert(0, str(report.ROOT))

import made_rows

from core.actions import Lab, Workspace, train
from core.actions.train.choice import checked
from core.records import HELD_OUT, TRAIN, Dataset, Example
from core.workspace import Recipe, Run

ROWS, HELD_OUT_ROWS, JOINED = 64, 12, 4  # rows of a set, of them held out; a long row is so many short ones
POLL_SECONDS = 0.05
MEGABYTE = 2**20
AIMS = {"memory_error": 0.15, "time_error": 0.25}
SHORT_RUN = {"evaluations": 2, "batch_size": 4, "isolated": True}


@dataclass(frozen=True)
class Setting:
    """Rows and settings of a run, and how many steps it takes."""

    rows: str
    values: dict[str, Any]
    steps: int = 8


SETTINGS = [
    Setting("short", {"method": "lora"}, 12),
    Setting("long", {"method": "lora", "batch_size": 8}, 6),
    Setting("long", {"method": "lora", "packing": False}),
    Setting("long", {"method": "lora", "packing": False, "recompute": True}),
    Setting("long", {"method": "lora", "batch_size": 16, "accumulation": 4}, 4),
    Setting("long", {"method": "lora", "precision": "float32", "max_tokens": 256}),
    Setting("short", {"method": "rslora", "lora_r": 64, "batch_size": 8}, 6),
    Setting("short", {"method": "dora"}),
    Setting("long", {"method": "qlora"}, 6),
    Setting("short", {"method": "lora-8bit"}),
    Setting("short", {"method": "full"}),
    Setting("long", {"method": "full", "batch_size": 8, "accumulation": 4}, 4),
]


def main() -> None:
    """Estimate and train every setting, and say how far apart they are."""
    parser = report.parser(__doc__)
    parser.add_argument("--settings", type=int, default=len(SETTINGS), metavar="N", help="only the first N")
    parser.add_argument("--only", type=int, nargs="*", metavar="I", help="only these, counted from 0")
    options = parser.parse_args()
    workbench.set_environment()
    chosen = SETTINGS[: options.settings] if options.only is None else [SETTINGS[at] for at in options.only]
    with workbench.temporary_lab() as (lab, workspace):
        versions = {name: workspace.versions.save(name, _rows(name), "curate").id for name in ("short", "long")}
        found = [_measure(lab, workspace, versions[setting.rows], setting) for setting in chosen]
    report.publish("estimate", {"settings": found, **_summary(found)}, options)


def _rows(name: str) -> Dataset:
    """Made rows; the long ones have the answers of several as theirs."""
    joined = 1 if name == "short" else JOINED
    made = list(made_rows.dataset(ROWS * joined))
    rows = []
    for number in range(ROWS):
        first, *others = made[number * joined : (number + 1) * joined]
        answer = " ".join([first.answer, *(each.answer for each in others)])
        messages = (*first.messages[:-1], type(first.messages[-1])("assistant", answer))
        rows.append(
            Example(f"r{number + 1}", number + 1, messages, None, HELD_OUT if number < HELD_OUT_ROWS else TRAIN)
        )
    return Dataset.of(rows)


def _measure(lab: Lab, workspace: Workspace, version: str, setting: Setting) -> dict[str, Any]:
    values = {**SHORT_RUN, **setting.values, "max_steps": setting.steps}
    began = time.perf_counter()
    told = train.estimate(lab, workspace, version, values).estimate
    asked = time.perf_counter() - began
    peak, seconds, run = _run(lab, workspace, version, values)
    status = run.status()
    if status.state != "done":
        sys.exit(f"The run did not end well: {status.reason}")
    expected = told.seconds or 0.0
    figures = {
        **asdict(setting),
        "estimated_mb": round(told.peak / MEGABYTE),
        "peak_mb": round(peak / MEGABYTE),
        "memory_error": round(told.peak / peak - 1, 3),
        "status_memory_mb": round(status.memory_mb),
        "parts_mb": {name: round(size / MEGABYTE) for name, size in told.parts.items()},
        "estimated_seconds": round(expected, 1),
        "seconds": round(seconds, 1),
        "time_error": round(expected / seconds - 1, 3),
        "seconds_to_estimate": round(asked, 1),
    }
    print(figures, file=sys.stderr, flush=True)
    return figures


def _run(lab: Lab, workspace: Workspace, version: str, values: dict[str, Any]) -> tuple[int, float, Run]:
    """The most bytes that the run's process held, its seconds from start to end, and the run."""
    settings, source = checked(lab, values)
    kept = workspace.versions.get(version)
    about = {"dataset": kept.id, "dataset_hash": kept.content_hash, "workspace": str(workspace.root), "created": ""}
    recipe = Recipe(
        model=settings.model, source=asdict(source), settings=settings, most_steps=10**6, versions={}, **about
    )
    run = workspace.new_run("estimate", recipe)
    began, peak = time.perf_counter(), 0
    with subprocess.Popen(
        [sys.executable, "-m", "core.train", str(run.folder)], cwd=report.ROOT, stdout=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            peak = max(peak, _peak(process.pid))
            time.sleep(POLL_SECONDS)
    return peak, time.perf_counter() - began, run


def _peak(pid: int) -> int:
    """VmHWM of a process: the most bytes of memory it has held until now."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="utf-8"))
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0


def _summary(found: list[dict[str, Any]]) -> dict[str, Any]:
    """The largest errors, and how many settings reach the aims."""
    return {
        name: {
            "aim": aim,
            "largest": max((each[name] for each in found), key=abs),
            "within": sum(abs(each[name]) <= aim for each in found),
            "of": len(found),
        }
        for name, aim in AIMS.items()
    }


if __name__ == "__main__":
    main()
