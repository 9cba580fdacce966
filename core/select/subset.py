"""A subset of the rows to train on, by one of several methods, and a random one of equal size to hold it against.

Rows that are held out or set aside stay: what is measured must not change with the rows that are chosen. "Random
selection is almost all you need" on large sets (arXiv 2410.09335), which is why there is always a control.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa

from core.errors import SettingProblem
from core.records import TEXT, TRAIN, Dataset
from core.select.farthest import farthest_first, text_vectors
from core.select.keys import draw, prompt_keys
from core.select.quotas import quotas
from core.settings import SelectSettings
from core.words import counted

MOST_DIVERSE = 50_000  # rows among which the farthest are sought: seconds, where all of a million would take hours
SEEDS = 2**31
NO_HELP = 1.0  # an IFD at which the prompt does not help

HOW = {
    "random": "at random",
    "stratified": "at random, in the shares of the labels",
    "longest": "by the length of their answers",
    "diverse": "for prompts far from each other",
    "ifd": "by IFD, the highest below 1",
}


@dataclass(frozen=True)
class Subset:
    """The chosen rows with those that are not trained on; `rows` were chosen of `available`, as `settings` say.

    `note` says what a person should know about the choice, and is empty otherwise.
    """

    dataset: Dataset
    rows: int
    available: int
    settings: SelectSettings
    note: str

    @property
    def sentence(self) -> str:
        """What was chosen, in words."""
        rest = len(self.dataset) - self.rows
        kept = f" {counted(rest, 'row')} held out or set aside stay{'s' if rest == 1 else ''}." if rest else ""
        chosen = f"{self.rows:,} of {counted(self.available, 'row')} to train on chosen {HOW[self.settings.method]}."
        return " ".join(filter(None, (chosen + kept, self.note)))


def choose(dataset: Dataset, settings: SelectSettings, scores: Mapping[str, float] | None = None) -> Subset:
    """Choose rows to train on; the same seed and data give the same rows, in their old order.

    `scores` are the IFD of rows by their id, for the method of that name.

    Raises:
        SettingProblem: there is nothing to choose from, no label to stratify by, no score, or too much for the method.
    """
    rows = _rows(dataset, settings.seed)
    if not len(rows):
        raise SettingProblem("There are no rows to train on in this version, so none can be chosen.")
    chosen, note = _all_of(rows, settings.rows) or _by_method(dataset, rows, settings, scores or {})
    sides = pl.Series(pl.from_arrow(dataset.table["split"]))
    keep = (sides.is_not_null() & (sides != TRAIN)).fill_null(False).to_numpy(writable=True)
    keep[chosen["position"].to_numpy()] = True
    subset = Dataset(dataset.table.filter(pa.array(keep)))
    return Subset(subset, len(chosen), len(rows), settings, note)


def control(dataset: Dataset, subset: Subset, settings: SelectSettings) -> Subset:
    """A random subset of the size of another one, drawn by the next seed."""
    wish = SelectSettings(method="random", rows=max(1, subset.rows), seed=(settings.seed + 1) % SEEDS)
    return choose(dataset, wish)


def trainable(dataset: Dataset, seed: int) -> list[str]:
    """The ids of the rows to train on that have a prompt and an answer, in random order: those that get an IFD."""
    messages = pl.col("messages")
    asked = (messages.list.len() > 1) & (messages.list.last().struct.field("role") == "assistant")
    answered = asked & (messages.list.last().struct.field("content").str.strip_chars() != "")
    rows = _rows(dataset, seed).join(_frame(dataset, ["messages"]).filter(answered), "position", maintain_order="left")
    return list(rows["id"])


def _rows(dataset: Dataset, seed: int) -> pl.DataFrame:
    """A line per row to train on, in random order: `position`, `id`, and `stratum` (label, or else category)."""
    table = _frame(dataset, ["id", "label", "category", "split"])
    rows = table.filter(pl.col("split").is_null() | (pl.col("split") == TRAIN))
    order = np.argsort(draw(rows["id"].to_list(), seed), kind="stable")
    return rows.select("position", "id", stratum=pl.coalesce("label", "category"))[order]


def _frame(dataset: Dataset, columns: list[str]) -> pl.DataFrame:
    return pl.DataFrame(pl.from_arrow(dataset.table.select(columns))).with_row_index("position")


def _all_of(rows: pl.DataFrame, wanted: int) -> tuple[pl.DataFrame, str] | None:
    if wanted < len(rows):
        return None
    return rows, "" if wanted == len(rows) else f"{counted(wanted, 'row')} wanted, so all are kept."


def _by_method(
    dataset: Dataset, rows: pl.DataFrame, settings: SelectSettings, scores: Mapping[str, float]
) -> tuple[pl.DataFrame, str]:
    """The lines of the chosen rows, and what a person should know."""
    if settings.method == "stratified":
        return _stratified(rows, settings.rows), ""
    if settings.method == "longest":
        return _longest(dataset, rows, settings.rows), ""
    if settings.method == "diverse":
        return _diverse(dataset, rows, settings)
    if settings.method == "ifd":
        return _by_ifd(rows, settings.rows, scores)
    return rows.head(settings.rows), ""


def _stratified(rows: pl.DataFrame, wanted: int) -> pl.DataFrame:
    """From each label the share that it has, rows without one being a kind of their own."""
    sizes = rows.group_by("stratum").len().sort("stratum")
    if sizes["stratum"].null_count() == len(sizes):
        raise SettingProblem("No row has a label or category to stratify by. Choose “random” instead.")
    shares = sizes.with_columns(share=pl.Series(quotas(sizes["len"].to_numpy().astype(np.int64), wanted)))
    ranked = rows.with_columns(rank=pl.int_range(pl.len()).over("stratum"))
    joined = ranked.join(shares, "stratum", nulls_equal=True, maintain_order="left")
    return joined.filter(pl.col("rank") < pl.col("share"))


def _longest(dataset: Dataset, rows: pl.DataFrame, wanted: int) -> pl.DataFrame:
    """By the characters of the last answer, a simple method that is hard to beat (arXiv 2402.04833)."""
    last = pl.col("messages").list.last()
    said = pl.when(last.struct.field("role").is_in(["assistant", TEXT])).then(
        last.struct.field("content").str.len_chars()
    )
    lengths = _frame(dataset, ["messages"]).select("position", length=said.fill_null(0))
    joined = rows.join(lengths, "position", maintain_order="left")
    return joined.sort("length", descending=True, maintain_order=True).head(wanted)


def _diverse(dataset: Dataset, rows: pl.DataFrame, settings: SelectSettings) -> tuple[pl.DataFrame, str]:
    if settings.rows > MOST_DIVERSE:
        raise SettingProblem(f"By diversity at most {MOST_DIVERSE:,} rows can be chosen; {settings.rows:,} are wanted.")
    some = rows.head(MOST_DIVERSE)
    texts = prompt_keys(Dataset(dataset.table.take(some["position"].to_numpy()))).to_list()
    chosen = some[farthest_first(text_vectors(texts, settings.seed), settings.rows)]
    note = f"They were sought among {len(some):,} rows drawn at random." if len(some) < len(rows) else ""
    return chosen, f"{note} Far from others can also mean odd: look at them.".strip()


def _by_ifd(rows: pl.DataFrame, wanted: int, scores: Mapping[str, float]) -> tuple[pl.DataFrame, str]:
    named = pl.DataFrame(
        {"id": list(scores), "ifd": list(scores.values())}, schema={"id": pl.String, "ifd": pl.Float64}
    )
    scored = rows.join(named, "id", maintain_order="left")
    helped = scored.filter(pl.col("ifd") < NO_HELP).sort("ifd", descending=True, maintain_order=True)
    if not len(helped):
        raise SettingProblem("No row to train on has an IFD below 1. Score some rows first, or more of them.")
    note = f"{counted(len(scored), 'row')} scored, {len(scored) - len(helped):,} of them at 1 or more and not chosen."
    short = f" Only {len(helped):,} could be chosen of {wanted:,} wanted." if len(helped) < wanted else ""
    return helped.head(wanted), note + short
