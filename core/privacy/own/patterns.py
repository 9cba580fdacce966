"""Patterns that a user wrote: searched with a bound on time, since they could run for ever."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import regex

from core.privacy.spans import Span

NEAR = 100  # characters on either side in which a context word must stand
# A sound pattern takes below 0.2 s for a million characters; these bounds are far above it.
PATTERN = "your own pattern for"  # a reason
TEXT_SECONDS = 0.1
SECONDS_A_CHARACTER = 1e-6
ALL_SECONDS = 2.0
ALL_SECONDS_A_CHARACTER = 4e-6


def expression(pattern: str) -> "regex.Pattern[str]":
    """A compiled pattern, with a group called `value` if only a part of it is what was looked for.

    Raises `regex.error`, with the position and the reason.
    """
    try:
        return regex.compile(pattern, regex.VERSION0)
    except RecursionError as error:
        raise regex.error("too many brackets in each other", pattern, 0) from error


def nearby(words: Sequence[str]) -> re.Pattern[str] | None:
    """What finds any of the words, whole and in any case; None if there are none."""
    if not words:
        return None
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE)


@dataclass
class Pattern:
    """The expressions of one kind. `line` is where they stand among the rules; `context` must be found near."""

    kind: str
    score: float
    line: int
    expressions: tuple["regex.Pattern[str]", ...] = field(repr=False)
    context: re.Pattern[str] | None = field(repr=False, default=None)
    _spent: float = 0.0
    _allowed: float = ALL_SECONDS

    def find(self, text: str) -> list[Span]:
        """Where it stands in `text`. Raises `TimeoutError` if it takes too long on this text or on all so far."""
        self._allowed += len(text) * ALL_SECONDS_A_CHARACTER
        seconds = min(TEXT_SECONDS + len(text) * SECONDS_A_CHARACTER, self._allowed - self._spent)
        begin = time.thread_time()
        found = [span for one in self.expressions for span in self._spans(one, text, seconds)]
        self._spent += time.thread_time() - begin
        return found

    def _spans(self, one: "regex.Pattern[str]", text: str, seconds: float) -> list[Span]:
        if seconds <= 0:
            raise TimeoutError
        group = "value" if "value" in one.groupindex else 0
        places = (match.span(group) for match in one.finditer(text, timeout=seconds))
        found = [(start, end) for start, end in places if 0 <= start < end]
        reason = f"{PATTERN} {self.kind}"
        if self.context:
            found = [place for place in found if self._is_near(text, *place)]
            reason += ", with a word of its context near"
        return [Span(start, end, self.kind, self.score, reason) for start, end in found]

    def _is_near(self, text: str, start: int, end: int) -> bool:
        assert self.context
        before = self.context.search(text, max(0, start - NEAR), start)
        return bool(before or self.context.search(text, end, end + NEAR))
