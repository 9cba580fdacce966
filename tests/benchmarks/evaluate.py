"""The report on a run, as the Evaluate tab makes it, with how long each part took.

    python tests/benchmarks/evaluate.py RUN_FOLDER [HELD_OUT_FILE] [--parts scores leaks …] [--probes FILE] [--again]
        [--json] [--save]

Without a file the held-out rows of the run's own dataset version are scored. --probes puts those of a file, as
TruthfulQA.csv, besides those of the lab. Parts that the run folder has already are not made again, unless --again takes
the report and the answers away first.
"""

import argparse
import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import report

sys.path.insert(0, str(report.ROOT))

from core.actions.evaluate.material import material_of
from core.evaluate import Watch
from core.evaluate.examine import examine
from core.evaluate.probes import with_own
from core.evaluate.report import FILE
from core.settings import PARTS, EvaluateSettings
from core.workspace import Run


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """The report as JSON, and the seconds of the clock that making it took."""
    run = Run(options.run.resolve())
    if options.again:
        (run.folder / FILE).unlink(missing_ok=True)
        shutil.rmtree(run.folder / "evaluation", ignore_errors=True)
    settings = EvaluateSettings(
        parts=options.parts, held_out_rows=options.rows, few_shot=options.few_shot, canaries=options.canary
    )
    began = time.perf_counter()
    material = material_of(run, options.file)
    if options.probes:
        material = replace(material, probes=with_own(options.probes, settings.seed))
    found = examine(run, material, settings, Watch(_told))
    seconds = time.perf_counter() - began
    lines = [line.model_dump() for line in found.verdict]
    return {"whole_seconds": round(seconds, 1), "verdict": lines, **found.model_dump(mode="json")}


def _told(what: str, share: float) -> None:
    print(f"\r{share:4.0%} {what:80.80}", end="", file=sys.stderr, flush=True)


def main() -> None:
    """Read the command line, examine, publish."""
    defaults = EvaluateSettings()
    parser = report.parser(__doc__)
    parser.add_argument("run", type=Path, help="the folder of a finished run")
    parser.add_argument("file", nargs="?", type=Path, help="held-out rows, in any shape that is read")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--rows", type=int, default=defaults.held_out_rows, help="held-out rows at most")
    parser.add_argument("--few-shot", type=int, default=defaults.few_shot, help="examples shown to the base model")
    parser.add_argument("--canary", action="append", default=[], help="a text planted in the training rows")
    parser.add_argument("--probes", type=Path, help="probes in the format of the README, or those of TruthfulQA or BBQ")
    parser.add_argument("--again", action="store_true", help="forget an earlier report and its answers")
    options = parser.parse_args()
    report.publish("evaluate", measure(options), options)


if __name__ == "__main__":
    main()
