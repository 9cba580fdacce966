"""One figure of a report: what each side reaches over the rows, and how sure the tuned side differs from the others."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from core.evaluate.bootstrap import Change, Statistic, difference, fewest_rows, mean

Unit = Literal["share", "nats", "number"]
SURE = 0.99  # at 95 % every second report on a run that changed nothing would call one of its dozen pairs different


class Figure(BaseModel):
    """A figure of all sides. None stands where a side was not asked, or where a guess has no such figure.

    `unit` says how to write it: a "share" is 0 to 1 and reads as a percentage; "nats" are per token. `guess` is what
    needs no look at the prompt; `Scores.guess_is` says what that was. `to_gain` is in how many rows the base model
    leaves something to gain, None where that is not known.
    """

    model_config = ConfigDict(frozen=True)
    name: str
    meaning: str
    unit: Unit
    lower_is_better: bool
    base: float
    few_shot: float | None
    tuned: float
    guess: float | None
    against_base: Change
    against_few_shot: Change | None
    against_guess: Change | None
    to_gain: int | None = None

    @property
    def can_gain(self) -> bool:
        """Whether a gain over the base model could be sure at all: `fewest_rows` or more are left `to_gain`."""
        return self.to_gain is None or self.to_gain >= fewest_rows(self.against_base.sure)

    def shown(self, value: float) -> str:
        """A value of this figure as it is written."""
        return f"{value:.0%}" if self.unit == "share" else f"{value:,.2f}"


def figure(
    name: str,
    meaning: str,
    values: Mapping[str, np.ndarray],
    statistic: Statistic = mean,
    unit: Unit = "share",
    seed: int = 42,
) -> Figure:
    """The figure of values by side ("base", "tuned" and, where they are known, "few_shot" and "guess").

    The values of a side are (rows,), or (n, rows) where `statistic` takes several for each row. Of losses less is
    better, of shares more.
    """
    lower = unit != "share"
    reached = {who: float(statistic(found)) for who, found in values.items()}
    others = [who for who in ("base", "few_shot", "guess") if who in values]
    changes = {
        f"against_{who}": difference(values["tuned"], values[who], statistic, lower, seed, SURE) for who in others
    }
    absent = dict.fromkeys(["few_shot", "guess", "against_few_shot", "against_guess"])
    base = values["base"]
    to_gain = int((base < 1).sum()) if statistic is mean else base.shape[-1]
    return Figure(
        name=name,
        meaning=meaning,
        unit=unit,
        lower_is_better=lower,
        to_gain=to_gain,
        **{**absent, **reached, **changes},
    )
