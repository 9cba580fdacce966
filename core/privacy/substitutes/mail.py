"""Substitutes for e-mail addresses, user names and URLs: made of the substitutes of the names that are in them."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import regex

from core.privacy.kinds import URL
from core.privacy.substitutes.drawing import NAME, PLACE, Draws
from core.privacy.substitutes.makers import Maker
from core.privacy.substitutes.name_lists import name_lists
from core.privacy.substitutes.tokens import Letters, like, name_key
from core.privacy.substitutes.words import MAILBOXES, PLACE_ENDS, PLACE_STEMS
from core.privacy.values import AT, DOT, fold

# Set aside for examples (RFC 2606, section 3).
HOSTS = ("example.com", "example.org", "example.net")
_PIECE = regex.compile(r"(?P<letters>\p{L}[\p{L}\p{M}]*+)|(?P<digits>\p{Nd}++)|(?P<sign>[^\p{L}\p{Nd}]++)")
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]*+")
_SHORTEST = 3
_TRIES = 20


@dataclass(frozen=True)
class Piece:
    """A part of a local part or user name: a name, the initial of one, digits, or a sign between them."""

    text: str
    what: Literal["name", "initial", "digits", "sign"]


class Handles(Maker):
    """User names, and the part of e-mail addresses before the host."""

    def __init__(self, kind: str, draws: Draws, letters: Letters, persons: frozenset[str]) -> None:
        super().__init__(kind)
        self._draws, self._letters, self._persons = draws, letters, persons
        self._cut: dict[str, list[Piece]] = {}

    def names(self, value: str) -> Iterable[str]:
        """The names that the local part consists of."""
        return [
            name_key(piece.text) for piece in self._pieces(self._local(fold(self.kind, value))) if piece.what == "name"
        ]

    def candidates(self, known: str, chance: random.Random) -> Iterator[str]:
        """User names of the substitutes' names; where there are none, of an invented word and digits."""
        for attempt in range(10**9):
            yield self._handle(self._local(known), chance, attempt)

    def written(self, value: str, new: str) -> str:
        """The user name in the case of `value`, after its `@`."""
        return ("@" if value.strip().startswith("@") else "") + _like_handle(new, value)

    def _local(self, known: str) -> str:
        return known

    def _handle(self, local: str, chance: random.Random, attempt: int) -> str:
        pieces = self._pieces(local)
        digits = "" if attempt == 0 and pieces else str(chance.randrange(10, 10 ** (2 + attempt // _TRIES)))
        if not pieces:
            return chance.choice(PLACE_STEMS) + chance.choice(PLACE_ENDS) + digits
        return "".join(map(self._other, pieces)) + digits

    def _other(self, piece: Piece) -> str:
        if piece.what == "name":
            return name_key(self._draws.given(NAME, name_key(piece.text)))
        if piece.what == "initial":
            return "".join(map(self._letters.other, piece.text))
        if piece.what == "digits":
            chance = self._draws.chance("digits", piece.text)
            return "".join(chance.choice("0123456789") for _ in piece.text)
        return piece.text

    def _pieces(self, local: str) -> list[Piece]:
        """The pieces of a local part that is made of names; none if it is not."""
        if local not in self._cut:
            self._cut[local] = self._cut_up(local)
        return self._cut[local]

    def _cut_up(self, local: str) -> list[Piece]:
        found = [(match.lastgroup, match.group()) for match in _PIECE.finditer(local)]
        words = [text for what, text in found if what == "letters"]
        if not words or len(local) > 64 or any(name_key(word) in MAILBOXES for word in words if len(word) > 1):
            return []
        split = [self._split(words[0])] if len(words) == 1 else [self._whole(word) for word in words]
        if not all(split) or not any(piece.what == "name" for some in split for piece in some):
            return []
        rest = iter(split)
        return [
            piece
            for what, text in found
            for piece in (next(rest) if what == "letters" else [Piece(text, "digits" if what == "digits" else "sign")])
        ]

    def _whole(self, word: str) -> list[Piece]:
        return [Piece(word, "name" if len(word) > 1 else "initial")]

    def _split(self, word: str) -> list[Piece]:
        """`eugenieschottin`, `eschottin` and `eugenies` as names known from persons or from the lists."""
        for known in (self._is_person, lambda part: len(part) >= _SHORTEST and name_key(part) in name_lists()):
            if known(word):
                return [Piece(word, "name")]
            ends = range(1, len(word))
            for end in ends:
                if known(word[:end]) and known(word[end:]):
                    return [Piece(word[:end], "name"), Piece(word[end:], "name")]
            if known(word[1:]):
                return [Piece(word[:1], "initial"), Piece(word[1:], "name")]
            if known(word[:-1]):
                return [Piece(word[:-1], "name"), Piece(word[-1:], "initial")]
        return []

    def _is_person(self, part: str) -> bool:
        key = name_key(part)
        return len(key) > 1 and (key in self._persons or self._draws.had(NAME, key))


class Emails(Handles):
    """E-mail addresses, always at a host set aside for examples."""

    def candidates(self, known: str, chance: random.Random) -> Iterator[str]:
        """Addresses of the substitutes' names; the same host for the same host, and another where that is taken."""
        host = known.rpartition("@")[2]
        first = self._draws.chance("host", host).randrange(len(HOSTS))
        for attempt in range(10**9):
            new = self._handle(self._local(known), chance, attempt)
            for step in range(len(HOSTS)):
                yield f"{new}@{HOSTS[(first + step) % len(HOSTS)]}"

    def written(self, value: str, new: str) -> str:
        """The address in the case of `value`, with its own signs for `@` and the dots of the host."""
        at = AT.search(value)
        local, _, host = new.rpartition("@")
        if at is None:
            return new
        dot = DOT.search(value, at.end())
        host = host.replace(".", dot.group()) if dot else host
        host = host.upper() if value.isupper() else host
        return _like_handle(local, value[: at.start()]) + at.group() + host

    def _local(self, known: str) -> str:
        """What stands before the host, without what follows a plus."""
        return known.rpartition("@")[0].partition("+")[0]


class Urls(Maker):
    """URLs at hosts set aside for examples; the scheme stays, the path is invented, the query goes."""

    def __init__(self, draws: Draws) -> None:
        super().__init__(URL)
        self._draws = draws

    def places(self, value: str) -> Iterable[str]:
        """The name of the host, which may be that of a company."""
        return [self._name(fold(URL, value))]

    def candidates(self, known: str, chance: random.Random) -> Iterator[str]:
        """Invented paths of the same depth, up to three, at the host that stands for the host."""
        name = self._name(known)
        host = HOSTS[self._draws.chance("host", name).randrange(len(HOSTS))]
        depth = min(3, known.partition("?")[0].count("/"))
        for attempt in range(10**9):
            path = [chance.choice(PLACE_STEMS) + chance.choice(PLACE_ENDS) for _ in range(depth + attempt // _TRIES)]
            yield "/".join([f"{name_key(self._draws.given(PLACE, name))}.{host}", *path])

    def written(self, value: str, new: str) -> str:
        """The URL with the scheme and the `www.` of `value`."""
        scheme, mark, rest = value.strip().rpartition("://") if "://" in value[:20] else ("", "", value.strip())
        www = rest[:4] if rest[:4].lower() == "www." else ""
        return f"{scheme}{mark}{www}{new}{'/' if value.endswith('/') else ''}"

    def _name(self, known: str) -> str:
        host = regex.split(r"[/?#:]", known, maxsplit=1)[0].rpartition("@")[2]
        labels = [label for label in host.split(".")[:-1] if _WORD.search(label)] or [host or known]
        return name_key(max(labels, key=len))


def _like_handle(new: str, written: str) -> str:
    words = _WORD.findall(written)
    if any(word[0].isupper() for word in words) and not written.isupper():
        return str(_WORD.sub(lambda match: match.group().capitalize(), new))
    return like(new, written)
