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
    `LabError` is a bug or a lack of memory: its traceback goes to log.txt in the run folder.
    """
    this = Run(run_dir)
    try:
        import_heavy()
        from core.train.recipe import train  # torch: seconds, so not before someone trains

        train(this)
    except LabError as error:
        _failed(this, str(error))
    except Exception as error:
        (run_dir / "log.txt").write_text(traceback.format_exc(), encoding="utf-8")
        logger.exception("Run %s failed", this.id)
        _failed(this, OUT_OF_MEMORY if _is_out_of_memory(error) else f"Training broke off: {_first_line(error)}")
    finally:
        give_back()


def _failed(run: Run, reason: str) -> None:
    run.write_status(run.status().model_copy(update={"state": "failed", "reason": reason, "remaining": None}))


def _is_out_of_memory(error: Exception) -> bool:
    text = str(error).lower()
    return isinstance(error, MemoryError) or "out of memory" in text or "can't allocate memory" in text


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[0][:200]} (log.txt in the run folder has the details)"
