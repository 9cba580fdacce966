"""A split after which no row to train on holds a held-out prompt."""

import random

from core.curate import Rows
from core.curate.checks import leak
from core.records import Dataset, Example, Message
from core.select import split_apart
from core.settings import SplitSettings

TEXT = "parcel order street light garden invoice colour window river account payment friend holiday number"
SETTINGS = SplitSettings(held_out=0.3, seed=1)


def rows(count: int) -> Dataset:
    """Every other row asks what the row before it asks, in a longer sentence and with another answer."""
    source, made = random.Random(0), []
    for number in range(1, count + 1):
        asked = " ".join(source.choices(TEXT.split(), k=14))
        if number % 2 == 0:
            asked = f"Please be so kind and tell me: {made[-1].messages[0].content}"
        answer = " ".join(source.choices(TEXT.split(), k=9))
        made.append(Example(f"r{number:06d}", number, (Message("user", asked), Message("assistant", answer))))
    return Dataset.of(made)


def test_rows_that_hold_each_others_prompt_stay_on_one_side():
    done = split_apart(rows(80), SETTINGS)
    assert leak.CHECK.find(Rows(done.dataset)).is_empty()
    assert done.held_out == 24
    assert done.check.endswith("No row to train on holds a held-out prompt.")


def test_without_such_rows_it_is_the_plain_split():
    alone = Dataset.of([example for example in rows(80) if example.row % 2])
    done = split_apart(alone, SETTINGS)
    assert (done.train, done.held_out) == (28, 12)


def test_prompts_too_much_alike_are_divided_all_the_same_and_it_is_said():
    asked = "one two three four five six seven eight nine ten eleven"
    alike = Dataset.of(
        Example(f"r{n:06d}", n, (Message("user", f"{asked} {n}"), Message("assistant", f"answer {n}")))
        for n in range(1, 9)
    )
    done = split_apart(alike, SETTINGS)
    assert (done.train, done.held_out) == (6, 2)
    assert "But 6 rows to train on hold most of a held-out prompt" in done.check


def test_without_held_out_rows_nothing_is_said_of_them():
    assert "held-out" not in split_apart(rows(20), SplitSettings(held_out=0)).check


def test_no_row_is_lost_or_doubled_and_the_seed_decides():
    first, again, other = (split_apart(rows(60), SplitSettings(held_out=0.3, seed=seed)) for seed in (1, 1, 2))
    assert sorted(example.id for example in first.dataset) == sorted(example.id for example in rows(60))
    assert first.dataset.content_hash() == again.dataset.content_hash() != other.dataset.content_hash()
