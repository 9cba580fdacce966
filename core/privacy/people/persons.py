"""From labelled words to persons: for each word what speaks for a name and what against it, added up as log-odds.

The tagger's probability is the start. The name lists, the dictionary, the way the word is written and what stands
around it are added, so that a doubtful reading of a known name counts, and a sure reading of an ordinary word does not
(the tagger alone reads “Linux” as a given name with 0.99).
"""

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from core.privacy.kinds import PERSON
from core.privacy.people import cues, hints
from core.privacy.people.words import LONGEST_WORD, SHORTEST_WORD, WORD, Standing, folded, standing
from core.privacy.spans import Span

NAME_LABELS = frozenset({"GIVEN_NAME", "SURNAME"})
LONGEST_NAME = 80
LONGEST_GAP = 20
SIGHT = 40
# What the log-odds must reach: a lower bar in letters and forms than in texts written for all.
PRIVATE_BAR = 0.0
BAR = 1.2
LEAST_PROBABILITY, MOST_PROBABILITY = 0.01, 0.995

# Log-odds, set by hand; 2.2 takes a probability of 0.5 to 0.9.
STANDING = {
    Standing.GIVEN: 2.5,
    Standing.SURNAME: 1.5,
    Standing.UNKNOWN: -1.0,
    Standing.ALSO_A_WORD: -1.0,
    Standing.ALSO_A_PLACE: -1.0,
    Standing.RARE: -2.0,
    Standing.PLACE: -6.0,
    Standing.ORDINARY: -6.0,
}
AFTER_TITLE = 5.0
AFTER_MY_NAME = 4.0
AFTER_RELATION = 3.5
AFTER_CUE = 2.0
UNDER_HEADING = 3.0
IN_EMAIL = 3.5
WITH_INITIAL = 3.0
BESIDE_GIVEN = 2.0
GIVEN_BESIDE_SURNAME = 3.0
READ_AS_PAIR = 1.5
LEAST_PAIR = 0.3
BESIDE_PERSON = 2.0
NAMED_WITH_PERSON = 1.5
LOWER_CASE = -0.5
LOWER_CASE_AMONG_CAPITALS = -3.0
SHORT_CAPITALS = -4.0
AFTER_LANDFORM = -4.0

_BETWEEN = re.compile(r"[ \t\u00a0]{1,3}(?:[^\W\d_]\.?[ \t]{1,3}){0,2}")
_PARTICLES = (
    r"(?:van|von|der|den|de|del|della|di|da|do|dos|das|du|la|le|los|las|ter|ten|te|bin|ibn|al|el|af|av|zu|y|e|ó|í)"
)
_BETWEEN_WITH_PARTICLES = re.compile(rf"[ \t]{{1,3}}(?:{_PARTICLES}[ \t]{{1,3}}){{1,3}}", re.IGNORECASE)
_INITIALS_BEFORE = re.compile(
    r"(?<![^\W_])(?:(?:[A-ZÀ-Þ]\.[ \t]?){1,3}|"
    r"(?:(?i:van|von)(?:[ \t](?i:der|den|de|dem|het))?|(?i:de[ \t]la|de[ \t]los)|(?i:ter|ten|zu|bin|ibn))[ \t])$"
)
_SUFFIX_AFTER = re.compile(
    r",[ \t][A-ZÀ-Þ]\.(?:[ \t]?[A-ZÀ-Þ]\.){0,2}(?=[ \t,;)]|$)|"
    r",?[ \t](?:Jr|Sr|JR|SR)\b\.?|[ \t](?:II|III|IV)(?!\w)|[ \t](?!I\b)[A-ZÀ-Þ]\.?(?=[ \t]{0,2}(?:[,;<(|\n]|$))"
)
_INITIAL_BEFORE = re.compile(r"(?<![^\W_])(?:[A-ZÀ-Þ]\.[ \t]?){1,3}$")
_INITIAL_AFTER = re.compile(r",[ \t][A-ZÀ-Þ]\.(?:[ \t]?[A-ZÀ-Þ]\.){0,2}(?=[ \t,;)]|$)")
_LISTED = re.compile(r",? (?:and|&|or|und|et|y|e|og|och|i|oraz|en|ja|és|a) |[,;] |/")
_AFTER_SURNAME = re.compile(r",[ \t]{1,2}")
_CODE_BEFORE = re.compile(r"(?:[\w)\]]\.|[_#@$\\<]|::|->)$")
_CODE_AFTER = re.compile(r"[(_\\@]|\.\w|::|\s?=(?!=)|/[a-z]")
_INNER_CAPITAL = re.compile(r"[a-zà-ÿ][A-ZÀ-Þ]")
_INNER_CAPITAL_OF_NAMES = re.compile(r"(?:Mc|Mac|De|Di|La|Le|Du|Van|Von|Fitz|O['’]?)[A-ZÀ-Þ]|[\w'’]+-[A-ZÀ-Þ]")


