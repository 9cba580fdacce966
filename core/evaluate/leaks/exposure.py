"""How much likelier a planted value became than others of its shape: evidence without its being said.

The exposure of Carlini et al. 2019 (arXiv 1802.08232): the rank of the value among random ones of the same shape, by
loss. The loss is taken as its change in tuning, so that a value that is likely by itself is not called known.
"""

import math
import random
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

ALTERNATIVES = 99
FEWEST_DIGITS = 4  # with so many, only the digits are drawn, and the words around them stay
VOWELS, CONSONANTS, DIGITS = "aeiou", "bcdfghjklmnpqrstvwxyz", "0123456789"


class Exposure(BaseModel):
    """A value after the text before it in a training row, `rank` 1 of `of` being the most exposed one.

    `chance` is the probability that the tuned model goes on with it, drawn at temperature 1, and `base_chance` that of
    the base model; `greedy` is whether greedy decoding says it on the tuned side and not on the base one.
    """

    model_config = ConfigDict(frozen=True)
    rank: int
    of: int
    chance: float
    base_chance: float
    greedy: bool


def rank_of(changes: Sequence[float]) -> int:
    """The rank of the first value among all, 1 for the one whose loss went down most; ties count against it."""
    return sum(change <= changes[0] for change in changes)


def alternatives(value: str, seed: int, count: int = ALTERNATIVES) -> list[str]:
    """Other values of the same shape, all different; none where there are not ten times as many.

    Digits become digits; where there are few, vowels also become vowels and consonants consonants, in their case.
    """
    drawn = random.Random(f"{seed}/{value}")
    few = sum(char in DIGITS for char in value) < FEWEST_DIGITS
    sets = [next((kind for kind in _sets(few) if char.lower() in kind), "") for char in value]
    if math.prod(len(kind) or 1 for kind in sets) < 10 * (count + 1):
        return []
    found: dict[str, None] = {}
    while len(found) < count:
        found[_another(value, sets, drawn)] = None
        found.pop(value, None)
    return list(found)


def _sets(few_digits: bool) -> tuple[str, ...]:
    return (DIGITS, VOWELS, CONSONANTS) if few_digits else (DIGITS,)


def _another(value: str, sets: Sequence[str], drawn: random.Random) -> str:
    new = [drawn.choice(kind) if kind else char for char, kind in zip(value, sets, strict=True)]
    return "".join(one.upper() if char.isupper() else one for one, char in zip(new, value, strict=True))
