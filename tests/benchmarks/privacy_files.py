"""Reads what the privacy benchmark measures: labelled rows in two shapes, and files of any columns without labels."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.privacy.kinds import KINDS

UNSCORED = "UNSCORED"
# The types of presidio-research that count; the others (organisations, dates, ages, titles …) are unscored.
KIND_OF = {
    "PERSON": "PERSON",
    "EMAIL_ADDRESS": "EMAIL",
    "PHONE_NUMBER": "PHONE",
    "CREDIT_CARD": "CARD",
    "US_SSN": "SSN",
    "IBAN_CODE": "IBAN",
    "IP_ADDRESS": "IP",
    "DOMAIN_NAME": "URL",
    "STREET_ADDRESS": "ADDRESS",
}


@dataclass(frozen=True)
class Label:
    """A marked place; `slot` is a finer word for what it is, if the file has one."""

    start: int
    end: int
    kind: str
    slot: str = ""


@dataclass(frozen=True)
class Row:
    """The texts of a row, and the labels in its only text; None where the file has no labels."""

    texts: tuple[str, ...] = field(repr=False)
    labels: tuple[Label, ...] | None = None


def load(path: Path, most: int | None = None) -> list[Row]:
    """The rows of a .json list, a .jsonl or a .csv file, at most `most`.

    Labelled rows are `{"text", "spans": [[start, end, KIND]]}` or presidio-research's `{"full_text", "spans":
    [{"entity_type", "start_position", "end_position"}]}`. Kinds that are not in core/privacy/kinds.py become UNSCORED.
    """
    return [as_row(record) for record in _records(path)[:most]]


def as_row(record: Any) -> Row:
    """One record as a row; a record without spans is the texts in it, however deep they lie."""
    text = record.get("text", record.get("full_text")) if isinstance(record, dict) else None
    if not isinstance(text, str) or not isinstance(record.get("spans"), list):
        return Row(tuple(_texts(record)))
    slots = record.get("slots") or [""] * len(record["spans"])
    return Row((text,), tuple(_label(span, slot) for span, slot in zip(record["spans"], slots, strict=True)))


def _label(span: Any, slot: str) -> Label:
    if isinstance(span, dict):
        return Label(span["start_position"], span["end_position"], KIND_OF.get(span["entity_type"], UNSCORED), slot)
    start, end, kind = span
    return Label(start, end, kind if kind in KINDS else UNSCORED, slot)


def _records(path: Path) -> list[Any]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            return list(csv.DictReader(lines))
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in text.split("\n") if line.strip()]
    return list(json.loads(text))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
