"""What advice is made of, and what there is to give it by."""

from dataclasses import dataclass
from typing import Literal

from core.curate.numbers.counts import Counts
from core.curate.numbers.lengths import Tokens
from core.curate.numbers.measure import Numbers

Level = Literal["alarm", "note"]
ALARM: Level = "alarm"  # something that most sets should not have
NOTE: Level = "note"  # right for one purpose and wrong for another


@dataclass(frozen=True)
class Advice:
    """`finding` is the number in a sentence, `reason` why it matters, `todo` what can be done about it."""

    name: str
    level: Level
    finding: str
    reason: str
    todo: str


@dataclass(frozen=True)
class Known:
    """What there is to judge by; `duplicates` are rows that say what another row says."""

    numbers: Numbers
    tokens: Tokens | None
    duplicates: int

    @property
    def classes(self) -> Counts | None:
        """The classes that the rows sort texts into: their labels, or answers that are few, short and come again."""
        answers = self.numbers.answers
        if self.numbers.labels.rows * 2 >= max(self.numbers.rows, 1):
            return self.numbers.labels
        come_again = answers.distinct and answers.distinct <= 50 and answers.rows >= 20 * answers.distinct
        return answers if come_again and self.numbers.lengths["answer_words"].median <= 5 else None


def has(rows: int) -> str:
    """The verb for a number of rows."""
    return "has" if rows == 1 else "have"


def percent(part: int, whole: int) -> str:
    """A share as a person says it: `12 %`, and `0.4 %` where it is less than one."""
    share = 100 * part / whole
    return f"{share:.0f} %" if share >= 1 else f"{share:.1f} %"
