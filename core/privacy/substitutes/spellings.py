"""Names whose dots and rings are left away: Björn Lindqvist, and Bjorn Lindqvist or bjorn.lindqvist@….

`name_key` spells as passports do, so that "Krämer" and "Kraemer" are one name. Whether "Kramer" is that name too only
the data can say: here it is where the whole name of a person is written in both ways, and "Tom Kramer" stays another.
"""

from collections import defaultdict
from collections.abc import Iterable

Word = tuple[str, str]  # compared form, and the form without dots and rings


def spellings(names: Iterable[tuple[Word, ...]]) -> dict[str, str]:
    """The words without dots that stand for a word with them; `names` are whole names of two words and more."""
    every = set(names)
    written = {tuple(sorted(key for key, _ in name)) for name in every}
    found: dict[str, set[str]] = defaultdict(set)
    for name in every:
        bare = tuple(sorted(bare for _, bare in name))
        if len(name) > 1 and bare in written:
            for key, without in name:
                if key != without:
                    found[without].add(key)
    return {without: keys.pop() for without, keys in found.items() if len(keys) == 1}
