"""How much of the texts is in a script that the tagger does not read."""

import re
from collections.abc import Iterable

_LETTERS = re.compile(r"[^\W\d_]+")
# Latin with its extensions; the tagger has no vocabulary for the other scripts.
_LATIN = re.compile("[A-Za-zª-ʯḀ-ỿⱠ-ⱿꜢ-ꟿﬀ-ﬆＡ-Ｚａ-ｚ]+")


def unread_share(texts: Iterable[str]) -> float:
    """The share, from 0 to 1, of the letters of all texts that are of another script than the Latin one."""
    letters = unread = 0
    for text in texts:
        every = "".join(_LETTERS.findall(text))
        letters += len(every)
        if not every.isascii():
            unread += len(every) - sum(map(len, _LATIN.findall(every)))
    return unread / letters if letters else 0.0
