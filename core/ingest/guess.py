"""Guess the mapping from what columns are called and from what they hold."""

from dataclasses import replace
from typing import Any

from core.ingest.fits import Guess
from core.ingest.guess_flat import flat_guesses
from core.ingest.guess_records import record_guesses
from core.ingest.names import plain
from core.ingest.pairs import ASKED, FLAT
from core.ingest.profile import profile
from core.ingest.shapes import SHAPES, Mapping

__all__ = ["Guess", "guess", "questions", "suggest"]

CLOSE = 0.06  # two readings whose confidence is nearer than this are both told
UNSURE = 0.6
EXPLAINED = 0.8  # what is left of a reading that only takes a part of the columns of the best one
CERTAIN = 0.97  # from here on the form of the cells leaves no doubt, and is rather than their columns' names
MOST_QUESTIONS = 3
PAIRS = {shape: (ASKED[shape], FLAT[shape][1]) for shape in FLAT if shape != "text_label"}  # what asks, what answers


def guess(rows: list[dict[str, Any]]) -> list[Guess]:
    """The ways in which sample rows can be read, best first; none where no column holds text.

    One guess for each mapping, with the reason of the surest.
    """
    columns = profile(rows)
    found: dict[tuple[str, ...], Guess] = {}
    for one in (*record_guesses(columns, rows), *flat_guesses(columns)):
        key = (one.mapping.shape, *(f"{field}={column}" for field, column in sorted(one.mapping.columns.items())))
        if key not in found or found[key].confidence < one.confidence:
            found[key] = one
    ordered = sorted(found.values(), key=_confidence, reverse=True)
    return sorted([_held_against(one, ordered[0]) for one in ordered], key=_confidence, reverse=True)


def questions(guesses: list[Guess]) -> list[str]:
    """What a person should be asked: another column, or another shape, that is nearly as likely."""
    if not guesses:
        return []
    best, asked = guesses[0], dict[str, None]()
    if best.confidence < UNSURE:
        asked[f"This is only a guess: {best.reason}. Check the columns."] = None
    columns = best.mapping.columns
    if "better" in columns:
        sides = f"“{columns['chosen']}” and “{columns['rejected']}”"
        asked[f"“{columns['better']}” was taken to name the better one of {sides}. Check that it does."] = None
    for other in guesses[1:]:
        if best.confidence - other.confidence < CLOSE:
            asked |= dict.fromkeys(_differences(best.mapping, other))
    return list(asked)[:MOST_QUESTIONS]


def suggest(columns: list[str], shape: str, use_aliases: bool = True) -> Mapping:
    """The columns whose names fit the fields of `shape`; fields without one are left out."""
    free = {plain(column): column for column in reversed(columns)}
    found: dict[str, str] = {}
    for field in SHAPES[shape].fields:
        for name in (plain(field.name), *(field.aliases if use_aliases else ())):
            if name in free and free[name] not in found.values():
                found[field.name] = free[name]
                break
    return Mapping(shape, found)


def _confidence(one: Guess) -> float:
    return one.confidence


def _held_against(other: Guess, best: Guess) -> Guess:
    """A reading of some of the columns of the best is less likely, since it does not say what the others are for."""
    part = set(other.mapping.columns.values()) < set(best.mapping.columns.values())
    plainer = best.confidence >= CERTAIN and other.mapping.shape != best.mapping.shape
    return replace(other, confidence=other.confidence * EXPLAINED) if part or plainer else other


def _differences(best: Mapping, other: Guess) -> list[str]:
    """What the other reading has in other columns; or, where it is of another shape, that it is."""
    columns = other.mapping.columns
    if best.shape in PAIRS and other.mapping.shape in PAIRS:  # they differ in what they call a prompt and an answer
        same = zip(PAIRS[other.mapping.shape], PAIRS[best.shape], strict=True)
        columns = {field: columns[theirs] for theirs, field in same}
    elif other.mapping.shape != best.shape:
        return [f"This could also be read as “{SHAPES[other.mapping.shape].title}”: {other.reason}."]
    return [
        f"Both “{column}” and “{another}” could be the {field.replace('_', ' ')}; “{column}” was taken."
        for field, column in best.columns.items()
        if (another := columns.get(field, column)) != column
    ]
