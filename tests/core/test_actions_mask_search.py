"""A search that is stopped: what it has read is kept for the next one, and counts nowhere as searched."""

import threading

import pytest

from core.actions import Lab, background
from core.actions.background import Background, Watch
from core.actions.mask import preview, reading, search, write
from core.actions.mask.leftovers import standing
from core.actions.mask.stopped import stopped_at
from core.errors import LabError
from core.mask.read import CHUNK
from core.privacy import Span
from core.records import Dataset, Example, Message
from core.settings import HOME, SearchSettings

ROWS = 4 * CHUNK
FAST = SearchSettings(mode="fast")
STOPPED = f"Stopped after {CHUNK} of 1,024 rows; the next search goes on from there."
SECONDS = 60


class Toy:
    """Finds the word "ada", and counts the rows it was asked to read."""

    mode, kinds, own, reads_names = "fast", frozenset({"USERNAME"}), None, False

    def __init__(self):
        self.read, self.stamp = 0, "1"

    def find_rows(self, rows):
        self.read += len(rows)
        return [[[Span(0, 3, "USERNAME", 0.9, "known")] if t.startswith("ada") else [] for t in row] for row in rows]


@pytest.fixture
def toy(monkeypatch):
    toy = Toy()
    monkeypatch.setattr(search, "detector", lambda *_: (toy, []))
    return toy


@pytest.fixture
def lab(tmp_path):
    return Lab(tmp_path / "lab", HOME)


@pytest.fixture
def workspace(lab):
    workspace = lab.workspace("")
    rows = [Example(f"r{n}", n, (Message("user", f"{'ada' if n % 2 else 'who'} {n}"),)) for n in range(1, ROWS + 1)]
    workspace.versions.save("rows", Dataset.of(rows), "ingest")
    return workspace


def look(lab, workspace, stop_at_look=None):
    """Search; with `stop_at_look` it is stopped when it asks for that time. Two looks come before the first row."""
    looks = iter(range(stop_at_look or 0))
    stopped = (lambda: False) if stop_at_look is None else lambda: next(looks, None) is None
    return search.search(lab, workspace, "rows/v1", FAST, Watch(stopped=stopped))


def stopped(lab, workspace, stop_at_look=3):
    with pytest.raises(LabError) as error:
        look(lab, workspace, stop_at_look)
    return str(error.value)


def test_a_stopped_search_keeps_what_it_has_read_and_the_next_one_reads_the_rest(lab, workspace, toy):
    assert stopped(lab, workspace) == STOPPED == stopped_at(workspace, "rows/v1")
    assert toy.read == CHUNK
    found = look(lab, workspace)
    assert toy.read == ROWS, "no row was read twice"
    assert found.sentence == "Found 512 places in 512 of 1,024 rows."
    assert stopped_at(workspace, "rows/v1") == ""


def test_a_version_that_was_searched_in_part_counts_nowhere_as_searched(lab, workspace, toy):
    stopped(lab, workspace)
    assert search.found(workspace, "rows/v1") is None
    assert not reading.searched(workspace, "rows/v1")
    assert "was never searched for personal data" in standing(workspace, "rows/v1").sentence
    assert not standing(workspace, "rows/v1").is_searched
    assert preview.kinds_to_mask(workspace, "rows/v1") == []
    with pytest.raises(LabError, match="was not searched"):
        search.must_be_found(workspace, "rows/v1")


def test_masking_what_was_searched_in_part_searches_the_rest_first(lab, workspace, toy):
    stopped(lab, workspace)
    saved = write.save_masked(lab, workspace, "rows/v1", preview.settings_of({}))
    assert saved.rows[0][2:4] == [512, 512]
    assert search.found(workspace, "rows/v1") is not None


def test_a_masking_that_is_stopped_while_it_searches_says_that_nothing_was_written(lab, workspace, toy):
    looks = iter(range(3))
    watch = Watch(stopped=lambda: next(looks, None) is None)
    with pytest.raises(LabError) as error:
        write.save_masked(lab, workspace, "rows/v1", preview.settings_of({}), watch)
    assert str(error.value) == f"No version was written. {STOPPED}"
    assert [version.id for version in workspace.versions.all()] == ["rows/v1"]


def test_a_stop_before_the_first_row_loses_nothing_that_was_read_before(lab, workspace, toy):
    assert "stopped before any row was read" in stopped(lab, workspace, 0)
    stopped(lab, workspace)
    for looks in (0, 1, 2):
        assert stopped(lab, workspace, looks) == STOPPED
    toy.stamp = "2"  # other rules: nothing was read by them
    assert stopped(lab, workspace, 1) == STOPPED
    toy.stamp = "1"
    look(lab, workspace)
    assert toy.read == ROWS


def test_a_version_made_from_one_that_was_read_in_part_is_not_read_again_there(lab, workspace, toy):
    stopped(lab, workspace)
    workspace.versions.save("rows", workspace.versions.load("rows/v1"), "curate", parent="rows/v1")
    search.search(lab, workspace, "rows/v2", FAST, Watch())
    assert toy.read == ROWS


def test_no_value_is_kept_of_a_stopped_search(lab, workspace, toy):
    stopped(lab, workspace)
    kept = [path for path in workspace.root.rglob("*stopped-search*") if path.is_file()]
    assert len(kept) == 3
    assert not any(b"ada" in path.read_bytes() for path in kept)


def test_a_stop_pressed_before_the_work_begins_holds_for_it_and_for_no_other(workspace):
    asked = background.moment()
    assert background.stop(workspace, "searching", asked)
    held = Background(workspace, "searching", lambda watch: watch.stopped(), asked=asked)
    assert held.result()
    for later in (None, background.moment()):
        assert not Background(workspace, "searching", lambda watch: watch.stopped(), asked=later).result()
    assert not background.stop(workspace, "searching", asked), "it has begun and ended"
    assert not background.stop(workspace, "masking")


def test_what_goes_on_is_known_to_whoever_asks(workspace):
    begun, go_on = threading.Event(), threading.Event()

    def work(watch):
        watch.progress(0.4)
        begun.set()
        assert go_on.wait(SECONDS)
        return watch.stopped()

    assert background.going(workspace, "searching") is None
    work_now = Background(workspace, "searching", work, "rows/v1")
    assert begun.wait(SECONDS)
    going = background.going(workspace, "searching")
    assert going is work_now
    assert (going.subject, going.share, going.stopped) == ("rows/v1", 0.4, False)
    assert background.going(workspace, "masking") is None
    assert background.stop(workspace, "searching")
    go_on.set()
    assert work_now.result()
    assert background.going(workspace, "searching") is None


def test_a_search_whose_stop_came_first_says_so_and_reads_nothing(lab, workspace, toy):
    asked = background.moment()
    assert search.stop(workspace, asked) == "The search is being stopped."
    going = search.begin(lab, workspace, "rows/v1", {"mode": "fast"}, asked)
    with pytest.raises(LabError, match="stopped before any row was read"):
        going.result()
    assert going.stopped
    assert toy.read == 0
    assert search.stop(workspace) == "Nothing is being searched."


def test_usual_kinds_that_were_left_out_are_named(lab, workspace):
    _, notes = search.detector(lab, workspace, SearchSettings(mode="fast", kinds=["EMAIL"]))
    assert notes[-1].startswith("Not looked for, by choice: ")
    assert "E-mail" not in notes[-1]
    assert search.detector(lab, workspace, SearchSettings(mode="fast"))[1] == notes[:-1]