@dataclass
class _Word:
    start: int
    end: int
    text: str = field(repr=False)
    given: float
    surname: float
    standing: Standing
    odds: float = 0.0
    accepted: bool = False
    introduced: bool = False
    why: list[str] = field(default_factory=list)


@lru_cache(maxsize=2)  # a text is asked about once for each of its parts
def _hints(text: str) -> "_Hints":
    return _Hints(text)


class _Hints:
    """What the rest of a text says about its words."""

    def __init__(self, text: str) -> None:
        self._pieces, self._joined = hints.in_local_parts(text)
        self._cells = list(hints.name_cells(text))
        self.bar = PRIVATE_BAR if self._cells or cues.is_private(text) else BAR

    def weigh(self, word: _Word) -> None:
        """Add to the odds of a word that an e-mail address is made of, or that stands below a heading for names."""
        plain = folded(word.text)
        ends_piece = len(plain) >= hints.SHORTEST_IN_LOCAL_PART and f"{plain} " in self._joined
        if plain in self._pieces or ends_piece:
            word.odds += IN_EMAIL
            word.why.append("an e-mail address is made of it")
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
        _weigh(text, word)
        around.weigh(word)
    pairs = [(left, right) for left, right in pairwise(words) if _joins(text, left, right)]
    for left, right in pairs:
        _weigh_pair(left, right)
    for word in words:
        word.accepted = word.odds > bar
    _believe_neighbours(pairs, bar)
    listed = [(left, right) for left, right in pairwise(words) if _LISTED.fullmatch(text, left.end, right.start)]
    for left, right in [*listed, *reversed(listed)]:
        if left.accepted != right.accepted:
            other = right if left.accepted else left
            other.odds += NAMED_WITH_PERSON
            other.accepted = other.odds > bar
    yield from _grouped(text, [word for word in words if word.accepted])


def _believe_neighbours(pairs: Sequence[tuple[_Word, _Word]], bar: float) -> None:
    """What stands right beside an accepted word is likelier a name as well."""
    for left, right in [*pairs, *reversed(pairs)]:
        if left.accepted != right.accepted:
            other = right if left.accepted else left
            other.odds += BESIDE_PERSON
            # “Long” or “Day” behind a given name: only the tagger can tell that the name goes on.
            goes_on = other is right and other.surname >= 0.5 and other.text[0].isupper()
            other.accepted = other.odds > bar or goes_on


def _candidates(text: str, block: tuple[int, int], labelled: Sequence[Span]) -> list[_Word]:
    read: dict[int, dict[str, float]] = {}
    for span in labelled:
        if span.kind in NAME_LABELS:
            read.setdefault(span.start, {})[span.kind] = span.score
    shouting, lower = _case_of(text[block[0] : block[1]])
    words = []
    for match in WORD.finditer(text, *block):
        value = match.group()
        if not SHORTEST_WORD <= len(value) <= LONGEST_WORD:
            continue
        found = [read[place] for place in range(match.start(), match.end()) if place in read]
        stands = standing(folded(value))
        capital = value[0].isupper()
        if not found and not (capital and stands is not Standing.ORDINARY):
            continue
        if _looks_like_code(text, match):
            continue
        given = max((one.get("GIVEN_NAME", 0.0) for one in found), default=0.0)
        surname = max((one.get("SURNAME", 0.0) for one in found), default=0.0)
        word = _Word(match.start(), match.end(), value, given, surname, stands)
        if not capital:
            word.odds = LOWER_CASE if lower else LOWER_CASE_AMONG_CAPITALS
        elif value.isupper() and not shouting and len(value) <= 5 and stands is not Standing.GIVEN:
            word.odds = SHORT_CAPITALS
        words.append(word)
    return words


