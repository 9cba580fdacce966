"""Examples for a prompt: near ones, or drawn ones; never the question itself, never one that fills the prompt."""

from core.few_shot import MOST_CHARACTERS, Shots, with_examples, with_fitting
from core.records import Example, Message

ROWS = [
    ("Where is my parcel?", "track"),
    ("My parcel has not arrived.", "track"),
    ("My card was charged twice.", "refund"),
    ("Please give my money back.", "refund"),
    ("Thank you.", "thanks"),
]


def row(number: int, asked: str, answer: str, **columns) -> Example:
    return Example(f"r{number}", number, (Message("user", asked), Message("assistant", answer)), **columns)


def rows() -> list[Example]:
    return [row(number, *pair) for number, pair in enumerate(ROWS, 1)]


def chat(asked: str) -> list[Message]:
    return [Message("user", asked)]


def shown(shots: list[Example]) -> list[str]:
    return [shot.prompt[-1].content for shot in shots]


def test_the_nearest_rows_share_the_prompts_words_and_the_nearest_stands_last():
    near = Shots(rows(), "nearest").for_chat(chat("My card was charged for a parcel"), 2)
    assert shown(near)[-1] == "My card was charged twice."
    assert "parcel" in shown(near)[0]


def test_the_question_itself_is_never_shown_however_it_is_written():
    for how in ("nearest", "random"):
        found = Shots(rows(), how).for_chat(chat("  where is MY parcel? "), 5)
        assert len(found) == 4
        assert "Where is my parcel?" not in shown(found)


def test_random_rows_are_the_same_for_all_prompts_and_the_seed_draws_others():
    drawn = Shots(rows(), "random", seed=1)
    first = shown(drawn.for_chat(chat("one"), 3))
    assert shown(drawn.for_chat(chat("two"), 3)) == first
    assert shown(Shots(rows(), "random", seed=1).for_chat(chat("one"), 3)) == first
    assert any(shown(Shots(rows(), "random", seed).for_chat(chat("one"), 3)) != first for seed in range(2, 6))


def test_only_single_questions_with_good_short_answers_are_shown():
    kept = row(1, "Hello", "hi")
    talk = Example("t", 2, (*kept.messages, *kept.messages))
    plain = Example("p", 3, (Message("text", "Once upon a time"),))
    silent = Example("s", 4, (Message("user", "Hello?"),))
    others = [talk, plain, silent, row(5, "Hello you", "go away", good=False), row(6, "long", "x" * MOST_CHARACTERS)]
    assert Shots([*others, kept, kept], "nearest").for_chat(chat("hello"), 9) == []
    assert Shots([*others, kept, kept], "random").for_chat(chat("what"), 9) == [kept]


def test_nothing_to_show_and_prompts_without_words_are_no_trouble():
    assert Shots([], "nearest").for_chat(chat("Hello"), 3) == []
    assert Shots(rows(), "nearest").for_chat([], 2)
    odd = Shots([row(1, "???", "a"), row(2, "", "b")], "nearest")
    assert len(odd.for_chat(chat("!!!"), 3)) == 2
    assert Shots(rows(), "nearest").for_chat(chat("Hello"), 0) == []


def test_words_that_no_space_divides_are_compared_sign_by_sign():
    found = Shots([row(1, "我的包裹在哪里", "a"), row(2, "谢谢你", "b")], "nearest").for_chat(chat("包裹到了吗"), 1)
    assert found[0].answer == "a"


def test_examples_stand_behind_the_chats_own_system_prompt():
    system, asked = Message("system", "Be brief."), Message("user", "Now?")
    shot = Example("r1", 1, (Message("system", "Other"), Message("user", "Then?"), Message("assistant", "No.")))
    assert [message.content for message in with_examples([shot], [system, asked])] == [
        "Be brief.",
        "Then?",
        "No.",
        "Now?",
    ]


def test_examples_that_do_not_fit_are_left_out_the_farthest_first():
    def at_most(count: int):
        return lambda messages: len(messages) <= count

    shots = rows()[:3]
    assert with_fitting(shots, chat("Now?"), at_most(5)) == with_examples(shots[1:], chat("Now?"))
    assert with_fitting(shots, chat("Now?"), at_most(1)) == chat("Now?")
    assert with_fitting([], chat("Now?"), at_most(0)) == chat("Now?")
