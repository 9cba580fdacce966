"""Held-out scores: figures that are those of the field, a light that a sceptic accepts, and all of it from a run."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import f1_score

from core.errors import LabError
from core.evaluate.answers import Given
from core.evaluate.scores import Scores, measure_scores, scored
from core.evaluate.scores.asked import Asked
from core.evaluate.scores.labels import LabelReader, macro_f1, majority
from core.evaluate.scores.text import all_json, chrf, exact, json_value, rouge_l, token_f1
from core.evaluate.subject import Subject
from core.records import HELD_OUT, TEXT, TRAIN, Dataset, Example, Message
from core.settings import EvaluateSettings
from core.workspace import Run, Workspace

LABELS = ["track", "refund", "thanks", "other"]
ROWS = 60


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.evaluate.bootstrap.RESAMPLES", 999)


def row(number: int, answer: str, label: str | None = None) -> Example:
    return Example(f"r{number}", number, (Message("user", f"Question {number}"), Message("assistant", answer)), label)


def labelled(count: int = ROWS) -> list[Example]:
    return [row(number, LABELS[number % 4], LABELS[number % 4]) for number in range(count)]


def asked(rows: list[Example], **answers: list[str]) -> Asked:
    given = {who: [Given(text, 3, True) for text in texts] for who, texts in answers.items()}
    losses = {
        who: np.stack([np.full(len(rows), 3.0 - 0.5 * (who == "tuned")), np.full(len(rows), 3.0)]) for who in given
    }
    return Asked(rows, given, losses, 4.0, 64, [])


def mostly_right(rows: list[Example], share: float) -> list[str]:
    return [each.answer if place < share * len(rows) else "no idea" for place, each in enumerate(rows)]


def by_name(scores: Scores) -> dict[str, float]:
    return {figure.name: figure.tuned for figure in scores.figures}


def test_a_run_that_learned_its_labels_is_green_and_says_by_how_much():
    rows = labelled()
    found = scored(
        asked(rows, base=["?"] * ROWS, few_shot=mostly_right(rows, 0.5), tuned=mostly_right(rows, 0.9)), rows
    )
    assert found.light == "green"
    assert not found.form_only
    assert found.said.startswith("Better than the base model: Accuracy 90%, base model 0% (a change of +")
    assert "99% sure); with 4 examples in its prompt 50%; a guess 25%" in found.said
    assert found.figures[0].name == "Accuracy"


def test_a_run_that_says_some_label_to_everything_learned_the_form_alone():
    rows = labelled()
    found = scored(asked(rows, base=["?"] * ROWS, tuned=[LABELS[number % 3] for number in range(ROWS)]), rows)
    assert found.figures[0].against_base.word == "better"
    assert found.light == "amber"
    assert found.form_only
    assert "learned the form of the answers, not the task" in found.said


def test_labels_that_the_base_model_would_choose_as_well_are_not_learned_either():
    """A run on shuffled labels can beat a guess by what the base model knows of the labels' words."""
    rows = labelled()
    sides = {"base": ["?"] * ROWS, "tuned": mostly_right(rows, 0.6)}
    known = np.array([1.0] * 33 + [0.0] * 17 + [np.nan] * 10)
    found = scored(replace(asked(rows, **sides), chosen=known), rows)
    assert found.figures[0].against_guess.word == "better"
    assert (found.light, found.form_only, found.against_chosen.rows) == ("amber", True, 50)
    assert "no better than the base model made to choose among the labels (66%)" in found.said
    less = scored(replace(asked(rows, **sides), chosen=np.where(np.isnan(known), known, 0)), rows)
    assert (less.light, less.form_only) == ("green", False)


