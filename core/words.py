"""Words for the screen: numbers with what they count, and the difference of two texts."""

import re
from difflib import SequenceMatcher

WORD = re.compile(r"\w+|\s+|[^\w\s]")
LONGEST_COMPARED = 1500


def counted(number: int, thing: str, things: str = "") -> str:
    """A number with what it counts: `1 row`, `2 rows`, `1,000 rows`; `things` is a plural that is not thing + s."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def differences(before: str, after: str) -> list[tuple[str, str]]:
    """The pieces of two texts in their order, each "same", "removed" (only in `before`) or "added" (only in `after`).

    Compared word by word with difflib; of longer texts the first `LONGEST_COMPARED` words and spaces, since the time
    grows with the square of the length: what follows is given as the same if it is equal, else as removed and added.
    """
    old, new = WORD.findall(before), WORD.findall(after)
    first, second = old[:LONGEST_COMPARED], new[:LONGEST_COMPARED]
    pieces: list[tuple[str, str]] = []
    for kind, start, end, begin, stop in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("same", "".join(first[start:end])))
            continue
        pieces += [("removed", "".join(first[start:end]))] if end > start else []
        pieces += [("added", "".join(second[begin:stop]))] if stop > begin else []
    rest = "".join(old[LONGEST_COMPARED:]), "".join(new[LONGEST_COMPARED:])
    if rest[0] == rest[1]:
        return pieces + ([("same", rest[0])] if rest[0] else [])
    return pieces + [(kind, text) for kind, text in zip(("removed", "added"), rest, strict=True) if text]
