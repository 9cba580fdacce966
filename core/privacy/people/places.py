"""From labelled words to postal addresses and cities."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from core.privacy.kinds import ADDRESS, CITY
from core.privacy.recognisers.address.words import AFTER_A_NAME, ENDINGS
from core.privacy.spans import Span

ADDRESS_LABELS = frozenset({"BUILDING_NUMBER", "STREET_NAME", "SECONDARY_ADDRESS", "CITY", "STATE", "ZIP_CODE"})
LEAST_SCORE = 0.5
LEAST_CODE_SCORE = 0.8
SIGHT = 32

# Postal codes with a form of their own: US, most of Europe, Britain, Canada, the Netherlands, Poland, Portugal, Brazil.
_CODE = re.compile(
    r"\d{5}(?:-\d{4})?|\d{3} \d{2}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2}|"
    r"\d{2}-\d{3}|"
    r"\d{4}-\d{3}|\d{5}-\d{3}",
    re.IGNORECASE,
)
_SHORT_CODE = re.compile(r"\d{3,6}")
# What is numbered, and no street: “Port 443”, “Chapter 12”, “Dell XPS 13”.
_NUMBERED = re.compile(
    r"(?:ports?|ext|extension|page|pages|version|chapter|step|figure|fig|error|line|lines|section|table|issue|ticket|order|invoice|"
    r"article|volume|vol|episode|season|level|phase|grade|class|type|model|windows|iphone|galaxy|dell|hp|http|"
    r"https|tcp|"
    r"udp|tls|ssl|ssh|code|status|row|column|day|week|year|question|item|note|psalm|opus|flight|bus|platform|gate|seat|"
    r"channel|lesson|unit test|exit code|pid|release|build|point|bullet|bullet point|stop|claim|return|option|"
    r"rule|part|task|"
    r"problem|exercise|example|test|player|team|group|room|camp|world war|serie|series|mark)(?![^\W_])",
    re.IGNORECASE,
)
_BEYOND_A_STREET = {"CITY", "STATE", "ZIP_CODE", "SECONDARY_ADDRESS"}
_HOUSE_NUMBER = re.compile(r"[\d-]{1,6}(?:/\d{1,4})?[A-Za-z]?\.?|\d{1,3}(?:st|nd|rd|th)")
_LEADS_TO_A_STREET = re.compile(
    r"(?:\b(?:at|on|onto|corner of|lives?|living|side of|address|street|home|office|house|moved to|deliver to|"
    r"ship to|sent? to|"
    r"wohn\w{1,4}(?: in der| im| am| an der)?|adresse|anschrift|habite|vivo en|abito in|moro na|mieszkam na|bor på|"
    r"asun|near|nahe|restaurant is|station is|pick up at)(?: is| are| was)?[ \t]?:?)\s{0,3}[\"']?(?:the )?$",
    re.IGNORECASE,
)
_IS_A_SUM = re.compile(r" ?(?:[€$£%]|EUR|USD|GBP|km|kg|mm|cm|GB|MB|ml|pcs)")
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
    """Whether a street with a number, a unit with a number, or a postal code with a town is in it."""
    words = [text[part.start : part.end] for part in group]
    numbered = any(character.isdigit() for word in words for character in word)
    if not numbered or _NUMBERED.match(text, group[0].start):
        return False
    if "STREET_NAME" in kinds and len(group) > 1:
        return bool(kinds & _BEYOND_A_STREET) or _is_said_to_be_one(text, group, words)
    if "SECONDARY_ADDRESS" in kinds and any(len(word) > 2 for word in words):
        return True
    codes = [part for part in group if part.kind == "ZIP_CODE" and part.score >= LEAST_CODE_SCORE]
    written = text[codes[0].start : codes[-1].end] if codes and kinds & {"CITY", "STATE"} else ""
    return bool(_CODE.fullmatch(written)) or ("CITY" in kinds and bool(_SHORT_CODE.fullmatch(written)))


def _is_said_to_be_one(text: str, group: Sequence[Span], words: Sequence[str]) -> bool:
    """Whether a name and a number alone are a street by what stands before them, or by a word for streets.

    “Sputnik 2” and “Lenovo ThinkPad X1” are read as streets as well.
    """
    if not all(_HOUSE_NUMBER.fullmatch(word) for word in words if any(map(str.isdigit, word))):
        return False
    if any(word.lower().rstrip(".") in AFTER_A_NAME or word.lower().endswith(ENDINGS) for word in words):
        return True
    start, end = group[0].start, group[-1].end
    return bool(_LEADS_TO_A_STREET.search(text[max(0, start - SIGHT) : start])) and not _IS_A_SUM.match(text, end)
