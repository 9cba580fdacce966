"""Substitutes for dates: another date in the same format. Dates in words of other languages become 1987-03-14."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date

from core.privacy.kinds import BIRTH_DATE
from core.privacy.substitutes.makers import Maker
from core.privacy.substitutes.tokens import like
from core.privacy.values import fold

_MONTHS = tuple(
    tuple(names.split())
    for names in (
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "januari februari maart april mei juni juli augustus september oktober november december",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    )
)
_NAMES = {name: (month + 1, names) for names in reversed(_MONTHS) for month, name in enumerate(names)}
_NAMES["sept"] = (9, _MONTHS[1])
_NAME = r"(?P<name>[^\W\d_]{3,10})\.?"
_DAY = r"(?P<day>[0-3]?\d)(?P<suffix>st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_FORMATS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR}(?P<sign>[-/.])(?P<month>\d\d?)(?P=sign)(?P<day>\d\d?)",
        r"(?P<day>\d\d?)(?P<sign>[-/.]) ?(?P<month>\d\d?)(?P=sign) ?(?P<year>\d{4}|\d\d)",
        rf"{_DAY}\.?[ -](?:of |de |di )?{_NAME},?[ -](?:of |de |del )?{_YEAR}",
        rf"{_NAME} {_DAY},? {_YEAR}",
        rf"{_NAME},?(?: of| de)? {_YEAR}",
        r"(?P<month>\d\d?)/(?P<year>\d{4})",
        _YEAR,
    )
)
_TRIES = 20
_PIVOT = 30  # "12.03.29" is of this century, "12.03.30" of the last


@dataclass(frozen=True)
class _Written:
    """A date, as exact as it is written, and where its parts stand."""

    year: int
    month: int
    day: int
    match: re.Match[str]

    @property
    def known(self) -> str:
        return "-".join(f"{part:02d}" for part in (self.year, self.month, self.day) if part)


class Dates(Maker):
    """Dates, shifted by some months or years; as exact as they were."""

    def known(self, value: str) -> str:
        """The date as 1987-03-14, 1987-03 or 1987, however it is written."""
        parsed = _parsed(value)
        return parsed.known if parsed else fold(self.kind, value)

    def candidates(self, known: str, chance: random.Random) -> Iterator[str]:
        """Dates around this one, further away the more of them are taken."""
        parts = [int(part) for part in known.split("-")] if re.fullmatch(r"\d{4}(?:-\d\d){0,2}", known) else []
        unit = 1 if len(parts) != 1 else 365
        year, month, day = parts + [0] * (3 - len(parts)) if parts else (chance.randrange(1960, 2000), 6, 15)
        start = date(year, month or 1, day or 1).toordinal()
        for attempt in range(10**9):
            reach = max(unit, 30) * (1 if self.kind != BIRTH_DATE else 2) * (6 + attempt // _TRIES * 6)
            shift = chance.randrange(20, 20 + reach) * chance.choice((-1, 1))
            new = date.fromordinal(min(max(start + shift, 366), date(MAXYEAR, 12, 31).toordinal()))
            yield new.isoformat()[: (0, 4, 7)[len(parts)] if 0 < len(parts) < 3 else 10]

    def written(self, value: str, new: str) -> str:
        """The date in the format of `value`."""
        parsed = _parsed(value)
        if not parsed:
            return new
        year, month, day = (int(part) for part in (new + "-00-00").split("-")[:3])
        width = _width(parsed.match)
        parts = {"year": f"{year:04d}", "month": f"{month:0{width}}", "day": f"{day:0{width}}", "suffix": _suffix(day)}
        text, done, pieces = parsed.match.string, 0, []
        for name, (start, end) in sorted(_places(parsed.match).items(), key=lambda item: item[1]):
            old = text[start:end]
            put = _month(old, month) if name == "name" else parts[name][-len(old) :] if name == "year" else parts[name]
            pieces += [text[done:start], put]
            done = end
        return "".join([*pieces, text[done:]])


def _parsed(value: str) -> _Written | None:
    for form in _FORMATS:
        match = form.fullmatch(value)
        if match:
            return _judged(match)
    return None


def _judged(match: re.Match[str]) -> _Written | None:
    parts = match.groupdict()
    year, day = int(parts["year"]), int(parts.get("day") or 0)
    if len(parts["year"]) == 2:
        year += 2000 if year < _PIVOT else 1900
    if parts.get("name") and parts["name"].lower() not in _NAMES:
        return None
    month = _NAMES[parts["name"].lower()][0] if parts.get("name") else int(parts.get("month") or 0)
    if _is_american(match, day, month):
        day, month = month, day
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    return _Written(year, month, day, match)


def _is_american(match: re.Match[str], first: int, second: int) -> bool:
    """Whether the month comes first: with slashes, unless that cannot be, and where nothing else can be."""
    if not match.groupdict().get("sign") or match.start("year") < match.start("day"):
        return False
    return second > 12 if match["sign"] != "/" else first <= 12


def _places(match: re.Match[str]) -> dict[str, tuple[int, int]]:
    places = {name: match.span(name) for name, text in match.groupdict().items() if text is not None and name != "sign"}
    if "day" in places and "month" in places and _is_american(match, int(match["day"]), int(match["month"])):
        places["day"], places["month"] = places["month"], places["day"]
    return places


def _month(old: str, month: int) -> str:
    new = _NAMES[old.lower()][1][month - 1]
    return like(new.capitalize(), old)


def _width(match: re.Match[str]) -> int:
    """The digits of days and months: two where one begins with 0, or where numbers alone all have two."""
    numbers = [text for name, text in match.groupdict().items() if text and name in ("day", "month")]
    is_even = "name" not in match.groupdict() and all(len(number) == 2 for number in numbers)
    return 2 if is_even or any(number[0] == "0" for number in numbers) else 1


def _suffix(day: int) -> str:
    return "th" if 10 < day % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
