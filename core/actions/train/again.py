"""Runs that waited in line when the program ended: they are put there again when it is started anew."""

import logging
from pathlib import Path

from core.actions.lab import Lab
from core.actions.train.running import queue
from core.errors import NotFound
from core.jobs import taken_out
from core.workspace import Recipe, Run, Workspace
from core.workspace.runs import left_in_line

logger = logging.getLogger("tunebench")
AGAIN = "In line again since the program was started anew."
GONE = (
    "It was in line when the program ended, and is not there again: its dataset version {} is no longer in the "
    "workspace. Restore that and press Resume, or start another run."
)


def queue_again(lab: Lab) -> list[str]:
    """Put the runs that a program which has ended left in line there again, in their old order; their ids.

    A run that had begun is left as it is, paused or interrupted, and so is one that another program owns. One that was
    asked to end meanwhile is stopped, and one whose dataset version is gone says so. Nothing happens on a public Space,
    whose workspaces do not outlive the program.
    """
    if lab.limits.public:
        return []
    workspace = lab.workspace("")
    return [run.id for run in left_in_line(workspace.root / "runs") if _queued(lab, workspace, run)]


def _queued(lab: Lab, workspace: Workspace, run: Run) -> bool:
    """Whether the run could be put in line; where not, and it is nobody else's, its status says why."""
    try:
        if _is_to_end(run):
            run.write_status(taken_out(run, run.status()))
            run.forget_wish()
            return False
        if not _has_rows(run.recipe):
            run.update_status(state="interrupted", reason=GONE.format(run.recipe.dataset))
            return False
        queue(lab, workspace, run, AGAIN)
    except Exception:  # a damaged file of one run must keep neither the program from starting nor the next ones
        logger.exception("The run %s is not in line again", run.id)
        return False
    return True


def _is_to_end(run: Run) -> bool:
    """Whether it was asked to end, and need not go on for a step to write what it has learned."""
    wish = run.wish()
    return wish is not None and not (wish == "STOP" and run.has_checkpoint)


def _has_rows(recipe: Recipe) -> bool:
    folder = Path(recipe.workspace)
    try:
        return folder.is_dir() and bool(Workspace(folder).versions.get(recipe.dataset))
    except NotFound:
        return False
