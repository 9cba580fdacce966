"""What a run computes, counted: the rows of every part of every step, and of every evaluation. Without torch."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from core.format import Rendered
from core.settings import TrainSettings
from core.train.order import count_steps, order, parts
from core.train.plan import Prepared

MOST_STEPS = 2000  # counted one by one; those of a longer run are on average like these
ASKED = 3  # sample answers, as in core.train.samples
EVALUATED_AT_ONCE = 2048  # tokens, as in core.train.training
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
        self.shared = common_start(self.rows) if settings.packing else 0

    @cached_property
    def parts(self) -> list[list[int]]:
        """The places of the rows of every part of the first `MOST_STEPS` steps."""
        steps = order(self.lengths, self.settings, min(self.steps, MOST_STEPS))
        return [part for rows in steps for part in parts(rows, self.lengths, self.settings)]

    @property
    def parts_in_all(self) -> float:
        """How many parts the whole run has."""
        return len(self.parts) * self.steps / min(self.steps, MOST_STEPS)

    def largest(self) -> list[Rendered]:
        """The rows of the part that takes the most memory."""

        def weight(part: list[int]) -> float:
            load = self._load(part)
            return load.tokens + ROUGH_HEAD * load.learned

        return [self.rows[row] for row in max(self.parts, key=weight)]

    @property
    def shapes(self) -> int:
        """How many different numbers of tokens are computed at once."""
        return len({self._load(part).tokens for part in self.parts})

    def largest_evaluation(self) -> list[Rendered]:
        """The held-out rows that are computed at once and take the most memory: the longest ones."""
        return first_tokens(sorted(self.measured, key=lambda row: -len(row.ids)), EVALUATED_AT_ONCE)

    def training(self) -> Load:
        """All steps together."""
        total = sum((self._load(part) for part in self.parts), Load(0, 0, 0))
        times = self.steps / min(self.steps, MOST_STEPS)
        return Load(total.tokens * times, total.learned * times, total.pairs * times)

    def evaluation(self) -> Load:
        """One evaluation of the held-out rows."""
        return load_of(self.measured, self.shared, packing=True)

    @property
    def longest_answer(self) -> int:
        """Tokens of the longest of the answers that are asked for as samples."""
        return max(row.trained for row in (self.measured or self.rows)[:ASKED])

    @property
    def evaluations(self) -> int:
        """How often the held-out loss is measured: before the first step, at even distances, and at the end."""
        return 1 + math.ceil(self.steps / max(1, math.ceil(self.steps / self.settings.evaluations)))

    def _load(self, part: Sequence[int]) -> Load:
        return load_of([self.rows[row] for row in part], self.shared, self.settings.packing)


def load_of(rows: Sequence[Rendered], shared: int, packing: bool) -> Load:
    """What these rows are to compute: joined, with the `shared` tokens of their beginning once, or filled up."""
    if not rows:
        return Load(0, 0, 0)
    lengths = [len(row.ids) for row in rows]
    learned = sum(row.trained for row in rows)
    if packing:
        more = len(rows) - 1  # rows that need not compute the beginning
        pairs = sum(length**2 for length in lengths) / 2 - more * shared**2 / 2
        return Load(sum(lengths) - shared * more, learned, pairs)
    return Load(len(rows) * max(lengths), learned, len(rows) * max(lengths) ** 2)


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
