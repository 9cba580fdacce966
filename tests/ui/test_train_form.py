"""What the Train tab writes of numbers and of a plan: every digit, and for rows left out the true reason."""

import gradio as gr
import pytest

from core.format import Extent
from core.settings import HOME, TrainSettings
from core.train import make_plan
from ui.train import estimate, form, tab

REFUSED = "Row 6 cannot be trained with this model: its roles do not take turns."
EXTENTS = [
    Extent(1, 20, [(10, 20)]),
    Extent(2, 200, [(10, 200)]),
    Extent(3, 20, [(5, 20)]),
    Extent(4, 200, [(150, 200)]),
    Extent(5, 30, []),
    Extent(6, 0, [], REFUSED),
    Extent(7, 30, []),
]


@pytest.mark.parametrize(
    ("number", "shown"),
    [(20240915, "20240915"), (2**31 - 1, "2147483647"), (0, "0"), (3.0, "3"), (0.0001, "0.0001"), (1e-05, "1e-05")],
)
def test_a_number_is_written_with_every_digit(number: float, shown: str) -> None:
    assert form.written(number) == shown
    assert estimate._value(gr.Textbox(), number) == shown


def test_settings_put_into_the_form_come_out_of_it_as_they_were() -> None:
    settings = TrainSettings(seed=20240915, learning_rate=1 / 3000, max_steps=999_999, epochs=1.5, prompts=["Why?"])
    fields = dict.fromkeys(TrainSettings.model_fields)
    _, *values = form._filled(fields, settings.model_dump(), "")
    assert TrainSettings.parse(dict(zip(fields, values, strict=True))) == settings


def test_rows_left_out_are_counted_by_their_reason_each_with_what_to_do() -> None:
    plan = make_plan(EXTENTS, (len(EXTENTS), 1), TrainSettings(max_tokens=100), 1000)
    assert (plan.cut, plan.beyond, plan.empty, plan.refused) == ([2], [4], [5, 7], {6: REFUSED})
    assert tab._plan_text(plan, HOME).split("\n\n")[1:] == [
        "1 row is longer than allowed and will be cut at the end: row 2.",
        "1 row is left out, because the answer begins behind the cut: row 4. "
        "Raise “Longest row (tokens)” to learn from more rows.",
        "2 rows are left out, because there is no good answer to learn: row 5, 7. "
        "If there should be, see on the Curate tab how it was read.",
        f"1 row is left out, because the model's chat template takes no such rows: row 6. {REFUSED}",
    ]


def test_nothing_is_said_of_rows_left_out_where_none_is() -> None:
    plan = make_plan([EXTENTS[0], EXTENTS[2]], (2, 1), TrainSettings(max_tokens=100), 1000)
    assert "\n\n" not in tab._plan_text(plan, HOME)


def test_of_rows_of_which_some_were_read_all_counts_are_for_all() -> None:
    plan = make_plan(EXTENTS, (100 * len(EXTENTS), 2000), TrainSettings(max_tokens=100), 10**6)
    first, *lines = tab._plan_text(plan, HOME).split("\n\n")
    assert "**≈ 300 rows** to train on, 2,000 held out (200 of them are measured, always the same)" in first
    assert [line.partition(" are ")[0] for line in lines] == ["≈ 100 rows", "≈ 100 rows", "≈ 200 rows", "≈ 100 rows"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"early_stop": 2}, "“Early stop” and “Keep the best” have no effect"),
        ({"early_stop": 2, "keep_best": False}, "“Early stop” has no effect"),
        ({"keep_best": False}, None),
    ],
)
def test_settings_that_need_held_out_rows_say_so_where_there_are_none(values: dict[str, int], said: str | None) -> None:
    plan = make_plan([EXTENTS[0], EXTENTS[2]], (2, 0), TrainSettings(max_tokens=100, evaluations=9, **values), 1000)
    text = tab._plan_text(plan, HOME)
    assert said in text if said else "effect" not in text
