"""`python -m core.train RUN_DIR` trains a queued run in a process of its own, or goes on with one broken off."""

import argparse
import sys
from pathlib import Path

from core.errors import LabError
from core.train.door import run
from core.workspace import WORKER, Run


def main() -> int:
    """Train the named run; the exit code is 0 if it ended done, paused or stopped, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m core.train", description="Train a queued run.")
    parser.add_argument("run_dir", type=Path, help="the run's folder, with its run.yaml")
    parser.add_argument("--queued", action="store_true", help="another program has claimed the run and waits for it")
    arguments = parser.parse_args()
    this = Run(arguments.run_dir.resolve())
    claims = [this.claim(WORKER)] if arguments.queued else [this.claim(), this.claim(WORKER)]
    try:
        for claim in claims:
            claim.take()
        if not arguments.queued:
            this.forget_wish()  # whoever starts it here wants it to go on, though it was paused or stopped before
        run(this.folder)
    except LabError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        for claim in claims:
            claim.release()
    status = this.status()
    print(status.state, status.reason)
    return 0 if status.state in ("done", "paused", "stopped") else 1


if __name__ == "__main__":
    sys.exit(main())
