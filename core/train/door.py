"""The one door through which a run is trained. Whatever happens behind it ends in status.json."""

import logging
import traceback
from pathlib import Path

from core.errors import LabError
from core.models import import_heavy
from core.train.memory import give_back
from core.workspace import Run

logger = logging.getLogger("tunebench")

OUT_OF_MEMORY = (
    "The machine ran out of memory. Lower the batch size or “Longest row”, or close other programs, and start again."
)


def run(run_dir: Path) -> None:
    """Train the run in this folder to its end; the caller holds the run's claim.

    Returns with status.json saying done, paused, stopped or failed, and in the last case why. A failure that is no
    `LabError` is a bug or a lack of memory: its traceback goes to log.txt in the run folder. Where the disk takes not
    even that, both are only printed where Tunebench was started, and the run is found interrupted.
    """
    this = Run(run_dir)
    try:
        this.update_status(state="running", reason="Loading the model.", remaining=None)
        import_heavy()
        from core.train.recipe import train  # torch: seconds, so not before someone trains

        train(this)
    except LabError as error:
        _failed(this, str(error))
    except Exception as error:
        logger.exception("Run %s failed", this.id)
        details = _keep_traceback(this)
        said = f"Training broke off: {_first_line(error)} ({details})"
        _failed(this, OUT_OF_MEMORY if _is_out_of_memory(error) else said)
    finally:
        give_back()


def _failed(run: Run, reason: str) -> None:
    try:
        run.update_status(state="failed", reason=reason, remaining=None)
    except LabError:
        logger.exception("Run %s cannot tell that it failed: %s", run.id, reason)


def _keep_traceback(run: Run) -> str:
    """Write the traceback of the failure into the run's folder, if the disk takes it; where it is to be found."""
    try:
        (run.folder / "log.txt").write_text(traceback.format_exc(), encoding="utf-8")
    except OSError:
        return "what Tunebench prints where it was started has the details"
    return "log.txt in the run folder has the details"


def _is_out_of_memory(error: Exception) -> bool:
    text = str(error).lower()
    return isinstance(error, MemoryError) or "out of memory" in text or "can't allocate memory" in text


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[0][:200]}"
