"""Text in plain digits and signs, of the same length, so that one pattern reads every way of writing a number."""

import re
import unicodedata
from functools import lru_cache

_REMEMBERED = 32  # the last texts and parts of them, as one recogniser after the other asks about the same ones
_SIGNS = {
    " ": "\u00a0\u2000-\u200f\u202a-\u202f\u205f-\u206f\u3000\ufeff",  # with the invisible marks around numbers
    "-": "\u2010-\u2015\u2212\ufe58\ufe63\uff0d",
    ".": "\u2024\uff0e",
    "/": "\u2044\u2215\uff0f",
    "+": "\uff0b",
    "@": "\ufe6b\uff20",
    ":": "\uff1a",
    "(": "\uff08",
    ")": "\uff09",
    "'": "\u2018\u2019",
    '"': "\u201c-\u201f\u00ab\u00bb",
}


@lru_cache(maxsize=_REMEMBERED)
def plain(text: str) -> str:
    """`text` with decimal digits of every script as 0-9, and odd spaces, hyphens and quotes as those of ASCII.

    One character stands for one, so that places in it are places in `text`.
    """
    return text if text.isascii() else text.translate(_PLAIN)


@lru_cache(maxsize=_REMEMBERED)
def digit_count(text: str) -> int:
    """How many of the digits 0-9 `text` has: the cheapest test of whether a number can stand in it at all."""
    return sum(map(text.count, "0123456789"))


@lru_cache(maxsize=_REMEMBERED)
def lowered(text: str) -> str:
    """`text` in lower case, to look for words in: not always of the same length."""
    return text.lower()


def lower(text: str) -> str:
    """`text` in lower case and of the same length, so that places in it are places in `text`."""
    low = lowered(text)
    return low if len(low) == len(text) else text.replace("İ", "i").lower()


@lru_cache(maxsize=_REMEMBERED)
def caseless(text: str) -> str:
    """`text` as a pattern reads it that ignores case, of the same length: in lower case, without ı and ſ.

    A pattern that is written for it takes a quarter of the time of one that ignores case.
    """
    low = lower(text)
    return low if low.isascii() else low.replace("ı", "i").replace("ſ", "s")


def for_caseless(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern that is written without capitals, for what `caseless` makes of a text."""
    return re.compile(pattern.replace("ı", "i"), flags)


@lru_cache(maxsize=_REMEMBERED)
def words(text: str) -> tuple[str, ...]:
    """What stands between the spaces of `text`."""
    return tuple(text.split())


def longest_word(text: str) -> int:
    """The characters of the longest word, which may be one too many where a letter has two in lower case."""
    return max(map(len, words(lowered(text))), default=0)


def _codes(ranges: str) -> list[int]:
    """The code points of `a-cx`: a to c, and x."""
    codes: list[int] = []
    pieces = iter(ranges)
    for char in pieces:
        codes += range(codes[-1] + 1, ord(next(pieces)) + 1) if char == "-" else [ord(char)]
    return codes


class _PlainCharacters(dict[int, str]):
    """What stands for a character, worked out when it is first met: there are over a million."""

    def __missing__(self, code: int) -> str:
        digit = unicodedata.decimal(chr(code), None)
        self[code] = chr(code) if digit is None else str(digit)
        return self[code]


_PLAIN = _PlainCharacters({code: sign for sign, ranges in _SIGNS.items() for code in _codes(ranges)})
