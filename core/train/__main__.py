"""`python -m core.train RUN_DIR` trains a queued run in a process of its own."""

import argparse
import sys
from pathlib import Path

from core.errors import LabError
from core.train.door import run
from core.workspace import Run


def main() -> int:
    """Train the named run; the exit code is 0 if it ended done or stopped, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m core.train", description="Train a queued run.")
    parser.add_argument("run_dir", type=Path, help="the run's folder, with its run.yaml")
    folder = parser.parse_args().run_dir.resolve()
    claim = Run(folder).claim()
    try:
        claim.take()
        run(folder)
    except LabError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        claim.release()
    status = Run(folder).status()
    print(status.state, status.reason)
    return 0 if status.state in ("done", "stopped") else 1


if __name__ == "__main__":
    sys.exit(main())
