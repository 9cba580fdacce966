"""Names to choose from: the lists of Faker for about eighty countries, by script, language, part, gender and letter."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from core.privacy.substitutes.tokens import bare_key, name_key, script
from core.privacy.substitutes.words import KEPT_IN_NAMES

GIVEN, SURNAME = "given", "surname"
_LISTS = (
    ("first_names_male", GIVEN, "male"),
    ("first_names_female", GIVEN, "female"),
    ("first_names", GIVEN, ""),
    ("last_names_male", SURNAME, "male"),
    ("last_names_female", SURNAME, "female"),
    ("last_names", SURNAME, ""),
    ("first_romanized_names", GIVEN, ""),
    ("last_romanized_names", SURNAME, ""),
    ("first_kana_names", GIVEN, ""),
    ("last_kana_names", SURNAME, ""),
)
# Whose name it is where several have it: the large languages, those whose lists have few names of others first.
_FIRST = ("en_US", "en_GB", "it_IT", "es_ES", "fr_FR", "pl_PL", "pt_BR", "sv_SE", "nl_NL", "de_DE", "ru_RU", "zh_CN")
# 7,200 names of US births since 1880, down to very odd ones: good to know a name by, not to choose from.
_KNOWN_ONLY = "en"
# English as a name of countries with names of their own.
_APART = ("en_IN", "en_KE", "en_NG", "en_PK", "en_TH", "fr_DZ", "zh_TW")
# Written without a space between surname and given name.
JOINED = ("CJK", "HANGUL")
_SHORTEST = 3
_ANY = ""
_COMMON = {"LATIN": "en", "CYRILLIC": "ru"}


@dataclass(frozen=True)
class Sort:
    """What is known of a name: script, language as Faker names it, given name or surname, and gender, if likely."""

    script: str
    language: str = ""
    part: str = SURNAME
    gender: str = ""

    def holds_for(self, other: "Sort") -> bool:
        """Whether a name of the other sort is one of this sort; what is empty holds for all."""
        return (
            self.language in (_ANY, other.language)
            and self.part in (_ANY, other.part)
            and self.gender in (_ANY, other.gender)
        )


class NameLists:
    """Faker's names as pools to draw from."""

    def __init__(self) -> None:
        self._sorts: dict[str, Sort] = {}
        self._names: dict[tuple[str, str], set[tuple[str, Sort]]] = defaultdict(set)
        for locale in _locales():
            for name, sort in _names(locale):
                self._add(name, sort, to_draw=locale != _KNOWN_ONLY)
        self._scripts = frozenset(script for script, _ in self._names)

    def sort(self, key: str) -> Sort:
        """What the lists say of a name in its compared form; one that they do not have counts as a surname."""
        if key in self._sorts:
            return self._sorts[key]
        known = script(key) if script(key) in self._scripts else "LATIN"
        return Sort(known, _COMMON.get(known, _ANY))

    def __contains__(self, key: str) -> bool:
        return key in self._sorts

    @lru_cache(maxsize=4096)  # noqa: B019  - the lists live as long as the program
    def pools(self, sort: Sort, letter: str) -> list[tuple[str, ...]]:
        """Pools for a name of that sort, the best first: of its language, of English or Russian, of any.

        All names begin with `letter`, unless it is empty or no name does.
        """
        wanted = [
            Sort(sort.script, sort.language, sort.part, sort.gender),
            Sort(sort.script, _COMMON.get(sort.script, _ANY), sort.part, sort.gender),
            Sort(sort.script, _ANY, sort.part, sort.gender),
            Sort(sort.script, _ANY, sort.part),
            Sort(sort.script, _ANY, _ANY),
        ]
        found = [self._pool(pool, letter) for pool in dict.fromkeys(wanted)]
        return [pool for pool in found if pool] or [self._pool(wanted[-1], "")]

    def _pool(self, wanted: Sort, letter: str) -> tuple[str, ...]:
        names = self._names.get((wanted.script, letter), ())
        return tuple(sorted({name for name, sort in names if wanted.holds_for(sort)}))

    def _add(self, name: str, sort: Sort, to_draw: bool) -> None:
        key = name_key(name)
        known = self._sorts.setdefault(key, sort)
        self._sorts.setdefault(bare_key(name), sort)
        if known.part == sort.part and known.language == sort.language and {known.gender, sort.gender} == _BOTH:
            self._sorts[key] = Sort(sort.script, sort.language, sort.part)
        if to_draw:
            self._names[sort.script, key[:1]].add((name, sort))
            self._names[sort.script, ""].add((name, sort))


_BOTH = {"male", "female"}


@lru_cache(maxsize=1)
def name_lists() -> NameLists:
    """The lists, read once: 0.3 seconds."""
    return NameLists()


def _locales() -> list[str]:
    person = import_module("faker.providers.person")
    every = sorted(module.name for module in iter_modules(person.__path__))
    return [*(name for name in _FIRST if name in every), *(name for name in every if name not in _FIRST)]


def _names(locale: str) -> Iterator[tuple[str, Sort]]:
    provider = import_module(f"faker.providers.person.{locale}").Provider
    language = locale if locale in _APART else locale[:2]
    seen: set[tuple[str, str]] = set()
    for attribute, part, gender in _LISTS:
        for name in _single_words(provider.__dict__.get(attribute, ())):
            # The list of all names repeats those of men and women.
            if gender or (name, part) not in seen:
                yield name, Sort(script(name), language, part, gender)
            seen.add((name, part))


def _single_words(names: Any) -> Iterable[str]:
    if isinstance(names, property) or not hasattr(names, "__iter__"):
        return ()
    return (name for name in map(_in_title_case, names) if _is_usable(name))


def _in_title_case(name: str) -> str:
    return name.title() if name.isupper() else name


def _is_usable(name: str) -> bool:
    if not name.isalpha() or name.islower() or name_key(name) in KEPT_IN_NAMES:
        return False
    return len(name) >= _SHORTEST or script(name) in JOINED
