"""The plot has few points and loses no spike."""

from core.chart import MOST_POINTS, loss_series, reduce_points, smooth


def test_short_series_are_left_alone() -> None:
    points = [(step, 1.0) for step in range(MOST_POINTS)]
    assert reduce_points(points) == points


def test_a_single_spike_among_fifty_thousand_stays() -> None:
    points = [(step, 1.0) for step in range(50_000)]
    points[33_333] = (33_333, 9.0)
    points[44_444] = (44_444, 0.1)
    reduced = reduce_points(points)
    assert len(reduced) <= MOST_POINTS
    assert {(33_333, 9.0), (44_444, 0.1)} <= set(reduced)
    assert [step for step, _ in reduced] == sorted(step for step, _ in reduced)


def test_smoothing_starts_at_the_first_value() -> None:
    smoothed = smooth([(0, 4.0), (1, 2.0), (2, 2.0)], weight=0.5)
    assert smoothed[0] == (0, 4.0)
    assert 2.0 < smoothed[2][1] < smoothed[1][1] < 4.0


def test_lines_without_points_are_not_drawn() -> None:
    assert [(line.name, line.points) for line in loss_series([{"step": 1, "loss": 2.0}], [])] == [
        ("train", [(1, 2.0)]),
        ("train, smoothed", [(1, 2.0)]),
    ]
