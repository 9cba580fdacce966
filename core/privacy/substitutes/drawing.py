"""Drawing substitutes from a key: the same for a value every time, and for each value another one."""

import hashlib
import hmac
import random
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from core.errors import LabError
from core.privacy.substitutes.ledger import Ledger
from core.privacy.substitutes.tokens import name_key

Candidates = Callable[[str, random.Random], Iterator[str]]

NAME, PLACE = "NAME", "PLACE"
# A name must not be another's place: "Paris" stands for a person, or for a city.
_TOGETHER = (NAME, PLACE)
_DIGEST_HEX = 32
UNKNOWN = "A value was to be masked that was not among those found. Search this version for personal data again."


class Draws:
    """The substitutes of values in spaces: `NAME` and `PLACE` hold single words, every other space is a kind.

    First all values are registered, then each space is drawn. Conflicts are resolved in the order of the digests, so
    that the order in which values are met does not matter. A substitute is none of the registered values, none of
    `words` (in small letters), no value of an earlier dataset and none that was given to another value. What the
    ledger has stands.
    """

    def __init__(self, key: bytes, ledger: Ledger, words: Collection[str] = ()) -> None:
        self._key = key
        self._ledger = ledger
        self._words = words
        self._originals: dict[str, set[str]] = {}
        self._taken: dict[str, set[str]] = {}
        self._given: dict[tuple[str, str], str] = {}
        self._same: dict[str, str] = {}
        self._earlier = {space: frozenset(given) for space, given in ledger.spaces().items()}
        for space, given in ledger.spaces().items():
            self._originals.setdefault(_group(space), set()).update(given)
            self._taken.setdefault(_group(space), set()).update(_folded(space, new) for new in given.values())

    def join(self, same: Mapping[str, str]) -> None:
        """Names that are another name: both get one substitute, unless the ledger already has one for each."""
        self._same = dict(same)

    def register(self, space: str, values: Iterable[str]) -> None:
        """Values that no substitute may be, in the form in which they are folded."""
        group = _group(space)
        self._originals.setdefault(group, set()).update(self._digest(group, value) for value in values)

    def draw(self, space: str, values: Collection[str], candidates: Candidates) -> None:
        """Give each of the values the first of its candidates that is free.

        `candidates(value, chance)` goes on for ever and depends on its arguments alone.
        """
        group = _group(space)
        same = {name: self._same[name] for name in values if name in self._same} if space == NAME else {}
        first = {same.get(value, value) for value in values}
        for digest, value in sorted((self._digest(group, value), value) for value in first):
            known = self._known(space, value, *sorted(name for name, other in same.items() if other == value))
            if known is None:
                chance = random.Random(bytes.fromhex(self._digest(space, value)))
                known = next(new for new in candidates(value, chance) if self._is_free(space, new))
                self._taken.setdefault(group, set()).add(_folded(space, known))
            self._give(space, digest, value, known)
        for name, other in same.items():
            known = self._known(space, name) or self._given[space, other]
            self._give(space, self._digest(group, name), name, known)

    def _known(self, space: str, *values: str) -> str | None:
        """What the ledger has for the first of the values for which it has something."""
        found = (self._ledger.find(space, self._digest(_group(space), value)) for value in values)
        return next(filter(None, found), None)

    def _give(self, space: str, digest: str, value: str, new: str) -> None:
        self._ledger.give(space, digest, new)
        self._given[space, value] = new

    def given(self, space: str, value: str) -> str:
        """The substitute of a value that was drawn. Raises `LabError` for another one, which it does not name."""
        try:
            return self._given[space, value]
        except KeyError:
            raise LabError(UNKNOWN) from None

    def had(self, space: str, value: str) -> bool:
        """Whether an earlier dataset has the value."""
        return self._digest(_group(space), value) in self._earlier.get(space, ())

    def chance(self, *parts: str) -> random.Random:
        """Chance that depends on the key and on `parts` alone."""
        return random.Random(bytes.fromhex(self._digest(*parts)))

    def _is_free(self, space: str, new: str) -> bool:
        group, folded = _group(space), _folded(space, new)
        if folded in self._taken.get(group, ()):
            return False
        if space in _TOGETHER and (folded in self._words or new.casefold() in self._words):
            return False
        return self._digest(group, folded) not in self._originals.get(group, ())

    def _digest(self, *parts: str) -> str:
        message = "\0".join(parts).encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, message, hashlib.sha256).hex()[:_DIGEST_HEX]


def _group(space: str) -> str:
    return "WORD" if space in _TOGETHER else space


def _folded(space: str, new: str) -> str:
    return name_key(new) if space in _TOGETHER else new.casefold()
