"""Where personal data stands in a text, and how overlapping places become one."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from core.privacy.kinds import ADDRESS, KINDS, SOFT

NEAREST = 8  # spans of one kind that may overlap each other
_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


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


def rank(kind: str) -> int:
    """The strength of a kind, 0 the strongest; a kind of the user's own rules is stronger than all but secrets."""
    return _RANK.get(kind, 0)


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


def trimmed(text: str, spans: Iterable[Span]) -> list[Span]:
    """The spans in order, the soft ones without what a firm one says better.

    What is left of a person on either side of an e-mail address stays a person. A rest without a letter goes, one of a
    postal address without a digit, and a soft span wholly within a stronger one, such as the name in that of a street.
    """
    every = sorted(spans)
    firm = [span for span in every if span.kind not in SOFT]
    whole = resolve(firm)
    soft = [rest for span in every if span.kind in SOFT for rest in _outside(text, span, whole)]
    return sorted([*firm, *_not_within(soft)])


def _not_within(soft: Sequence[Span]) -> Iterator[Span]:
    """The spans without those that lie within one of a stronger kind."""
    by_kind: dict[str, list[Span]] = {}
    for span in sorted(soft, key=lambda span: rank(span.kind)):
        stronger = [one for kind, spans in by_kind.items() if kind != span.kind for one in _around(spans, span)]
        if not stronger:
            by_kind.setdefault(span.kind, []).append(span)
            yield span


def _around(spans: Sequence[Span], inner: Span) -> list[Span]:
    """Those of `spans` (in order) that hold the whole of `inner`."""
    begun = spans[: bisect_right(spans, inner.start, key=lambda one: one.start)]
    return [one for one in begun[-NEAREST:] if one.end >= inner.end]


def _outside(text: str, span: Span, firm: Sequence[Span]) -> Iterator[Span]:
    """What `firm` (in order, none overlapping) leaves of a span."""
    start = span.start
    nearest = bisect_right(firm, span.start, key=lambda one: one.end)
    if nearest == len(firm) or firm[nearest].start >= span.end:
        yield span
        return
    for other in firm[nearest:]:
        if other.start >= span.end:
            break
        yield from _bare(text, replace(span, start=start, end=max(start, other.start)))
        start = other.end
    yield from _bare(text, replace(span, start=min(start, span.end)))


def _bare(text: str, span: Span) -> Iterator[Span]:
    """The span without signs and spaces at its ends; nothing if no letter is left."""
    start, end = span.start, span.end
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] == "."):
        end -= 1
    rest = text[start:end]
    is_whole = span.kind != ADDRESS or any(map(str.isdigit, rest))
    if any(map(str.isalpha, rest)) and is_whole:
        yield replace(span, start=start, end=end)


def _union(first: Span, second: Span) -> Span:
    strongest = min(first, second, key=lambda span: (rank(span.kind), -span.score))
    return replace(strongest, start=first.start, end=max(first.end, second.end))
