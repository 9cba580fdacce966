"""The journal: what is in force after steps, undo and redo; and decisions applied to rows."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.curate import (
    Step,
    at,
    check_step,
    checked_again,
    decided,
    decisions,
    in_force,
    in_words,
    outcome,
    scan,
    steps_of,
)
from core.curate.outcome import working
from core.errors import SettingProblem
from core.records import Dataset, Example, Message

NAMES = ["empty answer", "mojibake"]


def example(number: int, prompt: str, answer: str) -> Example:
    return Example(f"r{number:06d}", number, (Message("user", prompt), Message("assistant", answer)))


ROWS = Dataset.of(
    [
        example(1, "What is the capital of France?", "It is Paris, on the Seine."),
        example(2, "What is the capital of Italy?", ""),
        example(3, "Order a café au lait, please", "Your cafÃ© au lait is on its way."),
        example(4, "What is the capital of France?", "It is Paris, on the Seine."),
        example(5, "Say goodbye to the guests", "Goodbye, and thank you for coming."),
    ]
)
FOUND = scan(ROWS)
IDS = [row.id for row in ROWS]


def numbers(dataset: Dataset) -> list[int]:
    return [row.row for row in dataset]


def after(*steps: Step) -> Dataset:
    state = decisions(steps)
    return outcome(ROWS, at(checked_again(FOUND.problems, ROWS, state), state.thresholds), state).dataset


def test_what_is_surely_wrong_is_left_out_or_repaired_unless_a_person_says_otherwise():
    assert numbers(after()) == [1, 3, 5]
    assert next(row.answer for row in after() if row.row == 3) == "Your café au lait is on its way."


def test_a_decision_about_a_row_goes_before_one_about_its_check():
    kept = Step("keep", rows=["r000002"])
    assert numbers(after(kept, Step("leave out", "empty answer"))) == [1, 2, 3, 5]


def test_a_check_can_be_kept_whole_and_a_row_without_problem_left_out():
    assert numbers(after(Step("keep", "exact duplicate"), Step("leave out", rows=["r000005"]))) == [1, 3, 4]


def test_an_edited_row_stays_with_its_new_text():
    turns = [{"role": "user", "content": "What is the capital of Italy?"}, {"role": "assistant", "content": "Rome."}]
    mended = after(Step("edit", rows=["r000002"], value=turns))
    assert [row.answer for row in mended if row.row == 2] == ["Rome."]


def test_an_edited_row_is_checked_again():
    emptied = Step(
        "edit", rows=["r000005"], value=[{"role": "user", "content": "Say"}, {"role": "assistant", "content": ""}]
    )
    assert numbers(after(emptied)) == [1, 3]


def test_added_rows_come_last_and_are_numbered_on():
    turns = [{"role": "user", "content": "One more?"}, {"role": "assistant", "content": "Yes."}]
    assert [(row.id, row.row, row.answer) for row in after(Step("add", rows=["added-1"], value=turns))][-1] == (
        "added-1",
        6,
        "Yes.",
    )


def test_tags_are_put_on_and_taken_off():
    tagged = Step("tag", rows=["r000001", "r000005"], value="tone")
    assert [row.tags for row in after(tagged, Step("untag", rows=["r000005"], value="tone"))] == [("tone",), (), ()]


def test_undo_and_redo_walk_along_the_steps_and_a_new_step_forgets_what_was_undone():
    one, two, three = Step("keep", "mojibake"), Step("keep", "empty answer"), Step("reset", "mojibake")
    back, forth = Step("undo"), Step("redo")
    assert in_force([one, two, back]) == ([one], [two])
    assert in_force([one, two, back, back, back]) == ([], [one, two])
    assert in_force([one, two, back, forth]) == ([one, two], [])
    assert in_force([one, two, back, three, forth]) == ([one, three], [])


def test_a_step_reads_back_from_its_line():
    step = Step("edit", rows=["r000001"], value=[{"role": "user", "content": "\ud7ff “hi”"}])
    assert steps_of([step.as_line()])[0].as_line() == step.as_line()


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Step("leave out", "mojibake"), "leave out all with “mojibake”"),
        (Step("keep", rows=["a"]), "keep row 7"),
        (Step("tag", rows=["a", "b"], value="x"), "tagged 2 rows (7, 9) “x”"),
        (Step("threshold", "near duplicate", value=0.9), "“near duplicate” counts from 0.9"),
    ],
)
def test_a_step_is_a_sentence_of_the_history(step: Step, said: str):
    assert in_words(step, [7, 9][: len(step.rows)]) == said


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (Step("keep", "no such check"), "There is no check “no such check”"),
        (Step("keep"), "Name a check or some rows"),
        (Step("keep", rows=["r9"]), "There is no row with the id “r9”"),
    ],
)
def test_a_step_about_what_is_not_there_is_refused(step: Step, sentence: str):
    with pytest.raises(SettingProblem, match=sentence):
        check_step(step, NAMES, set(IDS))


SOME = st.lists(st.sampled_from(IDS), min_size=1)
NEW = [{"role": "user", "content": "new"}]
STEPS = st.one_of(
    st.builds(Step, st.sampled_from(["leave out", "keep", "repair", "reset"]), rows=SOME),
    st.builds(Step, st.sampled_from(["leave out", "keep", "reset"]), st.sampled_from([*NAMES, "exact duplicate"])),
    st.builds(Step, st.sampled_from(["tag", "untag"]), rows=SOME, value=st.just("x")),
    st.builds(Step, st.just("edit"), rows=SOME.map(lambda ids: ids[:1]), value=st.just(NEW)),
)


@settings(deadline=None, max_examples=40)
@given(st.lists(STEPS, max_size=6))
def test_no_row_is_lost_or_doubled_and_every_row_that_goes_has_a_decision(steps: Sequence[Step]):
    state = decisions(steps)
    done = outcome(ROWS, FOUND.problems, state)
    kept, gone = [row.id for row in done.dataset], set(done.decided.filter(action="leave out")["row_id"])
    assert sorted([*kept, *gone]) == IDS
    assert kept == [row_id for row_id in IDS if row_id not in gone]


@settings(deadline=None, max_examples=40)
@given(st.lists(STEPS, max_size=5), st.lists(STEPS, max_size=5))
def test_undo_restores_the_hash(first: Sequence[Step], then: Sequence[Step]):
    before = after(*first).content_hash()
    assert after(*first, *then, *[Step("undo")] * len(then)).content_hash() == before
    assert after(*first, *then, *[Step("undo")] * (len(first) + len(then))).content_hash() == after().content_hash()


def test_without_problems_and_decisions_nothing_changes():
    nothing = decisions([])
    assert working(ROWS, nothing).content_hash() == ROWS.content_hash()
    assert outcome(ROWS, FOUND.problems.clear(), nothing).dataset.content_hash() == ROWS.content_hash()
    assert decided(ROWS, FOUND.problems.clear(), nothing).is_empty()
