"""A map of the prompts: points that lie together where prompts use the same words, and the clumps among them."""

from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from core.curate.numbers.texts import SEED, asked, drawn
from core.curate.numbers.vectors import Points, Vectors, one_thread, vectors
from core.curate.rows import Rows

MOST_POINTS = 2000
FEWEST_POINTS = 10
# t-SNE (van der Maaten and Hinton 2008) keeps near prompts together far better than two principal components do:
# trustworthiness 0.93-0.99 against 0.65-0.81 on the sets measured, for 2 to 4 s; beyond 500 rounds nothing changes.
ROUNDS = 500
PERPLEXITY = 30
CLUMP_SHARE, SMALLEST_CLUMP = 0.01, 5  # a hundredth of the map or five prompts; 8 to 17 clumps in sets of free text
NAME_WORDS = 3
NAME_PRESENCE = 0.25  # a name is made of words that stand in so many of the clump's prompts
ALONE = 0.1  # cosine of TF-IDF; below it two prompts share hardly more than a word like "the"
PREVIEW_CHARACTERS = 120
# A line per point: the row by id and number; where it lies; the name of its clump and the cosine to the clump's middle,
# null outside; the cosine (of TF-IDF) to the prompt most like it; and how the prompt begins.
MAP = pl.Schema(
    {
        "row_id": pl.String(),
        "row": pl.Int64(),
        "x": pl.Float64(),
        "y": pl.Float64(),
        "clump": pl.String(),
        "typical": pl.Float64(),
        "nearest": pl.Float64(),
        "prompt": pl.String(),
    }
)

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Clump:
    """Prompts that lie close together: the words typical of them, how many, and how the most typical one begins."""

    name: str
    rows: int
    example: str


def drawing(rows: Rows, most: int = MOST_POINTS) -> Generator[str, None, pl.DataFrame]:
    """Draw the map of at most `most` rows, saying what comes next; the value of the generator is a frame of `MAP`.

    It is empty where there are fewer than `FEWEST_POINTS` rows. 2,000 prompts take 3 to 6 s of one core.
    """
    positions = np.sort(drawn(rows, most))
    if len(positions) < FEWEST_POINTS:
        return MAP.to_frame()
    yield f"Comparing {len(positions):,} prompts …"
    texts = asked(rows)[positions]
    found = vectors(texts.to_list())
    yield "Looking for clumps …"
    labels = _labels(found.points)
    yield "Placing the prompts …"
    placed = _placed(found.points)
    columns = {
        "x": placed[:, 0],
        "y": placed[:, 1],
        "clump": _names(found, labels),
        "typical": _typical(found.points, labels),
        "nearest": _nearest(found),
        "prompt": texts.str.replace_all(r"\s+", " ").str.strip_chars().str.head(PREVIEW_CHARACTERS),
    }
    return rows.frame[positions].select(row_id="id", row="row").hstack(pl.DataFrame(columns, schema_overrides=MAP))


def clumps(drawn_map: pl.DataFrame) -> list[Clump]:
    """The clumps of a map, largest first."""
    inside = drawn_map.drop_nulls("clump").sort("typical", "row", descending=[True, False]).group_by("clump")
    found = inside.agg(rows=pl.len(), example=pl.col("prompt").first()).sort("rows", "clump", descending=[True, False])
    return [Clump(name, rows, example) for name, rows, example in found.iter_rows()]


def alone(drawn_map: pl.DataFrame) -> pl.DataFrame:
    """The points whose prompt is like no other of the map."""
    return drawn_map.filter(pl.col("nearest") < ALONE)


def _placed(points: Points) -> npt.NDArray[np.float64]:
    from sklearn.manifold import TSNE

    distinct = len(np.unique(points, axis=0))
    start = "pca" if min(points.shape[1], distinct) > 2 else "random"
    layout = TSNE(
        perplexity=min(PERPLEXITY, (len(points) - 1) / 3),
        max_iter=ROUNDS,
        init=start,
        random_state=SEED,
        n_jobs=1,
    )
    with one_thread():
        return np.asarray(layout.fit_transform(points), np.float64).round(3)


def _labels(points: Points) -> Integers:
    """The number of each point's clump, -1 for those that lie in none (HDBSCAN, Campello et al. 2013).

    Leaves of its tree are taken: the other way ("excess of mass") now and then makes one clump of half the map.
    """
    from sklearn.cluster import HDBSCAN

    smallest = max(SMALLEST_CLUMP, round(len(points) * CLUMP_SHARE))
    search = HDBSCAN(
        min_cluster_size=smallest,
        min_samples=SMALLEST_CLUMP,
        cluster_selection_method="leaf",
        n_jobs=1,
        copy=True,
    )
    with one_thread():
        found: Integers = search.fit(points).labels_
    return found


def _names(found: Vectors, labels: Integers) -> list[str | None]:
    """For each point the name of its clump: words in many of its prompts that are rare in the others."""
    if found.weights is None:
        return [None] * len(labels)
    common = _mean(found.weights)
    names: list[str] = []
    used: Counter[str] = Counter()
    for label in range(labels.max() + 1):
        inside = found.weights[labels == label]
        name = _name(found.words, np.where(_mean(inside > 0) >= NAME_PRESENCE, _mean(inside) - common, 0))
        used[name] += 1
        names.append(name if used[name] == 1 else f"{name} ({used[name]})")
    return [names[label] if label >= 0 else None for label in labels.tolist()]


def _name(words: Sequence[str], gains: npt.NDArray[np.float64]) -> str:
    """The words with the highest gains; words like "the" only where there are no others."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    best = [str(words[number]) for number in np.argsort(-gains, kind="stable") if gains[number] > 0]
    telling = [word for word in best if word not in ENGLISH_STOP_WORDS]
    return " · ".join((telling or best)[:NAME_WORDS]) or "mixed words"


def _typical(points: Points, labels: Integers) -> list[float | None]:
    """For each point inside a clump the cosine to the mean of the clump's points."""
    cosines: list[float | None] = [None] * len(labels)
    for label in range(labels.max() + 1):
        inside = np.flatnonzero(labels == label)
        middle = points[inside].mean(axis=0)
        near = points[inside] @ middle / max(float(np.linalg.norm(middle)), 1e-9)
        for position, cosine in zip(inside.tolist(), near.tolist(), strict=True):
            cosines[position] = round(cosine, 3)
    return cosines


def _nearest(found: Vectors) -> npt.NDArray[np.float64]:
    if found.weights is None:
        return np.zeros(len(found.points))
    cosines = (found.weights @ found.weights.T).toarray()
    np.fill_diagonal(cosines, 0)
    return np.asarray(cosines.max(axis=1).clip(0, 1), np.float64).round(3)


def _mean(weights: Any) -> npt.NDArray[np.float64]:
    return np.asarray(weights.mean(axis=0), np.float64).ravel()
