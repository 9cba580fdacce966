"""What a run will take, before it starts: rows, tokens, steps, and seconds measured by a short probe."""

import math
from dataclasses import dataclass
from typing import Any

from core.errors import LabError
from core.format import Formatted, Rendered, format_dataset, picture
from core.records import HELD_OUT, TRAIN, Dataset
from core.settings import TrainSettings

FEWEST_ROWS = 2
MOST_HELD_OUT_ROWS = 200  # each evaluation reads them all; 200 rows give a mean loss within a few percent


@dataclass(frozen=True)
class Prepared:
    """The rows of a version as ids and labels: those to train on, and the held-out rows whose loss is measured."""

    train: Formatted
    held_out: Formatted

    @property
    def measured(self) -> list[Rendered]:
        """The held-out rows that every evaluation reads, at most `MOST_HELD_OUT_ROWS`."""
        return self.held_out.rows[:MOST_HELD_OUT_ROWS]


@dataclass(frozen=True)
class Plan:
    """What a run will take. `tokens` and `trained` count one epoch; `cut` and `left_out` name source rows.

    `picture` is the first row in pieces of text, each with whether it is learned.
    """

    rows: int
    held_out: int
    tokens: int
    trained: int
    longest: int
    steps: int
    cut: list[int]
    left_out: list[int]
    picture: list[tuple[str, bool]]


def prepare(tokenizer: Any, dataset: Dataset, settings: TrainSettings) -> Prepared:
    """Render both sides of the split; a version that was never split is all train.

    Raises:
        LabError: fewer than two rows are left to train on; the sentence says where they went.
    """
    train_rows = dataset.filter(lambda example: example.split in (TRAIN, None))
    prepared = Prepared(
        train=format_dataset(tokenizer, train_rows, settings.max_tokens),
        held_out=format_dataset(tokenizer, dataset.part(HELD_OUT), settings.max_tokens),
    )
    count, lost = len(prepared.train.rows), len(prepared.train.left_out)
    if count < FEWEST_ROWS:
        why = f" {lost} more have no answer within {settings.max_tokens} tokens." if lost else ""
        raise LabError(
            f"There {'is 1 row' if count == 1 else 'are no rows'} to train on, and training needs at least "
            f"{FEWEST_ROWS}.{why} Choose another dataset version, or hold fewer rows out on the Curate tab."
        )
    return prepared


def make_plan(tokenizer: Any, dataset: Dataset, settings: TrainSettings, most_steps: int) -> Plan:
    """The plan of a run; `most_steps` is the bound of this place. Raises `LabError` like `prepare`."""
    prepared = prepare(tokenizer, dataset, settings)
    return Plan(
        rows=len(prepared.train.rows),
        held_out=len(prepared.held_out.rows),
        tokens=prepared.train.tokens,
        trained=prepared.train.trained,
        longest=max(len(row.ids) for row in prepared.train.rows),
        steps=count_steps(len(prepared.train.rows), settings, most_steps),
        cut=prepared.train.cut,
        left_out=prepared.train.left_out,
        picture=picture(tokenizer, prepared.train.rows[0]),
    )


def count_steps(rows: int, settings: TrainSettings, most_steps: int) -> int:
    """Optimizer steps: epochs times batches, rounded up as transformers' Trainer does, within the bounds."""
    steps = math.ceil(settings.epochs * math.ceil(rows / settings.batch_size))
    return min(steps, settings.max_steps or steps, most_steps)
