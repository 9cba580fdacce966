"""Streets with their number: "12 High Street", "12 bis rue de la Paix", "Hauptstraße 12a", "Calle Mayor, 5".

A candidate stands at a number; the words on either side of it decide.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.privacy.recognisers.address.words import (
    AFTER_A_NAME,
    BEFORE_A_NAME,
    BETWEEN_NAME_AND_NUMBER,
    ENDINGS,
    PARTICLES,
    SURE_BEFORE_IN_LOWER_CASE,
    SURE_IN_LOWER_CASE,
)

_NUMBER = re.compile(
    r"\d(?<![\w.,$€£#:=*+^-]\d)\d{0,5}(?:[ ]?[a-fA-F](?![^\W_]))?"
    r"(?:[-–/]\d{1,4}[a-fA-F]?)?(?:[ ](?:bis|ter)(?= ?,| \d))?(?![\w%°€$£])(?![.,:]\d)"
)
_WORD_AFTER = r"(?:[^\W\d_][\w'’.-]{0,30}|\d{1,3}(?:st|nd|rd|th))"
_WORDS_AFTER = re.compile(
    r"(?:[ ](?:bis|ter|quater|1/2|½))?,?[ \t]{1,2}"
    rf"({_WORD_AFTER}(?:[ \t](?:{_WORD_AFTER}|\d{{1,4}}(?!\w|[.,]\d))){{0,6}})",
    re.IGNORECASE,
)
_GAP_BEFORE = re.compile(r"(?:,?[ \t]{1,2}(?:(?:n[º°o.]|nr\.?|no\.|núm\.?|д\.)[ \t]?)?|,[ \t]?)$", re.IGNORECASE)
_NAME_WORD = re.compile(r"(?:[^\W\d_]|[1-9]\d?\.)[\w'’./ªº-]{0,30},?")
_MAY_END_A_NAME = re.compile(r"(?<!\S)(?:[^\W\d_]|[1-9])\S*+$")
_MOST_BEFORE = 6
_ORDINAL = re.compile(
    r"\d{1,3}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth", re.IGNORECASE
)
_QUARTER = re.compile(r"[ \t](?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\b\.?")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d$")
_LATE_YEAR = re.compile(r"(?:19|20)\d\d$")
_WORD = re.compile(r"\S+")
_USUAL_TEXT = "n s e w ne nw se sw north south east west old new upper lower great little saint st main high"
_USUAL = frozenset(_USUAL_TEXT.split())
_NO_NAME_TEXT = """
    jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october nov
    november dec december am pm monday tuesday wednesday thursday friday saturday sunday hour hours minute minutes day
    days week weeks month months year years mile miles km kilometers meters metres feet foot inch inches lane lanes way
    people percent million billion thousand hundred dollars times points steps bedroom bed car star stars different
    more other at by in on to the a an for from with that this one two three its their his her
