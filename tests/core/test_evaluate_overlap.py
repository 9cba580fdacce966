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


FRAME = (
    "You read reviews of films that people wrote on a web site. Classify the sentiment of the review below as positive "
    "or negative. Answer with one of these two words, in lower case, and write nothing else before or after it. Review:"
)
REVIEWS = """the acting was wooden from start to end
a warm little story for my whole family
nobody laughed once during those two endless hours
her voice carries this picture to the last scene
I left because my neighbour would not stop yawning
every frame looks like a painting
three good jokes are not enough
it made me call my brother again
even the poster in our lobby was better
our children asked when part two is shown
what a waste of a splendid cast
slow at first but worth every minute"""


def test_a_frame_around_all_prompts_is_no_overlap_however_few_of_them_are_held_out():
    reviews = REVIEWS.splitlines()
    asked = [row(f"{FRAME} {review}") for review in reviews]
    assert trained_on(asked[:4], asked[4:]) == []
    changed = row(f"{FRAME} {reviews[1].replace('warm', 'kind')}")
    assert trained_on([asked[0], changed], asked[1:]) == [1]
