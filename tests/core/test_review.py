"""What a person decides about findings: scopes and their order, undo, text marked by hand, overlapping places."""

import time

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import SettingProblem
from core.journal import in_force
from core.mask.findings import PLACES, Findings
from core.mask.review import WHERE, accepted, decided
from core.mask.steps import Place, Step, check_step, steps_of
from core.mask.written import inherited, written
from core.records import Dataset, Example, Message

KEY = b"k" * 32


def findings(*places):
    """Findings from (row, start, end, kind, value) and, where it is covered, True; rows are numbered from 0."""
    lines = [
        (f"r{row}", row, 0, start, end, kind, 0.8, "a form", value, bool(covered))
        for row, start, end, kind, value, *covered in places
    ]
    return Findings("hash", 9, pl.DataFrame(lines, schema=PLACES, orient="row"), pl.Series(), "fast", frozenset(), "1")


def place(row, start, end):
    return Place(f"r{row}", row, 0, start, end)


def one(what, row, start, end, **more):
    return Step(what, "place", places=(place(row, start, end),), **more)


def state(found, *steps):
    lines = decided(found, steps).select("position", "start", "kind", "decision").iter_rows()
    return {(row, start): (kind, decision) for row, start, kind, decision in lines}


def masked(found, *steps, kept=()):
    return accepted(found, steps, kept).select("position", "start", "end", "kind").rows()


ANNA, BERT, MAIL = ("PERSON", "anna"), ("PERSON", "bert"), ("EMAIL", "mail")
SOME = findings((0, 0, 4, *ANNA), (1, 0, 4, *ANNA), (1, 9, 13, *BERT), (2, 0, 7, *MAIL))
REJECT_ANNA, ACCEPT_ANNA = Step("reject", "value", *ANNA), Step("accept", "value", *ANNA)
REJECT_PERSONS = Step("reject", "kind", "PERSON")


NAMES = findings(
    (0, 0, 15, "PERSON", "albert einstein"),
    (0, 20, 28, "PERSON", "einstein"),
    (1, 0, 8, "PERSON", "einstein"),
    (2, 0, 20, "PERSON", "prof albert einstein"),
)
REJECT_NAME = Step("reject", "value", "PERSON", "albert einstein", others=("einstein",))


def test_the_parts_of_a_name_follow_it_in_its_rows():
    assert [said for _, said in state(NAMES, REJECT_NAME).values()] == ["rejected", "rejected", "open", "open"]
    own = Step("accept", "value", "PERSON", "einstein")
    for steps in ((REJECT_NAME, own), (own, REJECT_NAME)):  # what is said of the part itself goes before
        assert [said for _, said in state(NAMES, *steps).values()] == ["rejected", "accepted", "accepted", "open"]
    reset = Step("reset", "value", "PERSON", "albert einstein", others=("einstein",))
    assert {said for _, said in state(NAMES, REJECT_NAME, reset).values()} == {"open"}
    said = [said for _, said in state(NAMES, REJECT_NAME, own, reset).values()]
    assert said == ["open", "accepted", "accepted", "open"]


def test_longer_names_follow_everywhere_where_a_person_says_so():
    step = Step("reject", "name", "PERSON", "einstein", others=("albert einstein", "prof albert einstein"))
    assert {said for _, said in state(NAMES, step).values()} == {"rejected"}
    assert steps_of([step.as_line()]) == [step]


def test_a_journal_from_before_names_had_parts_is_read():
    line = REJECT_ANNA.as_line()
    del line["others"]
    assert steps_of([line])[0].others == ()


def test_nothing_decided_is_open_and_will_be_masked():
    assert set(decided(SOME, [])["decision"]) == {"open"}
    assert set(accepted(SOME, [])["decided"]) == {"open"}
    assert len(accepted(SOME, [])) == 4
    assert len(accepted(findings(), [])) == 0


def test_a_decision_reaches_as_far_as_its_scope():
    assert [said for _, said in state(SOME, one("reject", 1, 0, 4)).values()] == ["open", "rejected", "open", "open"]
    assert [said for _, said in state(SOME, REJECT_ANNA).values()] == ["rejected", "rejected", "open", "open"]
    assert [said for _, said in state(SOME, REJECT_PERSONS).values()] == ["rejected", "rejected", "rejected", "open"]


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((REJECT_ANNA, ACCEPT_ANNA), "accepted"),
        ((ACCEPT_ANNA, REJECT_PERSONS), "accepted"),
        ((REJECT_PERSONS, ACCEPT_ANNA), "accepted"),
        ((one("accept", 0, 0, 4), REJECT_ANNA, REJECT_PERSONS), "accepted"),
        ((ACCEPT_ANNA, Step("reset", "value", *ANNA)), "open"),
        ((one("accept", 0, 0, 4), Step("reset", "kind", "PERSON")), "open"),
        ((ACCEPT_ANNA, Step("reset", "value", *ANNA), REJECT_PERSONS), "rejected"),
        ((Step("reject", "value", "PERSON", "nobody"),), "open"),
        ((Step("reject", "value", "CITY", "anna"),), "open"),
    ],
)
def test_a_place_goes_before_its_value_before_its_kind_and_then_the_latest_counts(steps, said):
    assert state(SOME, *steps)[0, 0] == ("PERSON", said)


