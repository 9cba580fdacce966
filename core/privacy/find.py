"""Text to spans: every recogniser over a text."""

from collections.abc import Callable, Iterator
from functools import lru_cache

from core.privacy.kinds import KINDS, SEARCHED
from core.privacy.spans import Span, resolve

# Raised when a recogniser changes, so that findings kept on disk are made again.
RULES = 5

Recogniser = Callable[[str], Iterator[Span]]


def find_all(text: str, kinds: frozenset[str] = frozenset(KINDS)) -> list[Span]:
    """Every span that a recogniser found, in order of place; they may overlap, and some may be of other kinds.

    Who keeps one kind and masks another needs them all: a phone number may stand within an e-mail address.
    """
    return sorted(span for recogniser in _asked(kinds) for span in recogniser(text)) if text else []


@lru_cache(maxsize=16)
def _asked(kinds: frozenset[str]) -> tuple[Recogniser, ...]:
    # Imported when first needed: compiling their patterns takes a third of a second, and the window opens without them.
    from core.privacy.recognisers.all import OFFERED, RECOGNISERS

    return tuple(one for one in RECOGNISERS if one not in OFFERED or OFFERED[one] in kinds)


def find(text: str) -> list[Span]:
    """The personal data in `text` of the kinds that are searched by default: spans in order, none overlapping."""
    return resolve(span for span in find_all(text, SEARCHED) if span.kind in SEARCHED)
