"""Checks that say which rows should be looked at and why; a person decides what is left out."""

from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc

from core.curate import empty_answer, empty_prompt, exact_duplicate, mojibake, role_order
from core.curate.decisions import KEPT, LEFT_OUT, Decided, Decisions, decide, listed, row_numbers, toggled
from core.records import Dataset, Problem

CHECKS = {check.NAME: check.find for check in (empty_answer, empty_prompt, role_order, mojibake, exact_duplicate)}

__all__ = [
    "CHECKS",
    "KEPT",
    "LEFT_OUT",
    "Decided",
    "Decisions",
    "decide",
    "leave_out",
    "listed",
    "row_numbers",
    "scan",
    "toggled",
]


def scan(dataset: Dataset) -> list[Problem]:
    """What all checks find, in row order; a row stands there once for each check that it fails."""
    problems = [problem for find in CHECKS.values() for problem in find(dataset)]
    return sorted(problems, key=lambda problem: problem.row)


def leave_out(dataset: Dataset, row_ids: Collection[str]) -> Dataset:
    """The dataset without these rows."""
    gone = pc.is_in(dataset.table["id"], value_set=pa.array(list(row_ids), pa.string()))
    return Dataset(dataset.table.filter(pc.invert(gone)))
