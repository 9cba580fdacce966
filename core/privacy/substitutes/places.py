"""Substitutes for cities, companies and postal addresses: invented words and other numbers in the same layout."""

import random
from collections.abc import Callable, Iterable, Iterator

import regex

from core.privacy.kinds import ADDRESS, CITY, ORGANISATION
from core.privacy.substitutes import words
from core.privacy.substitutes.drawing import PLACE, Draws
from core.privacy.substitutes.makers import Maker, laid_over, other_code
from core.privacy.substitutes.name_lists import name_lists
from core.privacy.substitutes.names import name_candidates
from core.privacy.substitutes.tokens import Letters, Token, like, name_key, script
from core.privacy.values import fold

_KEPT = {CITY: words.CITY, ORGANISATION: words.COMPANY, ADDRESS: words.ADDRESS}
_CHUNK = regex.compile(r"[\p{L}\p{Nd}][\p{L}\p{M}\p{Nd}]*+(?:['’ʼ]\p{L}[\p{L}\p{M}]++)*+")
_ORDINALS = ("st", "nd", "rd", "th")
_TRIES, _TRIES_LONGER = 200, 20  # before a number is put behind an address, and a third part into a word


class Places(Maker):
    """Cities and companies, word by word; what says nothing of who it is stays ("Ltd", "University of")."""

    def __init__(self, kind: str, draws: Draws, letters: Letters) -> None:
        super().__init__(kind)
        self._draws, self._letters = draws, letters

    def places(self, value: str) -> Iterable[str]:
        """The words that get a substitute; the whole value where it has no letters and no digits."""
        return [key for _, key, _ in self._words(value)] or ([] if _chunks(value) else [fold(self.kind, value)])

    def known(self, value: str) -> str | None:
        """Nothing but its words."""
        return None

    def written(self, value: str, new: str = "") -> str:
        """The value with other words, and with the digits that stand for its own."""
        return self._with(value, lambda number: "".join(map(self._letters.other, number)))

    def _words(self, value: str) -> list[tuple[Token, str, str]]:
        """The words that get a substitute: place, compared form, and the end that stays ("Haupt" of "Hauptstraße")."""
        found = [token for token in _chunks(value) if not token.is_number]
        open_ = [token for token in found if token.key not in _KEPT[self.kind] and not token.is_initial]
        return [(token, *self._stem(value[token.start : token.end])) for token in open_ or found]

    def _stem(self, word: str) -> tuple[str, str]:
        lowered = word.lower()
        for end in words.STREET_ENDS if self.kind == ADDRESS and len(lowered) == len(word) else ():
            if lowered.endswith(end) and len(word) > len(end) + 2:
                return name_key(word[: -len(end)]), word[-len(end) :]
        return name_key(word), ""

    def _with(self, value: str, numbers: Callable[[str], str]) -> str:
        new = {token.start: (self._draws.given(PLACE, key), end) for token, key, end in self._words(value)}
        parts, done = [], 0
        for token in _chunks(value):
            old = value[token.start : token.end]
            parts += [value[done : token.start], self._other(token, old, new, numbers)]
            done = token.end
        rest = value[done:] if _chunks(value) else self._draws.given(PLACE, fold(self.kind, value))
        return "".join([*parts, rest])

    def _other(self, token: Token, old: str, new: dict[int, tuple[str, str]], numbers: Callable[[str], str]) -> str:
        if token.is_number:
            return numbers(old)
        if token.start in new:
            word, end = new[token.start]
            return like(word, old[: len(old) - len(end)]) + end
        return old if token.key in _KEPT[self.kind] else "".join(map(self._letters.other, old))


class Addresses(Places):
    """Postal addresses: besides the words, house numbers and codes are drawn, so that no two addresses become one."""

    def __init__(self, draws: Draws, letters: Letters) -> None:
        super().__init__(ADDRESS, draws, letters)

    def places(self, value: str) -> Iterable[str]:
        """The words that get a substitute, here and in the folded form, where a ™ is a word."""
        return {*super().places(value), *super().places(fold(ADDRESS, value))}

    def known(self, value: str) -> str:
        """The whole address."""
        return fold(ADDRESS, value)

    def candidates(self, known: str, chance: random.Random) -> Iterator[str]:
        """The address with other numbers: first those by which the same number is known elsewhere, then any."""
        yield self._with(known, lambda number: _other_number(number, self._draws.chance("number", number))).casefold()
        for attempt in range(1, 10**9):
            new = self._with(known, lambda number: _other_number(number, chance))
            more = f" {chance.randrange(10 ** (attempt // _TRIES))}" if attempt >= _TRIES else ""
            yield (new + more).casefold()

    def written(self, value: str, new: str = "") -> str:
        """The words as they are written here, with the numbers that were drawn."""
        numbers = iter([new[token.start : token.end] for token in _chunks(new) if token.is_number])
        laid = self._with(value, lambda number: laid_over(next(numbers, ""), number))
        return " ".join([laid, *numbers])


def place_candidates(letters: Letters, key: str, chance: random.Random) -> Iterator[str]:
    """Invented places; in a script other than Latin, surnames of that script."""
    if script(key) != "LATIN" and name_lists().sort(key).script != "LATIN":
        yield from name_candidates(letters, key, chance)
    more = 0
    while True:
        for _ in range(_TRIES_LONGER):
            stems = "".join(chance.choice(words.PLACE_STEMS) for _ in range(more))
            yield (chance.choice(words.PLACE_STEMS) + stems + chance.choice(words.PLACE_ENDS)).capitalize()
        more += 1


def _chunks(value: str) -> list[Token]:
    """Words, and numbers with the letters in them ("12b", "SW1A")."""
    return [
        Token(match.start(), match.end(), name_key(match.group()), any(map(str.isdecimal, match.group())))
        for match in _CHUNK.finditer(value)
    ]


def _other_number(number: str, chance: random.Random) -> str:
    digits, suffix = number[:-2], number[-2:].lower()
    if suffix in _ORDINALS and digits.isdecimal():
        new = int(other_code(digits, chance))
        return f"{new}{'th' if 10 < new % 100 < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(new % 10, 'th')}"
    return other_code(number, chance)
