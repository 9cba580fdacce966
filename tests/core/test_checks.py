"""Each check finds what is wrong and nothing else, and says why: rows that are empty, out of order, or marked."""

import pytest

from core.curate import CHECKS, KEEP, LEAVE_OUT, REPAIR, Rows, scan
from core.records import TEXT, Dataset, Example, Message

BY_NAME = {check.name: check for check in CHECKS}


def dataset(*chats, **columns):
    rows = [
        Example(f"r{row:06d}", row, tuple(Message(role, text) for role, text in chat), **columns)
        for row, chat in enumerate(chats, 1)
    ]
    return Dataset.of(rows)


def pair(prompt, answer):
    return [("user", prompt), ("assistant", answer)]


def found(name, *chats, **columns):
    """Row numbers and reasons."""
    answer = BY_NAME[name].find(Rows(dataset(*chats, **columns))).sort("position")
    return [(position + 1, reason) for position, reason in answer.select("position", "reason").rows()]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_check_says_what_it_is_and_what_is_done(check):
    assert check.about.endswith(".")
    assert check.about[0].isupper()
    assert check.action in (LEAVE_OUT, KEEP, REPAIR)
    assert check.action != REPAIR or check.repair
    assert not check.threshold or check.threshold.lowest <= check.threshold.default <= check.threshold.highest


