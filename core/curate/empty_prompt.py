"""Rows with a user turn that says nothing: there is no question that the answer belongs to."""

from core.curate.blank import is_blank
from core.records import Dataset, Problem

NAME = "empty prompt"


def find(dataset: Dataset) -> list[Problem]:
    """Rows with an empty user turn, by its number."""
    found = []
    for example in dataset:
        users = [n for n, message in enumerate(example.messages, 1) if message.role == "user"]
        empty = [number for number in users if is_blank(example.messages[number - 1].content)]
        if empty:
            reason = "the prompt is empty" if len(users) == 1 else f"turn {empty[0]}, the user's, is empty"
            found.append(Problem(example.row, NAME, reason, example.id))
    return found
