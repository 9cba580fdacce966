"""The workspace folder: dataset versions and runs on disk, written atomically; the last file proves completion."""

from core.workspace.files import append_line, read_lines, remove, slug, write_json, writing
from core.workspace.home import Workspace, default_home
from core.workspace.runs import FINISHED, WORKER, Claim, Recipe, Run, Status, Wish
from core.workspace.versions import Version

__all__ = [
    "FINISHED",
    "WORKER",
    "Claim",
    "Recipe",
    "Run",
    "Status",
    "Version",
    "Wish",
    "Workspace",
    "append_line",
    "default_home",
    "read_lines",
    "remove",
    "slug",
    "write_json",
    "writing",
]
