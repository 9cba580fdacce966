"""The parts of a text around words that announce something: slow patterns read these parts and not the whole text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from core.privacy.clues import Starts
from core.privacy.plain import lower
from core.privacy.spans import Span

_REACH = 100  # characters, more than the name of a field or a list has
_LONGEST_WORD = 64  # characters by which a part grows to a space, so that no word is cut


def matches(pattern: re.Pattern[str], text: str, at: Iterable[int]) -> Iterator[re.Match[str]]:
    """What `finditer` gives for a pattern that can only begin at one of the places `at`, which are in order."""
    done = 0
    for place in at:
        match = pattern.match(text, place) if place >= done else None
        if match:
            done = match.end()
            yield match


def starts_before(sign: re.Pattern[str], start: re.Pattern[str], text: str) -> Iterator[int]:
    """The beginning of `text` and the ends of `start` in it, of these the ones that are soon followed by `sign`."""
    for place in (0, *(match.end() for match in start.finditer(text))):
        if sign.search(text, place, place + _REACH):
            yield place


def near(
    text: str, cue: re.Pattern[str], before: int = 80, after: int = 200, starts: Starts | None = None
) -> Iterator[tuple[int, str]]:
    """Where each part begins, and the part: `before` and `after` characters around the places of `cue`.

    `cue` is searched in the text in lower case, or only where one of `starts` stands. Parts that would overlap are one.
    """
    start = end = -1
    low = lower(text)
    for match in matches(cue, low, starts.places(low)) if starts else cue.finditer(low):
        if match.start() - before > end >= 0:
            yield _whole_words(text, start, end)
            start = -1
        start = max(0, match.start() - before) if start < 0 else start
        end = match.end() + after
    if end >= 0:
        yield _whole_words(text, start, end)


def _whole_words(text: str, start: int, end: int) -> tuple[int, str]:
    start = max(text.rfind(" ", max(0, start - _LONGEST_WORD), start), start - _LONGEST_WORD, 0)
    space = text.find(" ", end, end + _LONGEST_WORD)
    return start, text[start : space if space >= 0 else end + _LONGEST_WORD]


def moved(spans: Iterable[Span], by: int) -> Iterator[Span]:
    """Spans of a part as spans of the text, in which the part begins at `by`."""
    for span in spans:
        yield replace(span, start=span.start + by, end=span.end + by)
