"""Read the report on a run: as it stands in report.json, as a piece of the page, as files to take along.

What knows the parts of a report is imported where it is needed: the window is to open before that.
"""

import shutil
from pathlib import Path
from typing import Any

import orjson

from core.workspace import Workspace

FILE, PAGE = "report.json", "report.html"


def has_report(workspace: Workspace, run_id: str) -> bool:
    """Whether a report lies in the folder of the run. Raises `NotFound`."""
    return (workspace.run(run_id).folder / FILE).exists()


def as_json(workspace: Workspace, run_id: str) -> dict[str, Any]:
    """What report.json has, verdict included; empty if there is none. Raises `NotFound`."""
    path = workspace.run(run_id).folder / FILE
    found: dict[str, Any] = orjson.loads(path.read_bytes()) if path.exists() else {}
    return found


def shown(workspace: Workspace, run_id: str) -> str:
    """The report as HTML for the page; empty if there is none. Raises `NotFound`, or `LabError` if it is damaged."""
    from core.evaluate.page import fragment
    from core.evaluate.report import report_of

    report = report_of(workspace.run(run_id))
    return fragment(report) if report else ""


def files(workspace: Workspace, run_id: str, folder: Path) -> tuple[Path, Path] | None:
    """The report as a page of its own and as JSON, written into `folder`; None if there is none."""
    from core.evaluate.page import page
    from core.evaluate.report import report_of

    run = workspace.run(run_id)
    report = report_of(run)
    if report is None:
        return None
    written = folder / f"{run.id}-{PAGE}", folder / f"{run.id}-{FILE}"
    written[0].write_text(page(report), encoding="utf-8")
    shutil.copyfile(run.folder / FILE, written[1])
    return written
