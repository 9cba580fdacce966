"""Findings by value: counted, sorted by doubt, narrowed; and a marked text searched in all rows."""

import time

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.mask.everywhere import everywhere
from core.mask.findings import PLACES, Findings
from core.mask.groups import Query, chosen, groups
from core.mask.review import decided
from core.mask.steps import Place, Step
from core.records import Dataset, Example, Message


def findings(*places):
    """Findings from (row, start, kind, value, score) and, where it is covered, True."""
    lines = [
        (f"r{row}", row, 0, start, start + 5, kind, score, "a form", value, bool(covered))
        for row, start, kind, value, score, *covered in places
    ]
    return Findings("hash", 9, pl.DataFrame(lines, schema=PLACES, orient="row"), pl.Series(), "fast", frozenset(), "1")


SOME = findings(
    (0, 0, "PERSON", "anna", 0.5),
    (0, 9, "PERSON", "anna", 0.9),
    (4, 0, "PERSON", "anna", 0.6),
    (1, 0, "EMAIL", "mail", 1.0),
    (2, 0, "PERSON", "bert", 0.4),
    (3, 0, "URL", "site", 0.8),
    (3, 2, "EMAIL", "inside", 0.7, True),
)


def found(*steps):
    return groups(decided(SOME, steps))


def test_a_value_is_one_line_with_its_places_rows_and_doubt():
    lines = chosen(found(), Query()).select("value", "places", "rows", "doubt", "decision").rows()
    assert [(line[0], line[1], line[2], round(line[3], 2), line[4]) for line in lines] == [
        ("bert", 1, 1, 0.6, "open"),
        ("site", 1, 1, 0.2, "open"),
        ("anna", 3, 2, 0.1, "open"),
        ("mail", 1, 1, 0.0, "open"),
    ]


def test_a_value_decided_about_in_parts_is_mixed_and_one_set_free_appears():
    one = Step("reject", "place", places=(Place("r0", 0, 0, 0, 5),))
    decisions = dict(found(one, Step("reject", "value", "URL", "site")).select("value", "decision").iter_rows())
    assert decisions == {"anna": "mixed", "mail": "open", "bert": "open", "site": "rejected", "inside": "open"}


@pytest.mark.parametrize(
    ("query", "values"),
    [
        (Query(kind="PERSON"), ["bert", "anna"]),
        (Query(sort="places"), ["anna", "bert", "site", "mail"]),
        (Query(sort="kind"), ["mail", "bert", "anna", "site"]),
        (Query(decision="accepted"), ["mail"]),
        (Query(decision="mixed"), []),
        (Query(kind="CITY"), []),
    ],
)
def test_values_are_narrowed_and_sorted(query, values):
    assert chosen(found(Step("accept", "value", "EMAIL", "mail")), query)["value"].to_list() == values


def test_no_findings_are_no_groups():
    assert len(groups(decided(findings(), []))) == 0


@given(st.permutations(range(7)))
def test_groups_do_not_depend_on_the_order_of_places(order):
    shuffled = Findings("hash", 9, SOME.places[list(order)], pl.Series(), "fast", frozenset(), "1")
    assert chosen(groups(decided(shuffled, [])), Query()).equals(chosen(found(), Query()))


def test_fifty_thousand_findings_are_grouped_in_less_than_a_second():
    many = findings(*((n // 2, 9 * (n % 2), "PERSON", str(n % 30_000), n % 7 / 7) for n in range(50_000)))
    began = time.thread_time()
    assert len(chosen(groups(decided(many, [])), Query())) == 30_000
    assert time.thread_time() - began < 1.0


def marked(kind, value, *texts):
    dataset = Dataset.of(Example(f"r{n}", n, (Message("user", text),)) for n, text in enumerate(texts))
    return [
        texts[place.position][place.start : place.end] for place in everywhere(dataset, [(kind, value)])[kind, value]
    ]


@pytest.mark.parametrize(
    ("kind", "value", "text", "there"),
    [
        ("PERSON", "Ann Lee", "Ann Lee, ANN LEE and Ann\r\nLee", ["Ann Lee", "ANN LEE", "Ann\r\nLee"]),
        ("PERSON", "Ann", "Annabel, Joann and x_Ann_x", []),
        ("PERSON", "Zoë", "zoe, Zoe\u0308 \U0001f600 Zoë!", ["Zoe\u0308", "Zoë"]),
        ("PERSON", "دانا", "سلام دانا، خوبی؟", ["دانا"]),
        ("SECRET", "p@ss!", "use p@ss! or p@ss", ["p@ss!"]),
        ("PHONE", "020 7946 0018", "ring 020-7946-0018 or 02079460018", ["020-7946-0018", "02079460018"]),
        ("PERSON", "Ann", "", []),
    ],
)
def test_a_marked_text_is_found_as_a_whole_word_however_it_is_written(kind, value, text, there):
    assert marked(kind, value, text) == there


@pytest.mark.parametrize("hostile", ["a" * 200_000, "7" * 200_000, "Ann " * 20_000, "@.-" * 60_000, "A n n " * 30_000])
def test_a_hostile_text_is_searched_in_no_time(hostile):
    began = time.thread_time()
    marked("PHONE", "020 7946 0018", hostile)
    marked("PERSON", "A n n n", hostile)
    assert time.thread_time() - began < 2.0
