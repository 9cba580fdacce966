"""A run in a process of its own: what kills it spares the page, and its memory is given back whole."""

import os
import subprocess
import sys
from pathlib import Path

from core.workspace import FINISHED, Run

ROOT = Path(__file__).parents[2]
BEGINS = "A process of its own begins."


def run_apart(run_dir: Path) -> None:
    """Train the run by `python -m core.train` and wait for its end; the caller holds the run's claim.

    The process goes on when this program ends, and is found running by the next one. Where something kills it,
    status.json says so: the lack of memory that ends a process leaves no other word.
    """
    run = Run(run_dir)
    # Said before that process is there: a run that says “queued” is begun anew where this program has ended.
    run.update_status(state="running", reason=BEGINS, remaining=None)
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    with (run_dir / "log.txt").open("ab") as log:
        process = subprocess.run(
            [sys.executable, "-m", "core.train", str(run_dir), "--queued"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=False,
            env={**os.environ, "PYTHONPATH": paths},
            start_new_session=True,
        )
    status = run.status()
    if status.state in FINISHED:
        return
    reason = f"{_why(process.returncode)} It was at step {status.step}. {run.kept_so_far}"
    run.write_status(status.model_copy(update={"state": "interrupted", "remaining": None, "reason": reason}))


def _why(code: int) -> str:
    if code == -9:
        return "The run's process was killed, most likely because the machine ran out of memory: lower the batch size."
    return f"The run's process ended with code {code}; log.txt in the run folder has its last words."
