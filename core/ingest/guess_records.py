"""Readings of what has a form of its own: chats, trees, preferences, verdicts, calls of tools, multiple choice."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from core.ingest import names
from core.ingest.cells import Cleaner, Unreadable, is_blank, nested
from core.ingest.chat import is_chat
from core.ingest.choices import choices_of, readings, series
from core.ingest.fits import Columns, Guess, about, answers, prompts
from core.ingest.names import fit, plain
from core.ingest.preference import names_a_side
from core.ingest.profile import MOST, Column
from core.ingest.shapes import Mapping
from core.ingest.tools import is_call
from core.ingest.transcripts import is_transcript

WAYS_TO_SAY = 6  # true, "true", 1, and their opposites in one column

SAMPLE = 50  # rows that are read as multiple choice, to see whether the answers are among the choices
SEVERAL = ("instances", "examples", "samples")
FLAT_TREE = {"id": "message id", "parent": "parent id", "text": "text", "role": "role"}


def record_guesses(columns: Columns, rows: list[dict[str, Any]]) -> Iterator[Guess]:
    """All readings of rows that are more than a prompt and an answer in texts."""
    yield from tree_guesses(columns)
    yield from preference_guesses(columns)
    yield from verdict_guesses(columns)
    yield from choice_guesses(columns, rows)
    yield from call_guesses(columns)
    yield from chat_guesses(columns)


def tree_guesses(columns: Columns) -> Iterator[Guess]:
    """Trees of messages, nested or a row each, and instructions with several instances."""
    for name, column in columns.items():
        if column.kind == "record" and column.share_of(_is_tree) > MOST:
            mapping = {"tree": name}
            mapping |= about(columns, mapping, ["group"])
            yield Guess(Mapping("tree", mapping), 0.98, f"“{name}” holds messages with replies")
        if plain(name) in SEVERAL and column.share_of(_are_instances) > MOST:
            asked = [one for one in prompts(columns) if one.named and one.column.kind == "text"]
            if asked:
                mapping = {"instruction": asked[0].name, "instances": name}
                mapping |= about(columns, mapping, ("system", "category"))
                yield Guess(Mapping("seed_tasks", mapping), 0.985, f"“{name}” holds lists of inputs and outputs")
    by_name = {plain(name): name for name in columns}
    flat = {field: by_name[name] for field, name in FLAT_TREE.items() if name in by_name}
    if len(flat) == len(FLAT_TREE):
        flat |= {"rank": by_name["rank"]} if "rank" in by_name else {}
        flat |= about(columns, flat, ["group"])
        yield Guess(Mapping("flat_tree", flat), 0.98, "each row is a message with the id of the one before it")


def preference_guesses(columns: Columns) -> Iterator[Guess]:
    """A better and a worse answer, by the names of their columns, or two answers and which is better."""
    held = ("text", "chat", "record", "texts")
    by_name = {plain(name): name for name, column in columns.items() if column.kind in held}
    for better, worse in _better_and_worse(by_name):
        known = 0.99 if "reject" in worse.lower() else 0.9
        mapping = _with_prompt(columns, {"chosen": better, "rejected": worse})
        yield Guess(Mapping("preference", mapping), known, f"one answer is called “{better}” and another “{worse}”")
        return
    for first, second in _two_answers(by_name):
        names_one = partial(names_a_side, first=first, second=second)
        verdicts = [name for name, one in columns.items() if fit(name, names.BETTER) and one.share_of(names_one) > 0.5]
        if verdicts:
            best = max(verdicts, key=lambda name: fit(name, names.BETTER))
            mapping = _with_prompt(columns, {"chosen": first, "rejected": second}) | {"better": best}
            yield Guess(Mapping("preference", mapping), 0.985, f"“{best}” says which of two answers is better")
            return


def verdict_guesses(columns: Columns) -> Iterator[Guess]:
    """An answer, and a column that says whether it is good."""
    verdicts = {name: fit(name, names.VERDICTS, whole=True) for name in columns if _is_verdict(columns[name])}
    best = max(verdicts, key=lambda name: verdicts[name], default="")
    if not best or not verdicts[best]:
        return
    chats = [name for name, column in columns.items() if _is_whole_chat(column)]
    asked = [one.name for one in prompts(columns) if one.named >= names.LIKELY - 0.1 and one.name != best]
    said = [one for one in answers(columns) if one.named > 0.9 and one.name != best and not one.column.is_label]
    mapping: dict[str, str] = {}
    if asked and said and asked[0] != said[0].name:
        mapping = {"prompt": asked[0], "completion": said[0].name}
    elif chats:
        mapping = {"prompt": chats[0]}
    if mapping:
        mapping |= _given(columns, mapping, asked) | {"label": best}
        mapping |= about(columns, mapping, ("system", "category"))
        sure = 0.985 if verdicts[best] > 0.9 else 0.9
        yield Guess(Mapping("kto", mapping), sure, f"“{best}” says yes or no to each answer")


def choice_guesses(columns: Columns, rows: list[dict[str, Any]]) -> Iterator[Guess]:
    """A question with choices, where the answers are found among them."""
    right = {name: fit(name, names.RIGHT_CHOICES) for name, column in columns.items() if column.cells}
    for first in _choice_columns(columns):
        taken = series(first, list(columns))
        found = []
        for answer in (name for name, score in right.items() if score and name not in taken):
            if plain(first).startswith(names.WRONG_CHOICES) and not _is_right(columns[answer]):
                continue
            if (share := _among_choices(rows, {"choices": first, "answer": answer})) > MOST:
                found.append((right[answer] * share, answer))
        asked = [one.name for one in prompts(columns) if one.name not in taken and one.column.kind == "text"]
        if found and asked:
            _, answer = max(found, key=lambda one: one[0])
            mapping = {"question": _question(columns, [name for name in asked if name != answer])}
            mapping |= _passage(columns, {*taken, answer, *mapping.values()}) | {"choices": first, "answer": answer}
            mapping |= about(columns, mapping, ("category", "group"))
            yield Guess(Mapping("choices", mapping), 0.98, f"“{answer}” names one of the choices in “{first}”")
            return


def call_guesses(columns: Columns) -> Iterator[Guess]:
    """A query, the tools there are, and the calls that answer it."""
    tools = _tools(columns)
    calls = [name for name, column in columns.items() if name != tools and column.share_of(is_call) > 0.5]
    asked = [one.name for one in prompts(columns) if one.column.kind == "text" and one.name not in (tools, *calls)]
    if tools and calls and asked:
        mapping = {"query": asked[0], "tools": tools, "calls": calls[0]}
        mapping |= about(columns, mapping, ("system", "category", "group"))
        yield Guess(Mapping("tool_calls", mapping), 0.98, f"“{calls[0]}” holds calls of the tools in “{tools}”")


def chat_guesses(columns: Columns) -> Iterator[Guess]:
    """Chats in lists of turns, or as one text with marked turns."""
    tools = _tools(columns)
    for name, column in columns.items():
        named = fit(name, names.TURNS)
        if _is_whole_chat(column) and not fit(name, names.HISTORIES):
            shape = "conversations" if column.share_of(lambda cell: is_chat(cell, "from")) > 0.5 else "messages"
            mapping = {shape: name, **({"tools": tools} if tools else {})}
            mapping |= about(columns, mapping, ("system", "category", "group"))
            reason = f"“{name}” holds lists of turns"
            yield Guess(Mapping(shape, mapping), (0.97 + named / 100 if named else 0.9) * column.filled, reason)
        elif column.kind == "text" and column.share_of(is_transcript) > MOST:
            mapping = {"transcript": name}
            mapping |= about(columns, mapping, ("system", "category", "group"))
            alone = not any(one.named > 0.9 and one.name != name for one in answers(columns))
            yield Guess(
                Mapping("transcript", mapping), 0.97 if alone else 0.7, f"“{name}” holds texts with marked turns"
            )


def _is_tree(cell: Any) -> bool:
    value = nested(cell)
    return isinstance(value, dict) and "replies" in value and "text" in value


def _are_instances(cell: Any) -> bool:
    value = nested(cell)
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) and "output" in one for one in value)


def _is_whole_chat(column: Column) -> bool:
    """Whether the cells are chats with answers; a list of texts counts where its name says that they are turns."""
    if column.kind == "chat":
        return not column.is_open_chat and bool(column.cells)
    turns = fit(column.name, names.TURNS) >= names.LIKELY * 0.9 and plain(column.name) != "turns"
    return column.kind == "texts" and turns and column.share_of(lambda cell: len(nested(cell)) > 1) > 0.5


def _is_verdict(column: Column) -> bool:
    return column.kind in ("truth", "number", "text") and column.verdicts > 0.95 and column.distinct <= WAYS_TO_SAY


def _with_prompt(columns: Columns, mapping: dict[str, str]) -> dict[str, str]:
    """The mapping of two answers with the column that holds their prompt, if there is one."""
    free = [one for one in prompts(columns) if one.name not in mapping.values() and one.named]
    chats = [name for name, column in columns.items() if column.kind == "chat" and name not in mapping.values()]
    sure = [one.name for one in free if one.named > names.LIKELY - 0.1]
    asked = [*sure, *chats, *(one.name for one in free)][:1]
    found = {**({"prompt": asked[0]} if asked else {}), **mapping}
    return found | _given(columns, found, asked) | about(columns, found, ["system"])


def _given(columns: Columns, mapping: dict[str, str], asked: list[str]) -> dict[str, str]:
    """What is given to an instruction, in a column called input or context."""
    free = [name for name in columns if name not in mapping.values() and columns[name].kind == "text"]
    named = [name for name in free if plain(name) in ("input", "context")]
    return {"input": named[0]} if named and asked and "prompt" in mapping else {}


def _better_and_worse(by_name: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Columns whose names differ in nothing but that one says better and the other worse."""
    for better, worse in names.CHOSEN_REJECTED:
        for words, name in by_name.items():
            other = by_name.get(re.sub(rf"\b{better}\b", worse, words))
            if other and other != name:
                yield name, other


