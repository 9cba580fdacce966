"""Spans to text: put something else where personal data stood, and leave every other character as it is."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from core.privacy.kinds import KINDS
from core.privacy.spans import Span
from core.privacy.values import fold

_TAG = re.compile(r"\[(" + "|".join(KINDS) + r")_([0-9]{1,6})\]")


@dataclass(frozen=True)
class Replaced:
    """The new text, and where in it the replacements stand (start and end, in order)."""

    text: str = field(repr=False)
    places: tuple[tuple[int, int], ...]

    def covers(self, span: Span) -> bool:
        """Whether nothing but signs and spaces of `span`, a place in the new text, lies outside the replacements."""
        inside = [range(max(start, span.start), min(end, span.end)) for start, end in self.places]
        covered = {index for part in inside for index in part}
        return not any(self.text[i].isalnum() for i in range(span.start, span.end) if i not in covered)


def replace(text: str, spans: Iterable[Span], replacement: Callable[[Span, str], str]) -> Replaced:
    """`text` with `replacement(span, value)` in the place of every span. Spans must be in order and not overlap."""
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    done = length = 0
    for span in spans:
        new = replacement(span, text[span.start : span.end])
        between = text[done : span.start]
        parts += [between, new]
        places.append((length + len(between), length + len(between) + len(new)))
        length, done = places[-1][1], span.end
    return Replaced("".join([*parts, text[done:]]), tuple(places))


class Tags:
    """Tags such as `[EMAIL_1]` for one row: the same value has the same number, in the order of first appearance.

    Numbers go on after those of tags that already stand in the texts, so that a text can be masked twice.
    """

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._last = dict.fromkeys(KINDS, 0)
        self._given: dict[tuple[str, str], str] = {}
        for text in texts:
            for kind, number in _TAG.findall(text):
                self._last[kind] = max(self._last[kind], int(number))

    def tag(self, kind: str, value: str) -> str:
        """The tag of a value."""
        key = (kind, fold(kind, value))
        if key not in self._given:
            self._last[kind] += 1
            self._given[key] = f"[{kind}_{self._last[kind]}]"
        return self._given[key]