def test_a_run_on_shuffled_labels_learned_the_form_though_it_beats_a_guess():
    """25 % of 100 rows right with 10 labels; the base model made to choose 23 %, with examples 13 %, a guess 10 %."""
    labels = [f"intent {number}" for number in range(10)]
    rows = [row(number, labels[number % 10], labels[number % 10]) for number in range(100)]
    wrong = [labels[(number + 1) % 10] for number in range(100)]

    def right(places: range) -> list[str]:
        return [rows[place].answer if place in places else wrong[place] for place in range(100)]

    for first in (0, 25, 60):  # the base model may be right in rows where the tuned one is, or in others
        sides = {"base": ["?"] * 100, "few_shot": right(range(80, 93)), "tuned": right(range(25))}
        known = np.array([float(first <= place < first + 23) for place in range(100)])
        found = scored(replace(asked(rows, **sides), chosen=known), rows)
        assert (found.light, found.form_only) == ("amber", True)
        assert "learned the form of the answers, not the task" in found.said


def test_too_few_rows_to_tell_form_from_task_are_no_proof_of_the_form():
    rows = labelled()
    known = np.array([1.0] * 8 + [0.0] * 4 + [np.nan] * 40 + [0.0] * 8)  # 8 of 20, where the tuned model has 12
    found = scored(replace(asked(rows, base=["?"] * ROWS, tuned=mostly_right(rows, 0.6)), chosen=known), rows)
    assert found.against_chosen.word == "no difference shown"
    assert (found.light, found.form_only, found.in_doubt) == ("amber", False, True)
    assert "Not shown that it knows more than the base model made to choose among the labels: 60% and 40%" in found.said
    assert found.said.endswith("on 20 rows.")


def test_what_few_shot_does_as_well_or_better_is_said():
    rows = labelled()
    as_well = scored(
        asked(rows, base=["?"] * ROWS, few_shot=mostly_right(rows, 0.9), tuned=mostly_right(rows, 0.9)), rows
    )
    assert as_well.light == "green"
    assert "in its prompt 90%, no sure difference" in as_well.said
    better = scored(asked(rows, base=["?"] * ROWS, few_shot=mostly_right(rows, 1), tuned=mostly_right(rows, 0.6)), rows)
    assert better.light == "red"
    assert "in its prompt 100%, which is better" in better.said


def test_a_run_that_got_worse_is_red_and_one_that_changed_nothing_amber():
    rows = labelled()
    worse = scored(asked(rows, base=mostly_right(rows, 0.9), tuned=mostly_right(rows, 0.5)), rows)
    assert worse.light == "red"
    assert worse.said.startswith("Worse than the base model")
    same = scored(asked(rows, base=mostly_right(rows, 0.9), tuned=mostly_right(rows, 0.9)), rows)
    assert same.light == "amber"
    assert same.said.startswith("No sure difference from the base model is shown: Accuracy 90%, base model 90% (on")
    small = scored(asked(rows, base=mostly_right(rows, 0.5), tuned=mostly_right(rows, 0.55)), rows)
    assert small.said.startswith("No sure difference from the base model is shown: Accuracy 55%, base model 50% (a")
    assert "could have been shown" not in small.said


@pytest.mark.parametrize(("rows", "right", "there"), [(7, 0, "are only 7"), (9, 8, "is only 1"), (9, 9, "are none")])
def test_where_no_number_of_right_answers_could_show_a_gain_that_is_said(rows: int, right: int, there: str):
    few = labelled(rows)
    found = scored(asked(few, base=mostly_right(few, right / rows), tuned=mostly_right(few, 1)), few)
    assert (found.light, found.figures[0].against_base.word) == ("amber", "no difference shown")
    assert found.said.endswith(f"8 rows or more on which it does better, and there {there} on which it can.")
    assert ("(a change of +100 points, which may be chance)" in found.said) is (rows == 7)


