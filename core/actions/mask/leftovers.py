"""Where a version stands: was it searched for personal data, what of it is open, and what did masking leave over."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from core.actions.mask import search
from core.actions.mask.report import Report, report_of
from core.actions.mask.reviewed import to_mask
from core.actions.mask.words import counts, joined
from core.errors import NotFound
from core.lineage import parents_of
from core.records import Example
from core.words import counted
from core.workspace import Version, Workspace

MOST_ROWS_NAMED = 20
_WHERE = ("row_id", "message", "start", "end")
_OPEN = pl.Schema({"row_id": pl.String, "kind": pl.String})


@dataclass(frozen=True)
class Standing:
    """What is known of the personal data in a version; dictionaries count places by kind.

    `unsearched` names the versions that were never searched (the version itself, or parts of a mix). `open` counts
    places that were found and neither masked nor kept by choice, `open_rows` the rows they stand in, `leftovers` what
    the check after masking found, and `accepted` how much more it found that a person called not personal. `via` names
    the versions that were searched or masked, where it is not the version itself, and `unread` counts the rows that
    were added or changed since. `rows` are numbers of up to 20 source rows.
    """

    version_id: str
    unsearched: tuple[str, ...] = ()
    open: tuple[tuple[str, int], ...] = ()
    open_rows: int = 0
    leftovers: tuple[tuple[str, int], ...] = ()
    accepted: int = 0
    masked: int = 0
    is_masked: bool = False
    is_checked: bool = True
    is_whole: bool = True
    via: tuple[str, ...] = ()
    unread: int = 0
    rows: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_searched(self) -> bool:
        """Whether all of it was searched at some time."""
        return not self.unsearched

    @property
    def needs_consent(self) -> bool:
        """Whether personal data is known to be in it, or a masking was not checked to its end, or damaged something."""
        return bool(self.open or self.leftovers or not self.is_checked or not self.is_whole)

    def counts(self) -> dict[str, Any]:
        """What a run records that is trained all the same: places by kind, and rows."""
        return {"open": dict(self.open), "open_rows": self.open_rows, "leftovers": dict(self.leftovers)}

    @property
    def sentence(self) -> str:
        """All of it in words."""
        said = [*self._unsearched(), *self._searched(), *self._masked()]
        if self.unread:
            said.append(f"{counted(self.unread, 'row')} in it came or changed after that, and nobody searched there.")
        return " ".join([*said, *self.notes])

    def _unsearched(self) -> list[str]:
        if self.unsearched == (self.version_id,):
            return [f"{self.version_id} was never searched for personal data: find out on the Mask tab."]
        if self.unsearched:
            return [f"{joined(list(self.unsearched))} in it {_were(self.unsearched)} never searched for personal data."]
        return []

    def _searched(self) -> list[str]:
        if self.open:
            places = sum(places for _, places in self.open)
            what = f"{counted(places, 'finding')} of personal data in {counted(self.open_rows, 'row')}"
            isnt = "is neither masked nor kept by choice" if places == 1 else "are neither masked nor kept by choice"
            return [f"{self.version_id}: {what} {isnt} ({counts(dict(self.open))}){self._where()}."]
        if self.unsearched or self.is_masked:
            return []
        return [f"{self.version_id} was searched for personal data{self._by()}, and no finding is open."]

    def _masked(self) -> list[str]:
        if not self.is_masked:
            return []
        done = f"{counted(self.masked, 'place')} of personal data {'was' if self.masked == 1 else 'were'} masked"
        damage = "" if self.is_whole else " It also found differences beside the masked places."
        return [f"{done}{self._by()}, and {self._check()}.{damage}"]

    def _check(self) -> str:
        left = sum(places for _, places in self.leftovers)
        if left:
            what = f"{counted(left, 'leftover')} ({counts(dict(self.leftovers))})"
            return f"the check of the written rows found {what}{'' if self.open else self._where()}"
        if not self.is_checked:
            return "the written rows were not checked to the end, so nothing says that nothing is left over"
        said = f" but {counted(self.accepted, 'place')} that a person called not personal" if self.accepted else ""
        return f"the check of the written rows found nothing left over{said}"

    def _by(self) -> str:
        return f" in {joined(list(self.via))}, which it was made from" if self.via else ""

    def _where(self) -> str:
        if not self.rows:
            return ""
        more = " …" if len(self.rows) == MOST_ROWS_NAMED else ""
        return f", source {'row' if len(self.rows) == 1 else 'rows'} {', '.join(map(str, self.rows))}{more}"


def standing(workspace: Workspace, version_id: str) -> Standing:
    """What is known of the personal data in a version, from its findings, the review and the check after masking.

    What was found in a version that it was made from counts as far as the rows are still in it. Raises `NotFound`.
    """
    version = workspace.versions.get(version_id)
    known = _known(workspace, version, frozenset())
    rows = dict(workspace.versions.load(version.id).table.select(["id", "row"]).to_pandas().itertuples(index=False))
    found = known.places.filter(pl.col("row_id").is_in(list(rows)))
    numbers = {int(rows[row_id]) for row_id in found["row_id"].unique()}
    checks = [report.verification for report in known.reports if report.verification]
    if not numbers:
        numbers = {row for check in checks if check.leftovers for row in check.source_rows}
    by = tuple(dict.fromkeys([*known.searched, *(report.version_id for report in known.reports)]))
    return Standing(
        version_id=version.id,
        unsearched=known.unsearched,
        open=tuple(sorted(Counter(found["kind"]).items())),
        open_rows=found["row_id"].n_unique(),
        leftovers=tuple(sorted(sum((Counter(check.leftovers) for check in checks), Counter[str]()).items())),
        accepted=sum(sum(check.accepted.values()) for check in checks),
        masked=sum(sum(report.masked.values()) for report in known.reports),
        is_masked=bool(known.reports),
        is_checked=len(checks) == len(known.reports),
        is_whole=all(check.is_whole for check in checks),
        via=tuple(name for name in by if name != version.id),
        unread=_unread(workspace.root, version.id, by) if version.id not in by else 0,
        rows=tuple(sorted(numbers)[:MOST_ROWS_NAMED]),
        notes=known.notes,
    )


@dataclass(frozen=True)
class _Known:
    """What is known of a version: open places by its row ids, where that is known from, and reports on masking."""

    places: pl.DataFrame
    searched: tuple[str, ...] = ()
    unsearched: tuple[str, ...] = ()
    reports: tuple[Report, ...] = ()
    notes: tuple[str, ...] = ()


def _known(workspace: Workspace, version: Version, above: frozenset[str]) -> _Known:
    """From the version itself, or else from those it was made from; `above` are the versions that ask."""
    masked = report_of(workspace, version.id)
    reports = (masked,) if masked else ()
    if findings := search.findings_of(workspace, version.id):
        return _Known(_open_places(workspace, version.id), (version.id,), (), reports, findings.notes)
    if masked and masked.version_id == version.id:
        before = search.findings_of(workspace, str(version.parent))
        return _Known(pl.DataFrame(schema=_OPEN), reports=reports, notes=before.notes if before else ())
    parents = [parent for parent in _versions(workspace, parents_of(version)) if parent.id not in above]
    if not parents:
        return _Known(pl.DataFrame(schema=_OPEN), unsearched=(version.id,))
    known = [_known(workspace, parent, above | {version.id}) for parent in parents]
    if version.stage == "mix":
        ids = _ids_of_parts(workspace, version)
        known = [_as_in_the_mix(one, parent, ids) for one, parent in zip(known, parents, strict=True)]
    whole = _all(known)
    return whole if whole.searched or whole.reports else replace(whole, unsearched=(version.id,))


def _all(known: list[_Known]) -> _Known:
    return _Known(
        places=pl.concat([part.places for part in known]),
        searched=tuple(dict.fromkeys(name for part in known for name in part.searched)),
        unsearched=tuple(dict.fromkeys(name for part in known for name in part.unsearched)),
        reports=tuple({report.version_id: report for part in known for report in part.reports}.values()),
        notes=tuple(dict.fromkeys(note for part in known for note in part.notes)),
    )


def _versions(workspace: Workspace, names: Iterable[str]) -> Iterable[Version]:
    for name in names:
        try:
            yield workspace.versions.get(name)
        except NotFound:  # taken away since
            continue


def _open_places(workspace: Workspace, version_id: str) -> pl.DataFrame:
    """The places of a version that are to be masked, without those that an earlier masking has put there."""
    return search.without_ours(workspace, version_id, to_mask(workspace, version_id)).select(list(_OPEN))


def _ids_of_parts(workspace: Workspace, mix: Version) -> pl.DataFrame:
    """The row ids of a mix: the part's name, `#2` and so on for a copy, a colon, and the `row_id` in the part."""
    ids = pl.DataFrame({"mixed": workspace.versions.load(mix.id).table["id"].to_pylist()}, {"mixed": pl.String})
    halves = pl.col("mixed").str.splitn(":", 2).struct
    return ids.with_columns(part=halves.field("field_0").str.replace(r"#\d+$", ""), row_id=halves.field("field_1"))


def _as_in_the_mix(known: _Known, part: Version, ids: pl.DataFrame) -> _Known:
    """What is known of a part, its places by the row ids of the mix."""
    own = ids.filter(pl.col("part").is_in([part.name, part.id.replace("/", "-")]))
    return replace(known, places=known.places.join(own, on="row_id").select(row_id="mixed", kind="kind"))


@lru_cache(maxsize=64)
def _unread(root: Path, version_id: str, searched: tuple[str, ...]) -> int:
    """The rows of a version that say something that stands in none of the versions that were searched."""
    workspace = Workspace(root)
    known = {
        hash(_said(row)) for version in _versions(workspace, searched) for row in workspace.versions.load(version.id)
    }
    if not known:
        return 0
    return sum(hash(_said(row)) not in known for row in workspace.versions.load(version_id))


def _said(row: Example) -> tuple[Any, ...]:
    """What a person may have changed in a row; source and group are those of a mix."""
    return *row.texts, row.label, row.category, row.tags


def _were(names: tuple[str, ...]) -> str:
    return "was" if len(names) == 1 else "were"
