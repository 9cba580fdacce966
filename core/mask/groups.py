"""Findings by value: how often each was found, how doubtful it is, and what was decided about it."""

from dataclasses import dataclass

import polars as pl

MIXED = "mixed"
BY_DOUBT, BY_PLACES, BY_KIND = "doubt", "places", "kind"
SORTS = (BY_DOUBT, BY_PLACES, BY_KIND)

# A line for each value. `value` and `found` are what steps know it by, `kind` is the one in force; `doubt` is from 0
# to 1, `decision` one of those of a place or "mixed"; the rest is where it stands first.
GROUPS = pl.Schema(
    {
        "found": pl.String,
        "value": pl.String,
        "kind": pl.String,
        "places": pl.UInt32,
        "rows": pl.UInt32,
        "doubt": pl.Float32,
        "decision": pl.String,
        "row_id": pl.String,
        "position": pl.UInt32,
        "message": pl.UInt32,
        "start": pl.UInt32,
        "end": pl.UInt32,
    }
)


@dataclass(frozen=True)
class Query:
    """Which values are shown, and in which order: those of a kind or all, with a decision or any, holding a text."""

    kind: str = ""
    decision: str = ""
    search: str = ""
    sort: str = BY_DOUBT


def groups(decided: pl.DataFrame) -> pl.DataFrame:
    """The places (`DECIDED`) that no other one covers by their value (`GROUPS`), in the order of their first places.

    The doubt about a value is 1 minus the highest score of its places: it is found elsewhere because of that place, and
    is decided about as a whole.
    """
    shown = decided.filter(~pl.col("covered"))
    first = {name: pl.col(name).first() for name in ("row_id", "position", "message", "start", "end")}
    together = pl.col("decision").n_unique() == 1
    found = shown.group_by("found", "value", "kind", maintain_order=True).agg(
        places=pl.len(),
        rows=pl.col("position").n_unique(),
        doubt=(1 - pl.col("score").max()).clip(0, 1),
        decision=pl.when(together).then(pl.col("decision").first()).otherwise(pl.lit(MIXED)),
        **first,
    )
    return found.select(list(GROUPS)).cast(GROUPS)


def chosen(found: pl.DataFrame, query: Query) -> pl.DataFrame:
    """The groups of a kind and a decision in the order asked for; `search` is left to whoever can read the values."""
    if query.kind:
        found = found.filter(kind=query.kind)
    if query.decision:
        found = found.filter(decision=query.decision)
    first = ("position", "message", "start", "found")
    if query.sort == BY_KIND:
        return found.sort("kind", "doubt", *first, descending=[False, True, *(False for _ in first)])
    then = BY_PLACES if query.sort == BY_DOUBT else BY_DOUBT
    return found.sort(query.sort, then, *first, descending=[True, True, *(False for _ in first)])
