"""The map of a version's prompts: drawn once and kept, coloured as wished, with what it shows in sentences."""

from collections.abc import Generator
from dataclasses import dataclass

import polars as pl

from core.actions.curate.board import state_of
from core.actions.curate.scan import problems_of, scanned
from core.curate import Rows
from core.curate.language import name_of
from core.curate.numbers import MAP, alone, clumps, drawing
from core.errors import SettingProblem
from core.records import HELD_OUT, TRAIN, Dataset
from core.words import counted
from core.workspace import Workspace

KEY, FORMAT = "map", 1
COLOURS = ("clump", "problem", "label", "category", "split", "language", "source")
NONE = {"clump": "in no clump", "problem": "no problem", "language": "unknown language"}
OTHERS = "all others"
MOST_COLOURS = 8
NAME_CHARACTERS = 40
MOST_CLUMPS = 12
GAP_POINTS = 20  # where 15 % are held out, none of 20 is by chance in one of 26 cases


@dataclass(frozen=True)
class PromptMap:
    """The points as columns (`rows` are row numbers, `colours` names), and how many rows the version has.

    `names` are the colours in the order in which they are drawn; `quiet` the two of them that tell nothing: none, and
    all others.
    `clumps` are lines of name, prompts and an example.
    """

    sentence: str
    x: list[float]
    y: list[float]
    rows: list[int]
    prompts: list[str]
    colours: list[str]
    names: list[str]
    quiet: tuple[str, str]
    clumps: list[list[str]]


def map_is_known(workspace: Workspace, version_id: str) -> bool:
    """Whether the map of a version was drawn. Raises `NotFound`."""
    return (workspace.versions.extra(version_id, KEY) or {}).get("format") == FORMAT


def drawing_map(workspace: Workspace, version_id: str) -> Generator[str]:
    """Draw the map of a version unless that was done, saying what comes next; 2,000 prompts take 3 to 6 s.

    Raises:
        NotFound: there is no such version.
        SettingProblem: no version is chosen.
    """
    if not version_id:
        raise SettingProblem("No dataset version is chosen. Choose one in the list, or load a file first.")
    if map_is_known(workspace, version_id):
        return
    found = yield from drawing(Rows(workspace.versions.load(version_id)))
    workspace.versions.keep_table(version_id, KEY, found.to_arrow())
    workspace.versions.keep_extra(version_id, KEY, {"format": FORMAT})


def prompt_map(workspace: Workspace, version_id: str, colour: str = "clump") -> PromptMap:
    """The map of a version, drawn if need be. `colour` is one of `COLOURS`.

    Raises:
        NotFound: there is no such version.
        SettingProblem: no version is chosen, or there is no such colour.
    """
    if colour not in COLOURS:
        raise SettingProblem(f"“{str(colour)[:40]}” is no colour of the map. Choose one of: {', '.join(COLOURS)}.")
    for _ in drawing_map(workspace, version_id):
        pass
    dataset = workspace.versions.load(version_id)
    points = pl.DataFrame(pl.from_arrow(workspace.versions.table(version_id, KEY))).cast(MAP)
    values = points.select("row_id", value="clump")
    if colour != "clump":
        values = _values(workspace, version_id, dataset, colour)
    none = NONE.get(colour, f"no {colour}")
    coloured, names = _coloured(points, values, none)
    found = clumps(points)
    return PromptMap(
        sentence=_sentence(points, len(dataset), _sides(dataset, points)),
        x=coloured["x"].to_list(),
        y=coloured["y"].to_list(),
        rows=coloured["row"].to_list(),
        prompts=coloured["prompt"].to_list(),
        colours=coloured["colour"].to_list(),
        names=names,
        quiet=(none, OTHERS),
        clumps=[[clump.name, f"{clump.rows:,}", clump.example] for clump in found[:MOST_CLUMPS]],
    )


