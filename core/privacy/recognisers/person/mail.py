"""Names beside and within e-mail addresses: `Ann Lee <ann@…>`, and "Ann Lee" where ann.lee@… stands as well."""

import re
from collections.abc import Iterator

from core.privacy.kinds import PERSON
from core.privacy.people.words import Standing, folded, standing
from core.privacy.recognisers.person.names import read_name
from core.privacy.spans import Span

_ADDRESS = re.compile(r"(?<![\w.+-])([^\W\d_][\w.'-]{2,63}+)@(?=[\w-])")
_DISPLAY = re.compile(
    r"((?:[^\W\d_][\w'’.-]{0,30},? ){1,4}+)(?=[<(]\s?(?:mailto:)?[\w.+'-]{1,64}@)|"
    r"\"([^\"\n]{3,60})\" ?(?=<[\w.+'-]{1,64}@)"
)
_PART = re.compile(r"[^\W\d_]{2,}")
_ROLES_TEXT = """
    info support sales contact admin administrator hello team office mail email post service help helpdesk noreply reply
    no billing accounts account hr jobs careers press media marketing newsletter news webmaster postmaster root user
    test example customer customers orders order shop store web www abuse security privacy feedback enquiries inquiries
    reservations booking bookings kontakt buchhaltung rechnung contacto the my me your name first last firstname
    lastname john.doe company it dev ops api bot system
"""
_ROLES = frozenset(_ROLES_TEXT.split())
_MOST_ADDRESSES = 200
_POSSIBLE = (Standing.GIVEN, Standing.SURNAME, Standing.ALSO_A_WORD, Standing.UNKNOWN)


def find_by_mail(text: str) -> Iterator[Span]:
    """The display names of e-mail addresses in `text`, and the words of the text that such an address is made of."""
    if "<" in text or "(" in text:
        yield from _display_names(text)
    places: set[tuple[int, int]] = set()
    for first, second in sorted(_pairs(text)):
        both = re.compile(rf"(?<!\w){re.escape(first)}(?: [^\W\d_]\.?)?[ ]{re.escape(second)}(?![\w@])", re.IGNORECASE)
        places.update(match.span() for match in both.finditer(text))
        for part in (first, second):
            places.update(_alone(text, part))
    for start, end in sorted(places):
        yield Span(start, end, PERSON, 0.8, "the name in an e-mail address of this text")


def _display_names(text: str) -> Iterator[Span]:
    for match in _DISPLAY.finditer(text):
        start = match.start(match.lastindex or 0)
        words = match.group(match.lastindex or 0)
        # Of "Contact Ann Lee <" the name is what can be read up to the bracket, the longest first.
        for word in re.finditer(r"\S+", words):
            name = read_name(text, start + word.start())
            is_whole = name is not None and name.end >= start + len(words.rstrip())
            if name and is_whole and name.possible and (name.listed or len(name.words) > 1):
                yield Span(start + word.start(), name.end, PERSON, 0.9, "the display name of an e-mail address")
                break


def _pairs(text: str) -> set[tuple[str, str]]:
    """The first two words of each address that has two, if one could be a name."""
    pairs = set()
    for number, match in enumerate(_ADDRESS.finditer(text)):
        parts = [part.lower() for part in _PART.findall(match.group(1).replace("_", "."))]
        if number >= _MOST_ADDRESSES:
            break
        if len(parts) == 2 and _ROLES.isdisjoint(parts):
            ranks = [standing(folded(part)) for part in parts]
            could_be = any(rank in _POSSIBLE for rank in ranks)
            # Two words of the dictionary are a name if the text writes them together, each with a capital.
            if could_be or " ".join(part.capitalize() for part in parts) in text:
                pairs.add((parts[0], parts[1]))
    return pairs


def _alone(text: str, part: str) -> Iterator[tuple[int, int]]:
    """The places of one part of a name, capitalised, or in lower case if it is no ordinary word."""
    if len(part) < 3:
        return
    is_name = standing(folded(part)) in (Standing.GIVEN, Standing.SURNAME, Standing.UNKNOWN)
    for match in re.finditer(rf"(?<![\w.@+-]){re.escape(part)}(?![\w@+-]|\.\w)", text, re.IGNORECASE):
        if is_name or match.group()[0].isupper():
            yield match.span()
