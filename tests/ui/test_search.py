"""How a search ends on the Mask tab: with what was found and notes, or, when it was stopped, calmly and with a word."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.actions import Lab, Workspace
from core.actions.mask import search
from core.errors import LabError
from core.privacy import Detector
from core.records import Dataset, Example, Message
from core.settings import HOME
from ui.mask.search import EARLIER, ended

SECONDS = 60
FAST = {"mode": "fast"}
Begin = Callable[[], Any]


@pytest.fixture
def begin(workspace: Workspace, tmp_path: Path) -> Begin:
    """Begins a search of 300 rows with an address each."""
    lab = Lab(tmp_path / "home", HOME)
    asked = Message("user", "Who?"), Message("assistant", "jane@example.org")
    rows = [Example(f"r{row:06d}", row, asked) for row in range(1, 301)]
    version = workspace.versions.save("rows", Dataset.of(rows), "ingest")
    return lambda: search.begin(lab, workspace, version.id, FAST)


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Detectors that say when they begin, and go on when they are told to."""
    begun, go_on = threading.Event(), threading.Event()
    find_rows = Detector.find_rows

    def find(self: Detector, rows: Any) -> Any:
        begun.set()
        assert go_on.wait(SECONDS)
        return find_rows(self, rows)

    monkeypatch.setattr(Detector, "find_rows", find)
    yield begun, go_on
    go_on.set()


def test_a_search_returns_notes_on_what_it_could_not_look_for(begin: Begin):
    sentence, notes = ended(begin(), None)
    assert sentence == "Found 300 places in 300 of 300 rows."
    assert any("names in sentences are not found" in note for note in notes)


@pytest.mark.parametrize("searched_before", [False, True])
def test_a_search_that_is_stopped_is_no_error_and_says_what_became_of_it(
    begin: Begin, waiting: tuple[threading.Event, threading.Event], workspace: Workspace, searched_before: bool
):
    begun, go_on = waiting
    earlier = None
    if searched_before:
        go_on.set()
        earlier = begin().result()
        begun.clear()
        go_on.clear()
    workspace.keep_rules("words: [{kind: GREETING, words: [who]}]")  # which all rows are read again for
    going = begin()
    assert begun.wait(SECONDS)
    assert search.stop(workspace) == "The search is being stopped."
    go_on.set()
    sentence, _ = ended(going, earlier)
    assert "stopped" in sentence
    assert sentence.endswith(EARLIER) is searched_before
    assert search.stop(workspace) == "Nothing is being searched."


def test_a_search_that_breaks_off_by_itself_is_an_error(begin: Begin, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: Any) -> Any:
        raise LabError("The rules cannot be read.")

    monkeypatch.setattr(Detector, "find_rows", broken)
    with pytest.raises(LabError, match="The rules cannot be read"):
        ended(begin(), None)
