"""Personal data by its key: in JSON, YAML, XML and Python (`"dob": "…"`), in tables of Markdown and CSV, and in SQL.

A value counts if its key names a kind and it looks as such a value may look. Not found: columns without a heading, keys
in other languages than those of the table, values that run over several lines.
"""

import csv
import re
from collections.abc import Iterator, Sequence

from core.privacy.kinds import ABOUT
from core.privacy.recognisers.keyed_names import is_value, rule_of
from core.privacy.spans import Span

_PAIR = re.compile(
    r"(?<![\w])(?P<quote>\\{0,3}[\"'`]?)(?P<key>[^\W\d_][\w-]{1,29})(?P=quote)\s{0,3}(?::|=>|=)\s{0,3}"
    r"(?:\\{0,3}\"(?P<double>[^\"\\\n]{2,160})\\{0,3}\"|'(?P<single>[^'\n]{2,160})')"
)
_QUOTED_VALUE = re.compile(r"[:=>]\s{0,3}\\{0,3}[\"']")
_LINE = re.compile(
    r"^[ \t>-]{0,12}(?P<key>[^\W\d_][\w-]{1,29}): (?P<bare>[^\s\"'{\[#|>&*][^\n#]{1,120})$", re.MULTILINE
)
_TAG = re.compile(r"<(?P<key>[^\W\d_][\w:-]{1,29})(?: [^<>]{0,80})?>(?P<bare>[^<>\n]{2,160})</(?P=key)>")
_INSERT = re.compile(r"insert\s+into\s+\S{1,60}\s*\((?P<keys>[^()]{1,400})\)\s*values\s*", re.IGNORECASE)
_TUPLE = re.compile(r"\s*,?\s*\((?P<values>(?:'(?:[^'\n]|''){0,200}'|[^()']){1,2000}+)\)")
_FIELD = re.compile(r"'((?:[^'\n]|''){0,200})'|([^,'\s][^,']{0,100})")
_CELL = re.compile(r"[^|\n]+")
_RULE_LINE = re.compile(r"\s*\|?[\s:|-]{3,}\|?\s*")
_MOST_COLUMNS = 60
_LONGEST_HEADING = 36  # with its quotes and spaces


def find_by_key(text: str) -> Iterator[Span]:
    """The values in `text` whose key or column names a kind of personal data."""
    if ('"' in text or "'" in text) and _QUOTED_VALUE.search(text):
        yield from _pairs(text, _PAIR)
    if ": " in text:
        yield from _pairs(text, _LINE)
    if "</" in text:
        yield from _pairs(text, _TAG)
    if "|" in text:
        yield from _table(text)
    if "\n" in text and ("," in text or ";" in text or "\t" in text):
        yield from _separated(text)
    if "(" in text and "nsert" in text.lower():
        yield from _inserts(text)


def _pairs(text: str, pattern: re.Pattern[str]) -> Iterator[Span]:
    for match in pattern.finditer(text):
        group = match.lastgroup or ""
        if group != "key":
            yield from _judged(match["key"], match.group(group), match.start(group))


def _judged(key: str, value: str, start: int) -> Iterator[Span]:
    """The span of `value` without the spaces around it, if `key` names a kind and the value looks like it."""
    rule = rule_of(key)
    if rule is None or not is_value(value):
        return
    kind, looks_right, score = rule
    bare = value.strip().strip("*_`\"'")
    if bare and looks_right(bare):
        start += value.index(bare)
        yield Span(start, start + len(bare), kind, score, "its key or column says so: " + ABOUT[kind].label.lower())


def _table(text: str) -> Iterator[Span]:
    """The cells of Markdown tables: a line of headings, a line of dashes, then rows."""
    headings: list[str] = []
    start, before = 0, ""
    for line in text.splitlines(keepends=True):
        if _RULE_LINE.fullmatch(line) and "-" in line and "|" in before:
            headings = _cells(before)
        elif "|" not in line:
            headings = []
        elif headings:
            for heading, match in zip(headings, _CELL.finditer(line.rstrip("\r\n").lstrip(" \t|")), strict=False):
                lead = len(line) - len(line.lstrip(" \t|"))
                yield from _judged(heading, match.group(), start + lead + match.start())
        start += len(line)
        before = line


def _cells(line: str) -> list[str]:
    return [match.group().strip(" *_`") for match in _CELL.finditer(line.strip(" \t|\r\n"))][:_MOST_COLUMNS]


def _separated(text: str) -> Iterator[Span]:
    """The cells of CSV: below a line of short headings of which one names a kind, or two where there are many."""
    lines = text.splitlines(keepends=True)
    start = 0
    headings: list[str] = []
    sign = ","
    for line in lines:
        bare = line.rstrip("\r\n")
        if headings and bare.count(sign) >= len(headings) - 1:
            for heading, (place, value) in zip(headings, _fields(bare, sign), strict=False):
                yield from _judged(heading, value, start + place)
        else:
            headings, sign = _headings(bare)
        start += len(line)


def _headings(line: str) -> tuple[list[str], str]:
    """The headings in a line of CSV and the sign between them; none if it is no such line."""
    if len(line) > 1_000:
        return [], ","
    for sign in (",", ";", "\t"):
        written = line.split(sign) if sign in line else ()
        if not 2 <= len(written) <= _MOST_COLUMNS or max(map(len, written)) > _LONGEST_HEADING:
            continue
        cells = [cell.strip(" \"'") for cell in written]
        is_short = all(0 < len(cell) <= 30 and cell.count(" ") < 3 for cell in cells)
        named = sum(rule_of(cell) is not None for cell in cells) if is_short else 0
        if named >= (1 if len(cells) < 4 else 2):
            return cells, sign
    return [], ","


def _fields(line: str, sign: str) -> Sequence[tuple[int, str]]:
    """The place and text of each field of a line of CSV, without its quotes."""
    values = next(csv.reader([line], delimiter=sign), [])
    fields: list[tuple[int, str]] = []
    position = 0
    for value in values:
        place = line.find(value, position)
        if place < 0:  # doubled quotes within a field
            break
        fields.append((place, value))
        position = place + len(value)
    return fields


def _inserts(text: str) -> Iterator[Span]:
    for insert in _INSERT.finditer(text):
        keys = [key.strip(" \"'`[]\n\t") for key in insert["keys"].split(",")]
        position = insert.end()
        while row := _TUPLE.match(text, position):
            position = row.end()
            for key, field in zip(keys, _FIELD.finditer(text, row.start("values"), row.end("values")), strict=False):
                group = field.lastindex or 0
                yield from _judged(key, field.group(group), field.start(group))
