"""Preference rows, a better and a worse answer to the same prompt, and KTO rows, one answer with a verdict."""

from typing import Any

from core.ingest.cells import Cleaner, Unreadable, is_blank, nested
from core.ingest.chat import Chat, is_chat, is_exchange, read_chat
from core.ingest.transcripts import begins_as_transcript, turns_in

YES = {"1", "true", "yes", "good", "desirable", "chosen", "positive", "up", "thumbs up", "thumbs_up", "like", "liked"}
NO = {
    "0",
    "-1",
    "false",
    "no",
    "bad",
    "undesirable",
    "rejected",
    "negative",
    "down",
    "thumbs down",
    "thumbs_down",
    "dislike",
}


def compared(values: dict[str, Any], columns: dict[str, str], cleaner: Cleaner) -> tuple[Chat, str]:
    """The chat that ends with the better answer, and the worse answer. Raises `Unreadable`."""
    better, worse = columns["chosen"], columns["rejected"]
    if "better" in columns and _second_is_better(values.get(columns["better"]), better, worse):
        better, worse = worse, better
    for column in (better, worse):
        if is_blank(values.get(column)):
            raise Unreadable("empty row" if is_blank(values.get(better)) else "no pair", f"“{column}” is empty")
    prompt = asked(values, columns, cleaner)
    before, answer = said(values[better], prompt, cleaner)
    other, rejected = said(values[worse], prompt, cleaner)
    if before != other:
        raise Unreadable("no pair", f"“{better}” and “{worse}” do not answer the same prompt")
    return [*before, ("assistant", answer)], rejected


def judged(values: dict[str, Any], columns: dict[str, str], cleaner: Cleaner) -> tuple[Chat, bool]:
    """The chat of a KTO row, and whether its last answer is called good. Raises `Unreadable`."""
    chat = asked(values, columns, cleaner)
    if "completion" in columns:
        before, answer = said(values.get(columns["completion"]), chat, cleaner)
        chat = [*before, ("assistant", answer)]
    if not any(content.strip() for _, content in chat):
        raise Unreadable("empty row", "there is no prompt and no answer")
    verdict = verdict_of(values.get(columns["label"]))
    if verdict is None:
        raise Unreadable("no verdict", f"“{columns['label']}” does not say whether the answer is good")
    return chat, verdict


def verdict_of(value: Any) -> bool | None:
    """Whether a cell says yes or no, in one of the usual words; None where it says neither."""
    word = str(value).strip().lower().removesuffix(".0")
    return word in YES if word in YES | NO else None


def asked(values: dict[str, Any], columns: dict[str, str], cleaner: Cleaner) -> Chat:
    """The prompt of a row as a chat: a list of turns, a text with marked turns, or a text and what is given to it."""
    cell = nested(values.get(columns.get("prompt", "")))
    if is_chat(cell) or is_exchange(cell):
        return read_chat(cell, cleaner)
    if begins_as_transcript(cell) and (chat := turns_in(cell)):
        return chat
    parts = [cleaner.text(cell) if cell is not None else "", cleaner.text(values.get(columns.get("input", ""), ""))]
    text = "\n\n".join(part for part in parts if part.strip())
    return [("user", text)] if text else []


def said(value: Any, prompt: Chat, cleaner: Cleaner) -> tuple[Chat, str]:
    """What comes before an answer, and the answer: a text, a turn, or a chat with or without the prompt inside.

    Raises:
        Unreadable: the chat does not end with an answer.
    """
    value = nested(value)
    if isinstance(value, dict):
        value = [value]
    if is_chat(value) or is_exchange(value):
        chat = read_chat(value, cleaner)
    elif begins_as_transcript(value):
        chat = turns_in(value)
    else:
        return prompt, cleaner.answer(value)
    if chat[-1][0] != "assistant":
        raise Unreadable("no pair", "a side does not end with an answer of the assistant")
    return (chat[:-1] if any(role == "user" for role, _ in chat) else prompt), chat[-1][1]


def names_a_side(value: Any, first: str, second: str) -> bool:
    """Whether a cell names one of two columns, by the name or by what it ends with (0, 1, a, b)."""
    return _side(value, first, second) is not None


def _second_is_better(value: Any, first: str, second: str) -> bool:
    side = _side(value, first, second)
    if side is None:
        raise Unreadable("no pair", "neither answer is called the better one")
    return side


def _side(value: Any, first: str, second: str) -> bool | None:
    """Whether a cell names the second column rather than the first; None where it names neither."""
    word = str(value).strip().lower().removesuffix(".0")
    for name, answer in ((first.lower(), False), (second.lower(), True)):
        if word and (word == name or word in (name[-1], f"model_{name[-1]}", f"response_{name[-1]}")):
            return answer
    return None
