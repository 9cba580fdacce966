"""Chats out of order. Expected: an optional system turn, then user and assistant in turns, the assistant last."""

from core.records import Dataset, Message, Problem

NAME = "role order"


def find(dataset: Dataset) -> list[Problem]:
    """Rows whose roles break the order, with the first turn that does."""
    found = []
    for example in dataset:
        if reason := _reason(example.messages):
            found.append(Problem(example.row, NAME, reason, example.id))
    return found


def _reason(messages: tuple[Message, ...]) -> str:
    roles = [message.role for message in messages]
    system = 1 if roles[:1] == ["system"] else 0
    for number, role in enumerate(roles[system:], system + 1):
        expected = ("user", "assistant")[(number - system - 1) % 2]
        if role != expected:
            return f"turn {number} is from the {role}, but the {expected} is next"
    if roles[-1:] != ["assistant"]:
        return "the chat ends without an answer of the assistant"
    return ""
