"""What stands before and behind street and number: the flat, the town and its code, the state and the country."""

import re

from core.privacy.recognisers.address.words import COUNTRIES, PARTICLES, STATE_CODES, STATES, UNIT

# A line may end as two characters in JSON, and may begin with the marks of a quoted mail or a list.
_LINE_END = r"[ \t]{0,3}[,;]?[ \t]{0,3}(?:\r?\n|\\n|<br ?/?>){1,2}[ \t>?|*]{0,12}(?:, )?"
_SEPARATOR = re.compile(rf"{_LINE_END}|[ \t]{{0,2}}[,;(][ \t]{{0,2}}|[ \t]{{1,2}}[-–|·][ \t]{{1,2}}|[ \t]{{1,2}}")
_TOWN_WORD = r"(?:[^\W\d_a-zß-öø-ÿ][\w'’-]{1,24}|St\.)"
_OF = r"(?:am|an der|ob der|sur|de la|de|del|di|do|da|in|upon|of|bei|nad)"
_TOWN = rf"{_TOWN_WORD}(?:[ -](?:{_OF}[ -])?{_TOWN_WORD}){{0,3}}(?: ?\([\w ]{{2,20}}\)|/\w{{2,20}})?"
_GB_CODE, _CA_CODE = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", r"[A-Z]\d[A-Z] ?\d[A-Z]\d"
_IE_CODE, _NL_CODE = r"[A-Z]\d[\dW] ?[A-Z\d]{4}", r"\d{4} ?[A-Z]{2}"
_LONG_CODE = r"\d{5}-\d{3,4}|\d{4}-\d{3}|\d{2}-\d{3}|\d{3} \d{2}|\d{3} \d{3}|\d{6}|\d{5}"
_ANY_CODE = rf"(?:{_GB_CODE}|{_CA_CODE}|{_IE_CODE}|{_NL_CODE}|{_LONG_CODE})"
_PART = re.compile(
    rf"(?P<first>{_GB_CODE}|{_CA_CODE})(?!\w)|(?P<unit>(?i:{UNIT}))|"
    rf"(?:[A-Z]{{1,2}}[- ])?(?P<front>{_ANY_CODE}|\d{{4}})[ ,]{{1,2}}{_TOWN}(?: \d{{1,2}}(?!\w))?|"
    rf"(?P<place>(?i:(?:{STATES})(?!\w)|{STATE_CODES})(?:[ ,-]{{1,3}}(?:{_ANY_CODE}|\d{{4}})(?!\w))?)|"
    rf"(?P<code>(?:[A-Z]{{2}} )?{_ANY_CODE}(?![\w%€$])(?!,\d))|"
    rf"(?P<country>(?i:{COUNTRIES})(?!\w)(?:[ ,]{{1,2}}(?:{_ANY_CODE}|\d{{3,5}})(?!\w))?)"
)
_YEAR = r"(?:1[89]|20)\d\d"
_SHORT_CODE = re.compile(rf"(?!{_YEAR})(?:\d{{4}}|(?<=Dublin )\d{{1,2}})(?!\w|[.,]\d)")
_CODE = re.compile(rf"(?<!\d)(?!{_YEAR}(?!\d))(?:\d{{2}}[- ]?\d{{3}}|\d{{3}} \d\d|[A-Z]\d|\d{{4}})")
_LOWER_TOWN = re.compile(
    rf"[a-z]{{3,20}}(?: [a-z]{{3,20}})?,? (?:(?:{STATES.lower()})(?!\w)(?: \d{{5}})?|[a-z]{{2}} \d{{5}}|\d{{5}})(?!\w)"
)
_LETTERS = r"[^\W\d_](?:[^\W\d_]|['’.-]){0,28}(?!\w)"
_WORDS = re.compile(rf"{_LETTERS}(?: (?:{_LETTERS}|\([\w ]{{2,24}}\))){{0,4}}")
_CLAUSE_END = re.compile(r"\s{0,3}(?:$|[,.;:!?)\"'\n\\|]|(?:and|or|und|et|y|is|was|on)\b)")
_NO_TOWN = re.compile(
    r"(?:tel|phone|fax|e-?mail|mobile|cell|dear|hi|hello|regards|thanks|attn|website|www|http|contact|order|date|name|"
    r"mr|mrs|ms|dr|i|we|he|she|it|they|you|please|my|the|this|that|and|but|then|when|if|for|with|from|on|in|at|job|"
    r"title|company|"
    r"personal|subject|re|zip|postcode|postal|pin|pincode|telefon|handy|office)\b",
    re.IGNORECASE,
)
_BEFORE_NUMBER = re.compile(
    rf"(?<!\w)(?i:{UNIT})[ \t]{{0,2}}[,/]?\s{{0,2}}(?:\n[ \t>?]{{0,8}})?$|(?<!\w)(?i:unit|flat|apt\.?) $"
)
_ONE_MORE_NUMBER = re.compile(r"(?<![\w.,-])\d{1,6}[ \t]{1,2}$")
_MOST_PARTS = 10


def tail(text: str, end: int) -> tuple[int, int]:
    """Where the address that has its street up to `end` ends, and what speaks for an address.

    Nothing (0), a state, a country or a town behind a number that may be a year (1), or a flat or a postal code (2).
    A line or word that could be a town counts if something sure follows it, or if it stands between commas.
    """
    position, weight, after_words = end, 0, False
    for _ in range(_MOST_PARTS):
        gap = _gap(text, position)
        if not gap:
            break
        found = _PART.match(text, gap.end()) or _LOWER_TOWN.match(text, gap.end())
        if not found and after_words:
            found = _SHORT_CODE.match(text, gap.end())
        if found:
            end = position = found.end()
            weight, after_words = max(weight, _weight(found, gap.group())), False
            continue
        words = town_words(text, gap.end())
        if words is None:
            break
        if "," in gap.group() and "\n" not in gap.group() and _CLAUSE_END.match(text, words):
            end = words
        position, after_words = words, True
    return end, weight


def _gap(text: str, position: int) -> re.Match[str] | None:
    """The separator at `position`, unless the text ends with it; the dot of a Hungarian house number is none."""
    if text[position : position + 1] == "." and text[position - 1].isdigit():
        position += 1
    gap = _SEPARATOR.match(text, position)
    return gap if gap and gap.end() < len(text) else None


def _weight(found: re.Match[str], gap: str) -> int:
    if found.re is not _PART:
        return 2 if found.re is _LOWER_TOWN or len(found.group()) > 2 else 0
    front = found["front"]
    if (
        found["first"]
        or found["unit"]
        or (front and (len(front) > 4 or "," in gap or "\n" in gap) and _CODE.match(front))
    ):
        return 2
    return 2 if not front and _CODE.search(found.group()) else 1


def head(text: str, start: int) -> int:
    """Where the address that has its street from `start` on begins: with a flat or another number before it."""
    for pattern, sight in ((_ONE_MORE_NUMBER, 9), (_BEFORE_NUMBER, 24)):
        found = pattern.search(text, max(0, start - sight), start)
        if found:
            start = found.start()
    return start


def town_words(text: str, start: int) -> int | None:
    """The end of the words at `start` that could name a town or a quarter, or None."""
    found = _WORDS.match(text, start)
    if not found or _NO_TOWN.match(found.group()):
        return None
    end = start
    for word in re.finditer(r"\S+", found.group()):
        if not (word.group()[0].isupper() or word.group()[0] == "(" or word.group().lower() in PARTICLES):
            break
        end = start + word.end()
    return end if end > start and text[start].isupper() else None
