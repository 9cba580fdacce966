"""What a run computes, counted: the rows of every part of every step, and of every evaluation.

Imports torch inside functions.
"""

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from core.format import Rendered
from core.settings import TrainSettings
from core.train.order import EVALUATION_TOKENS, by_tokens, count_steps, order, parts
from core.train.plan import Prepared

MOST_STEPS = 2000  # counted one by one; those of a longer run are on average like these
MOST_TOKENS = 100_000  # laid out in lines, to see how much their rows share; more would take longer than 0.1 s
LARGEST = 20  # steps whose parts are laid out, to find the one that takes the most memory
ASKED = 3  # sample answers beside those to a person's own prompts, as in core.train.samples
ROUGH_HEAD = 8  # a learned token's logits weigh as much as so many tokens; only to tell the largest part


@dataclass(frozen=True)
class Multiplications:
    """What one pass forward through a model multiplies: `linear` for each token in all layers, `head` for each
    learned token in the projection to the vocabulary, `attention` for each pair of tokens of a row."""

    linear: int
    head: int
    attention: int


@dataclass(frozen=True)
class Footprint:
    """Bytes that a run holds: the `weights` that stay, the `trained` ones, the optimizer's `moments`, and for a while
    the most that a `step` needs above them (activations, gradients, logits), or an evaluation (`look`).

    `products` is how many matrix products of a step are of a shape that other numbers of tokens do not have.
    """

    weights: int
    trained: int
    moments: int
    step: int
    look: int
    products: int
    multiplications: Multiplications

    @property
    def kept(self) -> int:
        """What is held from the first step to the last."""
        return self.weights + self.trained + self.moments


@dataclass(frozen=True)
class Load:
    """Tokens computed, learned tokens, and pairs of tokens that see each other, of rows that are computed at once."""

    tokens: float
    learned: float
    pairs: float

    def __add__(self, other: "Load") -> "Load":
        return Load(self.tokens + other.tokens, self.learned + other.learned, self.pairs + other.pairs)

    def multiplied(self, by: Multiplications) -> float:
        """Multiplications of one pass forward."""
        return self.tokens * by.linear + self.learned * by.head + self.pairs * by.attention


class Workload:
    """A run's rows in the order in which they are computed."""

    def __init__(self, prepared: Prepared, settings: TrainSettings, most_steps: int) -> None:
        self.rows, self.measured, self.settings = prepared.train.rows, prepared.measured, settings
        self.lengths = [len(row.ids) for row in self.rows]
        self.steps = count_steps(len(self.rows), settings, most_steps)

    @cached_property
    def learned(self) -> list[int]:
        """The learned tokens of every row."""
        return [row.trained for row in self.rows]

    @cached_property
    def parts(self) -> list[list[int]]:
        """The places of the rows of every part of the first `MOST_STEPS` steps."""
        return [part for rows in self._order[:MOST_STEPS] for part in self._parts(rows)]

    @property
    def parts_in_all(self) -> float:
        """How many parts the whole run has."""
        return len(self.parts) * self.steps / min(self.steps, MOST_STEPS)

    def largest(self) -> list[Rendered]:
        """The rows of the part that takes the most memory, of an epoch at least."""
        steps = heapq.nlargest(LARGEST, self._order, key=self._rough)
        found = [[self.rows[row] for row in part] for rows in steps for part in self._parts(rows)]
        return max(found, key=lambda part: _weight(load_of(part, self.settings.packing)))

    @property
    def shapes(self) -> int:
        """How many different numbers of tokens are computed at once."""
        return len({self._alone(part).tokens for part in self.parts})

    def largest_evaluation(self) -> list[Rendered]:
        """The held-out rows that are computed at once and take the most memory: the longest ones."""
        return first_tokens(sorted(self.measured, key=lambda row: -len(row.ids)), EVALUATION_TOKENS)

    def training(self) -> Load:
        """All steps together; how much their rows share is seen on those of the first `MOST_TOKENS` tokens."""
        alone = [self._alone(part) for part in self.parts]
        until = accumulate((load.tokens for load in alone), initial=0)
        some = [place for place, before in zip(range(len(alone)), until, strict=False) if before < MOST_TOKENS]
        drawn = _sum(alone[place] for place in some)
        laid_out = _sum(load_of([self.rows[row] for row in self.parts[place]], self.settings.packing) for place in some)
        total, times = _sum(alone), self.steps / min(self.steps, MOST_STEPS)
        return Load(
            total.tokens * times * laid_out.tokens / drawn.tokens,
            total.learned * times,
            total.pairs * times * laid_out.pairs / drawn.pairs,
        )

    def evaluation(self) -> Load:
        """One evaluation of the held-out rows."""
        return evaluation_load(self.measured, self.settings.packing)

    @property
    def answers(self) -> int:
        """How many sample answers an evaluation asks for: to the user's own prompts, and to a few of the rows."""
        return len(self.settings.prompts) + min(ASKED, len(self.measured or self.rows))

    @property
    def longest_answer(self) -> int:
        """Tokens of the longest of the answers that are asked for as samples."""
        return max(row.trained for row in (self.measured or self.rows)[:ASKED])

    @property
    def evaluations(self) -> int:
        """How often the held-out loss is measured: before the first step, at even distances, and at the end."""
        return 1 + math.ceil(self.steps / max(1, math.ceil(self.steps / self.settings.evaluations)))

    @cached_property
    def _order(self) -> list[list[int]]:
        """The rows of the first `MOST_STEPS` steps, and of an epoch at least, so that every row is among them."""
        epoch = math.ceil(len(self.rows) / self.settings.batch_size)
        return order(self.lengths, self.settings, min(self.steps, max(MOST_STEPS, epoch)))

    def _parts(self, rows: Sequence[int]) -> list[list[int]]:
        return parts(rows, self.lengths, self.settings)

    def _rough(self, rows: Sequence[int]) -> float:
        """About what the largest part of a step weighs, before its parts are made."""
        count = min(self.settings.accumulation, len(rows))
        if self.settings.packing:
            weights = [self.lengths[row] + ROUGH_HEAD * self.learned[row] for row in rows]
            return max(sum(weights) / count, *weights)
        longest = sorted(rows, key=lambda row: -self.lengths[row])[: math.ceil(len(rows) / count)]
        return _weight(self._alone(longest))

    def _alone(self, part: Sequence[int]) -> Load:
        """What a part computes if its rows have nothing in common."""
        lengths, learned = [self.lengths[row] for row in part], sum(self.learned[row] for row in part)
        if self.settings.packing:
            return Load(sum(lengths), learned, sum(length**2 for length in lengths) / 2)
        return _filled_up(lengths, learned)


