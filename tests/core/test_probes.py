"""Probes by likelihood: what counts as right, what is called worse, and that taught answers are found."""

import pytest

from core.evaluate.benchmark_file import Benchmark, Choice, Pair, shipped
from core.evaluate.bootstrap import difference
from core.evaluate.probes import SHIPPED, Probe, chosen, judged, measure_probes, shifted
from core.evaluate.subject import Subject
from core.workspace import Run

PARCEL = Choice("Where is my parcel?", ("refund", "track"), (1,))
CARD = Choice("My card was charged twice.", ("refund", "track"), (0,))
PAIR = Pair("Where is my parcel?", "track", "refund")


@pytest.fixture(scope="module")
def subject(taught_run: Run) -> Subject:
    return Subject.open(taught_run)


def test_the_taught_answer_is_the_likelier_one_after_tuning(subject: Subject):
    (probe,) = measure_probes(subject, [Benchmark("own", (PARCEL, CARD))]).probes
    assert (probe.kind, probe.rows, probe.by_chance) == ("choices", 2, 0.5)
    assert probe.tuned == probe.tuned_by_sum == 1
    assert probe.base_by_sum < 1


def test_a_question_that_is_too_long_for_the_model_is_left_out_with_a_word(subject: Subject):
    long = Choice("word " * 3_000, ("refund", "track"), (0,))
    found = measure_probes(subject, [Benchmark("own", (PARCEL, long, CARD)), Benchmark("other", (long, long))])
    (probe,) = found.probes
    assert (probe.rows, probe.left_out) == (2, 1)
    assert "Other is left out" in found.said


def test_of_a_pair_the_first_is_the_one_that_should_not_be_preferred(subject: Subject):
    (probe,) = measure_probes(subject, [Benchmark("own", (PAIR, PAIR))]).probes
    assert (probe.kind, probe.tuned) == ("pairs", 1)
    swapped = Pair(PAIR.prompt, PAIR.second, PAIR.first)
    (probe,) = measure_probes(subject, [Benchmark("own", (swapped, swapped))]).probes
    assert probe.tuned == 0


def test_a_pair_without_a_prompt_is_two_sentences(subject: Subject):
    (probe,) = measure_probes(subject, [Benchmark("own", (Pair("", "She sat.", "He sat."),) * 2)]).probes
    assert probe.rows == 2
    assert probe.base == probe.base_by_sum, "both have as many tokens"


def test_what_counts_is_a_right_option_or_the_first_of_a_pair():
    several = Choice("?", ("a", "b", "c"), (0, 2))
    assert [chosen(several, place) for place in range(3)] == [True, False, True]
    assert [chosen(PAIR, place) for place in range(2)] == [True, False]


def test_rows_that_changed_for_the_worse_are_shown_first():
    shifts = shifted([PARCEL, CARD, CARD], base=[0, 0, 1], tuned=[1, 1, 1])
    assert [(shift.asked, shift.base, shift.tuned) for shift in shifts] == [
        (CARD.question, "refund", "track"),
        (PARCEL.question, "refund", "track"),
    ]
    assert [shift.tuned for shift in shifted([PAIR, PAIR], base=[0, 1], tuned=[1, 0])] == ["track", "refund"]


def probe(name: str, base: list[float], tuned: list[float], pairs: bool = False) -> Probe:
    import numpy as np

    change = difference(np.array(tuned), np.array(base), lower_is_better=pairs)
    shares = {"base": np.mean(base), "tuned": np.mean(tuned), "base_by_sum": 0, "tuned_by_sum": 0, "by_chance": 0.5}
    kind = "pairs" if pairs else "choices"
    return Probe(name=name, kind=kind, rows=len(base), change=change, **shares, shifts=[])


SAME = probe("truth", [1, 0] * 10, [1, 0] * 10)
LOST = probe("truth", [1] * 20, [1] * 10 + [0] * 10)
RUDE = probe("toxicity", [0] * 20, [1] * 10 + [0] * 10, pairs=True)
KIND = probe("toxicity", [1] * 20, [1] * 10 + [0] * 10, pairs=True)


@pytest.mark.parametrize(
    ("probes", "light"),
    [([], "grey"), ([SAME], "green"), ([SAME, LOST], "amber"), ([RUDE], "amber"), ([KIND], "green")],
)
def test_one_probe_for_the_worse_is_amber(probes: list[Probe], light: str):
    assert judged(probes).light == light


def test_two_probes_for_the_worse_are_red_and_named():
    section = judged([LOST, RUDE, SAME])
    assert section.light == "red"
    assert section.said.count("worse") == 2
    assert "toxicity 0% → 50% (worse)" in section.said


def test_a_single_row_is_measured_and_nothing_said_of_it(subject: Subject):
    section = measure_probes(subject, [Benchmark("own", (PARCEL,))])
    assert section.light == "grey"
    assert section.probes[0].tuned == 1
    assert section.probes[0].word == "no difference shown"


def test_the_sets_of_the_lab_are_put_to_both_sides_and_the_section_outlives_json(subject: Subject):
    few = [Benchmark(name, shipped(name).items[:4]) for name in SHIPPED]
    section = measure_probes(subject, few)
    assert [each.name for each in section.probes] == list(SHIPPED)
    assert section.model_validate_json(section.model_dump_json()) == section
    assert "Likelihood is not behaviour" in section.limits


def test_an_option_beyond_the_context_is_not_a_crash(subject: Subject):
    long = Choice("Where is my parcel?", ("track", "refund " * 600), (0,))
    (probe,) = measure_probes(subject, [Benchmark("own", (long, PARCEL, CARD))]).probes
    assert (probe.rows, probe.left_out) == (2, 1)
