"""When a word that somebody is called by is the ordinary word: the verb "will" beside a Will Turner.

A name is left over where it is written as names are: with a capital within a sentence. An ordinary word of the language
(the dictionary of core/privacy/people) is taken for that word where it is written as such: in small letters, with the
capital of the beginning of a sentence, or in capitals among words in capitals. So "Ask Will." is a leftover, and "He
will." and "Will he?" are none, unless the detector calls them a person.
"""

import re
from collections.abc import Collection

from core.mask.readings import Reading
from core.mask.traces import Trace
from core.privacy.people.words import Standing, folded, standing

_WORDS = frozenset({Standing.ORDINARY, Standing.ALSO_A_WORD, Standing.ALSO_A_PLACE, Standing.PLACE, Standing.RARE})
_SIGHT = 24  # characters in front of a word that are looked at
# At the beginning of a text or line or behind the end of a sentence, with quotes, brackets and bullets before the word.
_BEGINS = re.compile(r"""(?:^|[.!?…\n]["'»”’)\]]{0,3}(?=\s)|\n)[\s"'«»“”„‘’()\[*#>\-–—•0-9.¿¡]{0,20}$""")


def is_ordinary_use(reading: Reading, trace: Trace, written: Collection[str]) -> bool:
    """Whether a single word of a name (`trace`) is an ordinary word where it stands.

    `written` are the words of the names as they were written where they were masked: a name that was in small letters
    there is one in small letters here too.
    """
    word = trace.written[0]
    if trace.last - trace.first > 1 or standing(folded(word)) not in _WORDS:
        return False
    if word.islower():
        return word not in written
    if word.isupper() and len(word) > 1:
        return word not in written and _is_among_capitals(reading, trace)
    return begins_sentence(reading.text, reading.spans[trace.first][0])


def begins_sentence(text: str, start: int) -> bool:
    """Whether what stands at `start` begins a sentence or a line."""
    before = text[max(0, start - _SIGHT) : start]
    if start > _SIGHT:
        before = "x" + before
    return bool(_BEGINS.search(before))


def _is_among_capitals(reading: Reading, trace: Trace) -> bool:
    beside = [reading.written[at] for at in (trace.first - 1, trace.last) if 0 <= at < len(reading.written)]
    return any(word.isupper() and len(word) > 1 for word in beside)
