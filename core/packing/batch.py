"""Rows of ids and labels as tensors: joined into one line without padding, or filled up to the longest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch

from core.packing.line import Line

IGNORED = -100
SEGMENTS = "segments"


class Row(Protocol):
    """A row as the model sees it: `ids` and `labels` of equal length; -100 labels carry no loss."""

    @property
    def ids(self) -> list[int]:
        """Token ids."""

    @property
    def labels(self) -> list[int]:
        """The id to be learned at each place, or -100."""


@dataclass(frozen=True)
class Batch:
    """Rows as tensors: what the model is called with, and which of its places answer for which `targets`.

    `rows` and `columns` index the hidden states; `tokens` counts those of the rows, without the `padding`.
    """

    inputs: dict[str, Any]
    rows: torch.Tensor
    columns: torch.Tensor
    targets: torch.Tensor
    tokens: int
    padding: int


def packed(rows: Sequence[Row], device: Any = "cpu") -> Batch:
    """The rows in one line, (1, tokens); what several of them begin with (a system prompt) stands there once."""
    line = Line([row.ids for row in rows])
    columns: list[int] = []
    targets: list[int] = []
    for row, places in zip(rows, line.places, strict=True):
        labels = _shifted(row)
        learned = [place for place, label in enumerate(labels) if label != IGNORED]
        columns += [places[place] for place in learned]
        targets += [labels[place] for place in learned]
    inputs = {
        "input_ids": torch.tensor([line.ids], device=device),
        "position_ids": torch.tensor([line.positions], device=device),
        SEGMENTS: line.segments,
    }
    where = torch.tensor(columns, dtype=torch.long, device=device)
    tokens = sum(len(row.ids) for row in rows)
    return Batch(inputs, torch.zeros_like(where), where, torch.tensor(targets, device=device), tokens, 0)


def padded(rows: Sequence[Row], device: Any = "cpu") -> Batch:
    """The rows one below the other, (rows, longest), filled up at the end."""
    longest = max(len(row.ids) for row in rows)
    room = [longest - len(row.ids) for row in rows]
    ids = torch.tensor([[*row.ids, *([0] * left)] for row, left in zip(rows, room, strict=True)])
    mask = torch.tensor([[1] * len(row.ids) + [0] * left for row, left in zip(rows, room, strict=True)])
    targets = torch.tensor([[*_shifted(row), *([IGNORED] * left)] for row, left in zip(rows, room, strict=True)])
    where, columns = (targets != IGNORED).nonzero(as_tuple=True)
    inputs = {"input_ids": ids.to(device), "attention_mask": mask.to(device)}
    found = targets[where, columns].to(device)
    tokens = int(mask.sum())
    return Batch(inputs, where.to(device), columns.to(device), found, tokens, ids.numel() - tokens)


def _shifted(row: Row) -> list[int]:
    """The label of the next place at each place: a token is predicted from those before it."""
    return [*row.labels[1:], IGNORED]
