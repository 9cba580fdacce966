"""Held-out rows that were trained on are found, to the letter and with a word changed; others are not."""

from core.evaluate.overlap import trained_on
from core.records import Example, Message

LONG = "My parcel has not come and I have been waiting for it since Tuesday morning"


def row(prompt: str, answer: str = "track", number: int = 1) -> Example:
    return Example(f"r{number}", number, (Message("user", prompt), Message("assistant", answer)))


def test_a_prompt_to_the_letter_or_with_one_word_changed_is_found():
    train = [row(LONG), row("Where is my refund, please tell me at once?", "refund")]
    held_out = [row("Something else that nobody has ever asked before"), row(LONG.upper()), row(LONG + " again")]
    assert trained_on(held_out, train) == [1, 2]


def test_equal_rows_are_all_found_not_only_the_first():
    assert trained_on([row(LONG), row(LONG), row(LONG, "refund")], [row(LONG)]) == [0, 1, 2]


def test_a_short_prompt_counts_only_with_the_same_answer():
    assert trained_on([row("Hello"), row("Hello", "refund")], [row("hello ", "Track")]) == [0]


def test_a_system_prompt_that_all_rows_have_is_no_overlap():
    system = Message("system", "Classify the following message of a customer into one of the labels track or refund.")
    train, other = (Example("a", 1, (system, *row(text).messages)) for text in (LONG, "Is the shop open on Sundays?"))
    assert trained_on([other], [train]) == []


def test_texts_to_continue_are_compared_as_wholes():
    text = Example("t", 1, (Message("text", LONG),))
    assert trained_on([text], [text]) == [0]


def test_nothing_overlaps_with_nothing():
    assert trained_on([], [row(LONG)]) == trained_on([row(LONG)], []) == []
