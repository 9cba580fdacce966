"""What is written at places of a dataset, and decisions about another version of it that hold for this one too."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from core.mask.scan import value_hash
from core.mask.steps import ADD, PLACE, Place, Step
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


def inherited(steps: Sequence[Step], dataset: Dataset, key: bytes) -> list[Step]:
    """The steps about an earlier version that hold for `dataset`: those about a value or a kind, and those about places
    where the row still has the same value there. `key` is that of the hashes."""
    places = [place for step in steps for place in _named(step)]
    positions = _positions(dataset, {place.row_id for place in places})
    standing = [place._replace(position=positions[place.row_id]) for place in places if place.row_id in positions]
    texts = dict(zip(standing, written(dataset, _frame(standing)), strict=True)) if standing else {}
    return list(_holding(steps, positions, texts, key))


_WHERE = ("position", "message", "start", "end")


def _named(step: Step) -> Sequence[Place]:
    return step.places if step.what == ADD or step.scope == PLACE else ()


def _holding(steps: Sequence[Step], positions: dict[str, int], texts: dict[Place, str], key: bytes) -> Iterator[Step]:
    for step in steps:
        if step.what != ADD and step.scope != PLACE:
            yield step
            continue
        here = [place._replace(position=positions.get(place.row_id, 0)) for place in step.places]
        same = [place for place in here if value_hash(key, step.kind, texts.get(place, "")) == step.value]
        if same:
            yield replace(step, places=tuple(same))


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
    return [content for _, content in dataset.slice(position, 1)[0].texts]
