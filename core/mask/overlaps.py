"""Where places overlap: which of them count, and how one grows over the others so that no character is left over."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import polars as pl

from core.mask.findings import ORDER
from core.privacy.spans import rank

REJECTED = "rejected"
Line = dict[str, Any]
Thing = TypeVar("Thing")


def uncovered(places: pl.DataFrame) -> pl.DataFrame:
    """The places in order, `covered` where a stronger one that is not rejected shares a character."""
    ordered = places.sort(ORDER)
    lines = ordered.with_row_index("line").filter(_overlapping(ordered))
    if not len(lines):
        return ordered.with_columns(covered=pl.lit(False))
    changed = {line: False for line, decision in lines.select("line", "decision").iter_rows() if decision != REJECTED}
    for cluster in _clusters(lines.filter(pl.col("decision") != REJECTED)):
        changed |= {line["line"]: hidden for line, hidden in _strongest(cluster)}
    kept = pl.Series("covered", [changed.get(line) for line in range(len(ordered))], dtype=pl.Boolean)
    return ordered.with_columns(covered=pl.coalesce(kept, pl.col("covered")))


def merged(live: pl.DataFrame) -> pl.DataFrame:
    """Non-overlapping places: of those that overlap the strongest, grown over the others."""
    ordered = live.sort(ORDER)
    lines = ordered.with_row_index("line").filter(_overlapping(ordered))
    gone: list[int] = []
    grown: dict[int, tuple[int, int]] = {}
    for cluster in _clusters(lines):
        ranked = _strongest(cluster)
        shown = [line for line, hidden in ranked if not hidden]
        gone += [line["line"] for line, hidden in ranked if hidden]
        grown |= _grown(shown, [line for line, hidden in ranked if hidden])
    starts, ends = ordered["start"].to_list(), ordered["end"].to_list()
    for line, (start, end) in grown.items():
        starts[line], ends[line] = start, end
    whole = ordered.with_columns(
        start=pl.Series(starts, dtype=pl.UInt32), end=pl.Series(ends, dtype=pl.UInt32), covered=pl.lit(False)
    )
    return whole.with_row_index("line").filter(~pl.col("line").is_in(gone)).drop("line")


def _overlapping(ordered: pl.DataFrame) -> pl.Series:
    """Whether each of the places, in order, shares a character with the one before or after it in its text."""
    text = ("position", "message")
    reach = pl.col("end").cum_max().shift(1).over(text)
    follows = (pl.col("start") < reach).fill_null(False)
    flagged = ordered.select(*text, follows=follows)
    return flagged.select(pl.col("follows") | pl.col("follows").shift(-1).over(text).fill_null(False)).to_series()


def clusters(things: Iterable[Thing], place: Callable[[Thing], tuple[Any, int, int]]) -> Iterator[list[Thing]]:
    """Things with a place (text, start, end), in order, in groups that hang together."""
    cluster: list[Thing] = []
    reach: tuple[Any, int] = (None, 0)
    for thing in things:
        text, start, end = place(thing)
        if cluster and (text != reach[0] or start >= reach[1]):
            yield cluster
            cluster = []
        reach = text, max(end, reach[1]) if cluster else end
        cluster.append(thing)
    if cluster:
        yield cluster


def _clusters(lines: pl.DataFrame) -> Iterator[list[Line]]:
    return clusters(
        lines.iter_rows(named=True), lambda line: ((line["position"], line["message"]), line["start"], line["end"])
    )


def _strongest(cluster: list[Line]) -> list[tuple[Line, bool]]:
    """Each place, strongest first, and whether a stronger one shares a character with it.

    Those that the search has put first come before those it has covered; text marked by hand may overlap the former,
    and then the longer one counts.
    """
    shown: list[Line] = []
    ranked: list[tuple[Line, bool]] = []
    for line in sorted(cluster, key=_strength):
        hidden = any(line["start"] < other["end"] and other["start"] < line["end"] for other in shown)
        ranked.append((line, hidden))
        shown += [] if hidden else [line]
    return ranked


def _strength(line: Line) -> tuple[Any, ...]:
    length = 0 if line["covered"] else line["end"] - line["start"]
    return line["covered"], -length, rank(line["kind"]), -line["score"], line["start"], line["end"], line["kind"]


def _grown(shown: list[Line], hidden: Iterable[Line]) -> dict[int, tuple[int, int]]:
    """The places that are shown, by their line, with the characters of hidden ones beside them taken in."""
    bounds = {line["line"]: (line["start"], line["end"]) for line in shown}
    for loser in hidden:
        for line, (start, end) in sorted(bounds.items(), key=lambda item: item[1]):
            if loser["start"] < end and start < loser["end"]:
                before = max((e for other, (_, e) in bounds.items() if other != line and e <= start), default=0)
                after = min((s for other, (s, _) in bounds.items() if other != line and s >= end), default=loser["end"])
                bounds[line] = (max(before, min(start, loser["start"])), min(max(end, loser["end"]), max(after, end)))
    return bounds
