"""A subset and its control as new versions; scoring waits, runs, stops, goes on, and leaves its lines beside them."""

import shutil
import threading
import time
from dataclasses import replace

import pytest

from core.actions import Lab
from core.actions.curate import ifd, subset
from core.errors import Busy, LabError, NotFound, SettingProblem
from core.models.starter import folder as starter_folder
from core.records import HELD_OUT, TRAIN, Dataset, Example, Message
from core.settings import HOME, SPACE, SelectSettings

SECONDS = 60


@pytest.fixture
def version(workspace):
    """The id of a version with 20 rows to train on and 5 held out."""
    rows = (
        Example(
            f"r{n}",
            n,
            (Message("user", f"What is {n} and {n}?"), Message("assistant", "ha " * n)),
            split=HELD_OUT if n > 20 else TRAIN,
        )
        for n in range(1, 26)
    )
    return workspace.versions.save("sums", Dataset.of(rows), "curate").id


@pytest.fixture(scope="module")
def models_folder(tiny_model_folder, tmp_path_factory):
    """A folder whose starter model is the tiny random one."""
    folder = tmp_path_factory.mktemp("models")
    shutil.copytree(tiny_model_folder, starter_folder(folder))
    (starter_folder(folder) / "source.json").write_text("{}")
    return folder


@pytest.fixture
def lab(workspace, models_folder):
    made = Lab(workspace.root, HOME)
    made.models_folder = models_folder
    return made


def wait(workspace, version, *states):
    """What scoring says once it is in one of these states."""
    end = time.monotonic() + SECONDS
    while (found := ifd.scoring(workspace, version)).state not in states:
        assert time.monotonic() < end, found
        time.sleep(0.02)
    return found


def ids(workspace, version_id):
    return set(workspace.versions.load(version_id).table["id"].to_pylist())


def test_a_subset_and_a_control_of_equal_size_become_versions(workspace, version):
    done = subset.select_rows(workspace, version, {"method": "longest", "rows": 4})
    assert ids(workspace, done.version_id) == {f"r{n}" for n in range(17, 26)}
    chosen, control = (workspace.versions.get(name) for name in (done.version_id, done.control_id))
    assert (chosen.stage, chosen.parent, control.parent) == ("select", version, version)
    assert chosen.rows == control.rows == 9
    assert chosen.result["control"] == control.id
    assert control.settings["method"] == "random"
    assert done.sentence == (
        "4 of 20 rows to train on chosen by the length of their answers. 5 rows held out or set aside stay. "
        f"As a control, {control.id} has as many rows chosen at random: train both and compare."
    )


def test_the_manifest_makes_the_same_subset_again(workspace, version):
    first = subset.select_rows(workspace, version, {"method": "diverse", "rows": 7, "seed": 5})
    settings = workspace.versions.get(first.version_id).settings
    again = subset.select_rows(workspace, version, settings, with_control=False)
    assert ids(workspace, first.version_id) == ids(workspace, again.version_id)
    assert again.control_id == ""
    SelectSettings.parse(settings)


def test_a_random_choice_is_its_own_control(workspace, version):
    done = subset.select_rows(workspace, version, {"rows": 4})
    assert done.control_id == ""
    assert done.sentence.endswith("A random choice needs no control.")


def test_all_rows_need_no_control_either(workspace, version):
    done = subset.select_rows(workspace, version, {"method": "longest", "rows": 20})
    assert (done.control_id, len(workspace.versions.all())) == ("", 2)


@pytest.mark.parametrize(
    ("version_id", "values", "error", "part"),
    [
        ("", {}, SettingProblem, "No dataset version is chosen"),
        ("gone/v1", {}, NotFound, "no dataset version “gone/v1”"),
        ("sums/v1", {"method": "best"}, SettingProblem, "one of random"),
        ("sums/v1", {"rows": 0}, SettingProblem, "Rows to choose is 0"),
        ("sums/v1", {"method": "stratified", "rows": 3}, SettingProblem, "No row has a label or category"),
        ("sums/v1", {"method": "ifd", "rows": 3}, SettingProblem, "Score some rows first"),
    ],
)
def test_a_wrong_choice_gets_a_sentence_and_makes_nothing(workspace, version, version_id, values, error, part):
    with pytest.raises(error, match=part):
        subset.select_rows(workspace, version_id, values)
    assert len(workspace.versions.all()) == 1


def test_rows_are_scored_in_the_background_and_then_selected_by_their_score(workspace, lab, version):
    assert ifd.scoring(workspace, version).state == ""
    assert ifd.score_ifd(lab, workspace, version, {"rows": 8}).active
    found = wait(workspace, version, "done")
    assert (found.done, found.rows, found.reason) == (8, 8, "")
    assert found.summary.startswith("8 rows scored, median IFD ")
    scores = ifd.scores(workspace, version)
    assert len(scores) == 8
    assert scores.keys() <= {f"r{n}" for n in range(1, 21)}
    below = {name: score for name, score in scores.items() if score < 1}
    if below:
        done = subset.select_rows(workspace, version, {"method": "ifd", "rows": 1})
        best = max(below, key=lambda name: below[name])
        assert ids(workspace, done.version_id) == {best, *(f"r{n}" for n in range(21, 26))}


