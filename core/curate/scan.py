"""All checks over a dataset at once. What they find is kept down to the lowest threshold: moving one is quick then."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from core.curate.check import Check
from core.curate.checks import CHECKS, leak
from core.curate.rows import FOUND, Benchmark, Rows
from core.records import Dataset

# A line per problem: the row by id and number, the check by name, a reason in words; `score` and the other row where
# there is one. A row stands there once for each check it fails, or for each row that it is like.
PROBLEMS = pl.Schema(
    {
        "row_id": pl.String(),
        "row": pl.Int64(),
        "check": pl.String(),
        "reason": pl.String(),
        "score": pl.Float64(),
        "other_id": pl.String(),
        "other_row": pl.Int64(),
    }
)


@dataclass(frozen=True)
class Scan:
    """What all checks have found (`PROBLEMS`), and the signals: a line per row with its `row_id` and `row`."""

    problems: pl.DataFrame
    signals: pl.DataFrame


def scan(dataset: Dataset, benchmarks: Sequence[Benchmark] = ()) -> Scan:
    """What all checks find, by row; it depends on the rows alone, not on their order."""
    steps = scanning(dataset, benchmarks)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


def scanning(
    dataset: Dataset, benchmarks: Sequence[Benchmark] = (), checks: Sequence[Check] = CHECKS
) -> Generator[str, None, Scan]:
    """A scan that says the name of each check before it begins; the value of the generator is the `Scan`."""
    rows = Rows(dataset, benchmarks)
    found = []
    for check in checks:
        yield check.name
        found.append(found_by(rows, check))
        if check is leak.CHECK:  # the last one that compares words, which take 300 MB for a million rows
            rows.forget_words()
    yield "signals"
    ids = rows.frame.select(row_id="id", row="row", position="position")
    signals = ids.join(rows.signals, "position", how="left", maintain_order="left").drop("position")
    return Scan(in_order(pl.concat([PROBLEMS.to_frame(), *found])), signals)


def found_by(rows: Rows, check: Check) -> pl.DataFrame:
    """What one check finds, as `PROBLEMS`: ids and row numbers in the place of positions."""
    names = rows.frame.select("position", "id", "row")
    other = names.select(other="position", other_id="id", other_row="row")
    joined = check.find(rows).join(names, "position", how="left").join(other, "other", how="left")
    columns = {name: name for name in ("row", "reason", "score", "other_id", "other_row")}
    return joined.select(row_id="id", check=pl.lit(check.name), **columns).select(list(PROBLEMS))


def in_order(problems: pl.DataFrame) -> pl.DataFrame:
    """Problems by row, those of one row in the order of the checks."""
    order = {check.name: number for number, check in enumerate(CHECKS)}
    numbered = problems.with_columns(_order=pl.col("check").replace_strict(order, default=len(order)))
    return numbered.sort("row", "row_id", "_order", "other_row", maintain_order=True).drop("_order")


def at(problems: pl.DataFrame, thresholds: Mapping[str, float]) -> pl.DataFrame:
    """The problems that count at these thresholds, by check; a check that is not named has its default."""
    parts = [_counting(problems.filter(check=check.name), check, thresholds) for check in CHECKS if check.threshold]
    plain = problems.filter(~pl.col("check").is_in([check.name for check in CHECKS if check.threshold]))
    return in_order(pl.concat([plain, *parts]))


def _counting(problems: pl.DataFrame, check: Check, thresholds: Mapping[str, float]) -> pl.DataFrame:
    assert check.threshold
    wanted = thresholds.get(check.name, check.threshold.default)
    if check.choose is None:
        reached = pl.col("score") >= wanted if check.threshold.above else pl.col("score") <= wanted
        return problems.filter(reached)
    keys = problems.select(id="row_id", row="row").vstack(problems.select(id="other_id", row="other_row"))
    names = keys.unique().sort("row", "id").with_row_index("position")
    positions = problems.join(names.select(row_id="id", position="position"), "row_id", how="left")
    positions = positions.join(names.select(other_id="id", other="position"), "other_id", how="left")
    chosen = check.choose(positions.select(list(FOUND)).cast(FOUND), wanted)
    kept = chosen.select("position", "other", "reason").with_columns(_kept=pl.lit(True))
    joined = positions.join(kept, ["position", "other"], how="inner", suffix="_chosen")
    return joined.with_columns(reason="reason_chosen").select(list(PROBLEMS))
