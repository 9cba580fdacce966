"""Probes from a user's file, put to both sides by a report besides those of the lab."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.actions import Lab, background, evaluate
from core.actions.evaluate.material import material_of
from core.errors import FileProblem
from core.evaluate import Stopped
from core.evaluate.examine import examine
from core.evaluate.page import fragment
from core.evaluate.probes import MOST_ROWS, SHIPPED, with_own
from core.settings import HOME, EvaluateSettings
from core.workspace import Run, Workspace

ONLY_PROBES = EvaluateSettings(parts=["probes"])


def questions(folder: Path, count: int) -> Path:
    rows = [{"question": f"What is {n}?", "options": ["track", "refund"], "answer": n % 2} for n in range(count)]
    path = folder / "exam.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


@pytest.fixture
def home(taught_run: Run, tmp_path: Path) -> Workspace:
    """A workspace with the finished run, without a report."""
    home = Workspace(shutil.copytree(taught_run.folder.parents[1], tmp_path / "home"))
    (home.run(taught_run.id).folder / "report.json").unlink(missing_ok=True)
    return home


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    made = Lab(tmp_path / "lab", HOME)
    yield made
    made.playground.close()


def test_of_a_long_file_a_share_is_put_besides_the_sets_of_the_lab(tmp_path: Path):
    *shipped, own = with_own(questions(tmp_path, MOST_ROWS + 300), seed=1)
    assert [each.name for each in shipped] == list(SHIPPED)
    assert (own.name, len(own.items), own.of) == ("exam", MOST_ROWS, MOST_ROWS + 300)


def test_a_report_puts_the_probes_of_a_file_and_its_page_says_how_many_were_drawn(
    lab: Lab, home: Workspace, taught_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("core.evaluate.probes.MOST_ROWS", 12)
    monkeypatch.setattr("core.evaluate.probes.SHIPPED", ("bias",))
    file = questions(tmp_path, 1200)
    report = evaluate.begin(lab, home, taught_run.id, {"parts": ["probes"]}, None, file).result()
    assert [probe.name for probe in report.probes.probes] == ["bias", "exam"]
    assert (report.probes.probes[-1].rows, report.probes.probes[-1].of) == (12, 1200)
    assert "12 of 1,200, drawn by the seed" in fragment(report)


def test_other_probes_make_another_report(taught_run: Run, home: Workspace):
    run = home.run(taught_run.id)
    first, other = (with_own(questions(home.root, count), 1)[-1:] for count in (4, 6))
    for sets in (first, other):
        report = examine(run, replace(material_of(run), probes=sets), ONLY_PROBES)
        assert [probe.rows for probe in report.probes.probes] == [len(sets[0].items)]


def test_probes_that_were_put_are_not_put_again(taught_run: Run, home: Workspace, monkeypatch: pytest.MonkeyPatch):
    run = home.run(taught_run.id)
    material = replace(material_of(run), probes=with_own(questions(home.root, 5), 1)[-1:])
    first = examine(run, material, ONLY_PROBES).probes
    monkeypatch.setattr("core.evaluate.probes._probe", None)  # putting one would break
    assert examine(run, material, ONLY_PROBES).probes == first


def test_a_stop_before_the_report_begins_holds_for_it(lab: Lab, home: Workspace, taught_run: Run, monkeypatch):
    monkeypatch.setattr("core.evaluate.subject.Subject.open", None)  # loading one would break
    asked = background.moment()
    evaluate.stop(home, asked)
    with pytest.raises(Stopped):
        evaluate.begin(lab, home, taught_run.id, {}, asked=asked).result()


def test_a_file_that_holds_no_probes_is_told_before_a_model_is_loaded(
    lab: Lab, home: Workspace, taught_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("core.evaluate.subject.Subject.open", None)  # loading one would break
    (tmp_path / "chats.jsonl").write_text('{"messages": []}\n')
    with pytest.raises(FileProblem, match=r"Line 1 of “chats\.jsonl” cannot be used: it has messages"):
        evaluate.begin(lab, home, taught_run.id, {}, None, tmp_path / "chats.jsonl").result()