def test_macro_f1_is_scikit_learns_and_the_confusions_are_counted():
    draw = np.random.default_rng(0)
    rows = labelled()
    answers = [str(draw.choice([*LABELS, "no idea"])) for _ in rows]
    found = scored(asked(rows, base=["?"] * ROWS, tuned=answers), rows)
    truth = [each.label for each in rows]
    expected = f1_score(truth, answers, labels=LABELS, average="macro", zero_division=0)
    assert by_name(found)["Macro-F1"] == pytest.approx(expected)
    assert found.confusion.columns == [*sorted(LABELS), "(no label)"]
    assert sum(map(sum, found.confusion.tuned)) == ROWS
    assert found.confusion.tuned[0][4] == sum(pair == ("other", "no idea") for pair in zip(truth, answers, strict=True))
    assert [line[4] for line in found.confusion.base] == [15] * 4


def test_macro_f1_leaves_out_labels_that_a_draw_has_not():
    codes = np.array([[0 * 4 + 0, 0 * 4 + 1], [0 * 4 + 0, 1 * 4 + 1]])  # the first draw has no second label
    assert macro_f1(3)(codes) == pytest.approx([2 / 3, 1.0])


@pytest.mark.parametrize(
    ("answer", "read", "named"),
    [
        ("card_arrival", "card_arrival", "card_arrival"),
        (" Card Arrival. ", "card_arrival", "card_arrival"),
        ("The intent is card_arrival.", None, "card_arrival"),
        ("card", "card", "card"),
        ("card or lost", None, None),
        ("discard", None, None),
        ("", None, None),
    ],
)
def test_an_answer_is_read_as_a_label_only_if_it_is_one(answer: str, read: str | None, named: str | None):
    reader = LabelReader(["card_arrival", "card", "lost"])
    assert (reader.read(answer), reader.named(answer)) == (read, named)


def test_labels_that_only_punctuation_or_case_tells_apart_stay_apart():
    assert [LabelReader(["C", "C++", "C#"]).read(text) for text in ("c++ ", "C#", "c")] == ["C++", "C#", "C"]
    assert [LabelReader(["-1", "1"]).read(text) for text in ("-1", "1", "1.")] == ["-1", "1", None]
    assert [LabelReader(["Polish", "polish"]).read(text) for text in ("polish", "Polish", "POLISH")] == [
        "polish",
        "Polish",
        None,
    ]


def test_an_answer_that_says_more_than_its_label_is_right_when_it_is_the_rows_answer():
    rows = [row(number, "A. Paris" if number % 2 else "B. Rome", "AB"[number % 2 == 0]) for number in range(20)]
    found = scored(asked(rows, base=["?"] * 20, tuned=["a. paris", "B"] * 10), rows)
    assert found.figures[0].tuned == 0.0
    found = scored(asked(rows, base=["?"] * 20, tuned=["B", "a. paris"] * 10), rows)
    assert found.figures[0].tuned == 1.0


def test_a_wrong_choice_is_counted_as_the_label_that_it_is():
    said = ["A. Rome", "B. Paris", "C. Oslo"]
    rows = [row(number, said[number % 3], "ABC"[number % 3]) for number in range(30)]
    answers = ["C. London", "b) Paris", "A cat"] * 10
    found = scored(asked(rows, base=["?"] * 30, tuned=answers), rows)
    assert found.confusion.tuned == [[0, 0, 10, 0], [0, 10, 0, 0], [0, 0, 0, 10]]
    truth, read = [each.label for each in rows], ["C", "B", "-"] * 10
    expected = f1_score(truth, read, labels=["A", "B", "C"], average="macro", zero_division=0)
    assert by_name(found)["Macro-F1"] == pytest.approx(expected)


def test_the_answer_of_another_row_is_its_label_and_a_letter_counts_at_the_start_alone():
    known = [row(1, "It is on its way.", "track"), row(2, "Yes.", "track"), row(3, "Yes.", "other")]
    reader = LabelReader(["other", "track"], known)
    assert [reader.read(text) for text in ("it is on its way", "Yes.", "other")] == ["track", None, "other"]
    letters = LabelReader(["A", "B"])
    assert [letters.named(text) for text in ("A", "A.", "(b)", "I saw a dog", "B) a cat")] == ["A", "A", "B", None, "B"]


