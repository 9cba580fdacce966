"""What speaks for a word being part of a name, and what against it, as log-odds that are added up.

The tagger's probability is the start. The name lists, the dictionary, the way the word is written and what stands
around it are added, so that a doubtful reading of a known name counts, and a sure reading of an ordinary word does not
(the tagger alone reads “Linux” as a given name with 0.99).
"""

import math
import re
from dataclasses import dataclass, field

from core.privacy.people import cues
from core.privacy.people.spelling import name_likeness
from core.privacy.people.words import Standing, folded, is_given_and_a_word, is_only_a_name

SIGHT = 48
LONGEST_ACRONYM = 5
LEAST_PROBABILITY, MOST_PROBABILITY = 0.02, 0.995

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
# “Pekka”, “Rhiannon”: in no English text but as a name; at the start of a sentence any word has a capital.
ONLY_A_NAME, ONLY_A_NAME_AT_START = 2.4, 1.2
SPELLED_LIKE_A_NAME = 1.5
AFTER_TITLE = 5.0
AFTER_MY_NAME = 4.0
AFTER_RELATION = 3.5
AFTER_CUE = 2.0
SPOKEN_TO = 2.0
MENTIONED = 1.0
WITH_INITIAL = 3.0
BESIDE_GIVEN = 2.0
GIVEN_BESIDE_SURNAME = 3.0
READ_AS_PAIR = 1.5
LEAST_PAIR = 0.3
LOWER_CASE = -0.5
LOWER_CASE_AMONG_CAPITALS = -3.0
SHORT_CAPITALS = -4.0
SHORT_CAPITALS_OF_A_NAME = -2.0
AFTER_LANDFORM = -4.0
OF_A_PLACE = -2.5
OF_A_WORK = -3.0
OF_A_THING = -3.0
IS_EXPLAINED = -3.0
OF_A_SITE = -6.0

_IN_SENTENCE = re.compile(r"[^\W_][ \t,;&/(\"'-]{0,3}$")
_INITIAL_BEFORE = re.compile(r"(?<![^\W_])(?:[A-ZÀ-Þ]\.[ \t]?){1,3}$")
_INITIAL_AFTER = re.compile(r",[ \t][A-ZÀ-Þ]\.(?:[ \t]?[A-ZÀ-Þ]\.){0,2}(?=[ \t,;)]|$)")
_LISTED = (Standing.GIVEN, Standing.SURNAME)
_TURNED_ROUND = (Standing.SURNAME, Standing.GIVEN)


@dataclass
class Word:
    """A word that may be part of a name: where it stands, what the tagger and the lists say, and the odds so far.

    `given`, `surname` and `place` are the tagger's probabilities that it is a part of a name or of an address.
    """

    start: int
    end: int
    text: str = field(repr=False)
    standing: Standing
    given: float = 0.0
    surname: float = 0.0
    place: float = 0.0
    odds: float = 0.0
    accepted: bool = False
    introduced: bool = False
    why: list[str] = field(default_factory=list)

    @property
    def capital(self) -> bool:
        """Whether it is written as a name is: “al-Hashimi” is, and “McLeod”."""
        return has_capital(self.text)

    @property
    def is_acronym(self) -> bool:
        """Whether it may be one, by its few capitals: “FIFA”."""
        return self.text.isupper() and len(self.text) <= LONGEST_ACRONYM


def has_capital(word: str) -> bool:
    """Whether a word is written as a name is: “al-Hashimi” is, and “McLeod”."""
    return any(map(str.isupper, word[:4]))


def weigh(text: str, word: Word, private: bool) -> None:
    """Add what the tagger, the lists and the words right before and behind say of a word.

    `private` says whether the text looks like one about a person, in which “Ann’s Report” is not the title of a work.
    """
    probability = min(max(word.given + word.surname, LEAST_PROBABILITY), MOST_PROBABILITY)
    word.odds += math.log(probability / (1 - probability)) + STANDING[word.standing] + OF_A_PLACE * word.place
    before = text[max(0, word.start - SIGHT) : word.start]
    if word.standing is Standing.UNKNOWN:
        word.odds += SPELLED_LIKE_A_NAME * name_likeness(folded(word.text))
    if not word.is_acronym and is_only_a_name(folded(word.text)):
        bonus = ONLY_A_NAME if _IN_SENTENCE.search(before) else ONLY_A_NAME_AT_START
        word.odds += bonus if word.standing is Standing.GIVEN else bonus / 2
    if cues.ends_with_landform(before):
        word.odds += AFTER_LANDFORM
    if _INITIAL_BEFORE.search(before) or _INITIAL_AFTER.match(text, word.end):
        word.odds += WITH_INITIAL
    if not (private and word.standing is Standing.GIVEN) and cues.names_a_thing(text, word.end):
        word.odds += OF_A_THING
    if not private:
        _weigh_in_public(text, word, before)
    _weigh_cue(word, before, text, private)


def _weigh_in_public(text: str, word: Word, before: str) -> None:
    """In texts that are written for all, names are often those of works, firms, places and laws."""
    if cues.names_a_work(text, word.end):
        word.odds += OF_A_WORK
    if word.standing not in (Standing.GIVEN, Standing.SURNAME) and cues.is_a_term(before, text, word.end):
        word.odds += IS_EXPLAINED


def _weigh_cue(word: Word, before: str, text: str, private: bool) -> None:
    if cues.ends_with_title(before) and (word.capital or before.islower()):
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
    elif cues.is_spoken_to(before, text, word.end):
        word.odds += SPOKEN_TO
        word.why.append("somebody is spoken to, or spoken of")
    elif private and cues.may_be_mentioned(before):
        word.odds += MENTIONED


def weigh_pair(left: Word, right: Word) -> None:
    """Add what two words side by side say of each other."""
    if left.capital != right.capital:
        return
    if left.introduced and right.standing is not Standing.ORDINARY:
        right.odds += AFTER_MY_NAME
    if left.given >= LEAST_PAIR and right.surname >= LEAST_PAIR:
        left.odds += READ_AS_PAIR
        right.odds += READ_AS_PAIR
    if left.standing in _LISTED and right.standing in _LISTED and (left.standing, right.standing) != _TURNED_ROUND:
        left.odds += GIVEN_BESIDE_SURNAME
        right.odds += GIVEN_BESIDE_SURNAME
    elif left.standing is Standing.GIVEN and right.standing is not Standing.ORDINARY:
        right.odds += BESIDE_GIVEN
        left.odds += BESIDE_GIVEN
    elif right.standing is Standing.GIVEN and left.standing in (Standing.SURNAME, Standing.UNKNOWN):
        left.odds += BESIDE_GIVEN
        right.odds += BESIDE_GIVEN
    elif left.standing is Standing.ALSO_A_WORD and right.standing in (Standing.SURNAME, Standing.ALSO_A_WORD):
        if is_given_and_a_word(folded(left.text)):
            left.odds += BESIDE_GIVEN
            right.odds += BESIDE_GIVEN
    elif Standing.SURNAME in (left.standing, right.standing) and _may_both_be(left, right):
        left.odds += BESIDE_GIVEN / 2
        right.odds += BESIDE_GIVEN / 2


def _may_both_be(left: Word, right: Word) -> bool:
    return {left.standing, right.standing} <= {Standing.SURNAME, Standing.UNKNOWN}
