"""What every kind must say about its substitutes."""

import random
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from string import ascii_lowercase, digits

from core.privacy.values import fold


class Maker(ABC):
    """Makes the substitutes of a kind. Those that consist of names or places take them from the words they share."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def names(self, value: str) -> Iterable[str]:
        """The words of `value` that are names of persons, in their compared form."""
        return ()

    def places(self, value: str) -> Iterable[str]:
        """The words of `value` that are names of places or companies, in their compared form."""
        return ()

    def known(self, value: str) -> str | None:
        """The form by which the value is known in the ledger; None where its words are all there is to it."""
        return fold(self.kind, value)

    def candidates(self, known: str, chance: random.Random) -> Iterator[str]:
        """Substitutes for the value with that form, without end; none for a kind whose words are all there is to it."""
        return iter(())

    @abstractmethod
    def written(self, value: str, new: str) -> str:
        """The substitute `new`, drawn for `value`, in the way in which `value` is written."""


def laid_over(new: str, written: str) -> str:
    """The letters and digits of `new` in the places of those of `written`, letters in the case of its letters."""
    new = new.upper() if any(map(str.isupper, written)) and not any(map(str.islower, written)) else new
    rest = iter(new)
    laid: list[str] = []
    for char in written:
        put = next(rest, "") if char.isalnum() else char
        laid.append(put.upper() if char.isupper() else put)
    return "".join(laid) + "".join(rest)


def other_code(code: str, chance: random.Random, letters: str = ascii_lowercase) -> str:
    """Another digit for each digit of `code`, another letter for each of a to z; a 0 in front only for a 0."""
    new = "".join(
        chance.choice(digits) if char.isdecimal() else chance.choice(letters) if "a" <= char.lower() <= "z" else char
        for char in code
    )
    first = code[:1]
    return chance.choice(digits[1:]) + new[1:] if first.isdecimal() and int(first) else new
