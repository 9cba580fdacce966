"""The rules of one user: where they find something, what they allow, and what of them had to be left out."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import regex

from core.privacy.own.patterns import PATTERN, TEXT_SECONDS, Pattern
from core.privacy.own.presidio import PlugIn, load
from core.privacy.own.words import DENIED, LISTED, Entry, Words
from core.privacy.spans import Span
from core.privacy.values import fold

OWN_REASONS = (LISTED, DENIED, PATTERN)


@dataclass(frozen=True)
class Allowed:
    """A value, or a pattern that the whole value must match, that is no personal data; of one kind, or of any."""

    value: str = field(repr=False, default="")
    expression: "regex.Pattern[str] | None" = field(repr=False, default=None)
    kind: str = ""


def is_own(span: Span) -> bool:
    """Whether a span was found by a pattern or a list of the user's own."""
    return span.reason.startswith(OWN_REASONS)


class OwnRules:
    """What `parse` read. `find` and `allows` are asked for every text; both skip a part that fails, and note it.

    `plug_ins` names recognisers in Presidio's form, which are loaded when something is first searched. `stamp` changes
    with the rules, not with the comments between them; it is empty if there is none.
    """

    def __init__(
        self,
        patterns: Sequence[Pattern] = (),
        entries: Sequence[Entry] = (),
        allowed: Sequence[Allowed] = (),
        plug_ins: Sequence[str] = (),
        content: str = "",
    ) -> None:
        self.stamp = hashlib.sha256(content.encode()).hexdigest()[:16] if content else ""
        self._patterns = list(patterns)
        self._words = Words(entries)
        self._named_kinds = {pattern.kind for pattern in patterns} | {entry.kind for entry in entries}
        self._allowed = allowed
        self._allowed_values: dict[str, set[str]] = {}
        self._plug_in_names = plug_ins
        self._notes: dict[str, None] = {}

    def __bool__(self) -> bool:
        return bool(self.stamp)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds that the rules can find."""
        return frozenset(self._named_kinds.union(*(plug_in.kinds for plug_in in self._plug_ins)))

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about the patterns and recognisers that were left out, for the user."""
        return (*self._loaded[1], *self._notes)

    def find(self, text: str, where: str = "") -> Iterator[Span]:
        """What the rules find in `text`; spans may overlap. `where` ("row 17") names the text in notes.

        A pattern that is too slow and a recogniser that breaks are left out from there on.
        """
        yield from self._words.find(text)
        for pattern in list(self._patterns):
            yield from self._found(pattern, text, where)
        for plug_in in list(self._plug_ins):
            yield from self._plugged(plug_in, text, where)

    def allows(self, kind: str, value: str) -> bool:
        """Whether a value is on the allow list, for this kind or for all; case, width and separators do not matter."""
        if not self._allowed:
            return False
        if kind not in self._allowed_values:
            ours = [one for one in self._allowed if one.kind in ("", kind)]
            self._allowed_values[kind] = {fold(kind, one.value) for one in ours if one.expression is None}
        if fold(kind, value) in self._allowed_values[kind]:
            return True
        return any(self._matches(one, value) for one in self._allowed if one.expression and one.kind in ("", kind))

    @cached_property
    def _loaded(self) -> tuple[list[PlugIn], list[str]]:
        return load(self._plug_in_names)

    @property
    def _plug_ins(self) -> list[PlugIn]:
        return self._loaded[0]

    def _found(self, pattern: Pattern, text: str, where: str) -> list[Span]:
        try:
            return pattern.find(text)
        except TimeoutError:
            self._patterns.remove(pattern)
            self._note(f"The pattern of {pattern.kind} (rules, line {pattern.line}) is too slow", text, where)
            return []

    def _plugged(self, plug_in: PlugIn, text: str, where: str) -> list[Span]:
        try:
            return plug_in.find(text)
        except Exception as error:  # it is code of the user, and its message may hold what it read
            self._plug_ins.remove(plug_in)
            self._note(f"The recogniser {plug_in.name} broke ({type(error).__name__})", text, where)
            return []

    def _note(self, what: str, text: str, where: str) -> None:
        place = where or f"a text of {len(text):,} characters"
        self._notes[f"{what} on {place} and is left out from there on."] = None

    def _matches(self, one: Allowed, value: str) -> bool:
        assert one.expression
        try:
            return bool(one.expression.fullmatch(value, timeout=TEXT_SECONDS))
        except TimeoutError:  # what cannot be judged stays found
            self._notes["A pattern of the allow list is too slow; what it was asked about stays found."] = None
            return False
