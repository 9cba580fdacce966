"""Checks find what is wrong and nothing else, and say why."""

import pytest

from core.curate import CHECKS, leave_out, scan
from core.records import Dataset, Example, Message


def dataset(*chats, label=None):
    rows = [
        Example(f"r{row:06d}", row, tuple(Message(role, text) for role, text in chat), label)
        for row, chat in enumerate(chats, 1)
    ]
    return Dataset.of(rows)


def pair(prompt, answer):
    return [("user", prompt), ("assistant", answer)]


def found(check, *chats):
    return [(problem.row, problem.reason) for problem in CHECKS[check](dataset(*chats))]


@pytest.mark.parametrize(
    ("answer", "empty"), [("", 1), (" \n\t", 1), ("\u200b\ufeff", 1), ("0", 0), ("–", 0), ("🙂", 0)]
)
def test_an_answer_is_empty_when_nothing_of_it_can_be_seen(answer, empty):
    assert len(found("empty answer", pair("q", answer))) == empty


def test_an_empty_answer_in_the_middle_is_named_by_its_turn():
    chat = [*pair("a", ""), *pair("b", "c")]
    assert found("empty answer", chat) == [(1, "turn 2, an answer, is empty")]


def test_an_empty_prompt_is_found():
    assert found("empty prompt", pair(" ", "a"), pair("q", "a")) == [(1, "the prompt is empty")]


ORDERS = [
    ("user assistant", ""),
    ("system user assistant", ""),
    ("user assistant user assistant", ""),
    ("assistant user", "turn 1 is from the assistant, but the user is next"),
    ("user user assistant", "turn 2 is from the user, but the assistant is next"),
    ("user system assistant", "turn 2 is from the system, but the assistant is next"),
    ("system system user assistant", "turn 2 is from the system, but the user is next"),
    ("user assistant assistant", "turn 3 is from the assistant, but the user is next"),
    ("user", "the chat ends without an answer of the assistant"),
    ("system", "the chat ends without an answer of the assistant"),
    ("user assistant user", "the chat ends without an answer of the assistant"),
]


@pytest.mark.parametrize(("roles", "reason"), ORDERS)
def test_roles_take_turns(roles, reason):
    problems = found("role order", [(role, "x") for role in roles.split()])
    assert problems == ([(1, reason)] if reason else [])


def test_the_first_of_equal_rows_is_kept_and_named():
    rows = [pair("a", "b"), pair("a", "c"), pair("a", "b"), pair("a", "b"), pair("A", "b"), pair("ab", "")]
    assert found("exact duplicate", *rows) == [(3, "same as row 1"), (4, "same as row 1")]


def test_the_border_between_turns_counts():
    assert found("exact duplicate", pair("ab", "c"), pair("a", "bc")) == []


GARBLED = ["FranÃ§ois", "dâ€™accord", "39 â‚¬", "SchlieÃŸen", "lost \ufffd here", "naÃ¯ve cafÃ©"]
RIGHT = [
    "François dîne à l’hôtel, ça coûte 39 €.",
    "„Schließen“ – Größe, Übung, «Lumière»",
    "Łódź, Kraków, Žižkov, Ångström, İstanbul, ñandú",
    "こんにちは、世界。東京都",
    "안녕하세요 세계",
    "Привет, мир",
    "مرحبا بالعالم",
    "नमस्ते",
    "🙂👩🏽‍💻🇩🇪 ✓ → ½ µm 20 °C ©™",
    "x² ≤ ∑ √2 ± ∞",
    "It’s “quoted” — ﬁne",
    "plain text",
]


@pytest.mark.parametrize("text", GARBLED)
def test_garbled_text_is_found(text):
    assert len(found("mojibake", pair("q", text))) == 1


@pytest.mark.parametrize("text", RIGHT)
def test_right_text_of_any_script_is_left_alone(text):
    assert found("mojibake", pair(text, text)) == []


def test_the_repair_is_shown():
    assert found("mojibake", pair("q", "FranÃ§ois")) == [(1, "garbled characters: “Ã§” was probably “ç”")]


def test_a_scan_lists_all_checks_in_row_order():
    problems = scan(dataset(pair("a", "b"), pair("", ""), pair("a", "b")))
    assert [(p.row, p.check, p.row_id) for p in problems] == [
        (2, "empty answer", "r000002"),
        (2, "empty prompt", "r000002"),
        (3, "exact duplicate", "r000003"),
    ]


def test_a_clean_set_has_no_problems():
    assert scan(dataset(pair("a", "b"), pair("c", "d"))) == []
    assert scan(dataset()) == []


def test_leaving_rows_out_keeps_the_others_as_they_are():
    rows = dataset(pair("a", "b"), pair("c", "d"), pair("e", "f"))
    assert [example.row for example in leave_out(rows, ["r000002", "unknown"])] == [1, 3]
    assert len(leave_out(rows, [])) == 3