def test_a_kind_is_changed_for_one_for_a_value_and_for_all():
    to_city = {"new_kind": "CITY"}
    assert [kind for kind, _ in state(SOME, one("kind", 0, 0, 4, **to_city)).values()].count("CITY") == 1
    assert [kind for kind, _ in state(SOME, Step("kind", "value", *ANNA, **to_city)).values()].count("CITY") == 2
    assert [kind for kind, _ in state(SOME, Step("kind", "kind", "PERSON", **to_city)).values()].count("CITY") == 3


def test_a_value_keeps_its_decisions_when_its_kind_is_changed_and_is_then_of_the_new_kind():
    changed = Step("kind", "value", *ANNA, new_kind="CITY")
    assert state(SOME, ACCEPT_ANNA, changed)[0, 0] == ("CITY", "accepted")
    assert state(SOME, changed, REJECT_PERSONS)[0, 0] == ("CITY", "open")
    assert state(SOME, changed, Step("reject", "kind", "CITY"))[0, 0] == ("CITY", "rejected")
    assert state(SOME, changed, Step("reset", "value", *ANNA))[0, 0] == ("PERSON", "open")


def test_text_marked_by_hand_is_masked_where_nothing_was_found_and_where_it_was_kept():
    marked = Step("add", "value", "PERSON", "cleo", (place(1, 0, 4), place(5, 3, 7)))
    lines = decided(SOME, [REJECT_ANNA, marked]).filter(decision="accepted")
    assert lines.select("position", "start", "kind", "reason").rows() == [
        (1, 0, "PERSON", "a form"), (5, 3, "PERSON", "marked by hand"),
    ]  # fmt: skip
    assert (5, 3, 7, "PERSON") in masked(SOME, marked)
    assert (5, 3, 7, "PERSON") not in masked(SOME, marked, Step("reject", "value", "PERSON", "cleo"))


def test_a_covered_place_counts_once_what_covers_it_is_kept():
    found = findings((0, 0, 20, "URL", "url"), (0, 8, 20, "EMAIL", "mail", True))
    assert masked(found) == [(0, 0, 20, "URL")]
    assert masked(found, Step("reject", "value", "URL", "url")) == [(0, 8, 20, "EMAIL")]
    assert masked(found, kept=["URL"]) == [(0, 8, 20, "EMAIL")]
    assert masked(found, Step("reject", "value", "URL", "url"), kept=["EMAIL"]) == []


def test_no_character_of_an_overlapping_place_is_left_over():
    found = findings((0, 5, 15, "CARD", "card"), (0, 0, 9, "PHONE", "phone", True), (0, 12, 18, "PHONE", "two", True))
    assert masked(found) == [(0, 0, 18, "CARD")]
    beside = findings((0, 5, 9, "CARD", "a"), (0, 10, 14, "CARD", "b"), (0, 7, 12, "PHONE", "c", True))
    assert masked(beside) == [(0, 5, 10, "CARD"), (0, 10, 14, "CARD")]


def test_of_a_marked_text_and_a_finding_the_longer_one_counts():
    longer = Step("add", "value", "ORGANISATION", "anna ltd", (place(0, 0, 8),))
    inside = Step("add", "value", "CITY", "nn", (place(0, 1, 3),))
    assert masked(SOME, longer)[0] == (0, 0, 8, "ORGANISATION")
    assert masked(SOME, inside)[0] == (0, 0, 4, "PERSON")


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (Step("reject", "value"), "Nothing is chosen"),
        (Step("reject", "value", "PERSON"), "Nothing is chosen"),
        (Step("reject", "place"), "Nothing is chosen"),
        (Step("add", "value", "PERSON", "x"), "Nothing is chosen"),
        (Step("kind", "kind", "PERSON"), "Choose the kind"),
        (Step("reject", "universe", "PERSON"), "“universe” is not a scope"),
    ],
)
def test_a_step_that_says_nothing_is_refused(step, sentence):
    with pytest.raises(SettingProblem, match=sentence):
        check_step(step)