def test_no_two_checks_share_a_name():
    assert len(BY_NAME) == len(CHECKS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_no_check_finds_anything_in_good_rows_or_stumbles_over_none(check):
    good = [
        pair("What is the capital of France?", "The capital of France is Paris."),
        pair("Name two fruits.", "Apples and pears."),
        [("system", "Be brief."), *pair("How tall is Mont Blanc?", "About 4,806 metres.")],
    ]
    assert len(check.find(Rows(dataset(*good)))) == 0
    assert len(check.find(Rows(dataset()))) == 0


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_no_check_stumbles_over_a_row_without_messages(check):
    check.find(Rows(dataset([], pair("q", "a"))))


@pytest.mark.parametrize(
    ("answer", "empty"), [("", 1), (" \n\t", 1), ("\u200b\ufeff", 1), ("0", 0), ("–", 0), ("🙂", 0)]
)
def test_an_answer_is_empty_when_nothing_of_it_can_be_seen(answer, empty):
    assert len(found("empty answer", pair("q", answer))) == empty


def test_an_empty_answer_in_the_middle_is_named_by_its_turn():
    chat = [*pair("a", ""), *pair("b", "c")]
    assert found("empty answer", chat, pair("q", "")) == [
        (1, "turn 2, an answer, is empty"),
        (2, "the answer is empty"),
    ]


def test_a_plain_text_can_be_empty_too():
    assert found("empty answer", [(TEXT, " ")], [(TEXT, "Once upon a time")]) == [(1, "the text is empty")]


def test_an_empty_prompt_is_found_and_named_by_its_turn_where_there_are_several():
    chats = [pair(" ", "a"), pair("q", "a"), [*pair("q", "a"), *pair("", "b")]]
    assert found("empty prompt", *chats) == [(1, "the prompt is empty"), (3, "turn 3, the user's, is empty")]


ORDERS = [
    ("user assistant", ""),
    ("system user assistant", ""),
    ("user assistant user assistant", ""),
    ("user assistant tool assistant", ""),
    ("system user assistant tool tool assistant user assistant", ""),
    ("text", ""),
    ("assistant user", "turn 1 is from the assistant, but the user is next"),
    ("user user assistant", "turn 2 is from the user, but the assistant is next"),
    ("user system assistant", "turn 2 is from the system, but the assistant is next"),
    ("system system user assistant", "turn 2 is from the system, but the user is next"),
    ("user assistant assistant", "turn 3 is from the assistant, but the user is next"),
    ("user tool assistant", "turn 2 is from the tool, but the assistant is next"),
    ("user assistant text", "turn 3 is plain text, but the row is a chat"),
    ("user assistant tool", ""),
    ("user", ""),
    ("system user", ""),
    ("system", ""),
    ("user assistant user", ""),
    ("", ""),
]


@pytest.mark.parametrize(("roles", "reason"), ORDERS)
def test_roles_take_turns(roles, reason):
    problems = found("role order", [(role, "x") for role in roles.split()])
    assert problems == ([(1, reason)] if reason else [])


UNANSWERED = [
    ("user assistant", ""),
    ("text", ""),
    ("user assistant tool assistant", ""),
    ("assistant user assistant", ""),
    ("user", "the row has a prompt and no answer"),
    ("system user", "the row has a prompt and no answer"),
    ("user user", "the row has a prompt and no answer"),
    ("user assistant user", "the chat ends with turn 3, from the user, and no answer to it"),
    ("user assistant tool", "the chat ends with turn 3, from the tool, and no answer to it"),
    ("system", "the row has neither a prompt nor an answer"),
    ("", "the row has no messages"),
]


@pytest.mark.parametrize(("roles", "reason"), UNANSWERED)
def test_a_row_without_an_answer_of_the_model_is_found(roles, reason):
    problems = found("no answer", [(role, "x") for role in roles.split()], pair("q", "a"))
    assert problems == ([(1, reason)] if reason else [])


def test_rows_that_are_prompts_only_have_no_answer_and_nothing_else_is_wrong_with_them():
    texts = ["What is the capital of France?", "Name two fruits.", "How tall is Mont Blanc?"]
    problems = scan(dataset(*([("user", text)] for text in texts))).problems
    assert problems.select("row", "check", "reason").rows() == [
        (row, "no answer", "the row has a prompt and no answer") for row in (1, 2, 3)
    ]


def test_an_empty_answer_is_not_a_missing_one():
    rows = [pair("q", ""), [("user", "q")]]
    assert [row for row, _ in found("empty answer", *rows)] == [1]
    assert [row for row, _ in found("no answer", *rows)] == [2]


def test_the_first_of_equal_rows_is_kept_and_named():
    rows = [pair("a", "b"), pair("a", "c"), pair("a", "b"), pair("a", "b"), pair("A", "b"), pair("ab", "")]
    assert found("exact duplicate", *rows) == [(3, "same as row 1"), (4, "same as row 1")]
    answer = BY_NAME["exact duplicate"].find(Rows(dataset(*rows)))
    assert answer["other"].to_list() == [0, 0]


def test_the_border_between_turns_and_who_says_them_count():
    assert found("exact duplicate", pair("ab", "c"), pair("a", "bc")) == []
    long, other = [*pair("a\nb", "c"), *pair("d", "e")], [*pair("a", "b\nc"), *pair("d", "e")]
    assert found("exact duplicate", long, other) == []
    assert found("exact duplicate", [("user", "a"), *pair("b", "c")], [("system", "a"), *pair("b", "c")]) == []


def test_rows_are_the_same_only_with_the_same_label_and_rejected_answer():
    def row(number, **columns):
        return Example(str(number), number, (Message("user", "q"), Message("assistant", "a")), **columns)

    rows = [row(1, label="x"), row(2, label="y"), row(3, rejected="b"), row(4, rejected="c"), row(5, rejected="b")]
    answer = BY_NAME["exact duplicate"].find(Rows(Dataset.of(rows)))
    assert answer.select("position", "other").rows() == [(4, 2)]


def test_the_first_row_is_the_one_with_the_lower_number_whatever_order_the_rows_come_in():
    rows = [Example(f"r{row}", row, (Message("user", "q"), Message("assistant", "a"))) for row in (30, 7, 12)]
    answer = BY_NAME["exact duplicate"].find(Rows(Dataset.of(rows)))
    assert answer["reason"].to_list() == ["same as row 7", "same as row 7"]


PLACEHOLDERS = [
    ("N/A", 1),
    ("n/a.", 1),
    ("TODO", 1),
    ("[insert answer here]", 1),
    ("<no output>", 1),
    ("[Your answer here]", 1),
    ("xxx", 1),
    ("...", 1),
    ("…", 1),
    ("null", 1),
    ("Same as above.", 1),
    ("#REF!", 1),
    ("?", 1),
    ("Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore.", 1),
    ("0", 0),
    ("No", 0),
    ("Write a haiku here and now.", 0),
    ("Add two numbers", 0),
    ("xx", 0),
    ("The TODO list is empty.", 0),
    ("Nothing was answered.", 0),
    ("Lorem ipsum is a text that printers use.", 0),
]


@pytest.mark.parametrize(("text", "count"), PLACEHOLDERS)
def test_a_side_that_stands_for_a_text_is_a_placeholder(text, count):
    assert len(found("placeholder", pair("q", text))) == count
    assert len(found("placeholder", pair(text, "An answer."))) == count


def test_a_placeholder_is_quoted_with_its_place():
    assert found("placeholder", pair("q", " TBD\n")) == [(1, "the answer is only a placeholder: “TBD”")]


def test_a_label_may_be_called_none():
    assert found("placeholder", pair("Who is named in “It rains”?", "none"), label="none") == []


MARKERS = [
    ("Name a king.\n<noinput>", "Name a king."),
    ("Name a king.\nNo Input.", "Name a king."),
    ("Name a king.\n\nInput: None", "Name a king."),
    ("Name a king.\nN/A", "Name a king."),
    ("Name a king.", None),
    ("Which word is missing?\nNone", None),
    ("No input", None),
    ("What does “no input” mean?", None),
]


@pytest.mark.parametrize(("prompt", "mended"), MARKERS)
def test_the_mark_of_an_empty_field_is_found_and_taken_away(prompt, mended):
    assert len(found("input marker", pair(prompt, "Henry."))) == (mended is not None)
    assert BY_NAME["input marker"].repair(prompt) == (mended or prompt)


ECHOES = [
    ("What is the capital of France?", "What is the capital of France?", 1),
    ("What is the capital of France?", "what is the capital of france", 1),
    ("Good morning!", "Good morning!", 0),
    ("What is the capital of France?", "What is the capital of France? It is Paris.", 0),
    ("", "", 0),
]


@pytest.mark.parametrize(("prompt", "answer", "count"), ECHOES)
def test_an_answer_that_only_repeats_its_prompt_is_an_echo(prompt, answer, count):
    assert len(found("echo", pair(prompt, answer))) == count


def test_an_echo_in_a_chat_is_named_by_its_turn():
    chat = [*pair("Tell me a joke", "Tell me a joke!"), *pair("Another one please", "Why did the hen cross?")]
    assert found("echo", chat) == [(1, "turn 2 only repeats the message before it")]


def test_answers_that_the_file_marks_as_bad_are_found():
    reason = "the file marks this answer as a bad one"
    assert found("marked bad", pair("q", "a"), good=False) == [(1, reason)]
    assert found("marked bad", pair("q", "a"), good=True) == []
    assert found("marked bad", pair("q", "a")) == []


def test_a_pair_that_prefers_an_answer_to_itself_is_found():
    reason = "the rejected answer is the same as the chosen one"
    assert found("same rejected", pair("q", "Yes."), rejected="Yes. ") == [(1, reason)]
    assert found("same rejected", pair("q", "Yes."), rejected="No.") == []
    assert found("same rejected", pair("q", "")) == []


def labelled(counts):
    labels = [label for label, count in counts.items() for _ in range(count)]
    return Dataset.of(
        Example(f"r{row}", row, (Message("user", f"text {row}"), Message("assistant", label)), label=label)
        for row, label in enumerate(labels, 1)
    )


def test_a_label_in_another_spelling_is_found():
    answer = BY_NAME["label"].find(Rows(labelled({"spam": 30, "ham": 40, "Spam ": 1, "SPAM": 2})))
    assert answer["reason"].to_list() == ["“Spam ” is probably “spam”"] + 2 * ["“SPAM” is probably “spam”"]


def test_a_rare_label_is_found_with_its_count():
    answer = BY_NAME["label"].find(Rows(labelled({"a": 40, "b": 50, "c": 45, "rare": 2, "single": 1})))
    assert answer["reason"].to_list() == [
        "only 2 rows have the label “rare”; half of the labels have 40 or more",
        "only 2 rows have the label “rare”; half of the labels have 40 or more",
        "only this row has the label “single”; half of the labels have 40 or more",
    ]


@pytest.mark.parametrize(
    "counts", [{"spam": 13, "ham": 87}, {"-1": 9, "1": 8, "+": 5, "-": 6}, {str(n): 1 for n in range(30)}, {"a": 5}]
)
def test_labels_may_differ_in_number_and_may_all_be_single(counts):
    assert len(BY_NAME["label"].find(Rows(labelled(counts)))) == 0


def test_a_scan_lists_all_checks_in_row_order():
    rows = dataset(pair("What is it?", "b"), pair("", ""), pair("What is it?", "b"))
    problems = scan(rows).problems.filter(check="empty answer").vstack(scan(rows).problems.filter(check="empty prompt"))
    assert problems.select("row", "row_id").rows() == [(2, "r000002"), (2, "r000002")]
    assert scan(rows).problems["row"].is_sorted()


def test_a_clean_set_has_no_problems():
    assert scan(dataset(pair("What is it?", "A dog."), pair("Where is it?", "At home."))).problems.height == 0
    assert scan(dataset()).problems.height == 0
