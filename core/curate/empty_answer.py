"""Rows with an assistant turn that says nothing: the model would learn to stop at once."""

from core.curate.blank import is_blank
from core.records import Dataset, Example, Problem

NAME = "empty answer"


def find(dataset: Dataset) -> list[Problem]:
    """Rows with an empty assistant turn, with its number where the chat has several."""
    found = []
    for example in dataset:
        if reason := _reason(example):
            found.append(Problem(example.row, NAME, reason, example.id))
    return found


def _reason(example: Example) -> str:
    for number, message in enumerate(example.messages, 1):
        if message.role == "assistant" and is_blank(message.content):
            last = number == len(example.messages)
            return "the answer is empty" if last else f"turn {number}, an answer, is empty"
    return ""