def test_the_majority_is_that_of_the_training_rows():
    assert majority([row(1, "b", "b"), row(2, "a", "a"), row(3, "b", "b"), row(4, "x")]) == "b"
    assert majority([row(1, "b", "b"), row(2, "a", "a")]) == "a"
    assert majority([row(1, "b")]) is None


def test_text_is_scored_as_in_squad_rouge_and_chrf():
    assert exact("The Eiffel Tower!", "eiffel tower") == 1
    assert token_f1("a cat sat", "the cat sat down") == pytest.approx(2 * 2 / (2 + 3))
    assert token_f1("", "cat") == 0
    assert token_f1("dog", "cat") == 0
    assert rouge_l()("the cat sat", "the cat was sat") == pytest.approx(2 * 1 * 0.75 / 1.75)
    assert rouge_l()("я иду домой", "я иду домой") == 1.0
    assert chrf()("cat", "cat") == 1.0
    assert 0 < chrf()("cats", "cat") < 1


DIFFERENT = [
    ("का", "की"),  # vowel signs are no letters by themselves
    ("ไม่", "ไม้"),
    ("👍", "👎"),
    ("❤️", "✔️"),  # a sign, and after it the mark that asks for colours
    ("<", ">"),
    ("👍", ""),
    ("👍", "yes"),
    ("A", "the"),
]


@pytest.mark.parametrize(("answer", "right"), DIFFERENT)
def test_answers_that_differ_in_marks_or_signs_alone_are_not_taken_for_each_other(answer: str, right: str):
    assert exact(answer, right) == exact(right, answer) == token_f1(answer, right) == rouge_l()(answer, right) == 0
    assert exact(answer, f" {answer} ") == token_f1(answer, answer) == rouge_l()(answer, answer) == 1


def test_a_letter_that_is_also_an_article_is_an_answer_of_its_own():
    assert exact("a.", "A") == 1
    assert exact("the", "") == token_f1("the", "") == 0


def test_json_is_the_same_when_its_value_is():
    assert json_value('{"b": 1, "a": [true]}') == json_value('{"a":[true],"b":1.0}')
    assert json_value("[1]") != json_value("[true]")
    for broken in ("{", "", "NaN", "```json\n{}\n```", "[" * 100_000):
        assert json_value(broken) is None
    assert all_json(['{"a": 1}', "[]"])
    assert not all_json(['{"a": 1}', "12"])


def test_answers_in_json_are_scored_by_their_value():
    rows = [row(number, f'{{"id": {number}}}') for number in range(20)]
    tuned = [f'{{ "id":{number} }}' for number in range(19)] + ["{"]
    found = scored(asked(rows, base=["id"] * 20, tuned=tuned), rows)
    assert (found.kind, found.light) == ("JSON", "green")
    assert by_name(found) | {"Same JSON value": 0.95, "Valid JSON": 0.95} == by_name(found)
    assert found.figures[0].guess == 0


def test_free_text_that_fits_any_row_as_well_learned_the_form_alone():
    rows = [row(number, f"We will look into case {number} today") for number in range(40)]
    stock = scored(asked(rows, base=["Hm"] * 40, tuned=["We will look into case 7 today"] * 40), rows)
    assert stock.form_only
    own = scored(asked(rows, base=["Hm"] * 40, tuned=[each.answer for each in rows]), rows)
    assert (own.light, own.form_only) == ("green", False)
    assert {"F1", "Exact match", "ROUGE-L", "chrF", "Loss", "Perplexity"} == set(by_name(own))


