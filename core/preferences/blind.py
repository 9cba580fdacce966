"""What a voter is asked: two answers to a prompt as A and B, in an order that nothing on the page tells.

The order of a question is one bit of an HMAC over the set and the question, with the workspace's own random key: the
same after a reload, so that reloading tells nothing, and not to be worked out without the key.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from core.preferences.prompt_sets import AnsweredPrompt, PromptSet
from core.preferences.votes import Shown

Pair = tuple[int, int]  # two sides of a set, by their places from 0, the lower one first


@dataclass(frozen=True)
class Question:
    """Two answers to one prompt. `ticket` names the question; it says which sides are in it, not which is which."""

    prompt: AnsweredPrompt
    pair: Pair

    @property
    def ticket(self) -> str:
        """The numbers of the prompt and of the two sides, from 1."""
        return f"{self.prompt.number}-{self.pair[0] + 1}-{self.pair[1] + 1}"

    @property
    def is_open(self) -> bool:
        """Whether there is something to choose: not where both have answered the same."""
        first, second = (self.prompt.given[side].text.strip() for side in self.pair)
        return first != second


def pairs_of(prompt_set: PromptSet) -> list[Pair]:
    """Every two sides that are not the same one."""
    sides = prompt_set.about.sides
    return [pair for pair in combinations(range(len(sides)), 2) if sides[pair[0]].key != sides[pair[1]].key]


def questions(prompt_set: PromptSet, pairs: Sequence[Pair]) -> list[Question]:
    """Every prompt with each pair; a prompt comes again only after all others, each time with another pair."""
    return [
        Question(prompt, pairs[(place + turn) % len(pairs)])
        for turn in range(len(pairs))
        for place, prompt in enumerate(prompt_set.answered)
    ]


def shown(prompt_set: PromptSet, question: Question, key: bytes) -> tuple[Shown, Shown]:
    """The two answers in the order of the page, A first."""
    first, second = (Shown(side=prompt_set.about.sides[side], given=question.prompt.given[side])
                     for side in question.pair)  # fmt: skip
    drawn = hmac.new(key, f"{prompt_set.id} {question.ticket}".encode(), hashlib.sha256).digest()
    return (second, first) if drawn[0] & 1 else (first, second)
