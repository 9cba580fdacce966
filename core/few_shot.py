"""Few-shot examples: rows shown in a prompt, so that a model that was not tuned can be asked fairly."""

from collections.abc import Sequence

from core.records import Example, Message


def with_examples(shots: Sequence[Example], chat: Sequence[Message]) -> list[Message]:
    """The chat with the examples before it, as turns that were already answered, behind its own system prompt."""
    opening = [message for message in chat[:1] if message.role == "system"]
    shown = [message for shot in shots for message in shot.messages if message.role != "system"]
    return [*opening, *shown, *chat[len(opening) :]]
