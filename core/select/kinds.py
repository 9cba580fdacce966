"""Whole categories or labels to hold out, to measure a model on kinds that it has never seen."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from core.errors import SettingProblem
from core.records import Dataset
from core.select.keys import draw
from core.settings import SplitSettings
from core.words import counted

SHOWN_NAMES = 8


@dataclass(frozen=True)
class Kinds:
    """The kinds that are held out whole (`by` says which column names them), and for each row whether it is of one."""

    by: str
    names: list[str]
    rows: npt.NDArray[np.bool_]

    def sentence(self, held: int) -> str:
        """Which kinds are held out, and whether rows of other kinds went along, when `held` rows are held out."""
        if not self.names:
            return ""
        shown = ", ".join(f"“{name}”" for name in self.names[:SHOWN_NAMES])
        more = " …" if len(self.names) > SHOWN_NAMES else ""
        things = counted(len(self.names), self.by, "categories" if self.by == "category" else "labels")
        own = int(self.rows.sum())
        sentence = f"{things} held out whole, {counted(own, 'row')}: {shown}{more}."
        if along := held - own:
            reason = "it belongs" if along == 1 else "they belong"
            sentence += f" {counted(along, 'row')} of other kinds went along: {reason} to rows that are held out."
        return sentence


def choose_kinds(dataset: Dataset, settings: SplitSettings, wanted: int) -> Kinds:
    """The kinds that `settings` names; or as many drawn by its seed as fit into `wanted` rows, at least the smallest.

    Raises:
        SettingProblem: no row has a kind, or none has one that is named.
    """
    column = pl.Series(pl.from_arrow(dataset.table[settings.by]))
    sizes = {str(name): int(count) for name, count in column.drop_nulls().value_counts().iter_rows()}
    if not sizes:
        raise SettingProblem(f"No row has a {settings.by}, so none can be held out whole. Split by rows instead.")
    names = _named(sizes, settings) if settings.names else _drawn(sizes, wanted, settings.seed)
    return Kinds(settings.by, names, column.is_in(names).fill_null(False).to_numpy())


def _named(sizes: Mapping[str, int], settings: SplitSettings) -> list[str]:
    names = list(dict.fromkeys(settings.names))
    if unknown := [name for name in names if name not in sizes]:
        there = ", ".join(f"“{name[:40]}”" for name in sorted(sizes)[:SHOWN_NAMES])
        more = f" and {len(sizes) - SHOWN_NAMES:,} more" if len(sizes) > SHOWN_NAMES else ""
        raise SettingProblem(f"No row has the {settings.by} “{unknown[0][:60]}”. There is {there}{more}.")
    return names


def _drawn(sizes: Mapping[str, int], wanted: int, seed: int) -> list[str]:
    names, left = sorted(sizes), wanted
    chosen = []
    for at in np.argsort(draw(names, seed), kind="stable"):
        if sizes[names[at]] <= left:
            left -= sizes[names[at]]
            chosen.append(names[at])
    return chosen or ([min(names, key=lambda name: sizes[name])] if wanted else [])
