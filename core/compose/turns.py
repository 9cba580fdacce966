"""Messages of a dataset as a frame with a line per turn, and back; some rows at a time, to spare memory."""

from collections.abc import Callable

import polars as pl
import pyarrow as pa

from core.records import Dataset

ROWS_AT_ONCE = 50_000
_TURN = ("role", "content")


def change_turns(dataset: Dataset, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Dataset:
    """The dataset with its turns changed.

    `change` gets a line per turn with `position` (of the row, from 0), `turn` (from 0), `role` and `content`, and
    answers with such lines in any order; turns are put in the order of their numbers, which may have gaps.
    """
    starts = range(0, len(dataset), ROWS_AT_ONCE)
    tables = [_changed(dataset.table.slice(start, ROWS_AT_ONCE), start, change) for start in starts]
    return Dataset(pa.concat_tables(tables)) if tables else dataset


def _changed(table: pa.Table, start: int, change: Callable[[pl.DataFrame], pl.DataFrame]) -> pa.Table:
    rows = pl.DataFrame(pl.from_arrow(table.select(["messages"]))).with_row_index("position", offset=start)
    numbered = rows.with_columns(turn=pl.int_ranges(pl.col("messages").list.len(), dtype=pl.Int32))
    turns = numbered.explode("messages", "turn", empty_as_null=False).unnest("messages")
    grouped = change(turns).sort("position", "turn").group_by("position", maintain_order=True)
    joined = rows.select("position").join(grouped.agg(messages=pl.struct(_TURN)), "position", how="left")
    messages = joined.sort("position")["messages"].fill_null([]).to_arrow()
    at = table.schema.get_field_index("messages")
    return table.set_column(at, "messages", messages.cast(table.schema.field("messages").type))
