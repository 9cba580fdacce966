"""The leftovers of a masked version one by one, and the word of a person that one of them is not personal.

That is said of what is written, letter for letter, in all places of the version: of “will”, and not of “Will”. It is
kept beside the version, counted as accepted in its check, and holds for whatever else is masked from the same version
or from this one. It can be taken back.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

import polars as pl

from core.actions.mask.pieces import Piece, around
from core.actions.mask.report import EXTRA, REPLACED, STAGE, masking_of, unedited
from core.actions.tables import page_of, shortened
from core.errors import NotFound, SettingProblem
from core.mask.left import LEFT, table
from core.mask.texts import texts
from core.mask.verification import Verification
from core.privacy.kinds import label
from core.records import Dataset
from core.words import counted
from core.workspace import Version, Workspace

TABLE, JOURNAL = "left", "not-personal"
PAGE_ROWS = 20
AROUND = 120  # characters of the text on either side
LONGEST_SHOWN = 300


@dataclass(frozen=True)
class LeftValue:
    """Something that is left over: what is written, how often it stands where, and the text around the first place."""

    key: str
    value: str = field(repr=False)
    kind: str
    places: int
    rows: int
    is_personal: bool
    row: int
    pieces: list[Piece] = field(repr=False)


@dataclass(frozen=True)
class LeftOver:
    """A page of what is left over in a masked version, what nobody has decided about first."""

    values: list[LeftValue]
    number: int
    pages: int
    total: int
    sentence: str


def left_over(workspace: Workspace, version_id: str, page: Any = 1) -> LeftOver:
    """What the check of a masked version found left over, a line for each value.

    Raises:
        NotFound: there is no such version.
        SettingProblem: `page` is no number.
    """
    version = workspace.versions.get(version_id)
    lines = _values(workspace, version_id)
    number, pages, first = page_of(page, len(lines), PAGE_ROWS)
    shown = lines.slice(first, PAGE_ROWS)
    dataset = workspace.versions.load(version_id) if len(shown) else None
    values = [_value(dataset, line) for line in shown.iter_rows(named=True)] if dataset is not None else []
    is_checked = workspace.versions.extra(version_id, EXTRA) is not None
    return LeftOver(values, number, pages, len(lines), _sentence(version, lines, is_checked))


def left_over_as_dict(workspace: Workspace, version_id: str, page: Any = 1) -> dict[str, Any]:
    """What is left over as plain data, for callers of the API. Raises like `left_over`."""
    return asdict(left_over(workspace, version_id, page))


def decide(workspace: Workspace, version_id: str, key: str, personal: bool = False) -> str:
    """Say of something that is left over that it is not personal, or that it is after all; returns a sentence.

    Raises:
        NotFound: there is no such version.
        SettingProblem: nothing such is left over in it.
    """
    lines = _values(workspace, version_id)
    line = lines.filter(pl.format("{}:{}", "kind", "value") == str(key or "")).head(1)
    if not len(line):
        raise SettingProblem("This is not among what is left over. Choose a line of the list first.")
    _say(workspace, version_id, str(key), personal)
    kept = Verification.from_dict(workspace.versions.extra(version_id, EXTRA))
    now = _counted(workspace, version_id, kept)
    workspace.versions.keep_extra(version_id, EXTRA, now.as_dict())
    value = _value(workspace.versions.load(version_id), line.row(0, named=True))
    said = "Personal after all" if personal else "Not personal"
    what = f"“{shortened(value.value, 60)}” ({value.kind}), {counted(value.places, 'place')}"
    left = sum(now.leftovers.values())
    rest = f"{counted(left, 'leftover')} {'is' if left == 1 else 'are'}" if left else "Nothing else is"
    return f"{said}: {what}. {rest} now left over in {version_id}."


def remember(workspace: Workspace, version_id: str, found: Verification) -> Verification:
    """Keep the leftovers of a check beside the version, and what was said of them in versions like it.

    Returns the check with what is accepted. Raises `NotFound` if there is no such version.
    """
    left = table(found.left, workspace.secret_key())
    workspace.versions.keep_table(version_id, TABLE, left.to_arrow())
    known = {
        key for other in _alike(workspace, workspace.versions.get(version_id)) for key in _accepted(workspace, other)
    }
    for key in sorted(known.intersection(left.select(pl.format("{}:{}", "kind", "value")).to_series())):
        _say(workspace, version_id, key, personal=False)
    now = _counted(workspace, version_id, found)
    workspace.versions.keep_extra(version_id, EXTRA, now.as_dict())
    return now


def accepted_places(workspace: Workspace, version_id: str) -> pl.DataFrame:
    """The places (columns of `REPLACED`) of what was called not personal after the nearest masking before a version."""
    version = masking_of(workspace, version_id)
    if version is None:
        return pl.DataFrame(schema=REPLACED)
    left = _left(workspace, version.id).filter(~pl.col("is_personal")).select(list(REPLACED))
    return unedited(workspace, version.id, version_id, left)


def _say(workspace: Workspace, version_id: str, key: str, personal: bool) -> None:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    workspace.versions.add_line(version_id, JOURNAL, {"key": key, "personal": personal, "at": at})


def _accepted(workspace: Workspace, version_id: str) -> set[str]:
    """The keys of what was called not personal, the last word on each."""
    last = {line["key"]: line["personal"] for line in workspace.versions.lines(version_id, JOURNAL)}
    return {key for key, personal in last.items() if not personal}


def _alike(workspace: Workspace, version: Version) -> Iterator[str]:
    """The masked versions that this one was made from, and those that were made from the same one."""
    yield from (
        other.id
        for other in workspace.versions.all()
        if other.stage == STAGE and other.id != version.id and other.parent == version.parent
    )
    seen, name = {version.id}, version.parent
    while name and name not in seen:
        seen.add(name)
        try:
            parent = workspace.versions.get(name)
        except NotFound:  # taken away since
            return
        yield parent.id
        name = parent.parent


def _left(workspace: Workspace, version_id: str) -> pl.DataFrame:
    """The leftovers (`LEFT`), and of each whether it is still called personal."""
    kept = workspace.versions.table(version_id, TABLE)
    left = pl.DataFrame(schema=LEFT) if kept is None else pl.DataFrame(pl.from_arrow(kept), LEFT)
    keys = pl.format("{}:{}", "kind", "value")
    return left.with_columns(is_personal=~keys.is_in(sorted(_accepted(workspace, version_id))))


def _counted(workspace: Workspace, version_id: str, found: Verification) -> Verification:
    left = _left(workspace, version_id)
    still = left.filter("is_personal").select("kind", "is_known", "row").iter_rows()
    return found.with_left(still, left.filter(~pl.col("is_personal"))["kind"])


def _values(workspace: Workspace, version_id: str) -> pl.DataFrame:
    """A line for each value: how often it stands where, and where first."""
    first = {name: pl.col(name).first() for name in ("row_id", "row", "message", "start", "end", "is_personal")}
    grouped = _left(workspace, version_id).group_by("kind", "value", maintain_order=True)
    lines = grouped.agg(places=pl.len(), rows=pl.col("row_id").n_unique(), **first)
    return lines.sort("is_personal", descending=True, maintain_order=True)


def _value(dataset: Dataset, line: dict[str, Any]) -> LeftValue:
    position = dataset.table["id"].combine_chunks().index(line["row_id"]).as_py()
    text = texts(dataset.slice(position, 1)[0])[line["message"]]
    end = min(line["end"], line["start"] + LONGEST_SHOWN)
    place = {**line, "end": end, "position": position, "reason": "left over", "score": 1.0}
    return LeftValue(
        key=f"{line['kind']}:{line['value']}",
        value=text[line["start"] : end],
        kind=label(line["kind"]),
        places=line["places"],
        rows=line["rows"],
        is_personal=line["is_personal"],
        row=line["row"],
        pieces=around(text, place, AROUND),
    )


def _sentence(version: Version, lines: pl.DataFrame, is_checked: bool) -> str:
    if version.stage != STAGE:
        return f"{version.id} was not made by masking, so nothing can be left over in it."
    if not is_checked:
        return f"{version.id} was not checked to its end, so nothing says what is left over in it."
    if not len(lines):
        return f"Nothing is left over in {version.id}."
    personal = lines.filter("is_personal")
    places = counted(int(personal["places"].sum()), "place")
    said = f"{counted(len(personal), 'value')} left over in {places} of {version.id}."
    others = len(lines) - len(personal)
    return f"{said} {counted(others, 'value')} called not personal." if others else said
