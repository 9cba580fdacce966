"""All layers over the texts of rows: patterns and cues, the user's own rules, the tagger, and names spread in a row."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Protocol

from core.privacy.find import RULES, find_all
from core.privacy.kinds import SEARCHED, SOFT
from core.privacy.own import OwnRules
from core.privacy.people import find_people, spread
from core.privacy.second_look import Remembering, hidden
from core.privacy.spans import Span, resolve, trimmed

Mode = Literal["fast", "normal", "thorough"]
MOST_LOOKS = 3  # at what stands beside a finding; a third one seldom finds anything
MODES: tuple[Mode, ...] = ("fast", "normal", "thorough")
Texts = Sequence[str]
Found = list[list[Span]]  # a list of spans for each text


class Tagger(Protocol):
    """What reads names in sentences: spans for each text."""

    def tag(self, texts: Texts) -> Found:
        """The names, addresses and the like in each text."""


@dataclass(frozen=True)
class Detector:
    """Finds personal data of `kinds` in texts.

    `fast` asks patterns and cues alone; `normal` also the tagger, for the sentences that look as if they held a name;
    `thorough` asks it about every sentence. Without a tagger all three are fast. The user's own rules always count.
    """

    mode: Mode = "normal"
    kinds: frozenset[str] = SEARCHED
    tagger: Tagger | None = field(default=None, repr=False)
    own: OwnRules | None = field(default=None, repr=False)

    @cached_property
    def stamp(self) -> str:
        """A text that changes with the rules, the mode, the kinds, and whether names are read."""
        parts = [RULES, self.mode, sorted(self.kinds), self.reads_names, self.own.stamp if self.own else ""]
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    @property
    def reads_names(self) -> bool:
        """Whether sentences are read for names, and not only the cues beside them."""
        return self.tagger is not None and self.mode != "fast"

    def find_rows(self, rows: Sequence[Texts]) -> list[Found]:
        """The spans of each text of each row, in order of place; firm ones may overlap each other.

        Rows are read together because the tagger is quicker with many sentences at a time; no row changes what is
        found in another. Where something was found, the tagger looks again, with that out of sight.
        """
        if self.tagger is None or self.mode == "fast":
            return [self._row(texts, [[] for _ in texts]) for texts in rows]
        tagger = Remembering(self.tagger)
        read = iter(self._named([text for texts in rows for text in texts], tagger))
        found = [self._row(texts, [next(read) for _ in texts]) for texts in rows]
        return self._looked_again(rows, found, tagger)

    def find(self, text: str) -> list[Span]:
        """The personal data in one text: spans in order, none overlapping."""
        return resolve(self.find_rows([[text]])[0][0])

    def _named(self, texts: Texts, tagger: Tagger) -> Found:
        return find_people(texts, tagger, everywhere=self.mode == "thorough")

    def _row(self, texts: Texts, named: Found) -> Found:
        read = [[*self._patterns(text), *some] for text, some in zip(texts, named, strict=True)]
        if not any(read):
            return read
        # Wanted ones first: a URL that nobody asked for must not cut a name away.
        found = [trimmed(text, self._wanted(text, spans)) for text, spans in zip(texts, read, strict=True)]
        return self._with(texts, found, spread(texts, found))

    def _looked_again(self, rows: Sequence[Texts], found: list[Found], tagger: Tagger) -> list[Found]:
        fresh = [at for at, spans in enumerate(found) if any(spans)]
        for _ in range(MOST_LOOKS):
            covered = {
                at: [hidden(text, spans) for text, spans in zip(rows[at], found[at], strict=True)] for at in fresh
            }
            read = iter(self._named([one.text for at in fresh for one in covered[at]], tagger))
            # Numbers would be guessed between the tags: only names and addresses are taken from the further looks.
            more = {at: [_soft(one.carried_back(next(read))) for one in covered[at]] for at in fresh}
            fresh = [at for at in fresh if any(more[at])]
            for at in fresh:
                both = self._with(rows[at], found[at], more[at])
                found[at] = self._with(rows[at], both, spread(rows[at], both))
        return found

    def _with(self, texts: Texts, found: Found, more: Found) -> Found:
        """What was found and what is wanted of the rest."""
        pairs = zip(texts, found, more, strict=True)
        return [trimmed(text, {*some, *self._wanted(text, new)}) for text, some, new in pairs]

    def _patterns(self, text: str) -> list[Span]:
        return [*find_all(text, self.kinds), *(self.own.find(text) if self.own else ())]

    def _wanted(self, text: str, spans: list[Span]) -> list[Span]:
        own = self.own.kinds if self.own else frozenset()
        kept = [span for span in spans if span.kind in self.kinds or span.kind in own]
        return [span for span in kept if not (self.own and self.own.allows(span.kind, text[span.start : span.end]))]


def _soft(spans: Sequence[Span]) -> list[Span]:
    return [span for span in spans if span.kind in SOFT]