"""
_NO_NAME = frozenset(_NO_NAME_TEXT.split())


@dataclass(frozen=True)
class Street:
    """Where a street with its number stands.

    One that is not `sure` needs a code or a flat to be believed; if it is `likely`, a word such as "address" will do.
    """

    start: int
    end: int
    sure: bool
    likely: bool = True


class _Words:
    """The words beside a number: as written, in lower case without dots behind them, and where they stand."""

    def __init__(self, found: list[re.Match[str]], offset: int) -> None:
        self.found = found
        self.offset = offset
        self.written = [word.group().rstrip(",") for word in found]
        self.lower = [word.lower().rstrip(".,") for word in self.written]

    def start(self, place: int) -> int:
        return self.offset + self.found[place].start()

    def end(self, place: int) -> int:
        return self.start(place) + len(self.written[place])


def streets(text: str) -> Iterator[Street]:
    """The streets of `text`, in the order of their numbers; a street between two numbers comes twice."""
    for number in _NUMBER.finditer(text):
        after = _words(_WORDS_AFTER.match(text, number.end()))
        is_year = bool(_YEAR.match(number.group()))
        found = None
        if after and not (is_year and text[number.end()] == ","):
            found = _number_first(text, number, after)
        if not found and text[number.start() - 1 : number.start()] in (" ", ",", "."):
            before = _words_before(text, number.start())
            found = _number_last(number, before) if before else None
        if not found and after and not is_year and text[number.end()] != ",":
            found = _unknown_street(number, after)
        if found:
            yield found


def _words(match: re.Match[str] | None) -> _Words | None:
    return _Words(list(_WORD.finditer(match.group(1))), match.start(1)) if match else None


def _words_before(text: str, end: int) -> _Words | None:
    """The words that lead up to the number at `end`, on its line."""
    start = max(0, end - 80)
    gap = _GAP_BEFORE.search(text, max(0, end - 8), end)
    if not gap or not _MAY_END_A_NAME.search(text, max(0, gap.start() - 32), gap.start()):
        return None
    line = text[max(start, text.rfind("\n", start, end) + 1) : end]
    words: list[re.Match[str]] = []
    for word in reversed(list(_WORD.finditer(line, 0, max(0, len(line) - (end - gap.start()))))):
        if len(words) == _MOST_BEFORE or not _NAME_WORD.fullmatch(word.group()):
            break
        words.insert(0, word)
    return _Words(words, end - len(line)) if words else None


def _number_first(text: str, number: re.Match[str], after: _Words) -> Street | None:
    written, lower = after.written, after.lower
    if len(written) > 1 and _is_before_a_name(written[0]):
        last = _last_of_name(written, 1)
        if last:
            return Street(number.start(), after.end(last), True)
    for place in range(1, len(written)):
        if lower[place] in AFTER_A_NAME and (place + 1 == len(lower) or lower[place + 1] not in AFTER_A_NAME):
            sure = _is_street_name(written[: place + 1], lower[:place])
            if sure is None:
                return None
            # The dot of "St." belongs to it, that of "Street." ends the sentence.
            end = after.end(place) - (written[place][-1] == "." and len(lower[place]) > 4)
            quarter = _QUARTER.match(text, end)
            return Street(number.start(), quarter.end() if quarter else end, sure)
    return None


def _is_street_name(written: list[str], lower: list[str]) -> bool | None:
    """True for a name and the kind of street behind it, False where more must speak for it, None where it is none."""
    *name, kind = written
    if len(name) > 4 or not _NO_NAME.isdisjoint(lower) or any(word[-1] == "." and len(word) > 4 for word in name):
        return None
    if all(word[0].isupper() or _ORDINAL.fullmatch(word) or word.lower() in PARTICLES for word in name):
        return kind[0].isupper() or any(_ORDINAL.fullmatch(word) for word in name) or None
    if len(name) <= 2 and "".join(written).islower() and PARTICLES.isdisjoint(lower):
        sure = len(name) == 1 or lower[0] in _USUAL
        return sure if kind.rstrip(".") in SURE_IN_LOWER_CASE else None
    return None


def _number_last(number: re.Match[str], before: _Words) -> Street | None:
    written = before.written
    last = written[-1]
    if _LATE_YEAR.match(number.group()):
        return None
    if last.lower().endswith(ENDINGS) and (last[0].isupper() or len(last) >= 9):
        return Street(before.start(_first_of_name(written)), number.end(), True)
    if last.lower() in BETWEEN_NAME_AND_NUMBER and any(word[0].isupper() for word in written[-4:-1]):
        return Street(before.start(_first_of_name(written[:-1])), number.end(), last not in ("g.", "u.", "put", "sor"))
    for place in range(len(written) - 2, -1, -1):
        if _is_before_a_name(written[place]) and _last_of_name(written, place + 1) == len(written) - 1:
            return Street(before.start(place), number.end(), True)
    if last[0].isupper() and len(last) > 3 and not _YEAR.match(number.group()) and last.lower() not in _NO_NAME:
        return Street(before.start(_first_of_name(written)), number.end(), False)
    return None


def _unknown_street(number: re.Match[str], after: _Words) -> Street | None:
    """Number, capitalised words, and perhaps a second number: a street if a flat or a code follows."""
    last = None
    is_lower = after.written[0].islower()
    for place, written in enumerate(after.written):
        if written.isdigit() and last is not None:
            return Street(number.start(), after.end(place), False, likely=not is_lower)
        is_name = written[0].isupper() or (is_lower and len(written) > 2)
        if written.lower() in _NO_NAME or not (is_name or (last is not None and written.lower() in PARTICLES)):
            break
        last = place
    return None if last is None or is_lower else Street(number.start(), after.end(last), False)


def _is_before_a_name(written: str) -> bool:
    lower = written.lower()
    if lower not in BEFORE_A_NAME and lower.rstrip(".") not in BEFORE_A_NAME:
        return False
    return not written[0].islower() or lower in SURE_BEFORE_IN_LOWER_CASE


def _last_of_name(written: list[str], start: int) -> int | None:
    """The index of the last word of the name that begins at `start`, or None."""
    last = None
    kind_is_lower = written[start - 1].islower()
    for place in range(start, min(len(written), start + 6)):
        word = written[place]
        is_lower_name = kind_is_lower and last is None and place <= start + 2 and word.isalpha()
        if word.lower() in PARTICLES:
            continue
        if not (
            word[0].isupper() or word[0].isdigit() or is_lower_name or word[:2].lower() in ("d'", "l'", "d’", "l’")
        ):
            break
        last = place
    return last


def _first_of_name(written: list[str]) -> int:
    """The index of the first of the capitalised words before the last one, four at most."""
    first = len(written) - 1
    if written[first][0].islower() and first:
        first -= 1
    for place in range(first - 1, max(-1, first - 4), -1):
        if not written[place][0].isupper() or written[place][-1] in ".:":
            break
        first = place
    return first
