"""The words of a name: where they stand, when two are the same, and how a new one takes the case of an old one."""

import random
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import regex

from core.privacy.values import spelled

# "O'Brien" is one word; the "'s" of "Anna's" is none.
_WORD = regex.compile(
    r"(?<=[\p{L}\p{M}])['’ʼ]s(?![\p{L}\p{M}])|(?P<word>\p{L}[\p{L}\p{M}]*+(?:['’ʼ`]\p{L}[\p{L}\p{M}]++)*+)|(?P<number>\p{Nd}++)",
    regex.IGNORECASE,
)
_APOSTROPHES = str.maketrans(dict.fromkeys("'’ʼ`"))
_BARE = str.maketrans("äöüåø", "aouao")
_WITH_INITIALS = ("LATIN", "GREEK", "CYRILLIC")

# Each letter goes to another of its group, so that a rare one does not have to begin all names of a common one.
_ALPHABETS = ("abcdefghijklmnprstvw", "oquxyz", "αβγδεηθικλμνπστφχ", "ζξορυψω", "абвгдекилмнопрстфюя", "зжухцчшщэієґ")
_DIGITS = "0123456789"


@dataclass(frozen=True)
class Token:
    """A word or number in a text: its place there, and its form for comparing."""

    start: int
    end: int
    key: str
    is_number: bool = False

    @property
    def is_initial(self) -> bool:
        """Whether it is a single letter of a script in which names are shortened to one."""
        is_one = len(self.key) == 1 or self.end - self.start == 1
        return not self.is_number and is_one and script(self.key) in _WITH_INITIALS


def tokens(text: str) -> list[Token]:
    """The words and numbers of `text`, in order."""
    found = []
    for match in _WORD.finditer(text):
        if match.lastgroup is not None:
            found.append(Token(match.start(), match.end(), name_key(match.group()), match.lastgroup == "number"))
    return found


@lru_cache(maxsize=65536)
def name_key(word: str) -> str:
    """The form in which two ways of writing a word of a name are equal: without case and apostrophes, and with letters
    as in passports (Krämer is Kraemer, José is Jose)."""
    plain = unicodedata.normalize("NFKC", word).casefold().translate(_APOSTROPHES)
    return _without_marks(spelled(plain)) or word


def bare_key(word: str) -> str:
    """The same with dots and rings left away (Krämer is Kramer), as on keyboards that have none."""
    return name_key(unicodedata.normalize("NFKC", word).casefold().translate(_BARE))


def _without_marks(plain: str) -> str:
    if plain.isascii() or script(plain) not in _WITH_INITIALS:
        return plain
    apart = unicodedata.normalize("NFKD", plain)
    return "".join(char for char in apart if not unicodedata.combining(char))


@lru_cache(maxsize=4096)
def script(word: str) -> str:
    """The script of the first letter, as Unicode names it: LATIN, CYRILLIC, CJK, ARABIC …"""
    first = next((char for char in word if char.isalpha()), "")
    return unicodedata.name(first, "NONE").split()[0].split("-")[0] if first else "NONE"


def like(new: str, written: str) -> str:
    """`new` in capitals or small letters where `written` is, else as it is."""
    letters = [char for char in written if char.isalpha()]
    if len(letters) > 1 and all(char == char.upper() != char.lower() for char in letters):
        return new.upper()
    return new.lower() if letters and all(char == char.lower() != char.upper() for char in letters) else new


class Letters:
    """Another letter for each letter and another digit for each digit, by the key: initials stay initials.

    The initial of a substitute is the letter that stands for the initial of the name. So "E. Schottin" and "Eugenie
    Schottin" agree without being linked, and two initials never become one. The price: names that begin with the same
    letter get names that do.
    """

    def __init__(self, chance: random.Random) -> None:
        self._other: dict[str, str] = {}
        for group in (*_ALPHABETS, _DIGITS):
            turned = list(group)
            chance.shuffle(turned)
            self._other |= dict(zip(turned, turned[1:] + turned[:1], strict=True))

    def other(self, char: str) -> str:
        """The letter that stands for this one, in its case; another sign as it is."""
        key = str(unicodedata.decimal(char)) if char.isdecimal() else name_key(char)[:1]
        new = self._other.get(key, char)
        return new.upper() if char != char.lower() else new

    def initial(self, key: str) -> str:
        """The first letter of substitutes for the name with this key; empty where any will do."""
        return self._other.get(key[:1], "")
