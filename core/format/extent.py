"""How far a row reaches in tokens and what of it is learned: enough to say what any maximum would do to it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Ranges = list[tuple[int, int]]

# whole: nothing is cut. cut: something is, and something is still learned. beyond: all answers begin behind the cut.
# empty: there is no answer. refused: the chat template refuses the row.
Fate = Literal["whole", "cut", "beyond", "empty", "refused"]

# Upper ends of the bars, in tokens: wider and wider, so that one very long row does not press all others into one.
ENDS = [32, 64, 96, 128, 192, 256, 384, 512, 768]
ENDS += [end * 2**fold for fold in range(6) for end in (1024, 1536)]


@dataclass(frozen=True)
class Extent:
    """A row's number in its file, its length in tokens, and the ranges of tokens to learn, from the first one on.

    `refused` says why the row cannot be written for the model; empty if it can.
    """

    row: int
    length: int
    learned: Ranges
    refused: str = ""

    def fate(self, max_tokens: int) -> Fate:
        """What becomes of the row if it is cut to so many tokens."""
        if self.refused:
            return "refused"
        if not self.learned:
            return "empty"
        if self.learned[0][0] >= max_tokens:
            return "beyond"
        return "cut" if self.length > max_tokens else "whole"

    def kept(self, max_tokens: int) -> int:
        """Tokens that are left of it."""
        return min(self.length, max_tokens)

    def trained(self, max_tokens: int) -> int:
        """Tokens that are learned of what is left."""
        return sum(max(0, min(end, max_tokens) - start) for start, end in self.learned)


@dataclass(frozen=True)
class Bar:
    """Rows of one range of lengths: those no longer than the maximum, and those that are longer."""

    name: str
    within: int
    longer: int


def bars(lengths: Sequence[int], max_tokens: int) -> list[Bar]:
    """Rows by length: as many of the fixed bars as the longest row and the maximum need, empty ones too."""
    longest = max([max_tokens, *lengths])
    ends = [end for index, end in enumerate(ENDS) if not index or ENDS[index - 1] < longest]
    found = [[0, 0] for _ in range(len(ends) + 1)]
    for length in lengths:
        place = next((index for index, end in enumerate(ends) if length <= end), len(ends))
        found[place][length > max_tokens] += 1
    names = bar_names()
    return [Bar(names[place], *counts) for place, counts in enumerate(found) if place < len(ends) or any(counts)]


def bar_names() -> list[str]:
    """The names of all bars, shortest first."""
    starts = [1, *(end + 1 for end in ENDS)]
    return [f"{start:,}–{end:,}" for start, end in zip(starts, ENDS, strict=False)] + [f"{starts[-1]:,} and more"]


def maximum_that_cuts(lengths: Sequence[int], share: float) -> int:
    """The smallest maximum, in tokens, at which no more than this share of the rows is longer; 0 without rows."""
    ordered = sorted(lengths)
    return ordered[len(ordered) - math.floor(share * len(ordered)) - 1] if ordered else 0
