"""The verdict says what its rules say: one toy report for each of them."""

from types import SimpleNamespace
from typing import Any

import pytest

from core.evaluate.bootstrap import Change, Word
from core.evaluate.confidence import Confidence
from core.evaluate.facts import asks_for_facts
from core.evaluate.leaks import Leaks
from core.evaluate.leaks.measure import judged
from core.evaluate.leaks.membership import Membership
from core.evaluate.leaks.memorised import judge_memorised
from core.evaluate.leaks.planted import judge_planted
from core.evaluate.result import Light, Section
from core.evaluate.scores import Figure, ScoredRow, Scores
from core.evaluate.scores.figure import SURE
from core.evaluate.verdict import Line, verdict

OVERLAP = "12 held-out rows of 100 stand in the rows that were trained on. Scores on them prove nothing."
FEW = "Only 7 held-out rows: what is said of them is very unsure."
CAPITALS = [("What is the capital of France?", "Paris"), ("And of Poland?", "Warsaw"), ("Of Peru?", "Lima")]
YEARS = [("When was the bridge built?", "In 1932."), ("And the tower?", "1889"), ("Who drew it?", "It was Ilmar Tamm.")]
FACTS = CAPITALS + YEARS
TASKS = [(f"Say politely: give me item {number}.", f"could you give me item {number}, please") for number in range(6)]


def change(word: Word, value: float = 0.0) -> Change:
    return Change.model_construct(word=word, value=value)


def scores(
    base: Word = "better", few_shot: Word | None = "better", form_only: bool = False, light: Light = "green", rows=()
) -> Scores:
    """Scores with the fields that the verdict looks at."""
    against = {"against_base": change(base), "against_few_shot": change(few_shot) if few_shot else None}
    table = [ScoredRow.model_construct(row=at, prompt=row[0], reference=row[1]) for at, row in enumerate(rows)]
    head = Figure.model_construct(**against, unit="share", lower_is_better=False, few_shot=0.5, tuned=0.5)
    return Scores.model_construct(
        light=light, said="The scores.", rows=100, shots=4.0, form_only=form_only, figures=[head], table=table
    )


def leaks(light: Light = "green", gained: float = 1.0, held_out: float = 0.9) -> Leaks:
    membership = Membership(
        light=light,
        said="The leaks.",
        told=0.5,
        low=0.4,
        high=0.6,
        base=0.5,
        train_gain=gained,
        held_out_gain=held_out,
        train_rows=50,
        held_out_rows=50,
        unusual=[],
    )
    return judged(judge_memorised([], [], []), judge_planted(0, 0, [], 0), membership)


def confidence(light: Light, word: Word = "no difference shown") -> Confidence:
    return Confidence.model_construct(light=light, said="How sure it is.", ece_change=change(word))


def lines(**parts: Any) -> list[Line]:
    """The verdict on a report in which all is well but for these parts."""
    fine = Section(light="green", said="All is well.")
    whole: dict[str, Any] = {
        **dict.fromkeys(("forgetting", "following", "probes"), fine),
        "confidence": confidence("green"),
        "scores": scores(),
        "leaks": leaks(),
        "marks": [],
        "few_rows": "",
        "missing": [],
    }
    found = verdict(SimpleNamespace(**{**whole, **parts}))  # type: ignore[arg-type]
    assert len(found) == 5
    assert all(line.title and line.said for line in found)
    return found


def test_an_improved_model_without_harm_is_green_in_all_five_lines():
    found = lines()
    assert [line.light for line in found] == ["green"] * 5
    assert found[4].said == "Yes: better than the base model and than few-shot examples."
    assert "Compare tab" in found[3].said
    assert "were not tried" in lines(scores=scores(few_shot=None))[4].said


def test_no_gain_is_not_shown_and_the_advice_goes_by_what_was_learned():
    without = scores("no difference shown", "no difference shown", light="amber")
    found = lines(scores=without)
    assert (found[0].light, found[4].light) == ("amber", "amber")
    assert found[4].said == "Not shown: there is no sure gain on 100 held-out rows."
    assert "Hold out more rows" in found[3].said
    assert "hardly learned" in lines(scores=without, leaks=leaks(gained=0.1, held_out=0.1))[3].said
    assert "varied rows" in lines(scores=without, leaks=leaks(gained=2.0, held_out=0.1))[3].said
    assert "Hold out more rows" in lines(scores=without, leaks=None)[3].said


