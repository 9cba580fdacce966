"""A text that a person has marked, searched in the rows of a dataset."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from core.mask.steps import Place
from core.mask.texts import texts
from core.privacy import CARD, PHONE, KnownValues
from core.privacy.own.words import Entry, Words
from core.records import Dataset

_WORD = re.compile(r"\w+")
_DIGITS = 2  # at the end of a number: however it is grouped, these stand together


def hints(kind: str, value: str) -> list[str]:
    """Pieces of text of which every row that holds the value has at least one, in some case."""
    words = _WORD.findall(value) or [value]
    longest = max(words, key=len)
    pieces = {unicodedata.normalize(form, longest) for form in ("NFC", "NFD")} | {longest}
    digits = "".join(char for char in value if char.isdigit())
    if kind in (CARD, PHONE) and len(digits) >= _DIGITS:
        pieces.add(digits[-_DIGITS:])
    return sorted(pieces)


def everywhere(dataset: Dataset, positions: Sequence[int], kind: str, value: str) -> list[Place]:
    """Where `value` stands in the rows at these positions: as a whole word or phrase in any case, a number also in
    other groups of digits."""
    phrase = Words([Entry(value, kind, 1.0, "", any_case=True)])
    number = KnownValues([(kind, value)] if kind in (CARD, PHONE) else ())
    some = Dataset(dataset.table.take(list(positions))) if positions else ()
    found: dict[Place, None] = {}
    for position, example in zip(positions, some, strict=True):
        for message, text in enumerate(texts(example)):
            for start, end in _apart(sorted({(s.start, s.end) for s in (*phrase.find(text), *number.find(text))})):
                found[Place(example.id, position, message, start, end)] = None
    return list(found)


def _apart(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Those that do not lie within the one before."""
    reach = 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if end > reach:
            yield start, end
        reach = max(reach, end)
