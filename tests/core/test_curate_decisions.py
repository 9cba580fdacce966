"""A person decides what is left out; what cannot be read never comes back."""

import pytest

from core.curate import Decided, Decisions, decide, row_numbers, toggled
from core.errors import SettingProblem

FOUND = [
    Decided(1, "broken line", "cut", None),
    Decided(2, "empty answer", "empty", "r2"),
    Decided(3, "mojibake", "garbled", "r3"),
    Decided(3, "exact duplicate", "same as row 1", "r3"),
]
CHECKS = ["empty answer", "mojibake", "exact duplicate"]


def actions(*leave_out, keep=()):
    return [problem.action for problem in decide(FOUND, Decisions(leave_out, keep), CHECKS)]


def test_ticked_checks_leave_rows_out_and_unreadable_rows_are_out_anyway():
    assert actions() == ["left out", "kept", "kept", "kept"]
    assert actions("mojibake") == ["left out", "kept", "left out", "left out"]
    assert actions("mojibake", keep=[3]) == ["left out", "kept", "kept", "kept"]


WRONG = [
    (Decisions(["nonsense"]), "nonsense"),
    (Decisions([], [9]), "Row 9 is not in the list"),
    (Decisions([], [1]), "Row 1 could not be read"),
]


@pytest.mark.parametrize(("decisions", "part"), WRONG)
def test_a_decision_that_cannot_be_done_is_refused(decisions, part):
    with pytest.raises(SettingProblem, match=part):
        decide(FOUND, decisions, CHECKS)


NUMBERS = [("", []), ("3", [3]), ("3, 17;4 5", [3, 4, 5, 17]), ("20-22", [20, 21, 22]), (" 7 – 8 ", [7, 8])]


@pytest.mark.parametrize(("text", "rows"), NUMBERS)
def test_row_numbers_are_read_as_a_person_writes_them(text, rows):
    assert row_numbers(text) == rows


@pytest.mark.parametrize("text", ["x", "3-", "5-3", "1.5", "-4", "1-999999999", "12345678901"])
def test_anything_else_is_no_row_number(text):
    with pytest.raises(SettingProblem, match="is not a row number"):
        row_numbers(text)


def test_a_row_is_added_and_taken_out_again():
    assert toggled("3, 1", 2) == "1, 2, 3"
    assert toggled("1, 2, 3", 2) == "1, 3"
