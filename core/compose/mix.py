"""Several datasets joined into one by weight: general rows beside one's own, for instance, against forgetting.

The weights concern the rows to train on. Rows that a part has set aside (held out, few-shot) are never trained on: they
come along in the proportion of their part, or are left out; and a row to train on whose prompt equals one of theirs,
whichever part it is from, is left out. Few-shot rows give way to held-out ones in the same way.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa

from core.errors import SettingProblem
from core.records import HELD_OUT, TRAIN, Dataset
from core.select import chat_keys, draw, prompt_keys, quotas
from core.settings import MixSettings
from core.words import counted

ROWS_AT_ONCE = 50_000


@dataclass(frozen=True)
class Part:
    """A dataset that goes into a mix; its name, without `:` and `#`, begins the ids of its rows there."""

    name: str
    dataset: Dataset


@dataclass(frozen=True)
class Taken:
    """What a mix has of a part, in rows.

    `train` of the `available` are to train on and `set_aside` are not; `leaked` were left out because their prompt is
    set aside; `duplicates` say exactly what a row of an earlier part says.
    """

    name: str
    train: int
    available: int
    set_aside: int
    leaked: int
    duplicates: int

    @property
    def sentence(self) -> str:
        """What was taken, in words."""
        how = f"{self.train:,} of {counted(self.available, 'row')} to train on"
        if self.train > self.available:
            how = f"{counted(self.available, 'row')} repeated to make {self.train:,}"
        sentences = [f"{self.name}: {how}" + (f", {self.set_aside:,} set aside." if self.set_aside else ".")]
        if self.leaked:
            has = "its prompt is" if self.leaked == 1 else "their prompts are"
            sentences.append(f"{counted(self.leaked, 'row')} left out, because {has} held out.")
        if self.duplicates:
            say = "says" if self.duplicates == 1 else "say"
            sentences.append(f"{counted(self.duplicates, 'row')} {say} exactly what a row of another part says.")
        return " ".join(sentences)


@dataclass(frozen=True)
class Mixed:
    """The mix, and what it has of each part."""

    dataset: Dataset
    parts: list[Taken]

    @property
    def sentence(self) -> str:
        """What was joined, in words."""
        return " ".join([f"{counted(len(self.dataset), 'row')} in the mix.", *(part.sentence for part in self.parts)])


def mix(parts: Sequence[Part], settings: MixSettings, most_rows: int) -> Mixed:
    """Join the parts in the shares of `settings.weights`, one for each; `most_rows` is the bound of this place.

    A part that is smaller than its share repeats its rows, under new ids; one that is larger is drawn from at random,
    by a seeded hash of the ids. With `settings.merge` every row of every part is taken once. Rows keep their `source`
    or get the part's name; `row` counts anew.

    Raises:
        SettingProblem: weights and parts do not match, a part occurs twice or has nothing to train on, or the mix would
            be too large.
    """
    _check(parts, settings)
    weights = [1.0] * len(parts) if settings.merge else settings.weights
    weighted = [(part, weight) for part, weight in zip(parts, weights, strict=True) if weight]
    found = [_rows(part) for part, _ in weighted]
    all_rows = _without(_without(found, pl.col("split") == HELD_OUT), pl.col("aside"))
    available = [int((~rows["aside"]).sum()) for rows in all_rows]
    if 0 in available:
        empty = weighted[available.index(0)][0].name
        raise SettingProblem(f"“{empty}” has no rows to train on. Set its weight to 0, or take another.")
    counts = available if settings.merge else _counts(available, [weight for _, weight in weighted], settings.rows)
    if sum(counts) > most_rows:
        raise SettingProblem(f"The mix would have {sum(counts):,} rows; this place takes at most {most_rows:,}.")
    tables, taken, seen = [], [], pl.Series(dtype=pl.String)
    for (part, _), rows, before, count in zip(weighted, all_rows, found, counts, strict=True):
        chosen = _choose(rows, count, settings)
        table = _take(part, chosen)
        said = chat_keys(Dataset(table)).filter(chosen["copy"] == 1)
        same = int(said.is_in(seen.implode()).sum())
        leaked = len(before) - len(rows)
        taken.append(Taken(part.name, count, int((~rows["aside"]).sum()), len(chosen) - count, leaked, same))
        seen = pl.concat([seen, said]).unique()
        tables.append(table)
    return Mixed(_joined(tables, settings), taken)


def _check(parts: Sequence[Part], settings: MixSettings) -> None:
    if len(parts) != len(settings.weights) and not settings.merge:
        raise SettingProblem(
            f"{counted(len(parts), 'part')} and {counted(len(settings.weights), 'weight')} were given; "
            "each part needs one weight."
        )
    names = [part.name for part in parts]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise SettingProblem(f"“{twice}” is in the mix twice. Take it once, with a larger weight.")


def _rows(part: Part) -> pl.DataFrame:
    """A line per row: `position`, `row`, `id`, `split`, its `prompt` key, and whether it is set `aside`."""
    table = pl.DataFrame(pl.from_arrow(part.dataset.table.select(["row", "id", "split"])))
    aside = pl.col("split").is_not_null() & (pl.col("split") != TRAIN)
    return table.with_row_index("position").with_columns(prompt=prompt_keys(part.dataset), aside=aside)


def _without(all_rows: Sequence[pl.DataFrame], strict: pl.Expr) -> list[pl.DataFrame]:
    """The rows without those that are not on the `strict` side, but have the prompt of a row of any part that is."""
    strict = strict.fill_null(False)
    taken = pl.concat([rows.filter(strict) for rows in all_rows])
    return [
        pl.concat([rows.filter(strict), rows.filter(~strict).join(taken, "prompt", how="anti")]) for rows in all_rows
    ]


def _counts(available: Sequence[int], weights: Sequence[float], rows: int) -> list[int]:
    """Rows to train on of each part: `rows` shared out, or all of the first and of the others in proportion."""
    if rows:
        return quotas(np.array(weights), rows)
    return [round(available[0] * weight / weights[0]) for weight in weights]


def _choose(rows: pl.DataFrame, count: int, settings: MixSettings) -> pl.DataFrame:
    """The rows that are taken, by number and id, each as often as it is taken (`copy` from 1)."""
    open_rows = rows.filter(~pl.col("aside"))
    parts = [_drawn(open_rows, count, settings.seed)]
    share = min(1.0, count / len(open_rows)) if settings.held_out == "keep" else 0.0
    for _, side in rows.filter("aside").group_by("split", maintain_order=True):
        parts.append(_drawn(side, round(share * len(side)), settings.seed))
    return pl.concat(parts).sort("row", "id", "copy")


def _drawn(rows: pl.DataFrame, count: int, seed: int) -> pl.DataFrame:
    """`count` rows: a random part of them; or all of them as often as it takes, and a random part once more."""
    each, more = divmod(count, len(rows))
    order = np.argsort(draw(rows["id"].to_list(), seed), kind="stable")
    times = np.full(len(rows), each, np.int64)
    times[order[:more]] += 1
    several = rows.with_columns(times=times).filter(pl.col("times") > 0)
    return several.with_columns(copy=pl.int_ranges(1, pl.col("times") + 1)).drop("times").explode("copy")


def _take(part: Part, chosen: pl.DataFrame) -> pa.Table:
    """The rows of a part as they are in the mix, but for their number and their side."""
    positions = chosen["position"].to_numpy()
    starts = range(0, max(len(positions), 1), ROWS_AT_ONCE)  # at once, a gigabyte of text is too much for Arrow
    table = pa.concat_tables([part.dataset.table.take(positions[start : start + ROWS_AT_ONCE]) for start in starts])
    own = pl.DataFrame(pl.from_arrow(table.select(["id", "source", "group"]))).with_columns(chosen["copy"])
    copy = pl.when(pl.col("copy") > 1).then(pl.format("#{}", "copy")).otherwise(pl.lit(""))
    named = own.select(
        id=pl.concat_str(pl.lit(part.name), copy, pl.lit(":"), "id"),
        source=pl.coalesce("source", pl.lit(part.name)),
        group=pl.concat_str(pl.lit(f"{part.name}:"), "group"),  # numbers of conversations begin anew in every file
    )
    for name in named.columns:
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, named[name].to_arrow().cast(pa.string()))
    return table


def _joined(tables: Sequence[pa.Table], settings: MixSettings) -> Dataset:
    table = pa.concat_tables(tables)
    sides = pl.Series(pl.from_arrow(table["split"]))
    if settings.held_out == "leave out":
        sides = pl.Series([None], dtype=pl.String).new_from_index(0, len(sides))
    elif sides.is_not_null().any():
        sides = sides.fill_null(TRAIN)
    table = table.set_column(table.schema.get_field_index("row"), "row", pa.array(np.arange(1, len(table) + 1)))
    return Dataset(table.set_column(table.schema.get_field_index("split"), "split", sides.to_arrow().cast(pa.string())))