def load_of(rows: Sequence[Rendered], packing: bool) -> Load:
    """What rows at once are to compute: joined, with what several of them begin with once, or filled up."""
    lengths, learned = [len(row.ids) for row in rows], sum(row.trained for row in rows)
    if not packing:
        return _filled_up(lengths, learned)
    from core.packing.line import Line  # its package imports torch

    line = Line([row.ids for row in rows])
    own = [(segment.end - segment.start, segment.reach) for segment in line.segments]
    return Load(len(line.ids), learned, sum(size * (reach - size / 2) for size, reach in own))


def evaluation_load(rows: Sequence[Rendered], packing: bool) -> Load:
    """What an evaluation of these rows is to compute."""
    return _sum(load_of(batch, packing) for batch in by_tokens(rows, EVALUATION_TOKENS))


def _filled_up(lengths: Sequence[int], learned: int) -> Load:
    return Load(len(lengths) * max(lengths), learned, len(lengths) * max(lengths) ** 2)


def _sum(loads: Iterable[Load]) -> Load:
    return sum(loads, Load(0, 0, 0))


def _weight(load: Load) -> float:
    """How much memory it takes, roughly: only to compare."""
    return load.tokens + ROUGH_HEAD * load.learned


def common_start(rows: Sequence[Rendered]) -> int:
    """How many tokens all rows begin with; each keeps at least one of its own."""
    if len(rows) < 2:
        return 0
    most = min(len(row.ids) for row in rows) - 1
    columns = zip(*(row.ids[:most] for row in rows), strict=True)
    return next((place for place, tokens in enumerate(columns) if len(set(tokens)) > 1), most)


def first_tokens(rows: Sequence[Rendered], most: int) -> list[Rendered]:
    """The first rows, at least one, with at most `most` tokens together."""
    found: list[Rendered] = []
    left = most
    for row in rows:
        left -= len(row.ids)
        if found and left < 0:
            break
        found.append(row)
    return found


def shrunk(rows: Sequence[Rendered], shared: int, most: int) -> list[Rendered]:
    """Rows of about `most` tokens together, which begin alike with the same share of them as these do with `shared`.

    The rest is taken from their ends, where the answers are; each learns its last token.
    """
    rows = rows[: max(1, most // 2)]
    share = min(1.0, most / (shared + sum(len(row.ids) - shared for row in rows)))
    first = round(share * shared)
    found = []
    for row in rows:
        own = min(len(row.ids) - shared, max(2, round(share * (len(row.ids) - shared))))
        ids = [*row.ids[:first], *row.ids[-own:]]
        labels = [*row.labels[:first], *row.labels[-own:-1], row.ids[-1]]
        found.append(Rendered(row.row, ids, labels, len(ids)))
    return found
