"""From labelled words to persons: the words for which enough speaks, put together to whole names."""

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby, pairwise

from core.privacy.kinds import PERSON
from core.privacy.people import cues, hints
from core.privacy.people.code import is_compound
from core.privacy.people.evidence import (
    LOWER_CASE,
    LOWER_CASE_AMONG_CAPITALS,
    OF_A_SITE,
    SHORT_CAPITALS,
    SHORT_CAPITALS_OF_A_NAME,
    Word,
    has_capital,
    weigh,
    weigh_pair,
)
from core.privacy.people.grow import whole_name
from core.privacy.people.words import LONGEST_WORD, SHORTEST_WORD, WORD, Standing, counts, folded, standing
from core.privacy.spans import Span

PLACE_LABELS = ("CITY", "STATE", "STREET_NAME")
LABELS = frozenset({"GIVEN_NAME", "SURNAME", *PLACE_LABELS})
LONGEST_NAME = 80
LONGEST_GAP = 20
MORE_FOR_WORDS = 1.5
# What the log-odds must reach: a lower bar in letters and forms than in texts written for all.
PRIVATE_BAR = 0.0
BAR = 1.0
UNDER_HEADING = 3.0
IN_EMAIL = 3.5
BESIDE_PERSON = 2.0
NAMED_WITH_PERSON = 2.0

_KNOWN = (Standing.GIVEN, Standing.SURNAME)
_BETWEEN = re.compile(r"[ \t\u00a0]{1,3}(?:[^\W\d_]\.?[ \t]{1,3}){0,2}")
_PARTICLES = (
    r"(?:van|von|der|den|de|del|della|di|da|do|dos|das|du|la|le|los|las|ter|ten|te|bin|bint|ibn|al|el|af|av|zu|y|e|i|"
    r"'t|ó|í|ap)"
)
_BETWEEN_WITH_PARTICLES = re.compile(rf"[ \t]{{1,3}}(?:{_PARTICLES}[ \t]{{1,3}}){{1,3}}", re.IGNORECASE)
_BULLET = r"[ \t|]{0,4}\r?\n[ \t|>]{0,6}(?:[-*•+]|\d{1,2}[.)])?[ \t]{0,3}"
_LISTED = re.compile(
    rf",? (?:and|&|or|und|et|y|e|og|och|i|oraz|en|ja|és|a|ve|và|und|oder|ou|o) |[,;] |, (?:and|&|or) | ?/ ?|{_BULLET}",
)
_AFTER_SURNAME = re.compile(r",[ \t]{1,2}")
_CODE_BEFORE = re.compile(r"(?:[\w)\]]\.|[_#$\\<]|(?<=[\w@.])@|::|->)$")
_CODE_AFTER = re.compile(r"[(_\\@]|\.\w|::|\s?=(?!=)|/[a-z]")


@lru_cache(maxsize=2)  # a text is asked about once for each of its parts
def _hints(text: str) -> "_Hints":
    return _Hints(text)


class _Hints:
    """What the rest of a text says about its words."""

    def __init__(self, text: str) -> None:
        self._pieces, self._joined = hints.in_local_parts(text)
        self._cells = list(hints.name_cells(text))
        self._sites = cues.domains(text)
        self.bar = PRIVATE_BAR if self._cells or cues.is_private(text) else BAR

    def weigh(self, word: Word) -> None:
        """Add to the odds of a word that an e-mail address is made of, or that stands below a heading for names."""
        plain = folded(word.text)
        ends_piece = len(plain) >= hints.SHORTEST_IN_LOCAL_PART and f"{plain} " in self._joined
        if plain in self._pieces or ends_piece:
            word.odds += IN_EMAIL
            word.why.append("an e-mail address is made of it")
        if plain in self._sites and self.bar == BAR:
            word.odds += OF_A_SITE
        place = bisect_right(self._cells, word.start, key=lambda cell: cell[0]) - 1
        if place >= 0 and word.start < self._cells[place][1] and word.standing is not Standing.ORDINARY:
            word.odds += UNDER_HEADING
            word.why.append("it stands in a column of names")


def read_persons(text: str, block: tuple[int, int], labelled: Sequence[Span]) -> Iterator[Span]:
    """The persons in `text[block]`, of which `labelled` are the labelled words."""
    around = _hints(text)
    bar = around.bar
    words = _candidates(text, block, labelled)
    for word in words:
        weigh(text, word, bar == PRIVATE_BAR)
        around.weigh(word)
    pairs = [(left, right) for left, right in pairwise(words) if _joins(text, left, right)]
    for left, right in pairs:
        weigh_pair(left, right)
    for word in words:
        word.accepted = word.odds > bar
    _believe_neighbours(pairs, bar)
    _believe_listed(text, words, bar)
    _believe_neighbours(pairs, bar)
    candidates = {word.start: word for word in words}
    last: Span | None = None
    for group in _grouped(text, [word for word in words if word.accepted]):
        person = _span(text, group, candidates)
        if last and person.start < last.end:
            last = replace(last, end=max(last.end, person.end), score=max(last.score, person.score))
            continue
        if last:
            yield last
        last = person
    if last:
        yield last


def _believe_neighbours(pairs: Sequence[tuple[Word, Word]], bar: float) -> None:
    """What stands right beside an accepted word is likelier a name as well."""
    for left, right in [*pairs, *reversed(pairs)]:
        if left.accepted != right.accepted:
            other = right if left.accepted else left
            other.odds += BESIDE_PERSON
            # “Long” or “Day” behind a given name: only the tagger can tell that the name goes on.
            goes_on = other is right and other.surname >= 0.5 and other.capital
            other.accepted = other.odds > bar or goes_on


