"""How often one side of a pair wins, how sure that is, and how many more votes would tell.

Method: a tie is half a win for each side, and two bad answers are counted apart, as they prefer neither. The interval
is Wilson's score interval with z = 1.96 (E. B. Wilson 1927, "Probable inference, the law of succession, and statistical
inference", JASA 22; recommended for small samples by Brown, Cai and DasGupta 2001, Statistical Science 16), on wins
plus half the ties out of all votes but the both-bad ones. It holds the true rate in about 95 of 100 cases: from 10
votes on in 92 to 98, by the count and the rate. A tie spreads less than a win and a loss, so with ties it is wider than
it need be.

Wilson's interval leaves 50% exactly when |rate - 0.5| > z / (2 * sqrt(votes)), which is solved for the votes. Below
`LEAST_VOTES` nothing is called sure: of 4 votes all are alike by chance in one case out of eight.

The interval is meant for a number of votes that was fixed before. Who votes on until it leaves 50% will sooner or
later see it leave by chance: with equal sides, in 29 of 100 cases at some point between 10 and 100 votes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, sqrt

from core.words import counted

METHOD = "A tie counts half, two bad answers count apart. The interval is Wilson's; sure means that it leaves 50%."
Z = 1.959963984540054  # the 97.5 % point of the normal distribution
LEAST_VOTES = 10
MOST_FORETOLD = 10_000


@dataclass(frozen=True)
class WinRate:
    """The votes on a pair, from the first side's point of view."""

    wins: int
    losses: int
    ties: int = 0
    both_bad: int = 0

    @property
    def votes(self) -> int:
        """The votes that compare: all but those for two bad answers."""
        return self.wins + self.losses + self.ties

    @property
    def rate(self) -> float:
        """The first side's share of wins, 0 to 1, a tie counting half; 0.5 without votes."""
        return (self.wins + self.ties / 2) / self.votes if self.votes else 0.5

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the rate; everything from 0 to 1 without votes."""
        return wilson(self.rate, self.votes)

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves 50%, after `LEAST_VOTES` at least."""
        low, high = self.interval
        return self.votes >= LEAST_VOTES and not low <= 0.5 <= high

    @property
    def votes_missing(self) -> int | None:
        """How many more votes at this rate until it is sure: 0 if it is, None if it never will be, at 50%."""
        if self.is_sure:
            return 0
        if not self.votes or self.rate == 0.5:
            return None
        needed = floor((Z / (2 * (self.rate - 0.5))) ** 2) + 1
        return max(needed, LEAST_VOTES, self.votes + 1) - self.votes

    def sentence(self, first: str, second: str) -> str:
        """The result in words, of sides with these names."""
        if not self.votes:
            return f"No vote compares {first} and {second} yet.{self._apart}"
        low, high = self.interval
        said = f"{first} wins {self.rate:.0%} against {second} (95% interval {low:.0%} to {high:.0%})"
        counts = f"{counted(self.wins, 'win')}, {counted(self.ties, 'tie')}, {counted(self.losses, 'loss', 'losses')}"
        return f"{said}: {counts}.{self._apart} {self._outlook(first, second)}"

    @property
    def _apart(self) -> str:
        return f" Both were bad {counted(self.both_bad, 'time')}, counted apart." if self.both_bad else ""

    def _outlook(self, first: str, second: str) -> str:
        missing = self.votes_missing
        if missing == 0:
            better = first if self.rate > 0.5 else second
            return f"{better} is better in these prompts: the interval leaves 50%."
        if missing is None:
            return "At 50% no number of votes would tell them apart."
        if missing > MOST_FORETOLD:
            return f"At this rate more than {MOST_FORETOLD:,} votes would be needed to tell them apart."
        few = f"; fewer than {LEAST_VOTES} in all are never taken for sure" if self.votes < LEAST_VOTES else ""
        return f"About {counted(missing, 'more vote')} at this rate to be sure{few}."


def wilson(rate: float, votes: int) -> tuple[float, float]:
    """Wilson's 95 % score interval of a rate of 0 to 1 among so many votes."""
    if not votes:
        return 0.0, 1.0
    spread = Z**2 / votes
    middle = (rate + spread / 2) / (1 + spread)
    half = Z / (1 + spread) * sqrt(rate * (1 - rate) / votes + spread / (4 * votes))
    return max(0.0, middle - half), min(1.0, middle + half)


def rate_of(verdicts: Sequence[str]) -> WinRate:
    """The win rate of the first side, from verdicts of its view: “win”, “loss”, “tie” and “both bad”."""
    return WinRate(*(sum(verdict == kind for verdict in verdicts) for kind in ("win", "loss", "tie", "both bad")))


def position_sentence(first_shown: int, second_shown: int) -> str:
    """What the share of votes for A says, in words: with a shuffled order an even voter takes it half the time."""
    votes = WinRate(first_shown, second_shown)
    if not votes.votes:
        return ""
    low, high = votes.interval
    said = f"A was chosen in {votes.rate:.0%} of {counted(votes.votes, 'vote')} for one side ({low:.0%} to {high:.0%})."
    if not votes.is_sure:
        return said
    side = "A, the first one read" if votes.rate > 0.5 else "B, the last one read"
    return f"{said} The order is drawn, so this says that you favour {side}: read both once more before you vote."
