"""Numbers written in groups, such as `4111 1111 1111 1111 123`: which of the groups belong together."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.privacy.spans import Span

Judge = Callable[[int, int], Span | None]

_GROUP = re.compile(r"\d+")
_BETWEEN_SPACES = re.compile(r"[^ \u00a0]+")
_MOST_CHUNKS = 8  # no country writes a phone or a card in more groups


def only_digits(text: str) -> str:
    """The decimal digits of `text` in ASCII, whatever script they are written in."""
    if text.isascii():
        return "".join(_GROUP.findall(text))
    return "".join(str(int(char)) for char in text if char.isdecimal())


def pick_windows(text: str, runs: re.Pattern[str], digits: range, judge: Judge) -> Iterator[Span]:
    """Non-overlapping spans that `judge(start, end)` accepts, the longest first from each start.

    `runs` matches groups of digits with separators, `digits` says how many a window may have. A window begins and ends
    at an edge of its run or at a space in it, so that a piece of a longer code is never taken, while two numbers side
    by side are told apart.
    """
    for run in runs.finditer(text):
        if run.end() - run.start() < digits.start:
            continue
        chunks = _chunks(text, run.start(), run.end())
        first = 0
        while first < len(chunks):
            for last in _ends(chunks, first, digits):
                span = judge(chunks[first].start, chunks[last].end)
                if span:
                    yield span
                    first = last
                    break
            first += 1


@dataclass(frozen=True)
class _Chunk:
    """The part of a run between two spaces."""

    start: int
    end: int
    digits: int


def _chunks(text: str, start: int, end: int) -> list[_Chunk]:
    parts = _BETWEEN_SPACES.finditer(text, start, end)
    return [_Chunk(part.start(), part.end(), sum(map(str.isdecimal, part.group()))) for part in parts]


def _ends(chunks: list[_Chunk], first: int, digits: range) -> list[int]:
    """The chunks at which a window from `first` may end, the furthest first."""
    ends, total = [], 0
    for last in range(first, min(first + _MOST_CHUNKS, len(chunks))):
        total += chunks[last].digits
        if total in digits:
            ends.append(last)
    return ends[::-1]
