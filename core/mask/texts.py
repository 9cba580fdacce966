"""What of a row is searched and masked: its texts, and what stands beside them."""

from core.privacy import Span
from core.privacy.kinds import ADDRESS, CITY, ORGANISATION, PERSON
from core.privacy.own import is_own
from core.records import Example

_NAMES = (PERSON, CITY, ORGANISATION, ADDRESS)


def texts(example: Example) -> list[str]:
    """The contents of the messages in order and of a rejected answer, then label, category, group, source and tags."""
    return [content for _, content in example.said]


def said_twice(example: Example) -> int | None:
    """Which of the texts is a label that repeats the answer, and so becomes whatever that becomes; None for none."""
    return len(example.texts) if example.label and example.label == example.answer else None


def counts_in_fact(span: Span, fact: str) -> bool:
    """Whether what was found in a label, category, group, source or tag is taken for personal data.

    There, without a sentence around it, a single word tells no name from an ordinary one ("Austin", "Will"), unless the
    user's own rules name it.
    """
    return span.kind not in _NAMES or " " in fact[span.start : span.end].strip() or is_own(span)
