"""The workspace folder: dataset versions and runs on disk, written atomically; the last file proves completion."""

from core.workspace.files import append_line, read_lines, slug, write_json
from core.workspace.home import Workspace, default_home
from core.workspace.runs import FINISHED, Claim, Recipe, Run, Status
from core.workspace.versions import Version

__all__ = [
    "FINISHED",
    "Claim",
    "Recipe",
    "Run",
    "Status",
    "Version",
    "Workspace",
    "append_line",
    "default_home",
    "read_lines",
    "slug",
    "write_json",
]
