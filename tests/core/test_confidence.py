"""Overconfidence: a model that is as sure as it is right is left in peace, and one that is surer is called so."""

from dataclasses import replace

import numpy as np
import pytest

from core.evaluate.calibration import calibration, ece, judged
from core.evaluate.choices import countable, probabilities
from core.evaluate.confidence import Confidence, confidence_of, measure_confidence
from core.evaluate.subject import Likelihood, Subject
from core.records import HELD_OUT, TRAIN, Example, Message
from core.settings import EvaluateSettings
from core.workspace import Run, Workspace

ROWS = 100


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.evaluate.bootstrap.RESAMPLES", 499)


def row(number: int, answer: str, label: str | None = None, prompt: str = "") -> Example:
    asked = Message("user", prompt or f"Question {number}")
    return Example(f"r{number}", number, (asked, Message("assistant", answer)), label)


def sides(sure: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.stack([sure, right, (sure - right) ** 2])


def drawn(seed: int, surer: float = 0.0) -> np.ndarray:
    """A model that is right as often as it is sure, but for how much surer it says it is."""
    draw = np.random.default_rng(seed)
    sure = draw.uniform(0.3, 0.95, ROWS)
    return sides(np.minimum(sure + surer, 1), (draw.random(ROWS) < sure) * 1.0)


def test_ece_is_that_of_guo_by_hand():
    """Two of three right at 0.95 and none of one at 0.35: 3/4 * |0.95 - 2/3| + 1/4 * 0.35."""
    rows = sides(np.array([0.95, 0.95, 0.95, 0.35]), np.array([1.0, 1, 0, 0]))
    assert float(ece(rows)) == pytest.approx(0.75 * abs(0.95 - 2 / 3) + 0.25 * 0.35)
    found = calibration(rows)
    assert [(each.low, each.high, each.rows) for each in found.bins] == [(0.3, 0.4, 1), (0.9, 1.0, 3)]
    assert found.sure_when_wrong == pytest.approx((0.95 + 0.35) / 2)
    assert found.gap == pytest.approx(0.8 - 0.5)


def test_the_bounds_of_bins_hold_what_is_fully_sure_and_what_is_not_at_all():
    rows = sides(np.array([1.0, 0.0, 0.1]), np.array([1.0, 0, 0]))
    assert [(each.low, each.rows) for each in calibration(rows).bins] == [(0.0, 2), (0.9, 1)]
    assert calibration(sides(np.ones(5), np.ones(5))).sure_when_wrong is None


def test_rows_are_judged_by_the_likeliest_option_and_all_probabilities():
    found = judged([np.array([0.7, 0.2, 0.1]), np.array([0.4, 0.6])], [0, 0])
    assert found[0].tolist() == [0.7, 0.6]
    assert found[1].tolist() == [1.0, 0.0]
    assert found[2] == pytest.approx([0.3**2 + 0.2**2 + 0.1**2, 0.6**2 + 0.6**2])


def test_probabilities_are_against_the_other_options_however_small():
    shares = probabilities([Likelihood(-1000.0, 3), Likelihood(-1000.0 + np.log(3), 2)])
    assert shares == pytest.approx([0.25, 0.75])


def test_a_model_that_is_surer_than_right_is_red_and_its_base_model_is_told_beside_it():
    found = confidence_of(drawn(1), drawn(2, surer=0.35), 10)
    assert found.light == "red"
    assert found.said.startswith("Surer than it is right: 9")
    assert found.ece_change.word == "worse"
    assert found.tuned.ece_low > 0.1
    assert Confidence.model_validate_json(found.model_dump_json()) == found


def test_one_that_is_surer_than_right_as_its_base_model_was_is_amber():
    assert confidence_of(drawn(1, surer=0.35), drawn(2, surer=0.35), 10).light == "amber"


def test_one_that_is_too_modest_is_not_called_overconfident():
    assert confidence_of(drawn(1), drawn(2, surer=-0.25), 10).light == "green"


def test_a_well_calibrated_model_is_called_so_in_19_of_20_draws():
    lights = [confidence_of(drawn(2 * seed), drawn(2 * seed + 1), 10).light for seed in range(20)]
    assert lights.count("green") >= 19


def test_answers_that_come_again_are_countable_and_texts_are_not():
    labelled = [row(number, "ab"[number % 2], "ab"[number % 2]) for number in range(6)]
    assert [options for _, options in countable(labelled[:2], labelled[2:])] == [["a", "b"]] * 2
    again = [row(number, f"answer {number % 3}") for number in range(9)]
    assert len(countable(again, [])) == 9
    assert countable([row(number, f"answer {number}") for number in range(9)], []) == []
    assert countable([row(number, "the same") for number in range(9)], []) == []
    assert countable([], []) == []
    many = [row(number, f"answer {number % 30}") for number in range(90)]
    assert countable(many, []) == []


def test_the_choices_of_a_prompt_are_its_options():
    listed = "What is it?\n\nA. a cat\nB. a dog\nC. a cow"
    rows = [row(number, "B. a dog", "B", listed) for number in range(3)]
    assert countable(rows, []) == [(each, ["A. a cat", "B. a dog", "C. a cow"]) for each in rows]


@pytest.fixture(scope="module")
def parts(taught_run: Run) -> tuple[list[Example], list[Example]]:
    version = Workspace(taught_run.folder.parents[1]).versions.load(taught_run.recipe.dataset)
    return list(version.part(HELD_OUT)), list(version.part(TRAIN))


def test_a_taught_run_is_asked_how_likely_each_label_is(taught_run: Run, parts):
    subject = Subject.open(taught_run)
    found = measure_confidence(subject, parts[0] * 10, parts[1], EvaluateSettings())
    assert (found.rows, found.options) == (20, 2)
    assert found.tuned.accuracy == 1.0
    assert found.tuned.brier < found.base.brier


def test_too_few_rows_or_texts_are_grey_and_ask_nothing_of_the_model(parts):
    few = measure_confidence(None, parts[0], parts[1], EvaluateSettings())
    assert (few.light, few.tuned) == ("grey", None)
    assert "2 rows with countable answers are too few" in few.said
    texts = [row(number, f"Something else, {number}") for number in range(30)]
    assert "cannot be counted" in measure_confidence(None, texts, texts, EvaluateSettings()).said


def test_with_many_options_fewer_rows_are_asked(taught_run: Run, parts, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("core.evaluate.choices.MOST_READ", 48)
    found = measure_confidence(Subject.open(taught_run), parts[0] * 20, parts[1], EvaluateSettings())
    assert found.rows == 24


def test_a_row_that_no_template_takes_is_left_out_and_costs_no_other(taught_run: Run, parts):
    odd = replace(parts[0][0], messages=(Message("user", "long " * 3_000), parts[0][0].messages[-1]))
    found = measure_confidence(Subject.open(taught_run), [*parts[0] * 10, odd], parts[1], EvaluateSettings())
    assert found.rows == 20


def test_a_little_surer_than_right_is_said_so():
    draw = np.random.default_rng(1)
    right = (draw.random(ROWS) < 0.9) * 1.0
    found = confidence_of(sides(np.full(ROWS, 0.98), right), sides(np.full(ROWS, 0.98), right), 4)
    assert found.light == "green"
    assert found.said.startswith("A little surer than it is right")
