"""How far a run has come: what a checkpoint keeps besides the weights, and what ends a run before its last step."""

import math
import statistics

from pydantic import BaseModel

WINDOW = 8  # steps whose median stands for the loss now
TIMES, MORE = 2.0, 2.0  # a loss above `TIMES` the one before training plus `MORE` nats is worse than chance can be
# A gradient that is over `WILD_TIMES` its usual length, and over `WILD_LENGTH`, for `WILD_STEPS` in a row has exploded.
# Single steps of runs that went on were up to 1,000 times as long as others (arXiv 2501.06842). Where the usual length
# is next to nothing, as of rows known by heart, any step is many times as long: it must be long in itself, too.
WILD_STEPS, WILD_TIMES, WILD_LENGTH = 3, 1000.0, 1000.0
USUAL = 64  # steps whose median is the usual length; those far beyond it are not among them


class Progress(BaseModel):
    """Counts from the start of the run, in tokens and seconds; `padding` is tokens computed for nothing."""

    step: int = 0
    tokens: int = 0
    trained: int = 0
    padding: int = 0
    elapsed: float = 0.0
    best_step: int | None = None
    best_loss: float | None = None
    worse: int = 0  # evaluations since the best one
    first_loss: float | None = None  # before training: of the held-out rows, or else of the first step
    last_losses: list[float] = []
    norms: list[float] = []  # lengths of the last gradients before clipping
    wild: int = 0  # steps since the last gradient of a usual length

    def add_loss(self, loss: float) -> None:
        """Take note of the loss of a step."""
        self.first_loss = loss if self.first_loss is None else self.first_loss
        self.last_losses = [*self.last_losses[-WINDOW + 1 :], loss]

    def add_norm(self, norm: float) -> None:
        """Take note of the length of a step's gradient before clipping."""
        if self.norms and not norm <= max(WILD_LENGTH, WILD_TIMES * statistics.median(self.norms)):
            self.wild += 1
            return
        self.wild = 0
        self.norms = [*self.norms[-USUAL + 1 :], norm]

    def add_evaluation(self, loss: float) -> None:
        """Take note of a held-out loss at this step.

        The loss before the first step is the base model's, which no checkpoint holds: it is never the best.
        """
        self.first_loss = loss if self.first_loss is None else self.first_loss
        if self.step == 0:
            return
        if math.isfinite(loss) and (self.best_loss is None or loss < self.best_loss):
            self.best_step, self.best_loss, self.worse = self.step, loss, 0
        elif self.best_step is not None:
            self.worse += 1

    @property
    def is_wild(self) -> bool:
        """Whether the gradient has exploded: for several steps it was far longer than it used to be."""
        return self.wild >= WILD_STEPS

    @property
    def is_broken(self) -> bool:
        """Whether the last loss is no number, the gradient has exploded, or the loss is far above where it began."""
        if self.is_wild or (self.last_losses and not math.isfinite(self.last_losses[-1])):
            return True
        if len(self.last_losses) < WINDOW or self.first_loss is None:
            return False
        return statistics.median(self.last_losses) > TIMES * self.first_loss + MORE
