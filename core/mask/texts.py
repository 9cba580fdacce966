"""What of a row is searched and masked."""

from core.records import Example


def texts(example: Example) -> list[str]:
    """The contents of the messages in order, and of a rejected answer."""
    return [content for _, content in example.texts]
