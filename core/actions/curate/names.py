"""Rows by the numbers that a person types and sees."""

import re
from collections.abc import Sequence

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import SettingProblem
from core.records import Dataset

LONGEST_RANGE = 1_000_000


def row_ids(dataset: Dataset, text: str, added: Sequence[str] = ()) -> list[str]:
    """The ids of the rows named in a text like "3, 17, 20-25"; an id itself is taken too, also one of `added` rows.

    Raises:
        SettingProblem: a part of the text is neither a number, a range nor an id, or there is no such row.
    """
    found: dict[str, None] = {}
    for part in re.split(r"[,;\s]+", re.sub(r"\s*[-–]\s*(?=\d)", "-", (text or "").strip())):
        if part:
            found |= dict.fromkeys([part] if part in added else _ids(dataset, part))
    return list(found)


def row_numbers(dataset: Dataset, ids: Sequence[str]) -> list[int]:
    """The numbers of the rows with these ids, in the order of the ids; rows that are not in the dataset are missing."""
    if not ids:
        return []
    here = dataset.table.filter(pc.is_in(dataset.table["id"], value_set=pa.array(list(ids), pa.string())))
    known = dict(zip(here["id"].to_pylist(), here["row"].to_pylist(), strict=True))
    return [known[row_id] for row_id in ids if row_id in known]


def _ids(dataset: Dataset, part: str) -> list[str]:
    match = re.fullmatch(r"(\d{1,9})(?:-(\d{1,9}))?", part)
    if not match:
        if pc.any(pc.equal(dataset.table["id"], part)).as_py():
            return [part]
        raise SettingProblem(f"“{part[:60]}” is not a row number. Write numbers and ranges, like 3, 17, 20-25.")
    first, last = int(match[1]), int(match[2] or match[1])
    if not first <= last < first + LONGEST_RANGE:
        raise SettingProblem(f"“{part}” is not a range of rows. Write the smaller number first, like 20-25.")
    numbers = pl.DataFrame(pl.from_arrow(dataset.table.select(["id", "row"])))
    found = numbers.filter(pl.col("row").is_between(first, last))["id"].to_list()
    if not found:
        raise SettingProblem(f"There is no row {part} in this version; it was left out, or is not in the file.")
    return list(found)
