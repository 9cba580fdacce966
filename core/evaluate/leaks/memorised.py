"""Does the tuned model say training answers word for word, once it is given their first half?

Nothing is decoded for it. Greedy decoding goes on with a text word for word if and only if each of its tokens is the
likeliest one after those before it, and one reading of the row tells that for all of its tokens.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from core.evaluate.result import Light, Section
from core.words import counted

if TYPE_CHECKING:
    import numpy as np

    from core.evaluate.leaks.looked import Looked

SHORTEST = 16  # tokens of the second half: a shorter one may be said by chance
MUCH = 0.1  # share of training answers beyond that of held-out ones from which the light is red
MOST_NAMED = 10
TOO_SHORT = (
    f"No training answer that was looked at has {SHORTEST} tokens after its first half, so there is nothing to say "
    "word for word."
)


class Share(BaseModel):
    """So many of so many answers."""

    model_config = ConfigDict(frozen=True)
    said: int
    of: int

    @property
    def share(self) -> float:
        """0 to 1; 0 of none."""
        return self.said / self.of if self.of else 0.0

    @property
    def words(self) -> str:
        """Such as "3 of 50"."""
        return f"{self.said:,} of {self.of:,}"


class Memorised(Section):
    """Second halves that a side says word for word: tuned and base on training rows, tuned on held-out ones.

    `low` and `high` are the 95 % interval of how much larger the share of training rows is than that of held-out rows
    (Newcombe 1998, method 10). `rows` are training rows that tuned says and base does not; `repeated` those of them
    that stand there several times.
    """

    tuned: Share
    base: Share
    held_out: Share
    low: float
    high: float
    rows: list[int]
    repeated: list[int]


def judge_memorised(train: "Sequence[Looked]", held_out: "Sequence[Looked]", copied: "Sequence[Looked]") -> Memorised:
    """Red where the share of training answers is above that of held-out ones by more than `MUCH`, the whole interval.

    Amber where it is above at all, or where tuned alone says a row of `copied`: rows that stand there several times.
    Answers that are alike in all rows are said of held-out rows as well, so they do not count. Without held-out answers
    that are long enough, those that base says of the training rows stand in for them.
    """
    long, others, more = ([row for row in rows if is_long(row)] for rows in (train, held_out, copied))
    tuned = _share([says_half(row.tuned.likeliest) for row in long])
    base = _share([says_half(row.base.likeliest) for row in long])
    known = _share([says_half(row.tuned.likeliest) for row in others])
    low, high = _difference(tuned, known if others else base)
    repeated = [row.example.row for row in more if _is_taught(row)] if not known.said else []
    light: Light = "red" if low > MUCH else "amber" if low > 0 or repeated else "green" if long else "grey"
    return Memorised(
        light=light,
        said=_said(tuned, base, known, repeated) if long or repeated else TOO_SHORT,
        tuned=tuned,
        base=base,
        held_out=known,
        low=low,
        high=high,
        rows=[row.example.row for row in long if _is_taught(row)][:MOST_NAMED],
        repeated=repeated[:MOST_NAMED],
    )


def is_long(row: "Looked") -> bool:
    """Whether the second half of an answer has `SHORTEST` tokens; its last one is that which ends the answer."""
    return all(len(read.losses) - len(read.losses) // 2 - 1 >= SHORTEST for read in (row.base, row.tuned))


def says_half(likeliest: "np.ndarray") -> bool:
    """Whether greedy decoding goes on word for word behind the first half of an answer, (tokens,), up to its end."""
    return bool(likeliest[len(likeliest) // 2 : -1].all())


def _is_taught(row: "Looked") -> bool:
    return says_half(row.tuned.likeliest) and not says_half(row.base.likeliest)


def _share(said: Sequence[bool]) -> Share:
    return Share(said=sum(said), of=len(said))


def _difference(first: Share, second: Share) -> tuple[float, float]:
    """The 95 % interval of the difference of two shares, from the Wilson interval of each; 0 to 0 without any."""
    if not first.of or not second.of:
        return 0.0, 0.0
    (low, high), (other_low, other_high) = _wilson(first), _wilson(second)
    middle = first.share - second.share
    below = ((first.share - low) ** 2 + (other_high - second.share) ** 2) ** 0.5
    above = ((high - first.share) ** 2 + (second.share - other_low) ** 2) ** 0.5
    return middle - below, middle + above


def _wilson(share: Share) -> tuple[float, float]:
    from scipy.stats import binomtest

    found = binomtest(share.said, share.of).proportion_ci(method="wilson")
    return float(found.low), float(found.high)


def _said(tuned: Share, base: Share, known: Share, repeated: Sequence[int]) -> str:
    others = f" and of {known.words} held-out answers" if known.of else ""
    said = (
        f"Given their first half, the tuned model says the rest of {tuned.words} training answers{others} word for "
        f"word; the base model that of {base.said:,} of these training answers."
    )
    if repeated:
        rows = counted(len(repeated), "row")
        said += f" It says {rows} that stand several times in the training rows."
    return said
