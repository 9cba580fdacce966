"""The report on a run: every part, kept as it grows, gone on from after a stop, and readable as a page."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.actions.evaluate.material import material_of
from core.errors import FileProblem, LabError
from core.evaluate import Stopped, Watch
from core.evaluate.answers import AnswerBook, Given
from core.evaluate.examine import Material, examine
from core.evaluate.leaks.measure import judged
from core.evaluate.leaks.membership import judge_membership
from core.evaluate.leaks.memorised import judge_memorised
from core.evaluate.leaks.planted import judge_planted
from core.evaluate.page import fragment, page
from core.evaluate.report import FILE, report_of
from core.records import Example, Message
from core.settings import PARTS, EvaluateSettings
from core.workspace import Run

QUICK = EvaluateSettings(parts=["scores", "confidence"], most_tokens=4, few_shot=1)
NEW = ["Is my box lost?", "You took my money two times!", "<script>alert(1)</script> where is it?"]


def rows(prompts: list[str], label: str = "track") -> list[Example]:
    return [
        Example(f"n{row}", row, (Message("user", prompt), Message("assistant", label)), label)
        for row, prompt in enumerate(prompts, 1)
    ]


@pytest.fixture
def run(taught_run: Run) -> Run:
    (taught_run.folder / FILE).unlink(missing_ok=True)
    return taught_run


@pytest.fixture
def material(run: Run) -> Material:
    return Material("new.csv", rows(NEW), material_of(run).train, [("EMAIL", "ann.k@firma.de")])


@pytest.mark.slow
def test_a_report_has_every_part_a_verdict_of_five_lines_and_a_page_that_runs_nothing(run: Run, material: Material):
    report = examine(run, material, EvaluateSettings(most_tokens=4, few_shot=1))
    assert report.problems == {}
    assert report.missing == []
    assert set(report.seconds) == set(PARTS)
    written = json.loads((run.folder / FILE).read_bytes())
    assert len(written["verdict"]) == 5
    assert report_of(run) == report
    for html in (fragment(report), page(report)):
        assert "<script>alert" not in html
        assert "&lt;script&gt;" in html
        for part in PARTS:
            assert getattr(report, part).light in ("green", "amber", "red", "grey")
        for rate in ("1 of 40 reports", "2 to 4 in 100", "5 of 100 reports", "1 of 20 reports", "once in 100 times"):
            assert rate in " ".join(html.split())
    assert "ann.k@firma.de" not in page(report) + json.dumps(written)


def test_rows_that_were_trained_on_are_said_loudly(run: Run):
    own = material_of(run)
    report = examine(run, own, QUICK)
    assert any("stand in the rows that were trained on" in mark for mark in report.marks)
    assert "prove nothing" in fragment(report)


def test_a_stop_in_the_middle_keeps_what_is_done_and_the_next_report_goes_on(run: Run, material: Material, monkeypatch):
    both = QUICK.model_copy(update={"parts": ["scores", "forgetting"]})

    def stop_at_the_second(what: str, share: float) -> None:
        if what.startswith("Forgetting"):
            watch.stop.set()

    watch = Watch(stop_at_the_second)
    with pytest.raises(Stopped, match="kept"):
        examine(run, material, both, watch)
    kept = report_of(run)
    assert kept is not None
    assert kept.missing == ["forgetting"]
    monkeypatch.setattr("core.evaluate.examine.measure_scores", None)  # making it again would break
    assert examine(run, material, both).scores == kept.scores


def test_a_stop_before_anything_is_done_leaves_the_earlier_report(run: Run, material: Material):
    first = examine(run, material, QUICK.model_copy(update={"parts": ["scores"]}))
    watch = Watch(lambda what, share: watch.stop.set())
    with pytest.raises(Stopped):
        examine(run, material, QUICK.model_copy(update={"held_out_rows": 2}), watch)
    assert report_of(run) == first


def test_parts_that_are_not_asked_for_again_stay(run: Run, material: Material, monkeypatch):
    first = examine(run, material, QUICK)

    def refuse(*_):
        raise LabError("On strike.")

    monkeypatch.setattr("core.evaluate.examine.measure_forgetting", refuse)
    examine(run, material, QUICK.model_copy(update={"parts": ["forgetting"]}))
    examine(run, material, QUICK.model_copy(update={"parts": ["scores"]}))
    kept = report_of(run)
    assert kept is not None
    assert (kept.scores, kept.confidence) == (first.scores, first.confidence)
    assert kept.problems == {"forgetting": "On strike."}
    assert set(kept.seconds) == {"scores", "confidence", "forgetting"}


def test_an_answer_that_was_torn_costs_no_other_one(tmp_path: Path):
    AnswerBook(Run(tmp_path)).keep("one", Given("track", 1, True))
    with (tmp_path / "evaluation" / "answers.jsonl").open("ab") as file:
        file.write(b'{"key": "two", "giv')
    AnswerBook(Run(tmp_path)).keep("three", Given("refund", 1, True))
    book = AnswerBook(Run(tmp_path))
    assert [key in book for key in ("one", "two", "three")] == [True, False, True]


def test_other_rows_or_settings_make_another_report(run: Run, material: Material):
    first = examine(run, material, QUICK.model_copy(update={"parts": ["scores"]}))
    other = Material("other.csv", rows(["Quite another question?", "And one more?"]), material.train)
    again = examine(run, other, QUICK.model_copy(update={"parts": ["scores"]}))
    assert again.about.held_out_hash != first.about.held_out_hash
    assert again.scores.rows == 2


def test_a_setting_that_one_part_goes_by_costs_no_other_part(run: Run, material: Material, monkeypatch):
    first = examine(run, material, QUICK)
    monkeypatch.setattr("core.evaluate.examine.measure_confidence", None)  # making it again would break
    again = examine(run, material, QUICK.model_copy(update={"most_tokens": 2}))
    assert again.confidence == first.confidence
    assert again.settings.most_tokens == 2
    other = Material("other.csv", rows(NEW[:2]), material.train)
    with pytest.raises(TypeError):
        examine(run, other, QUICK)


UPLOAD = "Upload 30 or more under “Other held-out rows”"


@pytest.mark.parametrize(
    ("source", "there", "train", "most", "mend"),
    [
        ("own.csv", 3, 100, 100, f"{UPLOAD}."),
        ("", 3, 14, 100, f"{UPLOAD}: the dataset has too few to hold out so many."),
        ("", 10, 60, 100, f"{UPLOAD}, or hold out more and train again."),
        ("", 40, 60, 10, "Raise “Held-out rows”, so that 30 or more are scored."),
        ("", 40, 60, 100, ""),
    ],
)
def test_where_rows_are_few_the_report_says_where_more_come_from(
    run: Run, monkeypatch, source, there, train, most, mend
):
    def refuse(*_):
        raise LabError("On strike.")

    monkeypatch.setattr("core.evaluate.examine.measure_forgetting", refuse)
    own, known = (rows([f"{what} {number}" for number in range(count)]) for what, count in (("a", there), ("b", train)))
    settings = EvaluateSettings(parts=["forgetting"], held_out_rows=most)
    report = examine(run, Material(source or run.recipe.dataset, own, known), settings)
    few = f"Only {min(there, most)} held-out rows: what is said of them is very unsure. {mend}" if mend else ""
    assert report.few_rows == few
    assert few in page(report)


def test_leaks_are_looked_for_again_where_other_values_were_masked(run: Run, material: Material, monkeypatch):
    made = []

    def look(subject, train, held_out, secrets, settings, unknown):
        made.append((secrets, unknown))
        return judged(judge_memorised([], [], []), judge_planted(0, 0, [], 0, 0, unknown), judge_membership([], []))

    monkeypatch.setattr("core.evaluate.examine.measure_leaks", look)
    mail, name = ("EMAIL", "ann.k@firma.de"), ("PERSON", "Ann Kask")
    known = [([mail], ""), ([mail, name], ""), ([name, mail, mail], ""), ([mail], "One is gone."), ([], "")]
    for secrets, unknown in known:
        examine(run, replace(material, secrets=secrets, unknown=unknown), EvaluateSettings(parts=["leaks"]))
    assert made == [*known[:2], *known[3:]]
    path = run.folder / FILE
    old = json.loads(path.read_bytes())
    del old["about"]["masked_hash"]
    path.write_text(json.dumps(old))
    examine(run, replace(material, secrets=[]), EvaluateSettings(parts=["leaks"]))
    assert made[4:] == [([], "")]


def test_rows_that_are_not_scored_are_not_counted_as_such(run: Run, material: Material):
    long = rows(["word " * 3_000, *(f"Where is box {number}?" for number in range(28))])
    bad = [replace(each, row=50 + each.row, good=False) for each in rows(["Is it lost?", "Is it there?"])]
    report = examine(run, replace(material, held_out=[*long, *bad]), QUICK.model_copy(update={"parts": ["scores"]}))
    assert report.scores.rows == 28
    assert report.few_rows.startswith("Only 28 held-out rows: ")
    assert report.scores.notes[:2] == [
        "1 row is not scored: too long for the model, refused by its chat template, or plain text among chats.",
        "2 rows are not scored: the answer is rated as bad.",
    ]
    assert "Scored on 28 of 31" in " ".join(page(report).split())
    again = examine(run, replace(material, held_out=[*long, *bad]), QUICK.model_copy(update={"parts": ["scores"]}))
    assert (again.marks, again.few_rows) == (report.marks, report.few_rows)


def test_without_held_out_rows_the_parts_that_need_none_are_made_all_the_same(run: Run, material: Material):
    report = examine(run, replace(material, held_out=[]), QUICK.model_copy(update={"parts": ["leaks", "scores"]}))
    assert report.leaks is not None
    assert "no held-out rows" in report.problems["scores"]
    assert (report.marks, report.few_rows) == ([], "")
    assert "Held out: 0 of 0 rows" in " ".join(page(report).split())


def test_a_part_that_cannot_be_looked_at_says_why_and_the_others_go_on(run: Run, material: Material, monkeypatch):
    def refuse(*_):
        raise LabError("The scores are on strike.")

    monkeypatch.setattr("core.evaluate.examine.measure_scores", refuse)
    report = examine(run, material, QUICK)
    assert report.problems == {"scores": "The scores are on strike."}
    assert report.confidence is not None
    assert "on strike" in page(report)
    assert len(report.verdict) == 5


def test_without_held_out_rows_there_is_a_sentence(run: Run):
    with pytest.raises(LabError, match="no held-out rows"):
        examine(run, Material("tiny/v1", [], []), QUICK)


def test_a_damaged_report_is_refused_where_it_is_read_and_made_anew_where_it_is_made(run: Run, material: Material):
    (run.folder / FILE).write_text('{"format": 1, "about"')
    with pytest.raises(LabError, match="Make it again"):
        report_of(run)
    assert examine(run, material, QUICK.model_copy(update={"parts": ["scores"]})).scores is not None


def test_an_uploaded_file_takes_the_place_of_the_held_out_rows(run: Run, tmp_path: Path):
    path = tmp_path / "own.csv"
    path.write_text("prompt,answer\nWhere is my cat?,track\nNo answer here,\n", encoding="utf-8")
    found = material_of(run, path)
    assert [row.answer for row in found.held_out] == ["track"]
    assert found.source == "own.csv"
    assert found.notes == ["1 row of the file had no answer to score against."]
    broken = tmp_path / "own.jsonl"
    lines = [
        '{"prompt": "Where is my cat?", "answer": "track"}',
        '{"prompt": "Whe',
        '{"prompt": "Hm?", "answer": "track"}',
    ]
    broken.write_text("\n".join(lines), encoding="utf-8")
    assert material_of(run, broken).notes == ["1 row of the file could not be read."]
    path.write_text("prompt,answer\nWhere is my cat?,\n", encoding="utf-8")
    with pytest.raises(FileProblem):
        material_of(run, path)
