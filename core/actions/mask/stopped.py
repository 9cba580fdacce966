"""What a search has read that was stopped: kept beside the version for the next search alone, under names of its own.

The version counts as not searched until a search has come to its end.
"""

from core.mask import Findings
from core.mask.scan import rows_read, stopped_sentence
from core.workspace import Workspace

ABOUT = "stopped-search"
TABLES = {"places": "stopped-search-places", "texts": "stopped-search-texts"}


def keep_read(workspace: Workspace, version_id: str, read: Findings) -> None:
    """Keep what was read, unless it is nothing. Raises `NotFound` if there is no such version."""
    if not rows_read(read):
        return
    for name, table in read.tables().items():
        workspace.versions.keep_table(version_id, TABLES[name], table)
    workspace.versions.keep_extra(version_id, ABOUT, read.about())


def read_before(workspace: Workspace, version_id: str) -> Findings | None:
    """What the last search of a version has read, if it was stopped. Raises `NotFound` if there is no such version."""
    about = workspace.versions.extra(version_id, ABOUT)
    if about is None:
        return None
    return Findings.kept(about, *(workspace.versions.table(version_id, name) for name in TABLES.values()))


def forget_read(workspace: Workspace, version_id: str) -> None:
    """Let go of it: once a search has come to its end, it is of no use. Raises `NotFound` like `keep_read`."""
    if read := read_before(workspace, version_id):
        workspace.versions.keep_extra(version_id, ABOUT, None)
        for name, table in read.tables().items():
            workspace.versions.keep_table(version_id, TABLES[name], table.slice(0, 0))


def stopped_at(workspace: Workspace, version_id: str | None) -> str:
    """How far the last search of a version came, if it was stopped, in a sentence; else nothing.

    Raises:
        NotFound: there is no such version.
    """
    read = read_before(workspace, version_id) if version_id else None
    return stopped_sentence(read) if read else ""
