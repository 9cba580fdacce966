"""Which rows each step takes: a function of the seed alone, so that a resumed run goes on with the same rows."""

import math
import random
from collections.abc import Sequence

from core.format import Rendered
from core.settings import TrainSettings

EVALUATION_TOKENS = 2048  # computed at once without gradients; more would not be quicker
PADDED = "Rows are padded: examples of this model cannot be kept apart when they are packed."
GROUPED_STEPS = 50  # rows are sorted by length within so many steps, as transformers' LengthGroupedSampler does


def count_steps(rows: int, settings: TrainSettings, most_steps: int) -> int:
    """Optimizer steps: epochs times batches, rounded up, within the bounds."""
    steps = math.ceil(settings.epochs * math.ceil(rows / settings.batch_size))
    return min(steps, settings.max_steps or steps, most_steps)


def order(lengths: Sequence[int], settings: TrainSettings, steps: int) -> list[list[int]]:
    """For each step the places of its rows in `lengths` (tokens a row). Every row comes once an epoch."""
    found: list[list[int]] = []
    epoch = 0
    while len(found) < steps:
        found += _epoch(lengths, settings, random.Random(f"{settings.seed} {epoch}"))
        epoch += 1
    return found[:steps]


def parts(rows: Sequence[int], lengths: Sequence[int], settings: TrainSettings) -> list[list[int]]:
    """The rows of a step in the parts that are computed one after the other, none empty, of about equal work."""
    ordered = sorted(rows, key=lambda row: (-lengths[row], row))
    count = min(settings.accumulation, len(rows))
    if not settings.packing:  # rows of like length together, so that little is padded
        size = math.ceil(len(rows) / count)
        return [ordered[start : start + size] for start in range(0, len(rows), size)]
    shares: list[list[int]] = [[] for _ in range(count)]
    for row in ordered:
        min(shares, key=lambda share: sum(lengths[each] for each in share)).append(row)
    return shares


def by_tokens(rows: Sequence[Rendered], most: int) -> list[list[Rendered]]:
    """Rows of like length together, at most `most` tokens at a time: an evaluation takes them so."""
    batches: list[list[Rendered]] = []
    size = most + 1
    for row in sorted(rows, key=lambda row: len(row.ids)):
        if size + len(row.ids) > most:
            batches.append([])
            size = 0
        batches[-1].append(row)
        size += len(row.ids)
    return batches


def padded_tokens(rows: Sequence[int], lengths: Sequence[int], settings: TrainSettings) -> int:
    """Tokens that are computed for these rows of a step, with what is filled up where packing is off."""
    if settings.packing:
        return sum(lengths[row] for row in rows)
    return sum(len(part) * max(lengths[row] for row in part) for part in parts(rows, lengths, settings))


def _epoch(lengths: Sequence[int], settings: TrainSettings, rng: random.Random) -> list[list[int]]:
    rows = list(range(len(lengths)))
    rng.shuffle(rows)
    if not settings.packing:
        rows = _grouped(rows, lengths, settings.batch_size * GROUPED_STEPS)
    batches = [rows[start : start + settings.batch_size] for start in range(0, len(rows), settings.batch_size)]
    if not settings.packing:
        rng.shuffle(batches)
    return batches


def _grouped(rows: list[int], lengths: Sequence[int], size: int) -> list[int]:
    groups = (rows[start : start + size] for start in range(0, len(rows), size))
    return [row for group in groups for row in sorted(group, key=lambda each: (-lengths[each], each))]
