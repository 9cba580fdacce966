"""Which held-out rows are measured."""

from core.format import Formatted
from core.train.plan import MOST_HELD_OUT_ROWS, Prepared
from tests.core.test_estimate import row


def measured(numbers: list[int]) -> list[int]:
    rows = Formatted([row(number, 5, 2) for number in numbers], [], [])
    return [each.row for each in Prepared(rows, rows).measured]


def test_of_many_held_out_rows_some_from_everywhere_are_measured() -> None:
    numbers = list(range(1, 10 * MOST_HELD_OUT_ROWS + 1))
    found = measured(numbers)
    assert len(found) == len(set(found)) == MOST_HELD_OUT_ROWS
    assert sum(number > numbers[-1] // 2 for number in found) > MOST_HELD_OUT_ROWS / 3
    assert sorted(measured(numbers[::-1])) == found == sorted(found)
    assert measured([1, 2, 3]) == [1, 2, 3]
