"""Instructions in several wordings, dealt out evenly, some kept for held-out rows; nothing else of a row changes."""

from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.compose import WORDINGS, instruct
from core.compose import turns as turns_module
from core.errors import SettingProblem
from core.records import HELD_OUT, TEXT, TRAIN, Dataset, Example, Message
from core.select import FEW_SHOT
from core.settings import InstructSettings

SMALL = settings(max_examples=40, deadline=None)
SIDES = st.lists(st.sampled_from([TRAIN, TRAIN, HELD_OUT, None, FEW_SHOT]), min_size=1, max_size=60)


def row(number, text="hello", answer="yes", **more):
    return Example(f"r{number}", number, (Message("user", text), Message("assistant", answer)), **more)


def labelled(count=40, held_out=10):
    return Dataset.of(
        row(n, f"text {n}", label, label=label, split=HELD_OUT if n < held_out else TRAIN)
        for n, label in ((n, ("spam", "ham", "news")[n % 3]) for n in range(count))
    )


def instructed(dataset, **wish):
    return instruct(dataset, InstructSettings.parse(wish))


def texts(done):
    return [example.messages[0].content for example in done.dataset]


def test_a_row_gets_the_instruction_around_its_own_text_and_keeps_all_else():
    before = row(1, "Where is {labels}?", "spam", label="spam", category="c", group="g", tags=("t",), split=TRAIN)
    done = instructed(Dataset.of([before]), wordings=["Sort this.\n\n{input}"], held_out_wordings=0)
    expected = before.with_texts(["Sort this.\n\nWhere is {labels}?", "spam"])
    assert list(done.dataset) == [expected]
    assert done.sentence == "1 row got an instruction, in 1 wording."


def test_a_text_that_stands_twice_and_braces_of_other_kinds_stay_as_typed():
    done = instructed(Dataset.of([row(1, "x")]), wordings=['{input} {"a": {input}} {text}'], held_out_wordings=0)
    assert texts(done) == ['x {"a": x} {text}']


@SMALL
@given(SIDES, st.integers(1, 9), st.integers(0, 3), st.integers(0, 3))
def test_wordings_are_dealt_evenly_and_held_out_ones_to_held_out_rows_only(sides, count, held_out, seed):
    dataset = Dataset.of(row(n, f"text {n}", split=side) for n, side in enumerate(sides))
    wordings = [f"wording {number}: {{input}}" for number in range(count)]
    if held_out >= count:
        with pytest.raises(SettingProblem, match="none is left to train with"):
            instructed(dataset, wordings=wordings, held_out_wordings=held_out, seed=seed)
        return
    done = instructed(dataset, wordings=wordings, held_out_wordings=held_out, seed=seed)
    used = dict(done.of_row.iter_rows())
    assert list(done.dataset.table["id"].to_pylist()) == [f"r{n}" for n in range(len(sides))]
    for n, text in enumerate(texts(done)):
        assert text == f"wording {used[f'r{n}']}: text {n}"
    apart = [used[f"r{n}"] for n, side in enumerate(sides) if side == HELD_OUT]
    others = [used[f"r{n}"] for n, side in enumerate(sides) if side != HELD_OUT]
    if apart and held_out:
        assert not set(apart) & set(others)
        assert sum(wording.held_out for wording in done.wordings) == held_out
    for part in (apart, others):
        uses = Counter(part).values()
        assert not uses or max(uses) - min(uses) <= 1
    assert [wording.rows for wording in done.wordings] == [list(used.values()).count(n) for n in range(count)]


def test_wordings_are_even_over_each_label_too():
    done = instructed(labelled(300, 0), held_out_wordings=0)
    used = dict(done.of_row.iter_rows())
    for label in ("spam", "ham", "news"):
        uses = Counter(used[example.id] for example in done.dataset if example.label == label)
        assert len(uses) == 8
        assert max(uses.values()) - min(uses.values()) <= 1


def test_the_seed_decides_and_neither_order_nor_chunks_do(monkeypatch):
    dataset = labelled()
    mixed = Dataset(dataset.table.take(pa.array(list(reversed(range(len(dataset)))))))
    first = instructed(dataset)
    monkeypatch.setattr(turns_module, "ROWS_AT_ONCE", 7)
    again = instructed(mixed)
    assert {example.id: example for example in first.dataset} == {example.id: example for example in again.dataset}
    assert first.dataset.content_hash() == instructed(dataset).dataset.content_hash()
    assert texts(first) != texts(instructed(dataset, seed=1))


