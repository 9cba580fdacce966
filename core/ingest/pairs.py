"""Rows of a prompt and an answer in columns of their own: whole columns at a time, since most files are like this."""

from dataclasses import dataclass
from typing import Any, TypeVar

from core.ingest.cells import Cleaner, Unreadable
from core.ingest.chat import history, is_chat, read_chat
from core.ingest.made import Made
from core.ingest.preference import said

Value = TypeVar("Value")

# Of each shape: the columns that make the prompt, in their order, and the one that makes the answer.
FLAT = {
    "alpaca": (("instruction", "input"), "output"),
    "dolly": (("instruction", "context"), "response"),
    "prompt_completion": (("prompt",), "completion"),
    "question_answer": (("context", "question"), "answer"),
    "text_label": (("text", "text_pair"), "label"),
}
ASKED = {shape: asked[-1] if shape == "question_answer" else asked[0] for shape, (asked, _) in FLAT.items()}


@dataclass(frozen=True)
class Pairs:
    """Prompts and answers of the rows of a batch, and which rows (by place) hold nothing at all."""

    prompts: list[str]
    answers: list[str]
    empty: list[int]

    def without(self, values: list[Value]) -> list[Value]:
        """Of values for each row, those of the rows that hold something."""
        left_out = set(self.empty)
        return [value for place, value in enumerate(values) if place not in left_out]

    def without_empty(self) -> "Pairs":
        """The rows that hold something."""
        return Pairs(self.without(self.prompts), self.without(self.answers), [])


def pairs_of(shape: str, rows: list[dict[str, Any]], columns: dict[str, str], cleaner: Cleaner) -> Pairs:
    """Prompt and answer of every row; the parts of a prompt are joined with a blank line."""
    asked, answer = FLAT[shape]
    prompts: list[str] = []
    for name in (name for name in asked if name in columns):
        texts = cleaner.texts(_cells(rows, columns[name]))
        prompts = list(map(_joined, prompts, texts)) if prompts else texts
    answers = cleaner.texts(_cells(rows, columns[answer]), answers=True)
    both = zip(prompts, answers, strict=True)
    return Pairs(prompts, answers, [place for place, (prompt, answer) in enumerate(both) if _blank(prompt, answer)])


def holds_turns(shape: str, rows: list[dict[str, Any]], columns: dict[str, str]) -> bool:
    """Whether some prompts are lists of turns."""
    return any(type(cell) is list and is_chat(cell) for cell in _cells(rows, columns[ASKED[shape]]))


def one_by_one(shape: str, row: dict[str, Any], columns: dict[str, str], cleaner: Cleaner) -> list[Made]:
    """The example of a row whose prompt may be a list of turns. Raises `Unreadable`."""
    cell = row.get(columns[ASKED[shape]])
    if type(cell) is list and is_chat(cell):
        before, answer = said(row.get(columns[FLAT[shape][1]]), read_chat(cell, cleaner), cleaner)
        return [Made([*before, ("assistant", answer)])]
    pairs = pairs_of(shape, [row], columns, cleaner)
    if pairs.empty:
        raise Unreadable("empty row", no_text_in(columns))
    return with_history((row, pairs.prompts[0], pairs.answers[0]), columns, cleaner)


def no_text_in(columns: dict[str, str]) -> str:
    """Why a row with nothing in it is no example."""
    return f"there is no text in {', '.join(f'“{column}”' for column in columns.values())}"


def with_history(item: tuple[dict[str, Any], str, str], columns: dict[str, str], cleaner: Cleaner) -> list[Made]:
    """The example of a row, its prompt and its answer, with the turns that went before. Raises `Unreadable`."""
    row, prompt, answer = item
    before = history(row.get(columns["history"]), cleaner) if "history" in columns else []
    return [Made([*before, ("user", prompt), ("assistant", answer)])]


def _cells(rows: list[dict[str, Any]], column: str) -> list[Any]:
    return [row.get(column, "") for row in rows]


def _joined(first: str, second: str) -> str:
    if not second or second.isspace():
        return first
    return f"{first}\n\n{second}" if first and not first.isspace() else second


def _blank(prompt: str, answer: str) -> bool:
    return (not answer or answer.isspace()) and (not prompt or prompt.isspace())