def _values(workspace: Workspace, version_id: str, dataset: Dataset, colour: str) -> pl.DataFrame:
    """`row_id` and `value`: what colours the point of a row, null or missing where nothing does."""
    if colour == "problem":
        problems = problems_of(workspace, version_id, state_of(workspace, version_id))
        return problems.unique("row_id", keep="first", maintain_order=True).select("row_id", value="check")
    if colour == "language":
        known = scanned(workspace, version_id).signals.filter(pl.col("language") != "unknown")
        return known.select("row_id", value=pl.col("language").map_elements(name_of, pl.String))
    return pl.DataFrame(pl.from_arrow(dataset.table.select(["id", colour]))).select(row_id="id", value=colour)


def _coloured(points: pl.DataFrame, values: pl.DataFrame, none: str) -> tuple[pl.DataFrame, list[str]]:
    """The points with a `colour`, and the colours: none and all others, then the most frequent values by name.

    The points come in this order, so that those that tell something are drawn over the others.
    """
    joined = points.join(values, "row_id", how="left", maintain_order="left")
    counts = joined.drop_nulls("value").group_by("value").agg(rows=pl.len())
    ranked = counts.sort("rows", "value", descending=[True, False])["value"].to_list()
    shown = ranked[:MOST_COLOURS]
    value = pl.col("value")
    named = pl.when(value.is_in(shown)).then(value.str.head(NAME_CHARACTERS)).otherwise(pl.lit(OTHERS))
    named = pl.when(value.is_null()).then(pl.lit(none)).otherwise(named)
    order = {name[:NAME_CHARACTERS]: number for number, name in enumerate([none, OTHERS, *shown])}
    rank = pl.col("colour").replace_strict(order, return_dtype=pl.Int32)
    coloured = joined.with_columns(colour=named).sort(rank, "row")
    return coloured, [name for name in order if name in set(coloured["colour"])]


def _sides(dataset: Dataset, points: pl.DataFrame) -> pl.DataFrame:
    splits = pl.DataFrame(pl.from_arrow(dataset.table.select(["id", "split"]))).rename({"id": "row_id"})
    return points.join(splits, "row_id", how="left", maintain_order="left")


def _sentence(points: pl.DataFrame, rows: int, sides: pl.DataFrame) -> str:
    """What the map shows: how many, clumps, prompts like no other, and clumps that lie on one side of the split."""
    if not len(points):
        return f"{counted(rows, 'row')}: too few for a map."
    of = f", drawn from {rows:,}" if rows > len(points) else ""
    inside = points["clump"].count()
    found = len(clumps(points))
    sentences = [
        f"{counted(len(points), 'prompt')}{of}. Near ones use the same words; how far apart two distant ones lie means "
        "nothing (t-SNE).",
        f"{counted(inside, 'prompt')} {'lies' if inside == 1 else 'lie'} in {counted(found, 'clump')}."
        if found
        else "There are no clumps.",
    ]
    if lone := len(alone(points)):
        sentences.append(
            f"{counted(lone, 'prompt')} {'shares' if lone == 1 else 'share'} hardly a word with any other."
        )
    return " ".join([*sentences, *_gaps(sides)])


def _gaps(sides: pl.DataFrame) -> list[str]:
    """Clumps without a row on one side, if the map has rows of both sides."""
    if sides["split"].n_unique() < 2:
        return []
    by_clump = (
        sides.drop_nulls("clump")
        .group_by("clump")
        .agg(rows=pl.len(), train=(pl.col("split") == TRAIN).sum(), held_out=(pl.col("split") == HELD_OUT).sum())
    )
    ordered = by_clump.sort("rows", "clump", descending=[True, False])
    unmeasured = ordered.filter((pl.col("held_out") == 0) & (pl.col("rows") >= GAP_POINTS))["clump"].to_list()
    untrained = ordered.filter(pl.col("train") == 0)["clump"].to_list()
    return [
        *(f"No prompt on the map of “{name}” is held out, so nothing measures it." for name in unmeasured[:3]),
        *(f"No prompt on the map of “{name}” is in train." for name in untrained[:3]),
    ]