def test_an_instruction_in_the_system_turn_leaves_the_text_alone():
    chats = [
        row(1, "one"),
        Example("s", 2, (Message("system", "Be brief."), Message("user", "two"), Message("assistant", "yes"))),
    ]
    wish = {"place": "system", "wordings": ["{input}\n\nSort this."], "held_out_wordings": 0}
    done = list(instructed(Dataset.of(chats), **wish).dataset)
    assert [message.content for message in done[0].messages] == ["Sort this.", "one", "yes"]
    assert [message.role for message in done[0].messages] == ["system", "user", "assistant"]
    assert [message.content for message in done[1].messages] == ["Be brief.\n\nSort this.", "two", "yes"]


def test_only_the_first_turn_of_the_user_is_instructed():
    turns = [Message("user", "a"), Message("assistant", "b"), Message("user", "c"), Message("assistant", "d")]
    done = instructed(Dataset.of([Example("r", 1, tuple(turns))]), wordings=["Do: {input}"], held_out_wordings=0)
    assert [message.content for message in next(iter(done.dataset)).messages] == ["Do: a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("wording", "expected"),
    [
        ("Sort.\n\n{input}", "Sort.\n\nLabels: ham, news, spam\n\ntext 1"),
        ("{input}\n\nSort.", "text 1\n\nSort.\n\nLabels: ham, news, spam"),
        ("Sort {input} now.", "Sort text 1 now.\n\nLabels: ham, news, spam"),
        ("One of {labels}: {input}", "One of ham, news, spam: text 1"),
    ],
)
def test_labels_are_listed_on_wish(wording, expected):
    done = instructed(labelled(), wordings=[wording], held_out_wordings=0, list_labels=True)
    assert texts(done)[1] == expected


def test_rows_without_a_text_of_a_user_stay_as_they_are_and_are_counted():
    rows = [
        row(1, "one"),
        row(2, " \n"),
        Example("t", 3, (Message(TEXT, "a story"),)),
        Example("a", 4, (Message("assistant", "x"),)),
        Example("e", 5, ()),
    ]
    done = instructed(Dataset.of(rows), place="system")
    assert list(done.dataset)[1:] == rows[1:]
    assert done.unchanged == 4
    assert "4 rows have no text of a user and stayed as before." in done.sentence


def test_where_no_row_is_held_out_every_wording_is_used():
    done = instructed(labelled(80, 0))
    assert all(wording.rows == 10 and not wording.held_out for wording in done.wordings)


def test_the_sentence_tells_of_unseen_wordings():
    said = instructed(labelled(40, 10)).sentence
    assert said == "40 rows got an instruction, in 8 wordings. 2 of them are used by 10 held-out rows only."


@pytest.mark.parametrize(
    ("wish", "part"),
    [
        ({"wordings": ["Sort this."]}, "Wording 1, “Sort this.”, has no {input}"),
        ({"wordings": ["Sort {input}"], "place": "system"}, "in its only paragraph"),
        ({"task": "translate"}, "needs a target"),
        ({"wordings": ["{labels}: {input}"] * 3, "held_out_wordings": 1}, "1 wording is given"),
        ({"held_out_wordings": 8}, "8 wordings are given, so none is left to train with"),
        ({"task": "juggle"}, "one of classify"),
        ({"wordings": ["{input}"] * 101}, "100 wordings at most"),
        ({"wordings": ["{input}" + "x" * 5000]}, "5,000 characters at most"),
        ({"held_out_wordings": -1}, "Held-out wordings is -1"),
    ],
)
def test_a_wrong_wish_gets_a_sentence(wish, part):
    with pytest.raises(SettingProblem, match=part):
        instructed(labelled(), **wish)


@pytest.mark.parametrize(
    ("labels", "part"), [([None] * 5, "No row has a label"), ([str(n) for n in range(201)], "201 labels")]
)
def test_labels_that_cannot_be_listed_are_said(labels, part):
    dataset = Dataset.of(row(n, label=label) for n, label in enumerate(labels))
    with pytest.raises(SettingProblem, match=part):
        instructed(dataset, list_labels=True)


@pytest.mark.parametrize("dataset", [Dataset.of([]), Dataset.of([Example("t", 1, (Message(TEXT, "x"),))])])
def test_a_dataset_without_any_text_of_a_user_is_refused(dataset):
    with pytest.raises(SettingProblem, match="nothing to put an instruction to"):
        instructed(dataset)


@pytest.mark.parametrize("task", sorted(WORDINGS))
def test_every_task_offers_eight_wordings_that_work_in_both_places(task):
    assert len(set(WORDINGS[task])) >= 8
    for place in ("user", "system"):
        done = instructed(labelled(), task=task, place=place, target="French")
        assert done.unchanged == 0
        assert not any("{" in text or "  " in text for text in texts(done))
