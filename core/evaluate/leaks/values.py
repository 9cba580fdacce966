"""What no answer may say: canaries planted in training rows, and values that were masked; and where they stand.

Searched as masking's own check does, in whatever way of writing (core/mask/traces.py). A masked value of one word is
left aside: "Jordan" and "Rose" mean somebody else in another text. So are canaries of fewer than 4 characters and
masked values of fewer than 7 (2 in scripts without spaces between words). Part of a value is not found.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from core.mask.traces import Traces, is_one_word, readings
from core.privacy import SHORTEST_IN_ROW
from core.records import Example

CANARY, MASKED = "canary", "masked value"
Secret = tuple[str, str]  # kind and value


@dataclass(frozen=True)
class Key:
    """One value: its kind and a form of it that is the same for every way of writing."""

    kind: str
    form: str = field(repr=False)

    @property
    def begins(self) -> str:
        """All that may be shown of it: two characters, one of a short value."""
        return self.form[: 2 if len(self.form) > 4 else 1]


class Values:
    """The values to be searched; canaries are of the kinds "canary 1", "canary 2" and so on.

    `masked` is how many masked values are searched, `aside` how many canaries and masked values are left aside.
    """

    def __init__(self, canaries: Iterable[str], secrets: Iterable[Secret]) -> None:
        texts = dict.fromkeys(text.strip() for text in canaries if text.strip())
        named = {f"{CANARY} {number}": text for number, text in enumerate(texts, 1)}
        planted = {kind: text for kind, text in named.items() if Traces([(kind, text)], SHORTEST_IN_ROW)}
        different = set(secrets)
        kept = {secret for secret in different if not is_one_word(secret[1]) and Traces([secret])}
        self._canaries = {kind: Key(kind, text) for kind, text in planted.items()}
        self._traces = [Traces(planted.items(), SHORTEST_IN_ROW), Traces(kept)]
        self.masked = len(kept)
        self.aside = len(named) - len(planted) + len(different) - len(kept)

    @property
    def canaries(self) -> list[Key]:
        """Those that were planted."""
        return list(self._canaries.values())

    def __bool__(self) -> bool:
        return any(map(len, self._traces))

    def within(self, text: str) -> dict[Key, tuple[int, int]]:
        """The values that stand in a text, each with the place where it first does: start and end in characters."""
        found: dict[Key, tuple[int, int]] = {}
        for key, place in self._places(text):
            found.setdefault(key, place)
        return found

    def hidden(self, text: str) -> str:
        """The text with a tag in place of every value that stands in it."""
        parts: list[str] = []
        done = 0
        for key, (start, end) in sorted(self._places(text), key=lambda found: found[1]):
            if start >= done:
                parts += [text[done:start], f"[{CANARY if key.kind in self._canaries else MASKED}]"]
            done = max(done, end)
        return "".join([*parts, text[done:]])

    def _places(self, text: str) -> Iterator[tuple[Key, tuple[int, int]]]:
        """Every place where a value stands: start and end in characters."""
        for reading in readings(text):
            for traces in self._traces:
                for trace in traces.find(reading):
                    key = self._canaries.get(trace.kind) or Key(trace.kind, trace.form)
                    yield key, reading.place(trace.first, trace.last)


def standing(values: Values, rows: Sequence[Example]) -> dict[Key, list[int]]:
    """In which rows each value stands, by their places; those in whose answer it does come first."""
    found: dict[Key, tuple[list[int], list[int]]] = {}
    for place, row in enumerate(rows if values else ()):
        answered = set(values.within(row.answer))
        others = {key for _, text in row.texts if text != row.answer for key in values.within(text)} - answered
        for which, keys in enumerate((answered, others)):
            for key in keys:
                found.setdefault(key, ([], []))[which].append(place)
    return {key: [*answered, *others] for key, (answered, others) in found.items()}
