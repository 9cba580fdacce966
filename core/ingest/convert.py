"""A row's values to the messages of an example, by the mapping."""

import math
from collections import Counter
from typing import Any

import orjson

from core.ingest.chat import turn, turns_of
from core.ingest.shapes import Mapping
from core.ingest.source import whole
from core.records import Example, Message


class Unreadable(Exception):
    """A row that is no example; `check` names the kind of problem, the text says why."""

    def __init__(self, check: str, reason: str) -> None:
        super().__init__(reason)
        self.check = check


class Converter:
    """Makes examples of rows, and counts what had to be changed in their texts."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.changed: Counter[str] = Counter()

    def example(self, number: int, values: dict[str, Any]) -> Example:
        """The example of a row. Raises `Unreadable`."""
        label: str | None = None
        if self.mapping.shape in ("messages", "conversations"):
            messages = self._chat(values.get(self.mapping.columns[self.mapping.shape]))
        else:
            texts = {field: self._text(values.get(column)) for field, column in self.mapping.columns.items()}
            if not any(text.strip() for text in texts.values()):
                columns = ", ".join(f"“{column}”" for column in self.mapping.columns.values())
                raise Unreadable("empty row", f"there is no text in {columns}")
            prompt, answer = _pair(self.mapping.shape, texts)
            messages = [Message("user", prompt), Message("assistant", answer)]
            label = texts.get("label") or None
        return Example(f"r{number:06d}", number, tuple(messages), label)

    def notes(self) -> list[str]:
        """Sentences on what was changed, with counts."""
        sentences = {
            "missing": "{} hold NaN, None or null and count as empty.",
            "nul": "NUL characters were removed from {}.",
            "surrogate": "Broken characters (lone surrogates) were replaced by � in {}.",
            "nested": "{} hold a list or an object; it is shown as JSON.",
        }
        cells = {key: f"{count:,} cell" + ("s" if count > 1 else "") for key, count in self.changed.items() if count}
        return [sentence.format(cells[key]) for key, sentence in sentences.items() if key in cells]

    def _chat(self, value: Any) -> list[Message]:
        turns = turns_of(value)
        if not turns:
            reason = "there is no list of turns in this row" if value else "the chat is empty"
            raise Unreadable("empty row" if not value else "unreadable chat", reason)
        messages = []
        for number, part in enumerate(turns, 1):
            try:
                role, content = turn(part)
            except ValueError as error:
                raise Unreadable("unreadable chat", f"turn {number} {error}") from error
            messages.append(Message(role, self._text(content)))
        return messages

    def _text(self, value: Any) -> str:
        """Any cell as a clean text; nothing, NaN and None as an empty one."""
        if value is None or (isinstance(value, float) and math.isnan(value)):
            self.changed["missing"] += 1
            return ""
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        if isinstance(value, list | dict):
            self.changed["nested"] += 1
            value = orjson.dumps(value, default=str).decode()
        return self._clean(value if isinstance(value, str) else str(value))

    def _clean(self, text: str) -> str:
        if "\0" in text:
            self.changed["nul"] += 1
            text = text.replace("\0", "")
        clean = whole(text)
        self.changed["surrogate"] += clean != text
        return clean


def _pair(shape: str, texts: dict[str, str]) -> tuple[str, str]:
    """Prompt and answer; what is given to an instruction follows it after a blank line."""
    if shape in ("alpaca", "dolly"):
        given = texts.get("input" if shape == "alpaca" else "context", "")
        parts = [texts.get("instruction", ""), given]
        prompt = "\n\n".join(part for part in parts if part.strip())
        return prompt, texts.get("output" if shape == "alpaca" else "response", "")
    names = {
        "prompt_completion": ("prompt", "completion"),
        "question_answer": ("question", "answer"),
        "text_label": ("text", "label"),
    }
    prompt_field, answer_field = names[shape]
    return texts.get(prompt_field, ""), texts.get(answer_field, "")
