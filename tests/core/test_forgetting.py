"""Forgetting: what is measured on general prompts, when which light burns, and what is said."""

from collections.abc import Sequence

import pytest

from core.errors import LabError
from core.evaluate.forgetting import General, general, judged, measure_forgetting, moves
from core.evaluate.subject import Moved, Subject
from core.workspace import Run

GREETINGS = [
    General("small talk", "Hello!", "Hello! How can I help you?"),
    General("small talk", "Good night!", "Sleep well."),
    General("small talk", "Thanks.", "You are welcome."),
    General("knowledge", "What is ice?", "Frozen water."),
]


@pytest.fixture(scope="module")
def subject(taught_run: Run) -> Subject:
    return Subject.open(taught_run)


def moved(kl: float, change: float = 0.0, same: float = 1.0) -> Moved:
    return Moved(kl, 2.0, 2.0 + change, same, 10)


def measured(moves: Sequence[Moved]) -> list[tuple[General, Moved]]:
    return [(GREETINGS[place % 4], move) for place, move in enumerate(moves)]


def test_the_prompts_of_the_lab_are_twelve_of_each_of_six_kinds_and_none_comes_twice():
    prompts = general()
    kinds = [each.kind for each in prompts]
    assert {kinds.count(kind) for kind in kinds} == {12}
    assert set(kinds) == {"knowledge", "arithmetic", "code", "translation", "refusing", "small talk"}
    assert len({each.prompt for each in prompts}) == 72
    assert all(each.answer.strip() for each in prompts)


def test_figures_are_means_over_prompts_for_the_whole_and_for_each_kind():
    section = judged(measured([moved(0.1, 0.2, 0.5), moved(0.3, 0.0), moved(0.2, -0.2), moved(0.6, 0.4, 0.7)]))
    assert section.whole
    assert section.whole.kl == pytest.approx(0.3)
    assert section.whole.loss_change == pytest.approx(0.1)
    assert section.whole.same_first == pytest.approx(0.8)
    assert [(each.kind, each.prompts) for each in section.kinds] == [("small talk", 3), ("knowledge", 1)]
    assert section.kinds[0].kl == pytest.approx(0.2)
    assert section.kl_between[0] <= section.whole.kl <= section.kl_between[1]
    assert section.loss_between[0] <= section.whole.loss_change <= section.loss_between[1]


def test_an_adapter_that_changes_nothing_is_green():
    assert judged(measured([moved(0.0)] * 72)).light == "green"


def test_one_prompt_that_went_far_lights_nothing_for_it_may_be_chance():
    assert judged(measured([moved(0.01)] * 71 + [moved(30.0, 30.0)])).light == "green"


def test_answers_that_became_likelier_are_never_red_however_far_the_model_moved():
    section = judged(measured([moved(5.0, -1.0 - place % 3) for place in range(72)]))
    assert section.light == "amber"
    assert "no less likely" in section.said


def test_what_is_not_shown_to_be_lost_is_not_said_to_be_kept():
    section = judged(measured([moved(0.1, 0.4 if place % 4 else -0.7) for place in range(24)]))
    assert section.loss_between[0] < 0 < section.loss_between[1]
    assert "not shown to be less likely" in section.said
    assert "no less likely" not in section.said


@pytest.mark.parametrize("few", [0, 1])
def test_of_fewer_than_two_prompts_nothing_is_said(few: int):
    section = judged(measured([moved(1.0)] * few))
    assert section.light == "grey"
    assert section.whole is None


def test_a_run_is_read_and_its_answers_stand_beside_each_other(subject: Subject):
    section = measure_forgetting(subject, GREETINGS)
    assert section.whole
    assert section.whole.prompts == 4
    assert section.whole.kl > 0
    assert [each.kind for each in section.beside] == ["small talk", "small talk", "knowledge"]
    assert section.beside[0].prompt == "Hello!", "the first of a kind is always shown"
    assert section.beside[1].kl == max(how.kl for _, how in moves(subject, GREETINGS[1:3]))
    assert all(each.base != each.tuned for each in section.beside)
    assert section.model_validate_json(section.model_dump_json()) == section


def test_only_the_answers_are_read_whatever_the_run_was_to_learn(subject: Subject, monkeypatch: pytest.MonkeyPatch):
    recipe = subject.run.recipe
    tokens = [how.tokens for _, how in moves(subject, GREETINGS)]
    texts = recipe.model_copy(update={"settings": recipe.settings.model_copy(update={"goal": "text"})})
    monkeypatch.setattr(Run, "recipe", texts)
    assert [how.tokens for _, how in moves(subject, GREETINGS)] == tokens


def test_a_prompt_beyond_the_context_is_left_out(subject: Subject):
    long = General("code", "word " * 2000, "It is long.")
    section = measure_forgetting(subject, [*GREETINGS, long])
    assert section.whole
    assert section.whole.prompts == 4
    assert {each.kind for each in section.kinds} == {"small talk", "knowledge"}


def test_broken_weights_get_a_sentence_and_no_light(subject: Subject, monkeypatch: pytest.MonkeyPatch):
    broken = Moved(float("nan"), 2.0, float("nan"), 0.0, 10)
    monkeypatch.setattr(subject, "drift", lambda rows, what: [moved(0.1), broken])
    with pytest.raises(LabError, match="weights are broken"):
        moves(subject, GREETINGS[:2])