def _two_answers(by_name: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Columns called by the same word with 0 and 1, 1 and 2, or a and b behind it."""
    for word in names.TWO_ANSWERS:
        for first, second in (("0", "1"), ("1", "2"), ("a", "b")):
            for space in (" ", ""):
                if f"{word}{space}{first}" in by_name and f"{word}{space}{second}" in by_name:
                    yield by_name[f"{word}{space}{first}"], by_name[f"{word}{space}{second}"]


def _choice_columns(columns: Columns) -> Iterator[str]:
    """Columns of choices: a list in each cell, or the first of a series; the best known names first."""
    lists = {
        name: fit(name, names.CHOICES) for name, one in columns.items() if one.kind in ("texts", "records", "record")
    }
    yield from sorted((name for name, score in lists.items() if score > 0.4), key=lambda name: -lists[name])
    for name, column in columns.items():
        words = plain(name)
        several = len(series(name, list(columns))) > 1
        if words.startswith(names.WRONG_CHOICES) and (column.kind == "texts" or words.endswith(("1", " a"))):
            yield name
        elif several and words.endswith(("0", "1", "a")) and column.kind in ("text", "number"):
            begin = words[:-1].strip()
            if not begin or fit(begin, names.CHOICES) or begin.split(".")[-1] in ("options", "choices"):
                yield name
        elif column.kind == "text" and fit(name, names.CHOICES) > names.LIKELY * 0.5:
            yield name


def _among_choices(rows: list[dict[str, Any]], mapping: dict[str, str]) -> float:
    """The share of rows whose answer can be read as one of their choices."""
    found = []
    for row in rows[:SAMPLE]:
        if is_blank(row.get(mapping["answer"])):
            continue
        try:
            found.append(bool(readings(row[mapping["answer"]], choices_of(row, mapping, Cleaner()))))
        except Unreadable:
            found.append(False)
    return sum(found) / len(found) if found else 0.0


def _is_right(column: Column) -> bool:
    """Whether a column that is not among the choices holds the only right one."""
    return column.kind != "texts" and fit(column.name, names.RIGHT_CHOICES, whole=True) >= names.LIKELY


def _question(columns: Columns, asked: list[str]) -> str:
    """The question; what comes again in many rows is rather its kind."""
    return next((name for name in asked if not columns[name].is_label), asked[0] if asked else "")


def _passage(columns: Columns, taken: set[str]) -> dict[str, str]:
    scores = {
        name: fit(name, names.CONTEXTS, whole=True)
        for name, column in columns.items()
        if name not in taken and column.kind in ("text", "blank") and not column.is_label
    }
    best = max(scores, key=lambda name: scores[name], default="")
    return {"context": best} if best and scores[best] else {}


def _tools(columns: Columns) -> str:
    held = [name for name, column in columns.items() if column.kind in ("records", "record")]
    return next((name for name in held if plain(name) in ("tools", "functions")), "")
