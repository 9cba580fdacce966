"""The Evaluate tab: the report on a run, made in the background, read as JSON or as a page."""

from core.actions.evaluate.reading import as_json, files, has_report, shown
from core.actions.evaluate.reporting import begin, progress, runs, stop, uploaded_file

__all__ = ["as_json", "begin", "files", "has_report", "progress", "runs", "shown", "stop", "uploaded_file"]
