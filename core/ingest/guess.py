"""Guess the mapping: from what the cells hold, from the columns' names, and last from which columns hold text."""

import re
from typing import Any

from core.ingest.chat import is_chat
from core.ingest.shapes import SHAPES, Mapping

NOT_TEXT = re.compile(r"(.*[ ._-])?(id|key|index|idx|uuid|url|date|time|timestamp)", re.IGNORECASE)
LABEL_LENGTH = 40
FEWER_LABELS_THAN_ROWS = 0.5


def guess(rows: list[dict[str, Any]]) -> tuple[Mapping | None, str]:
    """The likeliest mapping for sample rows and, where it is unsure, a sentence to say so; None if nothing is text."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    chat = _chat(columns, rows)
    if chat:
        return chat, ""
    for use_aliases in (False, True):
        for shape in SHAPES:
            found = suggest(columns, shape, use_aliases)
            if shape not in ("messages", "conversations") and _complete(found):
                return found, ""
    return _by_content(columns, rows)


def suggest(columns: list[str], shape: str, use_aliases: bool = True) -> Mapping:
    """The columns whose names fit the fields of `shape`; fields without one are left out."""
    free = {_plain(column): column for column in reversed(columns)}
    found: dict[str, str] = {}
    for field in SHAPES[shape].fields:
        for name in (field.name, *(field.aliases if use_aliases else ())):
            if name in free and free[name] not in found.values():
                found[field.name] = free[name]
                break
    return Mapping(shape, found)


def _plain(column: str) -> str:
    return re.sub(r"[\s_-]+", " ", column).strip().lower()


def _complete(mapping: Mapping) -> bool:
    return all(field.name in mapping.columns for field in SHAPES[mapping.shape].fields if field.required)


def _chat(columns: list[str], rows: list[dict[str, Any]]) -> Mapping | None:
    for shape, key in (("messages", "role"), ("conversations", "from")):
        for column in columns:
            cells = [row[column] for row in rows if row.get(column)]
            if cells and sum(is_chat(cell, key) for cell in cells) * 2 > len(cells):
                return Mapping(shape, {shape: column})
    return None


def _by_content(columns: list[str], rows: list[dict[str, Any]]) -> tuple[Mapping | None, str]:
    named = suggest(columns, "question_answer"), suggest(columns, "prompt_completion")
    best = max(named, key=lambda mapping: len(mapping.columns))
    if best.columns:
        missing = next(field.name for field in SHAPES[best.shape].fields if field.name not in best.columns)
        return best, f"No column for “{missing}” was recognised. Choose one under “Columns”."
    texts = [column for column in columns if _is_text(column, rows)]
    if not texts:
        return None, ""
    if len(texts) == 1:
        sentence = "Only one column holds text, so there are no answers to learn. Check the columns."
        return Mapping("prompt_completion", {"prompt": texts[0]}), sentence
    unsure = "The column names were not recognised; this is a guess from what the cells hold. Check the columns."
    labels = [column for column in texts if _is_label(column, rows)]
    others = [column for column in texts if column not in labels]
    if labels and others:
        return Mapping("text_label", {"text": others[0], "label": labels[0]}), unsure
    return Mapping("prompt_completion", {"prompt": texts[0], "completion": texts[1]}), unsure


def _is_text(column: str, rows: list[dict[str, Any]]) -> bool:
    cells = [row[column] for row in rows if row.get(column) not in (None, "")]
    letters = [isinstance(cell, str) and any(char.isalpha() for char in cell) for cell in cells]
    return bool(cells) and not NOT_TEXT.fullmatch(column) and sum(letters) * 2 > len(cells)


def _is_label(column: str, rows: list[dict[str, Any]]) -> bool:
    cells = [str(row[column]) for row in rows if row.get(column)]
    return max(map(len, cells)) <= LABEL_LENGTH and len(set(cells)) < FEWER_LABELS_THAN_ROWS * len(cells)
