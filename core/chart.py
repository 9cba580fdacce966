"""The loss plot's points: raw, smoothed and held-out, few enough for a browser, with every spike kept."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

MOST_POINTS = 500
SMOOTHING = 0.9


@dataclass(frozen=True)
class Series:
    """One line of the plot: its name, and (step, loss) pairs."""

    name: str
    points: list[tuple[int, float]]


def loss_series(train: list[dict[str, Any]], held_out: list[dict[str, Any]]) -> list[Series]:
    """The lines of the loss plot from lines of metrics.jsonl; each has at most `MOST_POINTS` points."""
    raw = [(line["step"], line["loss"]) for line in train]
    measured = [(line["step"], line["loss"]) for line in held_out]
    named = [("train", raw), ("train, smoothed", smooth(raw)), ("held-out", measured)]
    return [Series(name, reduce_points(points)) for name, points in named if points]


def smooth(points: list[tuple[int, float]], weight: float = SMOOTHING) -> list[tuple[int, float]]:
    """Exponential moving average with its start-up bias removed (as in Adam, arXiv 1412.6980, section 3)."""
    mean = total = 0.0
    smoothed = []
    for step, value in points:
        mean = weight * mean + (1 - weight) * value
        total = weight * total + (1 - weight)
        smoothed.append((step, mean / total))
    return smoothed


def reduce_points(points: list[tuple[int, float]], most: int = MOST_POINTS) -> list[tuple[int, float]]:
    """At most `most` points: the lowest and the highest of each bucket, so that no spike is lost."""
    if len(points) <= most:
        return points
    buckets = most // 2
    edges = [index * len(points) // buckets for index in range(buckets + 1)]
    kept: list[tuple[int, float]] = []
    for start, end in pairwise(edges):
        bucket = points[start:end]
        kept += sorted({min(bucket, key=lambda point: point[1]), max(bucket, key=lambda point: point[1])})
    return kept
