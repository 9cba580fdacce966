"""Substitutes for persons: word by word, so that "Eugenie Schottin", "Ms Schottin" and "Eugenie" agree."""

import random
from collections.abc import Iterable, Iterator

from core.privacy.kinds import PERSON
from core.privacy.substitutes.drawing import NAME, Draws
from core.privacy.substitutes.makers import Maker
from core.privacy.substitutes.name_lists import GIVEN, JOINED, SURNAME, Sort, name_lists
from core.privacy.substitutes.spellings import Word
from core.privacy.substitutes.tokens import Letters, Token, bare_key, like, tokens
from core.privacy.substitutes.words import LEADING, PARTICLES, SUFFIXES, TITLES
from core.privacy.values import fold

_TRIES = 4  # from each pool, before names are put together
_TRIES_LONGER = 50


class Persons(Maker):
    """Titles, particles, hyphens and case stay; an initial becomes the initial of the substitute."""

    def __init__(self, draws: Draws, letters: Letters) -> None:
        super().__init__(PERSON)
        self._draws, self._letters = draws, letters

    def names(self, value: str) -> Iterable[str]:
        """The given names and surnames; the whole value where it has no letters."""
        return [word.key for word in _names(value)] or [fold(PERSON, value)]

    def words(self, value: str) -> tuple[Word, ...]:
        """The given names and surnames, each with the form without dots and rings."""
        return tuple((word.key, bare_key(value[word.start : word.end])) for word in _names(value))

    def known(self, value: str) -> None:
        """Nothing but its words."""

    def written(self, value: str, new: str = "") -> str:
        """The substitute of a person."""
        names = {word.start: self._draws.given(NAME, word.key) for word in _names(value)}
        if not names:
            return self._draws.given(NAME, fold(PERSON, value))
        kept = _kept(tokens(value))
        parts, done = [], 0
        for token in tokens(value):
            old = value[token.start : token.end]
            new = like(names[token.start], old) if token.start in names else self._short(token, old, kept)
            parts += [value[done : token.start], new]
            done = token.end
        return "".join([*parts, value[done:]])

    def _short(self, token: Token, written: str, kept: set[int]) -> str:
        return written if token.start in kept else "".join(map(self._letters.other, written))


def name_candidates(letters: Letters, key: str, chance: random.Random) -> Iterator[str]:
    """Names for the one with this compared form: of its language and gender, then of any, then put together of two
    and more, as many as are wanted. Their first letter is the one that `letters` has for its first letter."""
    lists = name_lists()
    sort = lists.sort(key)
    if sort.script in JOINED:
        first, second = (lists.pools(Sort(sort.script, part=part), "")[0] for part in (SURNAME, GIVEN))
        pools = [first] if len(key) == 1 else []
    else:
        pools = lists.pools(sort, letters.initial(key))
        first, second = pools[-1], lists.pools(sort, "")[-1]
    for pool in pools:
        yield from (chance.choice(pool) for _ in range(_TRIES))
    more = 1
    while True:
        for _ in range(_TRIES_LONGER):
            yield chance.choice(first) + "".join(chance.choice(second).lower() for _ in range(more))
        more += 1


def _names(value: str) -> list[Token]:
    """The words that get a name of their own: not titles, particles and initials, unless there is nothing else."""
    words = [token for token in tokens(value) if not token.is_number]
    kept = _kept(words)
    return [word for word in words if word.start not in kept and not word.is_initial] or words


def _kept(found: list[Token]) -> set[int]:
    """Where the titles in front, the suffixes behind and the particles between them stand."""
    words = [token for token in found if not token.is_number]
    first, last = 0, len(words)
    while first < last and words[first].key in TITLES:
        first += 1
    while first < last - 1 and words[last - 1].key in SUFFIXES:
        last -= 1
    particles = [
        word for place, word in enumerate(words[first : last - 1]) if word.key in (PARTICLES if place else LEADING)
    ]
    return {word.start for word in [*words[:first], *particles, *words[last:]]}
