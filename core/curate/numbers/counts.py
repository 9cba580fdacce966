"""How often each value of a column stands there: labels, categories, languages, answers, openings."""

import polars as pl
from pydantic import BaseModel

MOST_NAMED = 30
NAME_CHARACTERS = 80
SCARCE = 10  # rows; of fewer, 15 % held out leaves none or one to measure with


class Count(BaseModel, frozen=True):
    """A value, shortened for the screen, and the rows that have it."""

    name: str
    rows: int


class Counts(BaseModel, frozen=True):
    """The values of a column: `rows` have one, `distinct` are different, `top` are the most frequent of them.

    `smallest` is the rows of the rarest value, `scarce` how many values have fewer than `SCARCE` rows.
    """

    rows: int = 0
    distinct: int = 0
    top: list[Count] = []
    smallest: int = 0
    scarce: int = 0

    @property
    def largest_share(self) -> float:
        """The share of the most frequent value among the rows that have one, 0 to 1."""
        return self.top[0].rows / self.rows if self.top else 0.0


def counts(values: pl.Series) -> Counts:
    """The values of a column by how frequent they are; nulls and empty texts are not counted."""
    known = pl.DataFrame({"name": values}).filter(pl.col("name").is_not_null() & (pl.col("name") != ""))
    by_name = known.group_by("name").agg(rows=pl.len()).sort("rows", "name", descending=[True, False])
    if not len(by_name):
        return Counts()
    top = [Count(name=_short(name), rows=rows) for name, rows in by_name.head(MOST_NAMED).iter_rows()]
    return Counts(
        rows=len(known),
        distinct=len(by_name),
        top=top,
        smallest=by_name["rows"][-1],
        scarce=int((by_name["rows"] < SCARCE).sum()),
    )


def _short(name: str) -> str:
    line = " ".join(name[: NAME_CHARACTERS + 1].split())
    return line if len(name) <= NAME_CHARACTERS else line[:NAME_CHARACTERS] + "…"