@pytest.mark.parametrize(("ahead", "unit", "lower"), [(-0.7, "share", False), (0.7, "nats", True)])
def test_examples_that_did_better_though_it_is_not_sure_are_named(ahead: float, unit: Any, lower: bool) -> None:
    nan = float("nan")
    for value, tuned, is_said in (
        (ahead, 0.0, True),
        (-ahead, 0.0, False),
        (0.0, 0.0, False),
        (ahead / 1e3, 0.7001, False),
        (nan, nan, False),
    ):
        part = scores("no difference shown", "no difference shown", light="amber")
        against = change("no difference shown", value)
        changed = {"against_few_shot": against, "few_shot": 0.7, "tuned": tuned, "unit": unit, "lower_is_better": lower}
        part = part.model_copy(update={"figures": [part.figures[0].model_copy(update=changed)]})
        assert ("try examples first" in lines(scores=part)[4].said) is is_said


def test_a_worse_model_is_red():
    found = lines(scores=scores("worse", "worse", light="red"))
    assert (found[0].light, found[3].light, found[4].light) == ("red", "red", "red")
    assert "lower learning rate" in found[3].said


def test_few_shot_examples_that_do_as_well_or_better_are_the_better_tool():
    as_well = lines(scores=scores(few_shot="no difference shown"))
    assert (as_well[4].light, as_well[4].said.startswith("Hardly: few-shot examples do as well")) == ("amber", True)
    assert "Use the base model with examples" in as_well[3].said
    better = lines(scores=scores(few_shot="worse", light="red"))
    assert (better[4].light, "4 examples" in better[4].said) == ("red", True)


def test_form_without_the_task_is_told():
    found = lines(scores=scores(form_only=True, light="amber"))
    assert found[4].said == "Not shown: the model learned the form of the answers, not the task."
    assert "belongs to its prompt" in found[3].said


def test_what_is_not_shown_to_know_more_than_the_base_model_is_no_plain_yes():
    part = scores(light="amber").model_copy(update={"against_chosen": change("no difference shown", 0.1)})
    found = lines(scores=part)
    assert (found[4].light, found[4].said.startswith("Not shown: it may know no more")) == ("amber", True)
    assert "not shown to know more" in found[3].said


def test_facts_that_were_learned_by_heart_ask_for_retrieval():
    none: Word = "no difference shown"
    by_heart = leaks(gained=3.0, held_out=0.5)
    found = lines(scores=scores(none, none, light="amber", rows=FACTS), leaks=by_heart)
    assert "Retrieval serves better" in found[4].said
    assert "facts in its prompt" in found[3].said
    form = lines(scores=scores(form_only=True, light="amber", rows=FACTS), leaks=by_heart)
    assert "Retrieval" in form[4].said


@pytest.mark.parametrize(
    "parts",
    [
        {"scores": scores("no difference shown", rows=TASKS), "leaks": leaks(gained=3.0, held_out=0.5)},
        {"scores": scores("no difference shown", rows=FACTS), "leaks": leaks(gained=3.0, held_out=2.9)},
        {"scores": scores("no difference shown", rows=FACTS), "leaks": None},
        {"scores": scores("no difference shown", rows=FACTS), "leaks": leaks("grey", gained=3.0, held_out=0.0)},
        {"scores": scores("better", rows=FACTS), "leaks": leaks(gained=3.0, held_out=0.5)},
        {"scores": scores("no difference shown", rows=FACTS[:4]), "leaks": leaks(gained=3.0, held_out=0.5)},
    ],
    ids=["no facts", "not by heart", "not searched", "not comparable", "held-out rows gained", "few rows"],
)
def test_retrieval_is_not_said_without_each_of_its_reasons(parts: dict[str, Any]):
    assert "Retrieval" not in lines(**parts)[4].said


def test_a_fact_is_a_number_or_name_that_stands_in_no_prompt():
    assert asks_for_facts(FACTS)
    assert not asks_for_facts(TASKS)
    assert not asks_for_facts([(f"Repeat {answer}", answer) for _, answer in FACTS])
    assert not asks_for_facts([(prompt, "Paris") for prompt, _ in FACTS])  # one label for all
    assert not asks_for_facts([(prompt, answer + " and so on" * 20) for prompt, answer in FACTS])
    assert not asks_for_facts([])


