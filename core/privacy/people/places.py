"""From labelled words to postal addresses and cities."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from core.privacy.kinds import ADDRESS, CITY
from core.privacy.spans import Span

ADDRESS_LABELS = frozenset({"BUILDING_NUMBER", "STREET_NAME", "SECONDARY_ADDRESS", "CITY", "STATE", "ZIP_CODE"})
LEAST_SCORE = 0.5
LEAST_CODE_SCORE = 0.8

# Postal codes with a form of their own: US, most of Europe, Britain, Canada, the Netherlands, Poland, Portugal, Brazil.
_CODE = re.compile(
    r"\d{5}(?:-\d{4})?|\d{3} \d{2}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2}|"
    r"\d{2}-\d{3}|"
    r"\d{4}-\d{3}|\d{5}-\d{3}",
    re.IGNORECASE,
)
_SHORT_CODE = re.compile(r"\d{3,6}")
_BETWEEN = re.compile(r"[ \u00a0\r\n,;.#/()>-]{0,8}")


def read_places(text: str, labelled: Sequence[Span]) -> Iterator[Span]:
    """Postal addresses, and the cities that are not part of one, from the labelled words of `text`."""
    group: list[Span] = []
    for part in _parts(labelled):
        if group and not _BETWEEN.fullmatch(text, group[-1].end, part.start):
            yield from _place(text, group)
            group = []
        group.append(part)
    yield from _place(text, group)


def _parts(labelled: Sequence[Span]) -> Iterator[Span]:
    """The words that are part of an address, each once with its likeliest label and the sum of all their scores."""
    some = (span for span in labelled if span.kind in ADDRESS_LABELS)
    for _, spans in groupby(some, key=lambda span: span.start):
        same = list(spans)
        score = min(1.0, sum(span.score for span in same))
        if score >= LEAST_SCORE:
            yield replace(max(same, key=lambda span: span.score), score=score)


def _place(text: str, group: Sequence[Span]) -> Iterator[Span]:
    kinds = {part.kind for part in group}
    score = round(sum(part.score for part in group) / len(group), 3) if group else 0.0
    if _is_address(text, group, kinds):
        yield Span(group[0].start, group[-1].end, ADDRESS, score, "the tagger reads it as a postal address")
    else:
        for part in group:
            if part.kind == "CITY":
                yield Span(part.start, part.end, CITY, round(part.score, 3), "the tagger reads it as a city")


def _is_address(text: str, group: Sequence[Span], kinds: set[str]) -> bool:
    """Whether a street with a number, a unit with a number, or a zip code is in it."""
    numbered = any(character.isdigit() for part in group for character in text[part.start : part.end])
    if "STREET_NAME" in kinds:
        return numbered and len(group) > 1
    if "SECONDARY_ADDRESS" in kinds and numbered and any(len(text[part.start : part.end]) > 2 for part in group):
        return True
    codes = [part for part in group if part.kind == "ZIP_CODE" and part.score >= LEAST_CODE_SCORE]
    written = text[codes[0].start : codes[-1].end] if codes else ""
    return bool(_CODE.fullmatch(written)) or ("CITY" in kinds and bool(_SHORT_CODE.fullmatch(written)))
