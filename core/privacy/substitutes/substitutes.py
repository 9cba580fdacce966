"""The substitutes of all values of a dataset."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from core.privacy.kinds import (
    ADDRESS,
    BIRTH_DATE,
    CITY,
    DATE,
    EMAIL,
    IP,
    MAC,
    ORGANISATION,
    PERSON,
    PHONE,
    URL,
    USERNAME,
)
from core.privacy.substitutes import networks
from core.privacy.substitutes.dates import Dates
from core.privacy.substitutes.drawing import NAME, PLACE, Draws
from core.privacy.substitutes.ledger import Ledger
from core.privacy.substitutes.mail import Emails, Handles, Urls
from core.privacy.substitutes.makers import Maker
from core.privacy.substitutes.names import Persons, name_candidates
from core.privacy.substitutes.numbers import DRAWINGS, Numbers
from core.privacy.substitutes.phones import Phones
from core.privacy.substitutes.places import Addresses, Places, place_candidates
from core.privacy.substitutes.spellings import Word, spellings
from core.privacy.substitutes.tokens import Letters

SUBSTITUTED = (
    *(PERSON, EMAIL, PHONE, ADDRESS, USERNAME, URL, ORGANISATION, CITY),
    *(IP, MAC, BIRTH_DATE, DATE, *DRAWINGS),
)


class Substitutes:
    """Invented values in the place of real ones, drawn from a key: the same value always gets the same one.

    Persons are made word by word: "Eugenie Schottin", "Eugenie", "E. Schottin" and eugenie.schottin@firm.de agree.
    The result depends on the key, the set of values and what the ledger already has, never on their order. No two
    values get the same substitute, and none gets one that is itself among the values or in `words` (the words of the
    data, in small letters). What an earlier dataset was given stands, even if it is a value of this one.

    `values` are kind and value; those of other kinds than `kinds`, and the `others`, get no substitute, but are
    nobody's either: a real value that stays must not stand for another one. New substitutes are noted in `ledger`; hold
    it (`Ledger.held`) while this is made, if they are to be kept.
    """

    def __init__(
        self,
        key: bytes,
        values: Iterable[tuple[str, str]],
        ledger: Ledger | None = None,
        kinds: Collection[str] = SUBSTITUTED,
        words: Collection[str] = (),
        others: Iterable[tuple[str, str]] = (),
    ) -> None:
        by_kind = _by_kind(values)
        draws = Draws(key, ledger or Ledger(), words)
        letters = Letters(draws.chance("letters"))
        persons = Persons(draws, letters)
        known = frozenset(name for value in by_kind[PERSON] for name in persons.names(value))
        self._makers = _makers(draws, letters, persons, known)
        self._draws = draws
        self._written: dict[tuple[str, str], str] = {}
        draws.join(spellings(self._names(persons, by_kind)))
        self._register(by_kind)
        self._register(_by_kind(others))
        self._draw({kind: by_kind[kind] for kind in sorted(by_kind) if kind in kinds}, letters)

    def substitute(self, kind: str, value: str) -> str:
        """The substitute of one of the values, in the way in which it is written here."""
        if (kind, value) not in self._written:
            maker = self._makers[kind]
            known = maker.known(value)
            new = "" if known is None else self._draws.given(kind, known)
            self._written[kind, value] = maker.written(value, new)
        return self._written[kind, value]

    def _names(self, persons: Persons, by_kind: dict[str, set[str]]) -> Iterator[tuple[Word, ...]]:
        """The whole names of persons, and those in e-mail addresses and user names."""
        yield from map(persons.words, by_kind[PERSON])
        for kind in (EMAIL, USERNAME):
            yield from (tuple((name, name) for name in self._makers[kind].names(value)) for value in by_kind[kind])

    def _register(self, by_kind: dict[str, set[str]]) -> None:
        for kind, values in by_kind.items():
            if kind not in self._makers:
                continue
            maker = self._makers[kind]
            for value in values:
                self._draws.register(NAME, maker.names(value))
                self._draws.register(PLACE, maker.places(value))
                known = maker.known(value)
                self._draws.register(kind, [] if known is None else [known])

    def _draw(self, by_kind: dict[str, set[str]], letters: Letters) -> None:
        wanted = [(self._makers[kind], values) for kind, values in by_kind.items() if kind in self._makers]
        names = {name for maker, values in wanted for value in values for name in maker.names(value)}
        places = {place for maker, values in wanted for value in values for place in maker.places(value)}
        self._draws.draw(NAME, names, lambda word, chance: name_candidates(letters, word, chance))
        self._draws.draw(PLACE, places, lambda word, chance: place_candidates(letters, word, chance))
        for maker, values in wanted:
            known = {form for form in map(maker.known, values) if form is not None}
            self._draws.draw(maker.kind, known, maker.candidates)


def _by_kind(values: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for kind, value in values:
        found[kind].add(value)
    return found


def _makers(draws: Draws, letters: Letters, persons: Persons, known: frozenset[str]) -> dict[str, Maker]:
    makers: list[Maker] = [
        persons,
        Places(CITY, draws, letters),
        Places(ORGANISATION, draws, letters),
        Addresses(draws, letters),
        Emails(EMAIL, draws, letters, known),
        Handles(USERNAME, draws, letters, known),
        Urls(draws),
        Phones(),
        networks.Addresses(),
        networks.Macs(),
        Dates(BIRTH_DATE),
        Dates(DATE),
        *(Numbers(kind, drawing) for kind, drawing in DRAWINGS.items()),
    ]
    return {maker.kind: maker for maker in makers}
