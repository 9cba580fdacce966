"""What is written at places of a dataset, and decisions about another version of it that hold for this one too."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from core.mask.everywhere import Value, everywhere
from core.mask.placed import value_hash
from core.mask.steps import ADD, PLACE, Place, Step
from core.mask.texts import texts
from core.records import Dataset

CHUNK = 512  # texts in memory at once: a cell may have 200,000 characters


def written(dataset: Dataset, places: pl.DataFrame) -> list[str]:
    """The text at each place; `places` has the columns position, message, start and end, in any order."""
    found = [""] * len(places)
    order = places.with_row_index("line").sort("position", "message").select("line", *_WHERE)
    for part in order.iter_slices(CHUNK):
        wanted = part.select("position", "message").unique(maintain_order=True)
        contents = dict(zip(wanted.iter_rows(), _contents(dataset, wanted), strict=True))
        for line, position, message, start, end in part.iter_rows():
            found[line] = contents[position, message][start:end]
    return found


def inherited(steps: Sequence[Step], before: Dataset | None, dataset: Dataset, key: bytes) -> list[Step]:
    """The steps about an earlier version that hold for `dataset`: those about a value or a kind, and those about places
    where the row still has the same value there. What was marked by hand is searched again, in the rows of now.

    `before` is the earlier version, for the steps that mark a text by hand; without it these hold only where they were
    taken. `key` is that of the hashes.
    """
    places = [place for step in steps for place in _named(step)]
    positions = _positions(dataset, {place.row_id for place in places})
    standing = [place._replace(position=positions[place.row_id]) for place in places if place.row_id in positions]
    there = dict(zip(standing, written(dataset, _frame(standing)), strict=True)) if standing else {}
    marked = _marked(steps, before, key) if before else {}
    now = everywhere(dataset, marked.values()) if marked else {}
    found_now = {mark: now[value] for mark, value in marked.items()}
    return list(_holding(steps, positions, there, found_now, key))


_Mark = tuple[str, str]  # kind and keyed hash of a value
_WHERE = ("position", "message", "start", "end")


def _named(step: Step) -> Sequence[Place]:
    return step.places if step.what == ADD or step.scope == PLACE else ()


def _marked(steps: Sequence[Step], before: Dataset, key: bytes) -> dict[_Mark, Value]:
    """What was marked by hand as it is written where it was marked."""
    first = [(step, step.places[0]) for step in steps if step.what == ADD]
    values = written(before, _frame([place for _, place in first])) if first else []
    named = zip((step for step, _ in first), values, strict=True)
    return {
        (step.kind, step.value): (step.kind, value)
        for step, value in named
        if value and value_hash(key, step.kind, value) == step.value
    }


def _holding(
    steps: Sequence[Step],
    positions: Mapping[str, int],
    there: Mapping[Place, str],
    found_now: Mapping[_Mark, list[Place]],
    key: bytes,
) -> Iterator[Step]:
    for step in steps:
        if step.what != ADD and step.scope != PLACE:
            yield step
            continue
        here = [place._replace(position=positions.get(place.row_id, 0)) for place in step.places]
        same = [place for place in here if value_hash(key, step.kind, there.get(place, "")) == step.value]
        more = found_now.get((step.kind, step.value), []) if step.what == ADD else []
        if places := tuple(dict.fromkeys([*same, *more])):
            yield replace(step, places=places)


def _frame(places: Sequence[Place]) -> pl.DataFrame:
    return pl.DataFrame([place[1:] for place in places], schema=_WHERE, orient="row")


def _positions(dataset: Dataset, row_ids: set[str]) -> dict[str, int]:
    """The positions of those of the rows that the dataset has."""
    if not row_ids:
        return {}
    ids = dataset.table["id"].combine_chunks()
    there = pc.indices_nonzero(pc.is_in(ids, value_set=pa.array(sorted(row_ids), pa.string())))
    return dict(zip(ids.take(there).to_pylist(), there.to_pylist(), strict=True))


def _contents(dataset: Dataset, wanted: pl.DataFrame) -> Iterator[str]:
    """The texts at (position, message), empty where there is none."""
    rows: dict[int, Any] = {}
    for position, message in wanted.iter_rows():
        if position not in rows:
            rows = {position: _texts(dataset, position)}
        yield rows[position][message] if message < len(rows[position]) else ""


def _texts(dataset: Dataset, position: int) -> list[str]:
    if position >= len(dataset):
        return []
    return texts(dataset.slice(position, 1)[0])
