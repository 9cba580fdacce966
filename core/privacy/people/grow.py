"""The whole of a name of which some words are known: initials, particles, suffixes, and what else belongs to it."""

import re
from collections.abc import Mapping, Sequence

from core.privacy.people.cues import ends_with_landform
from core.privacy.people.edges import is_no_part
from core.privacy.people.evidence import Word
from core.privacy.people.words import Standing, folded, standing

LEAST_READ = 0.05  # of the tagger, for a word that no list has
LEAST_READ_BEFORE = 0.3  # a sentence may begin with any word
SHORT = 3  # letters of “Li”, “Vo”, “Bui”
MOST_MORE = 3  # words on either side
SIGHT = 48

_PARTICLE = (
    r"(?:van(?: (?:der|den|de|dem|het|['’]t))?|von(?: (?:der|den|dem|und zu))?|de(?: (?:la|los|las|le))?|del(?:la)?|"
    r"di|da|dos?|das|du|la|le|lo|ter?|ten|bin|bint|ibn|binti|al|el|af|av|zu[mr]?|ap|mac|st\.?|y|e|i|[ÓóOoÍí])"
)
_RIGHT = re.compile(
    rf"[ \t\u00a0]{{1,2}}(?P<particles>(?:{_PARTICLE}[ \t]){{0,2}})"
    r"(?P<word>[^\W\d_]+(?:['’-](?!s\b)[^\W\d_]+){0,3})(?!\w)",
    re.IGNORECASE,
)
_LEFT = re.compile(
    rf"(?<![\w@.])(?P<word>[^\W\d_]{{2,30}}(?:['’-][^\W\d_]{{1,30}}){{0,3}})[ \t](?:{_PARTICLE}[ \t]){{0,2}}$",
    re.IGNORECASE,
)
_INITIALS_BEFORE = re.compile(
    r"(?<![^\W_])(?:(?:[A-ZÀ-Þ]\.[ \t]?){1,3}|"
    r"(?:(?i:van|von)(?:[ \t](?i:der|den|de|dem|het|['’]t))?|(?i:de[ \t]la|de[ \t]los)|(?i:ter|ten|zu|bin|ibn))[ \t])$"
)
_SUFFIX_AFTER = re.compile(
    r",[ \t][A-ZÀ-Þ]\.(?:[ \t]?[A-ZÀ-Þ]\.){0,2}(?=[ \t,;)]|$)|"
    r",?[ \t](?:Jr|Sr|JR|SR)\b\.?|[ \t](?:II|III|IV)(?!\w)|[ \t](?!I\b)[A-ZÀ-Þ]\.?(?=[ \t]{0,2}(?:[,;<(|\n]|$))"
)
# “Kowalska, Anna” where nothing else stands in the line, the cell or the quotes.
_TURNED_ROUND = re.compile(
    rf"(?:^|[\n|;\t\"])[ \t]{{0,3}}(?P<name>(?:{_PARTICLE}[ \t]){{0,2}}(?P<word>[A-ZÀ-Þ][\w'’-]{{1,30}})"
    rf"(?:[ \t](?:{_PARTICLE}[ \t]){{0,2}}[A-ZÀ-Þ][\w'’-]{{1,30}})?),[ \t]$"
)
_CELL_ENDS = re.compile(r"[ \t]{0,3}(?:$|[\n|;\t\"(+\d]|[-–—:])")
_CLAUSE_ENDS = re.compile(r"['’]s?\b|[ \t]{0,2}(?:$|[^\w \t]|[a-zà-ÿ])")
_SHORT_SURNAMES = frozenset({"li", "lu", "wu", "xu", "hu", "yu", "ho", "vo", "vu", "ly", "ng", "su"})
_LISTED = (Standing.GIVEN, Standing.SURNAME)


def whole_name(text: str, group: Sequence[Word], candidates: Mapping[int, Word]) -> tuple[int, int]:
    """Where the name begins and ends of which the words of `group` are sure.

    `candidates` are the words of the text that the tagger or the lists know, by where they start.
    """
    start, end = group[0].start, group[-1].end
    shouts = text[start:end].isupper()
    for _ in range(MOST_MORE):
        more = _RIGHT.match(text, end)
        if not more or not _goes_on(text, group, more, candidates, shouts):
            break
        end = more.end()
    for _ in range(MOST_MORE):
        before = _LEFT.search(text, max(0, start - SIGHT), start)
        if not before or not _begins_with(before, candidates, shouts) or _is_behind_the(text, before.start()):
            break
        start = before.start("word")
    return _with_the_rest(text, start, end)


def _goes_on(
    text: str, group: Sequence[Word], more: re.Match[str], candidates: Mapping[int, Word], shouts: bool
) -> bool:
    """Whether the next word is a part of the name as well."""
    word = more["word"]
    if not any(map(str.isupper, word[:4])) or (word.isupper() and len(word) > 1 and not shouts) or is_no_part(word):
        return False
    stands = standing(folded(word))
    if stands in _LISTED or (more["particles"] and not shouts):
        return True
    read = _read(candidates, more.start("word"))
    if stands in (Standing.ORDINARY, Standing.PLACE, Standing.ALSO_A_WORD, Standing.ALSO_A_PLACE):
        is_last = len(group) == 1 and bool(_CLAUSE_ENDS.match(text, more.end()))
        return group[-1].standing is Standing.GIVEN and is_last and read >= LEAST_READ
    # “Lê Quốc Bảo”: letters of one language, and not of the language of the text.
    return read >= LEAST_READ or not (word.isascii() or group[-1].text.isascii())


def _begins_with(before: re.Match[str], candidates: Mapping[int, Word], shouts: bool) -> bool:
    word = before["word"]
    if not word[0].isupper() or (word.isupper() and not shouts) or is_no_part(word):
        return False
    stands, read = standing(folded(word)), _read(candidates, before.start("word"))
    if word.lower() in _SHORT_SURNAMES:
        return True
    return stands in _LISTED or read >= (2 * LEAST_READ if len(word) <= SHORT else LEAST_READ_BEFORE)


def _is_behind_the(text: str, start: int) -> bool:
    return ends_with_landform(text[max(0, start - SIGHT) : start])


def _read(candidates: Mapping[int, Word], start: int) -> float:
    word = candidates.get(start)
    return word.given + word.surname if word else 0.0


def _with_the_rest(text: str, start: int, end: int) -> tuple[int, int]:
    """The name with initials, particles and a suffix, and with the surname that stands before it in a list."""
    if before := _INITIALS_BEFORE.search(text, max(0, start - SIGHT), start):
        start = before.start()
    if after := _SUFFIX_AFTER.match(text, end):
        end = after.end()
    turned = _TURNED_ROUND.search(text, max(0, start - SIGHT), start)
    if turned and _CELL_ENDS.match(text, end) and _is_surname(turned["word"]):
        start = turned.start("name")
    return start, end


def _is_surname(word: str) -> bool:
    no_surname = (Standing.ORDINARY, Standing.PLACE, Standing.GIVEN)
    return not is_no_part(word) and standing(folded(word)) not in no_surname
