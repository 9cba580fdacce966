"""Which words are names and which are ordinary English: Faker's name lists and pyspellchecker's word counts."""

import gzip
import json
import pkgutil
import re
import unicodedata
from collections.abc import Iterator
from enum import Enum
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from core.privacy.people.latin import in_latin_letters
from core.privacy.people.listed import (
    COMMON_WORDS_AND_NAMES,
    NEVER_NAMES,
    PLACES,
    PLACES_AND_NAMES,
    PSEUDO_LATIN,
    SURNAME_ENDINGS,
)

WORD = re.compile(r"[^\W\d_]+(?:['’-](?!s\b)[^\W\d_]+)*+")  # without the ’s of “Ann’s”
# Counts in pyspellchecker's English list, which was made from film subtitles with most names taken out: “smith” 1006,
# “john” 6920, “frank” 6903; “grace” 24102, “rose” 27460, “mark” 50334, “will” 5934031.
RARE_COUNT = 50  # the count of words that were put in by hand, the subtitles having fewer
ALSO_A_WORD_COUNT = 10_000
COMMON_WORD_COUNT = 50_000
VERY_COMMON_COUNT = 100_000
SHORTEST_NAME = 3
SHORTEST_WITH_ENDING = 6
TAXON_ENDINGS = ("idae", "aceae")  # families of animals and plants
SHORTEST_WORD, LONGEST_WORD = 2, 40

_LATIN = re.compile(r"[a-z'’-]+")


@cache
def given_names() -> frozenset[str]:
    """Given names of Faker's Latin-script locales, folded."""
    return frozenset(_names("first"))


@cache
def surnames() -> frozenset[str]:
    """Surnames of Faker's Latin-script locales, folded."""
    return frozenset(_names("last"))


@cache
def names() -> frozenset[str]:
    """Given names and surnames together, folded."""
    return given_names() | surnames()


@cache
def counts() -> dict[str, int]:
    """English words in lower case with their counts in a large sample of speech."""
    folder = import_module("spellchecker").__path__[0]
    with gzip.open(f"{folder}/resources/en.json.gz") as file:
        return dict(json.load(file))


@cache
def pseudo_latin() -> frozenset[str]:
    """The words of filler text: “lorem ipsum dolor sit amet”."""
    from faker.providers.lorem.la import Provider

    return PSEUDO_LATIN | frozenset(Provider.word_list)


@cache
def foreign_words() -> frozenset[str]:
    """Common words of other languages that are written in Latin letters, folded: some are names elsewhere."""
    import faker.providers.lorem as lorem

    modules = [f"{lorem.__name__}.{module.name}" for module in pkgutil.iter_modules(lorem.__path__)]
    return frozenset(folded(word) for module in modules for word in import_module(module).Provider.word_list)


def is_only_a_name(word: str) -> bool:
    """Whether a folded word of the lists of names is no word of English or of another language: “pekka”, “rhiannon”."""
    listed = standing(word) in (Standing.GIVEN, Standing.SURNAME)
    return listed and word not in counts() and word not in foreign_words()


def is_given_and_a_word(word: str) -> bool:
    """Whether a folded word of the dictionary is also a given name that people go by: “grace”, “mark”, “will”."""
    return word in given_names() and (counts().get(word, 0) < COMMON_WORD_COUNT or word in COMMON_WORDS_AND_NAMES)


class Standing(Enum):
    """What the lists say of a word."""

    GIVEN = "foremost a given name"
    SURNAME = "foremost a surname"
    ALSO_A_WORD = "a name that is an ordinary word as well"
    ALSO_A_PLACE = "a name that is a place or a month as well"
    PLACE = "a well-known place, day, firm or god"
    ORDINARY = "an ordinary word"
    RARE = "a word that is seldom said"
    UNKNOWN = "in no list"


@lru_cache(maxsize=50_000)
def standing(word: str) -> Standing:
    """What the lists say of a folded word; of a word with a hyphen or an apostrophe what they say of its parts."""
    if word in PLACES:
        return Standing.PLACE
    if word in PLACES_AND_NAMES:
        return Standing.ALSO_A_PLACE
    if word in NEVER_NAMES:
        return Standing.ORDINARY
    count = counts().get(word, 0)
    if word in names() and not _is_never_a_name(word, count):
        if count >= ALSO_A_WORD_COUNT:
            return Standing.ALSO_A_WORD
        return Standing.GIVEN if word in given_names() else Standing.SURNAME
    if count > RARE_COUNT or word in pseudo_latin() or word.endswith(TAXON_ENDINGS):
        return Standing.ORDINARY
    if count:
        return Standing.RARE
    if len(word) >= SHORTEST_WITH_ENDING and (word.endswith(SURNAME_ENDINGS) or word.startswith("mc")):
        return Standing.SURNAME
    return _standing_of_parts(re.split("['-]", word))


def _is_never_a_name(word: str, count: int) -> bool:
    return count >= VERY_COMMON_COUNT and word not in COMMON_WORDS_AND_NAMES


def _standing_of_parts(parts: list[str]) -> Standing:
    found = [standing(part) for part in parts if len(part) > 1] if len(parts) > 1 else []
    if not found:
        return Standing.UNKNOWN
    return next(one for one in Standing if one in found)


@cache
def _fold_table() -> dict[int, str]:
    return str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "’": "'"})


def folded(word: str) -> str:
    """Lower case without accents: “Gelencsér” is “gelencser”."""
    lowered = word.lower()
    if lowered.isascii():
        return lowered
    apart = unicodedata.normalize("NFKD", lowered.translate(_fold_table()))
    return "".join(character for character in apart if not unicodedata.combining(character))


def _names(which: str) -> Iterator[str]:
    """The parts of Faker's names whose list is called first… or last…, of all locales."""
    import faker.providers.person as person

    for module in pkgutil.iter_modules(person.__path__):
        provider = import_module(f"{person.__name__}.{module.name}").Provider
        for attribute, listed in vars(provider).items():
            if which in attribute and "format" not in attribute:
                yield from _parts(listed)


def _parts(listed: Any) -> Iterator[str]:
    if isinstance(listed, str):
        for part in in_latin_letters(folded(listed)).split():
            if len(part) >= SHORTEST_NAME and _LATIN.fullmatch(part):
                yield part
    elif isinstance(listed, list | tuple | set | dict):
        for entry in listed:
            yield from _parts(entry)
