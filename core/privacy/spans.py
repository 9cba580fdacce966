"""Where personal data stands in a text, and how overlapping places become one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.privacy.kinds import KINDS


@dataclass(frozen=True, order=True)
class Span:
    """A place in a text: `start` and `end` in characters, the kind, a score from 0 to 1 and the reason in words.

    It never holds the text itself, so that it can be printed, logged and stored.
    """

    start: int
    end: int
    kind: str
    score: float
    reason: str

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


def resolve(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, none overlapping: those that share a character become one that covers them all.

    The union is taken, and not the longest or the best, so that no character of a weaker span is left over.
    """
    resolved: list[Span] = []
    for span in sorted(spans):
        if resolved and span.overlaps(resolved[-1]):
            resolved[-1] = _union(resolved[-1], span)
        else:
            resolved.append(span)
    return resolved


def _union(first: Span, second: Span) -> Span:
    strongest = min(first, second, key=lambda span: (KINDS.index(span.kind), -span.score))
    return replace(strongest, start=first.start, end=max(first.end, second.end))