def test_the_table_begins_with_what_was_gained_and_ends_with_what_was_lost():
    rows = labelled(20)
    base = [*mostly_right(rows[:10], 1), *["?"] * 10]
    found = scored(asked(rows, base=base, tuned=["?"] * 5 + [each.answer for each in rows[5:]]), rows)
    assert [line.change for line in found.table] == [1.0] * 10 + [0.0] * 5 + [-1.0] * 5
    assert (found.table[0].reference, found.table[0].base) == (found.table[0].tuned, "?")
    assert found.table[0].loss_change == pytest.approx(-1 / 6)


def test_scores_read_back_from_json_are_the_same():
    rows = labelled(20)
    found = scored(asked(rows, base=["?"] * 20, few_shot=["?"] * 20, tuned=mostly_right(rows, 0.9)), rows)
    assert Scores.model_validate_json(found.model_dump_json()) == found


def test_losses_that_are_no_numbers_are_left_out_or_refused():
    rows = [Example(f"r{number}", number, (Message(TEXT, "Once"),)) for number in range(4)]
    sums = {"base": np.array([[2.0] * 4, [2.0] * 4]), "tuned": np.array([[1.0, 1, 1, 0], [2.0, 2, 2, 0]])}
    found = scored(Asked(rows, {}, sums, 0, 64, []), [])
    assert found.kind == "plain text"
    assert {figure.name: figure.against_base.rows for figure in found.figures} == {"Loss": 3, "Perplexity": 3}
    assert found.figures[1].tuned == pytest.approx(np.exp(0.5))
    with pytest.raises(LabError, match="broken"):
        scored(Asked(rows, {}, {**sums, "tuned": np.zeros((2, 4))}, 0, 64, []), [])


@pytest.fixture(scope="module")
def parts(fully_taught_run: Run) -> tuple[list[Example], list[Example]]:
    version = Workspace(fully_taught_run.folder.parents[1]).versions.load(fully_taught_run.recipe.dataset)
    assert isinstance(version, Dataset)
    return list(version.part(HELD_OUT)) * 16, list(version.part(TRAIN))


def test_a_taught_run_is_scored_from_its_own_answers_and_losses(fully_taught_run: Run, parts):
    held_out, train = parts
    long = Example("x", 99, (Message("user", "parcel " * 600), Message("assistant", "track")), "track")
    subject = Subject.open(fully_taught_run)
    found = measure_scores(subject, [*held_out, long], train, EvaluateSettings(few_shot=2))
    assert (found.light, found.rows) == ("green", 32)
    accuracy, loss = found.figures[0], found.figures[-2]
    assert (accuracy.tuned, accuracy.base) == (1.0, 0.0)
    plain = np.concatenate(subject.losses("tuned", subject.rendered("tuned", held_out)))
    assert loss.tuned == pytest.approx(plain.mean(), abs=1e-4)
    assert loss.few_shot is not None
    assert found.against_chosen.rows == 32
    assert found.shots == 1  # of the two prompts that are taught, the other one
    assert found.notes == [
        "1 row is not scored: too long for the model, refused by its chat template, or plain text among chats."
    ]


def test_no_examples_are_shown_where_none_are_asked_for_and_plain_text_is_only_read(fully_taught_run: Run, parts):
    subject = Subject.open(fully_taught_run)
    found = measure_scores(subject, parts[0], parts[1], EvaluateSettings(few_shot=0))
    assert (found.shots, found.figures[0].few_shot, found.confusion.few_shot) == (0, None, None)
    texts = [Example(f"t{number}", number, (Message(TEXT, f"The parcel {number} is here."),)) for number in range(3)]
    read = measure_scores(subject, texts, parts[1], EvaluateSettings())
    assert (read.kind, read.shots, len(read.figures)) == ("plain text", 0, 2)


def test_one_row_is_no_score(fully_taught_run: Run, parts):
    with pytest.raises(LabError, match="Hold out more rows"):
        measure_scores(Subject.open(fully_taught_run), parts[0][:1], parts[1], EvaluateSettings())
