"""Which column holds what: the form with which a person corrects the mapping."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import SettingProblem
from core.ingest import SHAPES, Mapping, suggest

CERTAIN, LIKELY = 0.8, 0.6  # below that, a question says that it is only a guess


@dataclass(frozen=True)
class FormField:
    """A field of the mapping form: its name, the column that holds it (or ""), and whether it must have one."""

    name: str
    column: str
    required: bool


def shapes() -> list[tuple[str, str]]:
    """Title and key of every shape, for a form."""
    return [(shape.title, key) for key, shape in SHAPES.items()]


def most_fields() -> int:
    """How many fields the largest shape has."""
    return max(len(shape.fields) for shape in SHAPES.values())


def mapping_of(shape: str, columns: Sequence[str | None]) -> Mapping:
    """The mapping that a form says: the columns in the order of the shape's fields, empty where there is none."""
    key = str(shape or "")
    fields = SHAPES[key].fields if key in SHAPES else ()
    return Mapping(key, {field.name: column for field, column in zip(fields, columns, strict=False) if column})


def fields_of(shape: str, readings: Sequence[dict[str, Any]], columns: list[str]) -> list[FormField]:
    """The fields of a shape with the columns of the first reading of that shape, or else those whose names fit.

    Raises:
        SettingProblem: there is no such shape.
    """
    if shape not in SHAPES:
        raise SettingProblem(f"There is no shape “{str(shape)[:60]}”. Shapes: {', '.join(SHAPES)}.")
    known = next((reading["columns"] for reading in readings if reading.get("shape") == shape), None)
    chosen = suggest(columns, shape).columns if known is None else known
    return [FormField(field.name, chosen.get(field.name, ""), field.required) for field in SHAPES[shape].fields]


def certainty(mapping: dict[str, Any], guesses: Sequence[dict[str, Any]]) -> str:
    """How likely it is that a file is to be read so, in words; empty where that was not guessed, or is only a guess."""
    same = ("shape", "columns")
    found = next((guess for guess in guesses if all(guess[key] == mapping.get(key) for key in same)), None)
    if not found or found["confidence"] < LIKELY:
        return ""
    sure = found["confidence"] >= CERTAIN
    return f"Recognised: {found['reason']}." if sure else f"Likely: {found['reason']}. Look at the columns."