def test_scoring_goes_on_where_it_was_stopped_and_scores_no_row_twice(workspace, lab, version, monkeypatch):
    reached, go = threading.Event(), threading.Event()
    score = ifd.Scorer.score

    def slow(self, example):
        if len(ifd.scores(workspace, version)) == 3:
            reached.set()
            go.wait(SECONDS)
        return score(self, example)

    monkeypatch.setattr(ifd.Scorer, "score", slow)
    ifd.score_ifd(lab, workspace, version)
    assert reached.wait(SECONDS)
    with pytest.raises(Busy, match="is being scored already"):
        ifd.score_ifd(lab, workspace, version)
    assert "Stopping after this row." in ifd.stop_ifd(lab, workspace, version).reason
    go.set()
    found = wait(workspace, version, "stopped")
    assert (found.done, found.rows) == (4, 20)
    monkeypatch.setattr(ifd.Scorer, "score", score)
    before = ifd.scores(workspace, version)
    ifd.score_ifd(lab, workspace, version)
    assert wait(workspace, version, "done").done == 20
    lines = workspace.versions.lines(version, "ifd")
    assert len(lines) == len({line["id"] for line in lines}) == 20
    assert ifd.scores(workspace, version).items() >= before.items()


def test_scoring_waits_for_what_is_going_on_and_can_be_stopped_before_it_begins(workspace, lab, version):
    other = workspace.versions.save("other", workspace.versions.load(version), "ingest").id
    go = threading.Event()
    training = ifd._job(workspace, other)
    training.folder.mkdir()
    lab.jobs.start(training, lambda _: go.wait(SECONDS) and None)
    try:
        waiting = ifd.score_ifd(lab, workspace, version)
        assert (waiting.state, waiting.active) == ("queued", True)
        assert "before this one" in waiting.reason
        stopped = ifd.stop_ifd(lab, workspace, version)
        assert (stopped.state, stopped.reason) == ("stopped", "Stopped before it began.")
    finally:
        go.set()
    with pytest.raises(LabError, match="not being scored"):
        ifd.stop_ifd(lab, workspace, version)


def test_a_program_that_ended_leaves_scoring_interrupted_and_its_scores_usable(workspace, version):
    job = ifd._job(workspace, version)
    job.folder.mkdir()
    job.write_status(ifd.Status(state="running", step=1, steps=9))
    workspace.versions.add_line(version, "ifd", {"model": "m", "id": "r1", "ifd": 0.5})
    found = ifd.scoring(workspace, version)
    assert (found.state, found.active) == ("interrupted", False)
    assert found.summary == "1 row scored, median IFD 0.50; 0 (0 %) at 1 or more, where the prompt does not help."


def test_a_row_that_the_model_refuses_is_passed_over(workspace, lab, version, monkeypatch):
    score = ifd.Scorer.score

    def picky(self, example):
        if example.row % 2:
            raise LabError("The model's chat template refuses this chat.")
        return score(self, example)

    monkeypatch.setattr(ifd.Scorer, "score", picky)
    ifd.score_ifd(lab, workspace, version)
    wait(workspace, version, "done")
    assert ifd.scores(workspace, version).keys() == {f"r{n}" for n in range(2, 21, 2)}


@pytest.mark.parametrize(
    ("error", "part"),
    [(LabError("The model is gone."), "The model is gone."), (ValueError("x"), "broke off: ValueError")],
)
def test_scoring_that_fails_says_why(workspace, lab, version, monkeypatch, error, part):
    def broken(source):
        raise error

    monkeypatch.setattr(ifd.models, "load_model", broken)
    ifd.score_ifd(lab, workspace, version)
    assert part in wait(workspace, version, "failed").reason


def test_scores_of_another_model_do_not_count(workspace, version):
    for model, row_id in (("old", "r1"), ("new", "r2"), ("new", "r3")):
        workspace.versions.add_line(version, "ifd", {"model": model, "id": row_id, "ifd": 0.5})
    assert ifd.scores(workspace, version).keys() == {"r2", "r3"}


@pytest.mark.parametrize(
    ("limits", "values", "error", "part"),
    [
        (HOME, {"rows": 0}, SettingProblem, "Rows to score is 0"),
        (SPACE, {"rows": 101}, SettingProblem, "takes at most 100"),
        (replace(SPACE, waiting=0), {"rows": 5}, Busy, "jobs are waiting already"),
    ],
)
def test_scoring_that_may_not_begin_gets_a_sentence(workspace, models_folder, version, limits, values, error, part):
    lab = Lab(workspace.root, limits)
    lab.models_folder = models_folder
    with pytest.raises(error, match=part):
        ifd.score_ifd(lab, workspace, version, values)


def test_scoring_needs_the_starter_model_a_version_and_rows(workspace, lab, version, tmp_path):
    bare = Lab(workspace.root, HOME)
    bare.models_folder = tmp_path / "none"
    with pytest.raises(NotFound, match="The starter model is not on this machine yet"):
        ifd.score_ifd(bare, workspace, version)
    with pytest.raises(SettingProblem, match="No dataset version is chosen"):
        ifd.score_ifd(lab, workspace, "")
    empty = workspace.versions.save("empty", Dataset.of([Example("a", 1, (Message("user", "x"),))]), "ingest").id
    with pytest.raises(SettingProblem, match="No row to train on has a prompt and an answer"):
        ifd.score_ifd(lab, workspace, empty)