spots = st.tuples(st.integers(0, 2), st.integers(0, 12), st.integers(1, 8))
kinds = st.sampled_from(["PERSON", "EMAIL", "URL"])
values = st.sampled_from(["a", "b"])
found_ones = st.lists(
    st.tuples(spots, kinds, values, st.booleans()), max_size=8, unique_by=lambda one: (one[0], one[1])
)
any_step = st.one_of(
    st.builds(Step, st.sampled_from(["accept", "reject", "reset"]), st.just("value"), kinds, values),
    st.builds(Step, st.sampled_from(["accept", "reject", "reset"]), st.just("kind"), kinds),
    st.builds(lambda spot: one("reject", spot[0], spot[1], spot[1] + spot[2]), spots),
    st.builds(lambda kind, new: Step("kind", "kind", kind, new_kind=new), kinds, kinds),
    st.builds(
        lambda spot, kind: Step("add", "value", kind, "c", (place(spot[0], spot[1], spot[1] + spot[2]),)), spots, kinds
    ),
)


def made(ones):
    return findings(*((row, at, at + length, kind, value, hidden) for (row, at, length), kind, value, hidden in ones))


@given(found_ones, st.lists(any_step, max_size=6))
@settings(max_examples=60, deadline=None)
def test_undo_restores_and_redo_repeats(ones, steps):
    found = made(ones)
    for step in steps:
        before, _ = in_force(steps[: steps.index(step)])
        undone, can_redo = in_force([*before, step, Step("undo")])
        assert decided(found, undone).equals(decided(found, before))
        assert can_redo == [step]
        assert in_force([*before, step, Step("undo"), Step("redo")])[0] == [*before, step]


@given(found_ones, st.lists(any_step, max_size=5), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_places_does_not_matter(ones, steps, random):
    shuffled = random.sample(ones, len(ones))
    assert decided(made(ones), steps).equals(decided(made(shuffled), steps))
    assert accepted(made(ones), steps).equals(accepted(made(shuffled), steps))


@given(found_ones, st.lists(any_step, max_size=5))
@settings(max_examples=100, deadline=None)
def test_every_character_of_a_place_that_is_not_kept_is_masked_once(ones, steps):
    live = decided(made(ones), steps).filter(pl.col("decision") != "rejected")
    wanted = {
        (row, at) for row, start, end in live.select("position", "start", "end").rows() for at in range(start, end)
    }
    spans = accepted(made(ones), steps).select("position", "start", "end").rows()
    hidden = [(row, at) for row, start, end in spans for at in range(start, end)]
    assert len(hidden) == len(set(hidden))
    assert set(hidden) == wanted


def test_a_journal_is_read_back_as_it_was_written_and_holds_no_text():
    steps = [one("reject", 0, 0, 4), Step("add", "value", "PERSON", "ab12", (place(0, 0, 4), place(3, 1, 5)))]
    assert steps_of(step.as_line() for step in steps) == steps
    assert set(steps[0].as_line()) == {"what", "scope", "kind", "value", "places", "new_kind", "others", "at"}


def version(*texts):
    return Dataset.of(Example(f"r{n}", n, (Message("user", text),)) for n, text in texts)


def test_steps_about_a_version_hold_for_the_next_one_where_the_text_is_the_same():
    from core.mask.placed import value_hash

    anna = value_hash(KEY, "PERSON", "Anna")
    steps = [
        Step(
            "add", "value", "PERSON", anna, (Place("r1", 0, 0, 0, 4), Place("r2", 1, 0, 5, 9), Place("r7", 6, 0, 0, 4))
        ),
        Step("reject", "place", "PERSON", anna, (Place("r2", 1, 0, 5, 9),)),
        Step("reject", "place", "PERSON", anna, (Place("r1", 0, 0, 0, 4),)),
        REJECT_PERSONS,
    ]
    child = version((2, "Dear ANNA \U0001f600"), (1, "Dear Anna"))
    added, rejected, by_kind = inherited(steps, None, child, KEY)
    assert added.places == rejected.places == (Place("r2", 0, 0, 5, 9),)
    assert by_kind == REJECT_PERSONS


def test_what_is_written_is_read_by_characters_and_none_where_there_is_no_text():
    dataset = version((1, "\U0001f600 Łódź café\r\n"), (2, ""))
    places = pl.DataFrame(
        [(1, 0, 0, 3), (0, 0, 2, 6), (0, 4, 0, 2), (0, 0, 0, 1)],
        schema=["position", "message", "start", "end"],
        orient="row",
    )
    assert written(dataset, places) == ["", "Łódź", "", "\U0001f600"]
    assert written(dataset, places.clear()) == []


def test_fifty_thousand_findings_and_five_hundred_steps_take_less_than_a_second():
    found = findings(*((n // 2, 10 * (n % 2), 10 * (n % 2) + 8, "PERSON", f"{n % 9000}") for n in range(50_000)))
    steps = [Step("reject", "value", "PERSON", str(n)) for n in range(400)]
    steps += [one("accept", n, 0, 8) for n in range(99)] + [REJECT_PERSONS]
    began = time.thread_time()
    assert len(accepted(found, steps)) == 99
    assert time.thread_time() - began < 1.0
    assert decided(found, steps).select(WHERE).is_unique().all()