def _believe_listed(text: str, words: Sequence[Word], bar: float) -> None:
    """What is named together with an accepted word is likelier a name as well."""
    listed = [(left, right) for left, right in pairwise(words) if _LISTED.fullmatch(text, left.end, right.start)]
    for left, right in [*listed, *reversed(listed)]:
        if left.accepted != right.accepted:
            other = right if left.accepted else left
            other.odds += NAMED_WITH_PERSON
            other.accepted = other.odds > bar


def _candidates(text: str, block: tuple[int, int], labelled: Sequence[Span]) -> list[Word]:
    read: dict[int, dict[str, float]] = {}
    for span in labelled:
        if span.kind in LABELS:
            read.setdefault(span.start, {})[span.kind] = span.score
    words = []
    for match in WORD.finditer(text, *block):
        is_read = not read.keys().isdisjoint(range(*match.span()))
        if SHORTEST_WORD <= len(match.group()) <= LONGEST_WORD and (is_read or has_capital(match.group())):
            word = _word(match, [read[place] for place in range(*match.span()) if place in read])
            may_be_one = word.capital and word.standing is not Standing.ORDINARY
            if (word.given + word.surname or may_be_one) and not _looks_like_code(text, match):
                words.append(word)
    _weigh_case(text, text[slice(*block)], words)
    return words


def _word(match: re.Match[str], labels: Sequence[Mapping[str, float]]) -> Word:
    """The word with the best of what the tagger says of its pieces."""
    word = Word(*match.span(), match.group(), standing(folded(match.group())))
    if labels:
        word.given = max(one.get("GIVEN_NAME", 0.0) for one in labels)
        word.surname = max(one.get("SURNAME", 0.0) for one in labels)
        word.place = max(one.get(label, 0.0) for one in labels for label in PLACE_LABELS)
    return word


def _weigh_case(text: str, block: str, words: Sequence[Word]) -> None:
    """Set the odds of words in lower case and in capitals, which say less where all of the block is written so."""
    shouting, lower = block.isupper(), block.islower()
    for word in words:
        if word.capital and word.is_acronym and not shouting:
            word.odds = SHORT_CAPITALS_OF_A_NAME if word.standing is Standing.GIVEN else SHORT_CAPITALS
        elif not word.capital:
            is_word = folded(word.text) in counts()
            all_lower = text.islower() if is_word else lower
            among = LOWER_CASE_AMONG_CAPITALS * (1 if word.standing in _KNOWN else MORE_FOR_WORDS)
            word.odds = LOWER_CASE if all_lower else among


def _joins(text: str, left: Word, right: Word) -> bool:
    """Whether two words are parts of one name by what stands between them."""
    if right.start - left.end > LONGEST_GAP:
        return False
    between = text[left.end : right.start]
    return bool(_BETWEEN.fullmatch(between) or _BETWEEN_WITH_PARTICLES.fullmatch(between))


def _is_turned_round(text: str, group: Sequence[Word], right: Word) -> bool:
    """Whether `right` is the given name behind a surname alone: “Kowalska, Anna”, but not “Jan Kowalski, Anna”."""
    left = group[-1]
    if len(group) > 1 or not (left.capital and right.capital):
        return False
    reads_so = left.surname > left.given and right.given > right.surname
    return reads_so and bool(_AFTER_SURNAME.fullmatch(text, left.end, right.start))


def _grouped(text: str, words: Sequence[Word]) -> Iterator[list[Word]]:
    group: list[Word] = []
    for word in words:
        goes_on = group and (_joins(text, group[-1], word) or _is_turned_round(text, group, word))
        if group and (not goes_on or word.end - group[0].start > LONGEST_NAME):
            yield from _names_in(group)
            group = []
        group.append(word)
    yield from _names_in(group)


def _names_in(group: Sequence[Word]) -> Iterator[list[Word]]:
    """The names of a group: beside capitals a word in lower case is part of one only if it is known as a name."""
    if not any(word.capital for word in group):
        yield from [list(group)] if group else []
        return
    for stays, words in groupby(group, lambda word: word.capital or word.standing in _KNOWN):
        if stays:
            yield list(words)


def _span(text: str, group: Sequence[Word], candidates: Mapping[int, Word]) -> Span:
    start, end = whole_name(text, group, candidates)
    score = round(1 / (1 + math.exp(-max(word.odds for word in group))), 3)
    return Span(start, end, PERSON, score, _reason(group))


def _reason(group: Sequence[Word]) -> str:
    given = any(word.given >= 0.5 for word in group)
    surname = any(word.surname >= 0.5 for word in group)
    parts = []
    if given or surname:
        what = "a given name and surname" if given and surname else "a given name" if given else "a surname"
        parts.append(f"the tagger reads it as {what}")
    if any(word.standing is Standing.GIVEN for word in group):
        parts.append("a known given name")
    elif any(word.standing is Standing.SURNAME for word in group):
        parts.append("a known surname")
    parts += dict.fromkeys(reason for word in group for reason in word.why)
    return "; ".join(parts) or "written like a name beside one"


def _looks_like_code(text: str, match: re.Match[str]) -> bool:
    if _CODE_BEFORE.search(text[max(0, match.start() - 2) : match.start()]) or _CODE_AFTER.match(text, match.end()):
        return True
    return is_compound(match.group())
