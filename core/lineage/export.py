"""The rows of a version as a file in the form that TRL reads."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from core.errors import SettingProblem
from core.records import HELD_OUT, TEXT, TRAIN, Dataset

EVERY_ROW = "all"
FEW_SHOT = "few-shot"  # what a split may set aside as examples for prompts
PARTS = (EVERY_ROW, TRAIN, HELD_OUT, FEW_SHOT)
FORMS = ("jsonl", "parquet")
# Columns that go along where any row has a value; a bool `label` is TRL's word for good and bad answers.
BESIDE = ("label", "category", "source", "tags", "split")


@dataclass(frozen=True)
class Exported:
    """The files that were written, one for each of `FORMS`, how many rows each has, and the columns."""

    paths: list[Path]
    rows: int
    columns: list[str]


def export_rows(dataset: Dataset, target: Path, part: str = EVERY_ROW) -> Exported:
    """Write `<target>.jsonl` and `<target>.parquet`; `part` is one of `PARTS`.

    Preference rows become prompt, chosen, rejected; rated answers prompt, completion, label; plain text the column
    text; all else messages (TRL, "Dataset formats and types", conversational). A file of several kinds is messages.

    Raises:
        SettingProblem: there is no such part, or it has no rows.
    """
    if part not in PARTS:
        raise SettingProblem(f"Rows is “{str(part)[:40]}”; it must be one of {', '.join(PARTS)}.")
    rows = pl.DataFrame(pl.from_arrow(dataset.table))
    if part != EVERY_ROW:
        rows = rows.filter(pl.col("split") == part)
    if not len(rows):
        raise SettingProblem(f"This version has no rows of “{part}”. Choose other rows, or split it first.")
    frame = _for_trl(rows)
    target.parent.mkdir(parents=True, exist_ok=True)
    paths = [target.with_name(f"{target.name}.{form}") for form in FORMS]
    frame.write_ndjson(paths[0])
    frame.write_parquet(paths[1])
    return Exported(paths, len(frame), frame.columns)


def _for_trl(rows: pl.DataFrame) -> pl.DataFrame:
    messages = pl.col("messages")
    prompt, last = messages.list.head(messages.list.len() - 1), messages.list.tail(1)
    beside = [name for name in BESIDE if rows[name].null_count() < len(rows)]
    if rows["rejected"].null_count() == 0:
        worse = pl.concat_list(pl.struct(role=pl.lit("assistant"), content=pl.col("rejected")))
        return rows.select("id", *beside, prompt=prompt, chosen=last, rejected=worse)
    if rows["good"].null_count() == 0:
        beside = [name for name in beside if name != "label"]
        return rows.select("id", *beside, prompt=prompt, completion=last, label="good")
    if rows.select((messages.list.first().struct.field("role") == TEXT).all()).item():
        return rows.select("id", *beside, text=messages.list.first().struct.field("content"))
    beside += [name for name in ("rejected", "good") if rows[name].null_count() < len(rows)]
    return rows.select("id", "messages", *beside)
