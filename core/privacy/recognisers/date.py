"""Dates: numbers in the order of a date, and days and years beside the name of a month in sixteen languages.

Not found: years and weekdays alone, times alone, dates in words, calendars other than the Gregorian one.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from core.privacy.kinds import DATE
from core.privacy.plain import digit_count, plain
from core.privacy.spans import Span

# Names in the forms that stand in dates, then the usual abbreviations. Left out are those that are common words
# in English ("set", "ago", "out").
_MONTHS = """
    january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec
    januar jänner februar märz mai juni juli oktober dezember mär okt dez
    janvier février fevrier mars avril juin juillet août aout septembre octobre novembre décembre janv févr avr juil déc
    enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre ene abr dic
    gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre
    janeiro fevereiro março maio junho julho setembro outubro novembro dezembro fev
    januari februari maart mei augustus mrt
    maj augusti marts
    tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta
    marraskuuta joulukuuta
    stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
    ledna února března dubna května června července srpna září října listopadu prosince
    január február március április május június július augusztus szeptember október november
    ianuarie februarie martie aprilie iunie iulie septembrie octombrie noiembrie decembrie
    ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
    января февраля марта апреля мая июня июля августа сентября октября ноября декабря
"""
MONTHS = frozenset(_MONTHS.split())
_YEAR = r"(?:1[5-9]|20)\d\d"
_CLOCK = r"(?:[T ,]{1,2}[0-2]?\d:[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?: ?[AaPp]\.?[Mm]\b\.?)?(?:Z|[+-]\d\d:?\d\d)?)?"
# The first digit stands before the look-behind, since the search then skips to the digits, five times as fast.
_NUMBER = re.compile(r"[0-9](?<![\w.,/$€£-][0-9])\d{0,3}(?!\d)")
_ALL_NUMBERS = re.compile(
    rf"(?:{_YEAR}([-./])(?:1[0-2]|0?[1-9])\1(?:3[01]|[12]\d|0?[1-9])|"
    rf"(?:3[01]|[12]\d|0?[1-9])([-./])(?:1[0-2]|0?[1-9])\2(?:{_YEAR}|\d\d)|"
    rf"(?:1[0-2]|0?[1-9])([-/])(?:3[01]|[12]\d|0?[1-9])\3(?:{_YEAR}|\d\d)){_CLOCK}(?!\w|[-./,]\d)"
)
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_DAY_FIRST = re.compile(
    rf"{_DAY}(?:st|nd|rd|th|er|\.|º|ª)?[ -]?(?:of |de |d')?([^\W\d_]{{3,14}})\.?"
    rf"(?:[ ,-]{{1,2}}(?:de |del |of )?(?:{_YEAR}|'\d\d))?(?!\w)"
)
_WORD_BEFORE = re.compile(r"(?<![\w-])([^\W\d_]{3,14})\.? (?:de |of )?$")
_BEHIND_MONTH = re.compile(rf"(?:{_DAY}(?:st|nd|rd|th)?(?:,? {_YEAR})?|{_YEAR})(?!\w|[.,:]\d)")
_REACH = 20
_EAST_ASIAN = re.compile(rf"{_YEAR} ?[年년] ?(?:1[0-2]|0?[1-9]) ?[月월] ?(?:3[01]|[12]\d|0?[1-9]) ?[日일]")


def find_date(text: str) -> Iterator[Span]:
    """Dates in `text`, with the time of day where one follows."""
    for start, end in dates(text):
        yield Span(start, end, DATE, 0.7, "the form of a date")


@lru_cache(maxsize=2)
def dates(text: str) -> tuple[tuple[int, int], ...]:
    """The places of dates in `text`; they may overlap."""
    text = plain(text)
    if not digit_count(text):
        return ()
    places = [_date_at(text, number.start()) for number in _NUMBER.finditer(text)]
    eastern = [match.span() for match in _EAST_ASIAN.finditer(text)] if not text.isascii() else []
    return tuple([place for place in places if place] + eastern)


def _date_at(text: str, start: int) -> tuple[int, int] | None:
    """The place of the date whose first number stands at `start`."""
    numbers = _ALL_NUMBERS.match(text, start)
    if numbers:
        return numbers.span()
    offset = max(0, start - _REACH)
    word = _WORD_BEFORE.search(text[offset:start])
    if word and word.group(1).lower() in MONTHS:
        rest = _BEHIND_MONTH.match(text, start)
        if rest:
            return offset + word.start(1), rest.end()
    day = _DAY_FIRST.match(text, start)
    return day.span() if day and day.group(1).lower() in MONTHS else None
