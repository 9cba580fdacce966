"""A difference is named only where it is one: alike sides are called alike, unlike ones are told apart."""

import numpy as np
import pytest

from core.evaluate.bootstrap import difference, fewest_rows, interval
from core.evaluate.scores.figure import SURE
from core.evaluate.scores.labels import macro_f1

ROWS = 60


def right(share: float, seed: int, rows: int = ROWS) -> np.ndarray:
    return (np.random.default_rng(seed).random(rows) < share).astype(float)


def test_a_clear_gain_is_better_with_its_interval_around_it():
    change = difference(right(0.9, 1), right(0.3, 2))
    assert change.word == "better"
    assert 0 < change.low < change.value < change.high < 1
    assert change.rows == ROWS
    assert change.p < 0.001


def test_of_losses_less_is_better():
    low, high = np.linspace(1, 2, ROWS), np.linspace(1.5, 2.6, ROWS)
    assert difference(low, high, lower_is_better=True).word == "better"
    assert difference(high, low, lower_is_better=True).word == "worse"
    assert difference(low, high).word == "worse"


def test_the_interval_of_a_mean_is_that_of_the_textbook():
    """BCa of the mean of many symmetric values is the normal interval: 1.96 standard errors each way."""
    values = np.random.default_rng(0).normal(size=400)
    low, high = interval(values)
    width = 1.96 * values.std(ddof=1) / 20
    assert (low, high) == pytest.approx((values.mean() - width, values.mean() + width), abs=0.015)


def test_the_swap_test_of_right_and_wrong_is_mcnemars():
    """Of 12 rows that changed, 10 to the good: two-sided p is 2 * P(X >= 10), X ~ Binomial(12, 1/2)."""
    change = difference(np.array([1.0] * 10 + [0.0] * 2), np.array([0.0] * 10 + [1.0] * 2))
    assert change.p == pytest.approx(2 * (66 + 12 + 1) / 4096)


def test_sides_that_are_the_same_and_too_few_rows_show_nothing():
    same = right(0.5, 3)
    change = difference(same, same)
    assert (change.value, change.low, change.high, change.p) == (0, 0, 0, 1)
    assert change.word == "no difference shown"
    assert difference(np.ones(5), np.zeros(5)).word == "no difference shown"
    assert difference(np.ones(6), np.zeros(6)).word == "better"
    assert difference(np.ones(6), np.zeros(6), sure=0.99).word == "no difference shown"


@pytest.mark.parametrize("sure", [0.9, 0.95, 0.99])
def test_with_fewer_rows_than_the_fewest_no_word_can_be_said(sure: float):
    fewest = fewest_rows(sure)
    words = [difference(np.ones(rows), np.zeros(rows), sure=sure).word for rows in (fewest - 1, fewest)]
    assert words == ["no difference shown", "better"]


def test_the_same_seed_gives_the_same_interval():
    sides = right(0.8, 4), right(0.6, 5)
    assert difference(*sides) == difference(*sides)
    assert difference(*sides, seed=1) != difference(*sides, seed=2)


def test_a_figure_of_the_whole_set_is_resampled_by_rows():
    """Macro-F1 has no value for a row, and a ratio has two: rows are drawn with all they have."""
    references = np.arange(ROWS) % 3
    codes = {who: references * 4 + said for who, said in {"good": references, "bad": np.zeros(ROWS, int)}.items()}
    change = difference(codes["good"], codes["bad"], macro_f1(3))
    assert change.word == "better"
    assert change.value == pytest.approx(1 - 1 / 6)
    sums = np.stack([np.linspace(1, 9, ROWS), np.full(ROWS, 5.0)])
    low, high = interval(sums, lambda found: found[0].sum(-1) / found[1].sum(-1))
    assert low < 1 < high


def test_sides_of_other_rows_are_refused():
    with pytest.raises(ValueError, match="values"):
        difference(np.ones(3), np.ones(4))


@pytest.mark.parametrize(
    "figure",
    [
        pytest.param(lambda draw: (draw.random(40) < 0.7) * 1.0, id="accuracy"),
        pytest.param(lambda draw: draw.lognormal(0, 1, 40), id="skewed loss"),
    ],
)
def test_alike_sides_are_called_alike_in_19_of_20_draws(figure):
    draw = np.random.default_rng(7)
    words = [difference(figure(draw), figure(draw), sure=SURE).word for _ in range(40)]
    assert words.count("no difference shown") >= 38
