"""Which columns could hold a prompt, an answer, a label or a text, by their names and by what they hold."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from core.ingest import names
from core.ingest.cells import nested
from core.ingest.names import NOT_AN_ANSWER, Names, fit, plain
from core.ingest.profile import MOST, Column
from core.ingest.shapes import Mapping

Columns = dict[str, Column]

UNNAMED = 0.4  # how well a column of sentences fits where its name says nothing
UNNAMED_SHORT = 0.15
NUMBERED = 0.97  # of a label's score where it is a number, so that its name in another column is preferred
FEW_ROWS = 10  # too few to see whether values come again
COPY_ROWS = 30
SURELY = 0.9  # how well a name fits that leaves no doubt
CLASS = 0.7  # of an answer's score where it is one of a few numbers
LISTED = 0.9  # of an answer's score where it stands in a list of one
SELDOM = 0.5  # what is left of a prompt or an answer that stands in less than half of the rows
GIVEN_NAMES, GIVEN = ("input", "inputs", "context"), 0.6  # what is given to an instruction is hardly the prompt itself


@dataclass(frozen=True)
class Guess:
    """A way to read a file: how sure it is, from 0 to 1, and why, in words."""

    mapping: Mapping
    confidence: float
    reason: str


@dataclass(frozen=True)
class Fit:
    """A column with how well it fits a place, from 0 to 1, and how well by its name alone."""

    column: Column
    score: float
    named: float

    @property
    def name(self) -> str:
        """The name of the column."""
        return self.column.name


def prompts(columns: Columns) -> list[Fit]:
    """The columns that could hold prompts, best first."""
    found = list(map(_prompt, columns.values()))
    if any(fit(one.name, names.INSTRUCTIONS, whole=True) > names.POSSIBLE and one.column.is_prose for one in found):
        found = [replace(one, score=one.score * GIVEN) if plain(one.name) in GIVEN_NAMES else one for one in found]
    return _best(map(_held_against_gaps, found))


def answers(columns: Columns) -> list[Fit]:
    """The columns that could hold answers, best first."""
    return _best(map(_held_against_gaps, map(_answer, columns.values())))


def labels(columns: Columns) -> list[Fit]:
    """The columns that could hold labels, best first; of a label and its name, only the name."""
    found = _best(map(_label, columns.values()))
    spelled = [fit for fit in found if plain(fit.name).endswith((" text", " name")) and fit.named >= names.LIKELY]
    return spelled or found


def texts(columns: Columns) -> list[Fit]:
    """The columns that could hold the texts that labels are about, best first."""
    return _best(map(_text, columns.values()))


def about(columns: Columns, taken: dict[str, str], fields: Iterable[str]) -> dict[str, str]:
    """The columns that say something about a row besides its texts, of the fields that there are."""
    found: dict[str, str] = {}
    for field in fields:
        meaning, holds = ABOUT[field]
        free = [name for name, column in columns.items() if name not in taken.values() and holds(column)]
        best = max(free, key=lambda name: fit(name, meaning, whole=True), default="")
        if best and fit(best, meaning, whole=True):
            found[field] = best
    return found


def without_copies(columns: Columns) -> Columns:
    """The columns but those that only put others together, such as a template with the prompt and the answer in it."""
    prose = [column for column in columns.values() if column.is_prose]
    return {name: column for name, column in columns.items() if not _is_copy(column, prose)}


ABOUT: dict[str, tuple[Names, Callable[[Column], bool]]] = {
    "system": (names.SYSTEMS, lambda column: column.kind in ("text", "blank")),
    "history": (names.HISTORIES, lambda column: column.kind in ("chat", "texts", "list", "blank")),
    "category": (names.CATEGORIES, lambda column: column.is_label),
    "group": (names.GROUPS, lambda column: column.kind in ("text", "number")),
}


def _prompt(column: Column) -> Fit:
    named = fit(column.name, names.PROMPTS)
    if column.kind == "chat":
        return Fit(column, named if column.is_open_chat else 0, named)
    if column.kind in ("texts", "record"):
        named = names.SURE if column.kind == "texts" and plain(column.name) == "turns" else named
        return Fit(column, named, named)
    if not column.could_be_text or (fit(column.name, names.ANSWERS, whole=True) >= names.LIKELY and not named):
        return Fit(column, 0, 0)
    return Fit(column, _by_content(column, named) * (0.5 if column.is_label else 1 if column.is_prose else 0.8), named)


def _answer(column: Column) -> Fit:
    is_choices = column.kind in ("texts", "records") and fit(column.name, names.CHOICES, whole=True) > names.POSSIBLE
    if NOT_AN_ANSWER.fullmatch(plain(column.name)) or column.is_open_chat or is_choices:
        return Fit(column, 0, 0)
    named = fit(column.name, names.ANSWERS)
    if column.kind in ("list", "texts", "blank"):
        holds_answers = column.kind == "texts" or column.share_of(_is_one_value) > MOST
        return Fit(column, named * LISTED if holds_answers else 0, named)
    if column.kind != "text" or column.codes > MOST:
        known = fit(column.name, names.ANSWERS, whole=True)
        is_class = column.kind == "number" and column.is_label and known < SURELY
        return Fit(column, known * (CLASS if is_class else 1), named)
    if not named and not column.could_be_text:
        return Fit(column, 0, 0)
    other = max(fit(column.name, names.PROMPTS, whole=True), fit(column.name, names.CONTEXTS, whole=True))
    return Fit(column, named or _by_content(column, 0) * (0.5 if other > names.POSSIBLE else 1), named)


def _label(column: Column) -> Fit:
    named = fit(column.name, names.LABELS)
    if column.kind not in ("text", "number", "truth") or not column.is_short or column.codes > MOST:
        return Fit(column, 0, named)
    known = NUMBERED if column.kind == "number" else 1
    if named:
        comes_again = column.is_label or len(column.cells) < FEW_ROWS
        return Fit(column, named * known * (1 if comes_again else 0.5), named)
    if not column.is_label or (not column.could_be_text and column.kind == "text") or _means_else(column):
        return Fit(column, 0, 0)
    return Fit(column, UNNAMED if column.kind == "text" else UNNAMED_SHORT, 0)


def _text(column: Column) -> Fit:
    firsts = {first for first, _ in names.PAIRS}
    named = max(fit(column.name, names.TEXTS), names.SURE if plain(column.name) in firsts else 0)
    if not column.could_be_text:
        return Fit(column, 0, named)
    return Fit(column, _by_content(column, named) * (0.5 if column.is_label else 1), named)


def _by_content(column: Column, named: float) -> float:
    if named:
        return named
    if _means_else(column):
        return 0
    return UNNAMED if column.is_prose else UNNAMED_SHORT


def _is_one_value(cell: Any) -> bool:
    value = nested(cell)
    return isinstance(value, list) and len(value) == 1 and not isinstance(value[0], dict | list)


def _means_else(column: Column) -> bool:
    """Whether a name says that the column is about the row; a category of sentences that never come again is none."""
    is_category = column.is_label or not column.is_prose
    others = (names.SYSTEMS, names.GROUPS, names.HISTORIES, *([names.CATEGORIES] if is_category else []))
    return any(fit(column.name, meaning, whole=True) for meaning in others)


def _held_against_gaps(one: Fit) -> Fit:
    return one if one.column.filled >= 0.5 else replace(one, score=one.score * SELDOM)


def _best(found: Iterable[Fit]) -> list[Fit]:
    return sorted((one for one in found if one.score), key=lambda one: one.score, reverse=True)


def _is_copy(column: Column, prose: list[Column]) -> bool:
    held = [other for other in prose if other is not column and _holds(column, other)] if column.is_prose else []
    known = (names.INSTRUCTIONS, names.QUESTIONS, names.ANSWERS)
    return len(held) > 1 and any(fit(other.name, meaning, whole=True) > SURELY for other in held for meaning in known)


def _holds(column: Column, other: Column) -> bool:
    """Whether each text of the other column stands within the one of the same row."""
    pairs = [
        (str(whole), str(part).strip())
        for whole, part in zip(column.rows[:COPY_ROWS], other.rows, strict=False)
        if part
    ]
    inside = [part in whole and len(part) < len(whole.strip()) for whole, part in pairs if part]
    return bool(inside) and sum(inside) >= MOST * len(inside)
