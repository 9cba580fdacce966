"""Word lists: all of their words in one pass over a text, however many there are."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from core.privacy.spans import Span

# Thai, Lao, Burmese, Khmer, Japanese and Chinese are written without spaces: every character may begin a word.
LISTED, DENIED = "a word of your list for", "on your deny list"  # reasons
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_MARKS = "\u0300-\u036f"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_SPACED = re.compile(rf"[^\W{_UNSPACED}]")


@dataclass(frozen=True)
class Entry:
    """A word or phrase, and what is found where it stands."""

    text: str = field(repr=False)
    kind: str
    score: float
    reason: str
    any_case: bool

    @cached_property
    def offset(self) -> int:
        """The characters before its first word; -1 if it has no word."""
        word = _WORD.search(self.text)
        return word.start() if word else -1

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """What matches it as a whole word, with any space between its parts."""
        body = r"\s{1,8}".join(map(re.escape, self.text.split()))
        before = r"(?<!\w)" if _SPACED.match(self.text) else ""
        after = rf"(?![\w{_MARKS}])" if _SPACED.match(self.text[-1]) else ""
        return re.compile(before + body + after, re.IGNORECASE if self.any_case else 0)


class Words:
    """The entries of all lists, found by their first word."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_word: dict[str, list[Entry]] = defaultdict(list)
        self._signs: list[Entry] = []
        for entry in entries:
            for one in _written(entry):
                if word := _WORD.search(one.text):
                    self._by_word[word.group().lower()].append(one)
                else:
                    self._signs.append(one)

    def find(self, text: str) -> Iterator[Span]:
        """Where any of them stands; the spans may overlap."""
        for word in _WORD.finditer(text) if self._by_word else ():
            for entry in self._by_word.get(word.group().lower(), ()):
                start = word.start() - entry.offset
                if start >= 0 and (match := entry.expression.match(text, start)):
                    yield Span(start, match.end(), entry.kind, entry.score, entry.reason)
        for entry in self._signs:
            for match in entry.expression.finditer(text):
                yield Span(match.start(), match.end(), entry.kind, entry.score, entry.reason)


def _written(entry: Entry) -> list[Entry]:
    """The entry with its accents composed and decomposed: a text may have either."""
    forms = {unicodedata.normalize(form, entry.text) for form in ("NFC", "NFD")} | {entry.text}
    return [Entry(form, entry.kind, entry.score, entry.reason, entry.any_case) for form in sorted(forms)]