def test_what_was_forgotten_is_said_and_general_rows_are_advised():
    lost = Section(light="red", said="It lost much.")
    found = lines(forgetting=lost)
    assert (found[1].light, found[1].said) == ("red", "It lost much.")
    assert "Mix in general rows" in found[3].said
    assert (found[4].light, "Mix in general rows" in found[4].said) == ("amber", True)
    some = lines(following=Section(light="amber", said="It obeys less."), probes=lost)
    assert (some[1].light, some[1].said) == ("red", "It obeys less. It lost much.")
    assert "some general rows" in some[3].said


def test_what_got_worse_is_said_though_nobody_asked_what_was_forgotten():
    red = Section(light="red", said="It says more that is false.")
    found = lines(forgetting=None, following=None, probes=red)[1]
    assert (found.light, found.said) == ("red", "It says more that is false.")
    assert lines(forgetting=None, following=None)[1].light == "grey"
    few = lines(forgetting=Section(light="grey", said="Too few."))[1]
    assert (few.light, few.said) == ("green", "All is well.")


@pytest.mark.parametrize(
    "parts",
    [
        {"probes": Section(light="red", said="It says more that is false.")},
        {"confidence": confidence("red", "worse")},
    ],
    ids=["probes", "confidence"],
)
def test_what_got_worse_in_probes_or_confidence_is_advised_on_and_no_plain_yes(parts: dict[str, Any]):
    found = lines(**parts)
    assert [found[at].light for at in (1, 3, 4)] == ["red", "red", "amber"]
    assert "something else got worse" in found[4].said
    assert "likelier, before others use it" in lines(probes=Section(light="amber", said="A little."))[3].said


def test_a_model_that_is_surer_than_right_as_its_base_model_was_did_not_get_worse():
    found = lines(confidence=confidence("amber"))
    assert (found[1].light, found[1].said) == ("green", "All is well.")


def test_a_leak_comes_first_in_the_advice_and_a_suspicion_last():
    found = lines(leaks=leaks("red"), scores=scores("worse"))
    assert (found[2].light, found[3].light) == ("red", "red")
    assert found[3].said.startswith("Give this model to nobody.")
    assert "says what it must not" in lines(leaks=leaks("red"))[4].said
    assert "private" in lines(leaks=leaks("amber"))[3].said


def test_missing_parts_are_not_known_and_asked_for():
    nothing = dict.fromkeys(("scores", "forgetting", "following", "probes", "confidence", "leaks"))
    found = lines(**nothing, missing=["scores", "leaks"])
    assert [line.light for line in found] == ["grey"] * 5
    assert all("Not known" in line.said for line in (*found[:3], found[4]))
    assert "scores, leaks" in found[3].said
    assert lines(forgetting=None, probes=None, confidence=None)[1].light == "green"


def test_rows_that_overlap_are_said_loudly_and_nothing_is_green_then():
    found = lines(marks=[OVERLAP])
    assert (found[0].light, found[0].said) == ("amber", f"{OVERLAP} The scores.")
    assert found[3].said.startswith("First mend what is marked")
    assert found[4].light == "amber"
    assert lines(marks=[OVERLAP], scores=scores("worse", light="red"))[0].light == "red"


def test_few_rows_are_said_and_are_amber_not_red():
    found = lines(few_rows=FEW)
    assert (found[0].light, found[0].said) == ("amber", f"{FEW} The scores.")
    assert (found[3].light, "First mend" in found[3].said) == ("amber", False)
    assert found[3].said.startswith("Have more rows scored")
    assert found[4].light == "amber"
    both = lines(few_rows=FEW, marks=[OVERLAP])
    assert (both[0].said, both[3].light) == (f"{OVERLAP} {FEW} The scores.", "red")
    unsure = scores("no difference shown", None, light="amber")
    advice = lines(few_rows=FEW, scores=unsure, leaks=None)[3].said
    assert (advice.count("Have more rows scored"), "Hold out more rows than" in advice) == (1, False)
    assert "Have more rows scored" not in lines(few_rows=FEW, scores=None)[3].said


@pytest.mark.parametrize(("to_gain", "is_possible"), [(None, True), (8, True), (7, False), (0, False)])
def test_where_no_gain_could_be_shown_the_verdict_says_so(to_gain: int | None, is_possible: bool):
    part = scores("no difference shown", None, light="amber")
    head = part.figures[0]
    against = head.against_base.model_copy(update={"sure": SURE})
    head = head.model_copy(update={"to_gain": to_gain, "against_base": against})
    said = lines(scores=part.model_copy(update={"figures": [head]}))[4].said
    assert said.startswith("Not shown: there is no sure gain on 100 held-out rows")
    assert ("none could be shown on them" in said) is not is_possible
