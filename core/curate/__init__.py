"""Checks that say which rows should be looked at and why; a person decides what becomes of them."""

from core.curate.check import KEEP, LEAVE_OUT, REPAIR, Check, Threshold
from core.curate.checks import CHECKS
from core.curate.journal import Decisions, Step, check_step, decisions, in_force, in_words, steps_of
from core.curate.outcome import BY_HAND, EDITED, Outcome, checked_again, decided, outcome
from core.curate.rows import Benchmark, Rows
from core.curate.scan import PROBLEMS, Scan, at, scan, scanning

__all__ = [
    "BY_HAND",
    "CHECKS",
    "EDITED",
    "KEEP",
    "LEAVE_OUT",
    "PROBLEMS",
    "REPAIR",
    "Benchmark",
    "Check",
    "Decisions",
    "Outcome",
    "Rows",
    "Scan",
    "Step",
    "Threshold",
    "at",
    "check_step",
    "checked_again",
    "decided",
    "decisions",
    "in_force",
    "in_words",
    "outcome",
    "scan",
    "scanning",
    "steps_of",
]
