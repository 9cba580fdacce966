"""What stays with a masked version: its check after writing, in counts, and where tags and substitutes stand in it."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from core.errors import NotFound
from core.mask.plan import MaskedRow
from core.mask.verification import Verification
from core.workspace import Version, Workspace

STAGE = "mask"
EXTRA = "verification"
TABLE = "replaced"
# Where tags and substitutes stand in the written rows; `message` is an index into what the row says
# (core/mask/texts.py).
REPLACED = pl.Schema({"row_id": pl.String, "message": pl.UInt32, "start": pl.UInt32, "end": pl.UInt32})


@dataclass(frozen=True)
class Report:
    """A masking: places that were replaced, by kind, and what the written rows showed when they were read back.

    There is no `verification` where that was stopped.
    """

    version_id: str
    masked: dict[str, int]
    verification: Verification | None


def keep_replaced(workspace: Workspace, version_id: str, changes: Mapping[str, MaskedRow]) -> None:
    """Keep beside the masked version where `changes` (by row id) put something in its texts.

    Raises:
        NotFound: there is no such version.
    """
    lines = [
        (row_id, at, *place)
        for row_id, change in changes.items()
        if not change.removed
        for at, text in enumerate(change.texts)
        for place in text.places
    ]
    parent = workspace.versions.get(version_id).parent
    lines += _carried(replaced_places(workspace, parent), changes) if parent else []
    workspace.versions.keep_table(version_id, TABLE, pl.DataFrame(lines, schema=REPLACED, orient="row").to_arrow())


def _carried(earlier: pl.DataFrame, changes: Mapping[str, MaskedRow]) -> list[tuple[str, int, int, int]]:
    """Where what an earlier masking has put there stands after this one; what was replaced again is left out."""
    lines = []
    for row_id, message, start, end in earlier.select(list(REPLACED)).iter_rows():
        change = changes.get(row_id)
        by = change.moved(message, start, end) if change else 0
        if by is not None:
            lines.append((row_id, message, start + by, end + by))
    return lines


def report_of(workspace: Workspace, version_id: str) -> Report | None:
    """What is known of the masking that made a version, or of the nearest one before it; None if there was none.

    Raises:
        NotFound: there is no such version.
    """
    version = masking_of(workspace, version_id)
    if version is None:
        return None
    kept = workspace.versions.extra(version.id, EXTRA)
    masked = {kind: int(places) for kind, places in (version.result.get("masked") or {}).items()}
    return Report(version.id, masked, Verification.from_dict(kept) if kept else None)


def replaced_places(workspace: Workspace, version_id: str) -> pl.DataFrame:
    """Where tags and substitutes stand (`REPLACED`) by the nearest masking on the way to a version; maybe none.

    A search that finds such a place has found an invented name. Rows whose texts were edited since have none.
    """
    version = masking_of(workspace, version_id)
    table = workspace.versions.table(version.id, TABLE) if version else None
    if version is None or table is None:
        return pl.DataFrame(schema=REPLACED)
    return unedited(workspace, version.id, version_id, pl.DataFrame(pl.from_arrow(table), REPLACED))


def unedited(workspace: Workspace, masked_id: str, version_id: str, places: pl.DataFrame) -> pl.DataFrame:
    """The places (with a `row_id`) of a masked version that stand in a version made from it as they stood."""
    if masked_id == version_id or not len(places):
        return places
    rows = set(places["row_id"])
    before = {row.id: row for row in workspace.versions.load(masked_id) if row.id in rows}
    pairs = ((before[row.id], row) for row in workspace.versions.load(version_id) if row.id in before)
    same = {
        row.id: len(row.said) if row.said == was.said else len(row.texts)
        for was, row in pairs
        if row.texts == was.texts
    }
    reach = pl.DataFrame(list(same.items()), {"row_id": pl.String, "reach": pl.UInt32}, orient="row")
    both = places.join(reach, on="row_id", maintain_order="left")
    return both.filter(pl.col("message") < pl.col("reach")).drop("reach")


def masking_of(workspace: Workspace, version_id: str) -> Version | None:
    """The nearest masked version on the way to this one, or this one itself. Raises `NotFound` if it is not there."""
    version, seen = workspace.versions.get(version_id), set[str]()
    while version.stage != STAGE and version.parent and version.id not in seen:
        seen.add(version.id)
        try:
            version = workspace.versions.get(version.parent)
        except NotFound:  # taken away since
            return None
    return version if version.stage == STAGE else None
