"""The split into train and held-out: by group, so that no prompt stands on both sides, and evenly over the labels."""

import random
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import pyarrow as pa

from core.errors import SettingProblem
from core.records import HELD_OUT, TRAIN, Dataset, Example
from core.settings import SplitSettings


@dataclass(frozen=True)
class Split:
    """The dataset with its split column, the rows on each side, and a sentence where the wish could not be met."""

    dataset: Dataset
    train: int
    held_out: int
    note: str = ""


@dataclass(frozen=True)
class _Group:
    """Positions of the rows with the same prompt, and the label of the first."""

    rows: tuple[int, ...]
    label: str | None


def split(dataset: Dataset, settings: SplitSettings) -> Split:
    """Divide the rows; the same seed and data give the same split.

    Raises:
        SettingProblem: held-out rows are wanted, but there are fewer than 2 rows or none would be left to train on.
    """
    wanted = _wanted(len(dataset), settings.held_out)
    held = _choose(_groups(dataset), wanted, settings.seed)
    sides = [HELD_OUT if position in held else TRAIN for position in range(len(dataset))]
    column = dataset.table.schema.get_field_index("split")
    table = dataset.table.set_column(column, "split", pa.array(sides, pa.string()))
    return Split(Dataset(table), len(sides) - len(held), len(held), _note(wanted, len(held)))


def _wanted(rows: int, held_out: float) -> int:
    """How many rows to hold out; a share above 0 asks for at least one."""
    if held_out == 0:
        return 0
    if rows < 2:
        raise SettingProblem(
            f"A split needs at least 2 rows, and there {'is 1' if rows else 'are none'}. "
            "Set “Held-out rows” to 0 to train on every row, or add rows."
        )
    wanted = int(held_out) if held_out >= 1 else max(1, round(held_out * rows))
    if wanted >= rows:
        given = f"{held_out:g} of {rows:,} rows"
        raise SettingProblem(f"Held-out rows is {given}, which leaves none to train on; set it below {rows:,}.")
    return wanted


def _groups(dataset: Dataset) -> list[_Group]:
    rows: dict[Hashable, list[int]] = defaultdict(list)
    labels: dict[Hashable, str | None] = {}
    for position, example in enumerate(dataset):
        key = _prompt_key(example)
        rows[key].append(position)
        labels.setdefault(key, example.label)
    return [_Group(tuple(positions), labels[key]) for key, positions in rows.items()]


def _prompt_key(example: Example) -> Hashable:
    """The prompt without differences of case, spacing and Unicode form."""
    texts = (unicodedata.normalize("NFKC", message.content) for message in example.prompt)
    return tuple(" ".join(text.casefold().split()) for text in texts)


def _choose(groups: list[_Group], wanted: int, seed: int) -> set[int]:
    """Positions to hold out: label by label to its share, then whatever still fits; never more than wanted."""
    shuffled = list(groups)
    random.Random(seed).shuffle(shuffled)
    held: set[int] = set()
    for label, quota in _quotas(groups, wanted).items():
        held |= _fill([group for group in shuffled if group.label == label], min(quota, wanted - len(held)))
    held |= _fill([group for group in shuffled if group.rows[0] not in held], wanted - len(held))
    if wanted and not held and len(groups) > 1:
        held = set(min(shuffled, key=lambda group: len(group.rows)).rows)
    return held


def _quotas(groups: Iterable[_Group], wanted: int) -> dict[str | None, int]:
    """The share of each label, rounded so that they sum up to `wanted` (largest remainders)."""
    sizes: dict[str | None, int] = defaultdict(int)
    for group in groups:
        sizes[group.label] += len(group.rows)
    total = sum(sizes.values())
    exact = {label: wanted * size / total for label, size in sizes.items()}
    quotas = {label: int(share) for label, share in exact.items()}
    by_remainder = sorted(exact, key=lambda label: exact[label] - quotas[label], reverse=True)
    for label in by_remainder[: wanted - sum(quotas.values())]:
        quotas[label] += 1
    return quotas


def _fill(groups: list[_Group], wanted: int) -> set[int]:
    held: set[int] = set()
    for group in groups:
        if len(held) + len(group.rows) <= wanted:
            held.update(group.rows)
    return held


def _note(wanted: int, held: int) -> str:
    if held == wanted:
        return ""
    return (
        f"{held:,} instead of {wanted:,} rows are held out: rows with the same prompt stay on one side, "
        "and no group of them fits exactly."
    )
