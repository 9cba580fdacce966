"""The parts of a text around words that announce something: slow patterns read these parts and not the whole text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from core.privacy.plain import lowered
from core.privacy.spans import Span

_LONGEST_WORD = 64  # characters by which a part grows to a space, so that no word is cut


def listed(text: str) -> tuple[str, ...]:
    """The pieces of a list with commas, over several indented lines; other spaces belong to the pieces."""
    return tuple("".join(line.removeprefix("    ") for line in text.strip("\n").splitlines()).split(","))


def lower(text: str) -> str:
    """`text` in lower case and of the same length, so that places in it are places in `text`."""
    low = lowered(text)
    return low if len(low) == len(text) else text.replace("İ", "i").lower()


def near(text: str, cue: re.Pattern[str], before: int = 80, after: int = 200) -> Iterator[tuple[int, str]]:
    """Where each part begins, and the part: `before` and `after` characters around the places of `cue`.

    `cue` is searched in the text in lower case. Parts that would overlap are one.
    """
    start = end = -1
    for match in cue.finditer(lower(text)):
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
