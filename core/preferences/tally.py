"""Votes counted: how each pair of sides stands, and whether A was favoured for being A."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.preferences.prompt_sets import Contender
from core.preferences.votes import Vote
from core.preferences.win_rate import WinRate, position_sentence, rate_of
from core.words import counted


@dataclass(frozen=True)
class Standing:
    """How a pair stands: the rate is the first side's."""

    first: Contender
    second: Contender
    rate: WinRate

    @property
    def sentence(self) -> str:
        """The result in words."""
        return self.rate.sentence(f"“{self.first.label}”", f"“{self.second.label}”")


def standings(votes: Sequence[Vote], sides: Sequence[Contender]) -> list[Standing]:
    """How each pair of these sides stands that has a vote, the side that comes later in `sides` being the first."""
    found = []
    for place, second in enumerate(sides):
        for first in sides[place + 1 :]:
            keys = {first.key, second.key}
            on_both = [vote for vote in votes if {shown.side.key for shown in vote.shown} == keys]
            if on_both and len(keys) == 2:
                found.append(Standing(first, second, rate_of([vote.seen_from(first.key) for vote in on_both])))
    return found


def position_bias(votes: Sequence[Vote]) -> str:
    """The share of A among the votes for one side, in a sentence; empty without such votes."""
    verdicts = [vote.verdict for vote in votes]
    return position_sentence(verdicts.count("A"), verdicts.count("B"))


def known_before(votes: Sequence[Vote]) -> str:
    """How many votes were given again after the sides had been told, in a sentence; empty if none were."""
    again = sum(vote.again and vote.known for vote in votes)
    return (
        f"{counted(again, 'vote was', 'votes were')} given again after an undo, with the sides known." if again else ""
    )
