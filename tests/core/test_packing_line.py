"""The line in which packed rows stand: every row is there, and each of its tokens sees those before it in the row."""

import random

import pytest

from core.packing.line import WORTH, Line


def seen(line: Line, place: int) -> list[int]:
    """The places that the token at `place` sees, itself the last."""
    (segment,) = (segment for segment in line.segments if segment.start <= place < segment.end)
    parts = [*segment.before, slice(segment.start, place + 1)]
    return [at for part in parts for at in range(part.start, part.stop)]


def drawn(seed: int) -> list[list[int]]:
    """Rows that go on from one another, some equal, some of one token."""
    chance = random.Random(seed)
    rows = [[chance.randrange(3) for _ in range(chance.randrange(1, 30))]]
    for _ in range(chance.randrange(12)):
        before = chance.choice(rows)
        begin = before[: chance.randrange(len(before) + 1)]
        rows.append([*begin, *(chance.randrange(3) for _ in range(chance.randrange(12)))] or [0])
    return rows


@pytest.mark.parametrize("rows", [drawn(seed) for seed in range(40)])
def test_every_token_sees_the_tokens_before_it_in_its_row_and_no_other(rows: list[list[int]]) -> None:
    line = Line(rows)
    for row, places in zip(rows, line.places, strict=True):
        assert [line.ids[place] for place in places] == row
        assert [line.positions[place] for place in places] == list(range(len(row)))
        assert all(seen(line, place) == places[: at + 1] for at, place in enumerate(places))
    assert [segment.start for segment in line.segments] == [0, *(segment.end for segment in line.segments[:-1])]
    assert len(line.ids) == line.segments[-1].end


@pytest.mark.parametrize("rows", [drawn(seed) for seed in range(20)])
def test_what_follows_a_segment_is_what_sees_it(rows: list[list[int]]) -> None:
    line = Line(rows)
    for segment in line.segments:
        own = slice(segment.start, segment.end)
        after = [other for other in line.segments if own in other.before]
        places = [place for other in after for place in range(other.start, other.end)]
        assert places == list(range(segment.end, segment.last))


def test_each_question_with_its_answers_is_there_once() -> None:
    system, first, second = [1] * 10, [2] * 9, [3] * 12
    line = Line([[*system, *first, 4], [*system, *first, 5], [*system, *second, 4], [*system, *second, 5]])
    assert line.ids == [*system, *first, 4, 5, *second, 4, 5]


def test_a_beginning_that_saves_little_is_not_cut_off() -> None:
    rows = [[1] * (WORTH - 1) + [2], [1] * (WORTH - 1) + [3]]
    assert len(Line(rows).segments) == 2
    assert len(Line([[1, *row] for row in rows]).segments) == 3


def test_many_rows_that_each_begin_the_next_are_laid_out() -> None:
    rows = [[7] * length for length in range(1, 200)]
    assert len(Line(rows).ids) < 1_000
