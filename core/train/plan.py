"""What a run will take, before it starts: rows, tokens, steps, and seconds measured by a short probe."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from core.errors import LabError
from core.format import Extent, Fate, Formatted, Rendered, format_dataset
from core.records import HELD_OUT, TRAIN, Dataset
from core.settings import TrainSettings
from core.train.order import count_steps
from core.words import counted

FEWEST_ROWS = 2
MOST_HELD_OUT_ROWS = 200  # each evaluation reads them all; 200 rows give a mean loss within a few percent


@dataclass(frozen=True)
class Prepared:
    """The rows of a version as ids and labels: those to train on, and the held-out rows whose loss is measured."""

    train: Formatted
    held_out: Formatted

    @property
    def measured(self) -> list[Rendered]:
        """The held-out rows that every evaluation reads: at most `MOST_HELD_OUT_ROWS`, drawn by a hash of their number.

        They are the same ones in every run on the version, whatever its seed, so that losses can be compared.
        """
        rows = self.held_out.rows
        drawn = sorted(range(len(rows)), key=lambda place: blake2b(b"%d" % rows[place].row).digest())
        return [rows[place] for place in sorted(drawn[:MOST_HELD_OUT_ROWS])]


@dataclass(frozen=True)
class Plan:
    """What a run will take. `tokens` and `trained` count one epoch; `cut` names source rows.

    Left out are the source rows in `beyond`, whose answers begin behind the cut, in `empty`, which have no answer, and
    in `refused`, which cannot be written for the model, each with the sentence that says why. `scale` is how many rows
    there are for each that was read: above 1, only some are named. `notes` are sentences on settings without effect.
    """

    rows: int
    held_out: int
    tokens: int
    trained: int
    longest: int
    steps: int
    cut: list[int]
    beyond: list[int]
    empty: list[int]
    refused: dict[int, str]
    scale: float = 1.0
    notes: list[str] = field(default_factory=list)

    @property
    def measured(self) -> int:
        """How many held-out rows every evaluation reads."""
        return min(self.held_out, MOST_HELD_OUT_ROWS)


def prepare(tokenizer: Any, dataset: Dataset, settings: TrainSettings) -> Prepared:
    """Render both sides of the split; a version that was never split is all train.

    Raises:
        LabError: fewer than two rows are left to train on; the sentence says where they went.
    """
    about = settings.max_tokens, settings.goal
    train = (example for example in dataset if example.split in (TRAIN, None))
    held_out = (example for example in dataset if example.split == HELD_OUT)
    prepared = Prepared(format_dataset(tokenizer, train, *about), format_dataset(tokenizer, held_out, *about))
    found = prepared.train
    if len(found.rows) < FEWEST_ROWS:
        empty = len(found.left_out) - len(found.beyond) - len(found.refused)
        raise LabError(too_few(len(found.rows), len(found.beyond), empty, found.refused, settings))
    return prepared


def too_few(rows: int, beyond: int, empty: int, refused: dict[int, str], settings: TrainSettings) -> str:
    """The sentence that refuses a run with fewer than `FEWEST_ROWS` rows, with where the others went and what to do.

    Of the others, `beyond` have their answers behind the cut, `empty` have none, and `refused` are not taken by the
    chat template.
    """
    said = f"There {'is 1 row' if rows == 1 else 'are no rows'} to train on, and training needs at least {FEWEST_ROWS}."
    if beyond:
        said += (
            f" {counted(beyond, 'row')} would be cut before the answer begins, at {settings.max_tokens:,} tokens: "
            "raise “Longest row (tokens)”."
        )
    if empty:
        said += (
            f" {counted(empty, 'row has', 'rows have')} no answer to learn: nothing is said by the assistant, or the "
            "file calls it a bad answer."
        )
    if refused:
        first = next(iter(refused.values()))
        said += f" {counted(len(refused), 'row is', 'rows are')} refused by the chat template, such as this: {first}"
    if not (beyond or empty or refused):
        said += " Choose another dataset version, or hold fewer rows out on the Curate tab."
    return said


def make_plan(extents: Sequence[Extent], counts: tuple[int, int], settings: TrainSettings, most_steps: int) -> Plan:
    """The plan of a run from the extents of rows to train on; `most_steps` is the bound of this place.

    `counts` are the rows to train on and those held out. Where only some of the former were read, the plan is
    estimated from them, and only those are named.

    Raises:
        LabError: fewer than two rows are left to train on; the sentence says where they went.
    """
    most = settings.max_tokens
    fates: defaultdict[Fate, list[Extent]] = defaultdict(list)
    for each in extents:
        fates[each.fate(most)].append(each)
    kept = [*fates["whole"], *fates["cut"]]
    scale = counts[0] / max(1, len(extents))
    rows = round(len(kept) * scale)
    refused = {each.row: each.refused for each in fates["refused"]}
    if rows < FEWEST_ROWS:
        beyond, empty = (round(len(fates[fate]) * scale) for fate in ("beyond", "empty"))
        raise LabError(too_few(rows, beyond, empty, refused, settings))
    return Plan(
        rows=rows,
        held_out=counts[1],
        tokens=round(sum(each.kept(most) for each in kept) * scale),
        trained=round(sum(each.trained(most) for each in kept) * scale),
        longest=max(each.kept(most) for each in kept),
        steps=count_steps(rows, settings, most_steps),
        cut=[each.row for each in fates["cut"]],
        beyond=[each.row for each in fates["beyond"]],
        empty=[each.row for each in fates["empty"]],
        refused=refused,
        scale=scale,
        notes=[] if counts[1] else list(_without_effect(settings)),
    )


def _without_effect(settings: TrainSettings) -> Iterator[str]:
    """What nothing comes of where no row is held out."""
    names = [settings.field(name)["label"] for name in ("early_stop", "keep_best") if getattr(settings, name)]
    if names:
        said = " and ".join(f"“{name}”" for name in names)
        does = "have" if len(names) > 1 else "has"
        yield f"No row is held out, so {said} {does} no effect: the result is that of the last step."
