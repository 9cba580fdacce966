"""Texts with what was found put out of sight: what stands beside it is often found only then.

A tagger that has labelled one name may pass over the next; the search after masking would find it. Each span becomes a
tag as masking would write it, and what is found in the new text is carried back to its place in the old one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from core.privacy.replace import replace as replaced
from core.privacy.spans import Span, resolve


@dataclass(frozen=True)
class Hidden:
    """A text in which spans were hidden; `places` says where the tags stand in it, `ends` where each span ended."""

    text: str = field(repr=False)
    places: tuple[tuple[int, int], ...]
    ends: tuple[int, ...]

    def carried_back(self, spans: Sequence[Span]) -> list[Span]:
        """Spans of the new text as spans of the old one; those that share a character with a tag are left out."""
        return [moved for span in spans if (moved := self._moved(span))]

    def _moved(self, span: Span) -> Span | None:
        shift = 0
        for (start, end), was_end in zip(self.places, self.ends, strict=True):
            if end <= span.start:
                shift = was_end - end
            elif start < span.end:
                return None
        return replace(span, start=span.start + shift, end=span.end + shift)


def hidden(text: str, spans: Sequence[Span]) -> Hidden:
    """`text` with each of the spans as a tag such as `[PERSON_1]`."""
    whole = resolve(spans)
    new = replaced(text, whole, lambda span, value: f"[{span.kind}_1]")
    return Hidden(new.text, new.places, tuple(span.end for span in whole))


class Tagger(Protocol):
    """What reads names in sentences: core/privacy/tagger."""

    def tag(self, texts: Sequence[str]) -> list[list[Span]]:
        """The labelled words of each text."""


class Remembering:
    """A tagger that reads each text once: of a text of which something was hidden, most sentences are as they were."""

    def __init__(self, tagger: Tagger) -> None:
        self._tagger = tagger
        self._labelled: dict[str, list[Span]] = {}

    def tag(self, texts: Sequence[str]) -> list[list[Span]]:
        """The labelled words of each text."""
        new = [text for text in dict.fromkeys(texts) if text not in self._labelled]
        self._labelled.update(zip(new, self._tagger.tag(new), strict=True))
        return [self._labelled[text] for text in texts]