def _case_of(text: str) -> tuple[bool, bool]:
    """Whether a text is written in capitals, and whether it has none."""
    return text.isupper(), text.islower()


def _weigh(text: str, word: _Word) -> None:
    probability = min(max(word.given + word.surname, LEAST_PROBABILITY), MOST_PROBABILITY)
    word.odds += math.log(probability / (1 - probability)) + STANDING[word.standing]
    before = text[max(0, word.start - SIGHT) : word.start]
    if cues.ends_with_landform(before):
        word.odds += AFTER_LANDFORM
    if _INITIAL_BEFORE.search(before) or _INITIAL_AFTER.match(text, word.end):
        word.odds += WITH_INITIAL
    if cues.ends_with_title(before) and (word.text[0].isupper() or before.islower()):
        word.odds += AFTER_TITLE
        word.introduced = True
        word.why.append("it stands after a title")
    elif cues.says_my_name(before):
        word.odds += AFTER_MY_NAME
        word.introduced = True
        word.why.append("it stands after “my name is”")
    elif cues.says_relation(before):
        word.odds += AFTER_RELATION
        word.why.append("it stands after what somebody is to somebody")
    elif cues.says_name(before):
        word.odds += AFTER_CUE
        word.why.append("it stands where one says a name")


def _weigh_pair(left: _Word, right: _Word) -> None:
    if left.text[0].isupper() != right.text[0].isupper():
        return
    if left.introduced and right.standing is not Standing.ORDINARY:
        right.odds += AFTER_MY_NAME
    if left.given >= LEAST_PAIR and right.surname >= LEAST_PAIR:
        left.odds += READ_AS_PAIR
        right.odds += READ_AS_PAIR
    if left.standing is Standing.GIVEN and right.standing in (Standing.SURNAME, Standing.GIVEN):
        left.odds += GIVEN_BESIDE_SURNAME
        right.odds += GIVEN_BESIDE_SURNAME
    elif left.standing is Standing.GIVEN and right.standing is not Standing.ORDINARY:
        right.odds += BESIDE_GIVEN
        left.odds += BESIDE_GIVEN
    elif right.standing is Standing.GIVEN and left.standing in (Standing.SURNAME, Standing.UNKNOWN):
        left.odds += BESIDE_GIVEN
        right.odds += BESIDE_GIVEN


def _joins(text: str, left: _Word, right: _Word) -> bool:
    """Whether two words are parts of one name by what stands between them."""
    if right.start - left.end > LONGEST_GAP:
        return False
    between = text[left.end : right.start]
    return bool(_BETWEEN.fullmatch(between) or _BETWEEN_WITH_PARTICLES.fullmatch(between))


def _is_turned_round(text: str, group: Sequence[_Word], right: _Word) -> bool:
    """Whether `right` is the given name behind a surname alone: “Kowalska, Anna”, but not “Jan Kowalski, Anna”."""
    left = group[-1]
    if len(group) > 1 or not (left.text[0].isupper() and right.text[0].isupper()):
        return False
    reads_so = left.surname > left.given and right.given > right.surname
    return reads_so and bool(_AFTER_SURNAME.fullmatch(text, left.end, right.start))


def _grouped(text: str, words: Sequence[_Word]) -> Iterator[Span]:
    group: list[_Word] = []
    for word in words:
        goes_on = group and (_joins(text, group[-1], word) or _is_turned_round(text, group, word))
        if group and (not goes_on or word.end - group[0].start > LONGEST_NAME):
            yield _span(text, group)
            group = []
        group.append(word)
    if group:
        yield _span(text, group)


def _span(text: str, group: Sequence[_Word]) -> Span:
    """The span of a person: the words of the group with the initials, particles and suffixes around them."""
    start, end = group[0].start, group[-1].end
    if before := _INITIALS_BEFORE.search(text[max(0, start - 16) : start]):
        start -= len(before.group())
    if after := _SUFFIX_AFTER.match(text, end):
        end = after.end()
    score = round(1 / (1 + math.exp(-max(word.odds for word in group))), 3)
    return Span(start, end, PERSON, score, _reason(group))


def _reason(group: Sequence[_Word]) -> str:
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
    word = match.group()
    return bool(_INNER_CAPITAL.search(word)) and not _INNER_CAPITAL_OF_NAMES.match(word)
