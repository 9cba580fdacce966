"""What else computes with a model in this program: beside it a run would be slow, and a measurement wrong."""

from core.actions import background
from core.actions.answers import ASKING
from core.actions.evaluate import reporting
from core.actions.lab import Lab
from core.workspace import Workspace

REPORT = "A report is being made"
PROMPT_SET = "A prompt set is being asked"
ANSWER = "An answer is being written on the Compare tab"


def long_work(workspace: Workspace, public: bool = False) -> str:
    """Work of minutes that goes on, as the beginning of a sentence, or nothing.

    Where strangers share the machine only reports count: prompt sets wait for no run, so one would always be there.
    """
    if reporting.is_at_work():
        return REPORT
    return PROMPT_SET if not public and background.going(workspace, ASKING) else ""


def any_work(lab: Lab, workspace: Workspace) -> str:
    """Work of any length that goes on, as the beginning of a sentence, or nothing."""
    return long_work(workspace) or (ANSWER if lab.playground.is_answering else "")
