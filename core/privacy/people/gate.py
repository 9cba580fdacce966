"""Which parts of a text deserve the tagger: those with a word that may be a name, or a number that may be an address.

About a quarter of ordinary instruction text passes, which makes the search three to four times as fast.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from core.privacy.people import cues
from core.privacy.people.code import is_compound
from core.privacy.people.words import (
    LONGEST_WORD,
    SHORTEST_WORD,
    WORD,
    Standing,
    counts,
    folded,
    is_given_and_a_word,
    pseudo_latin,
    standing,
)
from core.privacy.plain import caseless, for_caseless

# A sentence ends at a mark before a capital, but not behind an initial or a title; a line ends at its end.
_SENTENCE_END = re.compile(
    r"(?<=[.!?…])(?<!\b[A-Z])(?<!\b(?:Mr|Ms|Dr|St|Sr|Jr|Co))(?<!\b(?:Mrs|Sra|Inc|Ltd))[\"'”’)]{0,2}\s{1,4}(?=[\"'“‘(¿¡]?[A-ZÀ-ÞŁŚŻŠČŽ0-9])"
)
_LETTERS = re.compile(r"[^\W\d_]{3,40}")
_LINE = re.compile(r"[^\n]+")
SHORT_LINE = 60
LONGEST_BLOCK = 360
ADDRESS_REACH = 30  # characters between a word for streets and its number
FEWEST_FILLERS = 2  # words of filler text
RARELY_COUNT = 2500  # “topic” 7900, “beta” 3331; “jane” 2921, “rachel” 2786, “james” 2698

_ADDRESS = for_caseless(
    r"\b(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|square|sq|terrace|highway|"
    r"hwy|parkway|way|apt|apartment|suite|unit|flat|floor|p\.? ?o\.? box|box|postbox|psc|apo|fpo|dpo|zip|postcode|"
    r"postal|plz|address|adresse|dirección|indirizzo|endereço|rue|rua|calle|via|viale|piazza|plaza|avenida|avda|"
    r"ul|ulica|str|straße|strasse|platz|weg|allee|gasse|laan|straat|gade|vej|gata|gatan|vägen|katu|tie|utca|út)\b"
)
_NUMBER_BESIDE_WORD = re.compile(
    r"(?<![\d$€£.,:/*+=-])(?!(?:1[5-9]|20)\d\d\b)\d{1,5}[A-Za-z]?,? [A-ZÀ-ÞŁŚŻŠČŽ][^\W\d_]{2,30}|"
    r"(?<![^\W\d_])[^\W\d_]{4,30}+\.? (?!(?:1[5-9]|20)\d\d\b)\d{1,4}[A-Za-z]?\b(?![.,]?\d|%| ?[-+*/=°]| [a-z]{3,20}\b)"
)
_DIGIT_NEAR = re.compile(r"\d")
_LONG_NUMBER = re.compile(r"(?<![\d.,$])\d[\d -]{5,20}\d(?![\d.,]\d)")


def blocks(text: str, start: int, end: int, everywhere: bool) -> list[tuple[int, int]]:
    """The parts of `text[start:end]` to be read, in order and none overlapping; `everywhere` means all of it."""
    parts: list[tuple[int, int]] = []
    may_introduce = cues.may_introduce(text)
    for part in _parts(text, start, end):
        if (everywhere or _deserves(text[part[0] : part[1]], may_introduce)) and not is_filler(text[part[0] : part[1]]):
            if parts and parts[-1][1] >= part[0] - 2 and part[1] - parts[-1][0] <= LONGEST_BLOCK:
                parts[-1] = (parts[-1][0], part[1])
            else:
                parts.append(part)
    return parts


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Sentences, and neighbouring short lines together, as forms, addresses and signatures have them."""
    form: tuple[int, int] | None = None
    for line in _LINE.finditer(text, start, end):
        first, last = line.span()
        if last - first <= SHORT_LINE:
            if form and first - form[1] <= 2 and last - form[0] <= LONGEST_BLOCK:
                form = (form[0], last)
            else:
                if form:
                    yield form
                form = (first, last)
            continue
        if form:
            yield form
            form = None
        yield from _sentences(text, first, last)
    if form:
        yield form


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _SENTENCE_END.finditer(text, start, end):
        yield start, match.end()
        start = match.end()
    if start < end:
        yield start, end


def is_filler(part: str) -> bool:
    """Whether most of a part of a text is “lorem ipsum”."""
    words = [word.lower() for word in _LETTERS.findall(part)]
    return len(words) >= FEWEST_FILLERS and 2 * sum(map(pseudo_latin().__contains__, words)) > len(words)


def _deserves(part: str, may_introduce: bool) -> bool:
    if any(map(any, map(_suspicions, WORD.findall(part)))) and _has_name(part):
        return True
    return _has_number_of_interest(part) or (may_introduce and cues.introduces(part))


def _has_name(part: str) -> bool:
    lower = part.islower()
    expected = True  # that a word is capitalised, because a sentence begins
    place = 0
    for match in WORD.finditer(part):
        word = match.group()
        between = part[place : match.start()]
        place = match.end()
        expected = expected or "." in between or "\n" in between or ":" in between
        stands_out, at_start, in_lower, in_lower_text = _suspicions(word)
        if in_lower or (stands_out and (at_start or not expected)) or (lower and in_lower_text):
            return True
        expected = False
    return False


@lru_cache(maxsize=100_000)
def _suspicions(word: str) -> tuple[bool, bool, bool, bool]:
    """Whether a word may be a name: capitalised within a sentence, at its start, in lower case, in all lower case."""
    if not SHORTEST_WORD <= len(word) <= LONGEST_WORD:
        return False, False, False, False
    plain = folded(word)
    stands = standing(plain)
    listed = stands in (Standing.GIVEN, Standing.SURNAME, Standing.ALSO_A_PLACE)
    if any(map(str.isupper, word[:4])):
        # Acronyms and product names, of which texts are full: “HTML”, “GPU”, “iOS”, “JavaScript”.
        new = stands in (Standing.UNKNOWN, Standing.RARE) and not (len(word) < 6 and word[1:2].isupper())
        new = new and not is_compound(word)
        also = stands is Standing.ALSO_A_WORD and is_given_and_a_word(plain)
        return listed or new or also, listed or (new and stands is Standing.UNKNOWN), False, False
    rarely_a_word = counts().get(plain, 0) < RARELY_COUNT
    given = stands is Standing.GIVEN and rarely_a_word
    in_lower = (listed and rarely_a_word) or stands is Standing.UNKNOWN
    return False, False, given, in_lower or (stands is Standing.ALSO_A_WORD and is_given_and_a_word(plain))


def _has_number_of_interest(part: str) -> bool:
    if not any(map(part.__contains__, "0123456789")):
        return False
    if _LONG_NUMBER.search(part) or any(
        _DIGIT_NEAR.search(part, *_around(word)) for word in _ADDRESS.finditer(caseless(part))
    ):
        return True
    return any(_is_no_word(match.group()) for match in _NUMBER_BESIDE_WORD.finditer(part))


def _around(word: re.Match[str]) -> tuple[int, int]:
    return max(0, word.start() - ADDRESS_REACH), word.end() + ADDRESS_REACH


def _is_no_word(beside: str) -> bool:
    """Whether the word beside a number is one that a street may be called by, and not as in “Step 4”, “2 eggs”."""
    return any(standing(folded(word)) is not Standing.ORDINARY for word in _LETTERS.findall(beside))
