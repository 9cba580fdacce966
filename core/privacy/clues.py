"""Words and pieces of words without which a recogniser has nothing to read: the quick test before slow patterns.

There are a thousand of them, and to search a text for each takes longer than all patterns together. So every word is
examined once for all of them, and remembered: the next texts are made of the same words.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache, reduce
from itertools import count
from operator import or_

from core.privacy.plain import words

_MOST_WORDS = 100_000  # that are remembered, in about 15 MB; then it begins anew
_LONGEST_WORD = 40  # of those remembered
_WORD = re.compile(r"\w+")


class _Remembered(dict[str, int]):
    """The clues in a word, a bit for each, worked out when it is first met; a word is what stands between spaces."""

    def __missing__(self, word: str) -> int:
        bits = _bits(word)
        if len(word) <= _LONGEST_WORD:
            if len(self) >= _MOST_WORDS:
                self.clear()
            self[word] = bits
        return bits


_NUMBERS = count()
_WORDS: dict[str, int] = {}  # and the bits of the clues that they are
_SHORT_PIECES: dict[str, int] = {}  # the same, of two characters
_PIECES: dict[str, dict[str, int]] = {}  # the same, longer, by their first three characters
_NONE: dict[str, int] = {}
_REMEMBERED = _Remembered()


def listed(text: str) -> tuple[str, ...]:
    """The pieces of a list with commas, over several indented lines; other spaces belong to the pieces."""
    return tuple("".join(line.removeprefix("    ") for line in text.strip("\n").splitlines()).split(","))


class Words:
    """Words of letters, digits and `_`, in lower case, of which one must stand in a text."""

    def __init__(self, given: Iterable[str]) -> None:
        self._bit = _new_bit()
        for word in given:
            _WORDS[word] = _WORDS.get(word, 0) | self._bit

    def stand_in(self, lowered: str) -> bool:
        """Whether one of them stands in a text, given in lower case."""
        return _found(lowered) & self._bit > 0


class Pieces:
    """Pieces of text in lower case, some with spaces, of which one must stand in a text."""

    def __init__(self, pieces: str | Iterable[str]) -> None:
        self._bit, self._bit_of_spaced = _new_bit(), _new_bit()
        self._spaced: list[str] = []  # of these the longest word is looked up, and only then the whole
        self._single: list[str] = []  # without two characters side by side; these are always searched for
        for piece in listed(pieces) if isinstance(pieces, str) else pieces:
            longest = max(piece.split(), key=len)
            if len(longest) < 2:
                self._single.append(piece)
                continue
            if longest != piece:
                self._spaced.append(piece)
            _remember(longest, self._bit if longest == piece else self._bit_of_spaced)

    def stand_in(self, lowered: str) -> bool:
        """Whether one of them stands in a text, given in lower case."""
        found = _found(lowered)
        if found & self._bit:
            return True
        rest = self._single + self._spaced if found & self._bit_of_spaced else self._single
        return any(map(lowered.__contains__, rest))


class Starts:
    """Pieces of text in lower case with which a pattern begins, so that it need be tried only where they stand."""

    def __init__(self, pieces: str | Iterable[str]) -> None:
        self._of_bit: dict[int, list[str]] = {0: []}  # under 0 those without two characters side by side
        bits: dict[str, int] = {}
        for piece in listed(pieces) if isinstance(pieces, str) else pieces:
            longest = max(piece.split(), key=len)
            if longest not in bits:
                bits[longest] = _new_bit() if len(longest) > 1 else 0
                _remember(longest, bits[longest])
            self._of_bit.setdefault(bits[longest], []).append(piece)

    def places(self, lowered: str) -> list[int]:
        """Where they stand in a text, given in lower case, in order."""
        found = _found(lowered)
        starts = [start for bit, starts in self._of_bit.items() if not bit or found & bit for start in starts]
        return sorted({at for start in starts for at in _places(lowered, start)})


def _places(text: str, piece: str) -> Iterator[int]:
    at = text.find(piece)
    while at >= 0:
        yield at
        at = text.find(piece, at + 1)


@lru_cache(maxsize=32)  # as in plain.py
def _found(lowered: str) -> int:
    return reduce(or_, set(map(_REMEMBERED.__getitem__, words(lowered))), 0)


def _bits(word: str) -> int:
    bits = 0
    for whole in (word,) if word.isalnum() else _WORD.findall(word):
        bits |= _WORDS.get(whole, 0)
    for place in range(len(word) - 1):
        bits |= _SHORT_PIECES.get(word[place : place + 2], 0)
        for piece, of_clues in _PIECES.get(word[place : place + 3], _NONE).items():
            if word.startswith(piece, place):
                bits |= of_clues
    return bits


def _remember(piece: str, bit: int) -> None:
    """Let the words that hold `piece`, which has two characters or more, have that bit."""
    pieces = _SHORT_PIECES if len(piece) == 2 else _PIECES.setdefault(piece[:3], {})
    pieces[piece] = pieces.get(piece, 0) | bit


def _new_bit() -> int:
    _REMEMBERED.clear()
    _found.cache_clear()
    return 1 << next(_NUMBERS)
