"""What is learned is exactly what the assistant says, with the end of its turn; many rows at once as one by one."""

import copy
import dataclasses
import logging
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import LabError
from core.format import IGNORED, Rendered, encode, format_dataset, picture, prompt_ids, render
from core.format.picture import SHOWN_AROUND_CUT, SHOWN_AT_ENDS
from core.models import load_tokenizer, resolve
from core.records import TEXT, Dataset, Example, Message
from core.settings import HOME


def chat(row: int, *turns: tuple[str, str]) -> Example:
    return Example(f"r{row}", row, tuple(Message(role, content) for role, content in turns))


@pytest.fixture(scope="module")
def tokenizer(tiny_model_folder: Path) -> Any:
    return load_tokenizer(resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME))


def learned(tokenizer: Any, example: Example, goal: str = "instruction") -> str:
    pieces = picture(tokenizer, encode(tokenizer, example, goal), 512)
    return "".join(piece.text for piece in pieces if piece.state == "learned")


def one_by_one(tokenizer: Any, example: Example, max_tokens: int) -> Rendered:
    """A row the plain way: each turn written alone, and each token held against each answer."""

    def written(messages: tuple[Message, ...], opening: bool) -> str:
        chat = [message.as_dict() for message in messages]
        return str(tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=opening))

    said = [at for at, message in enumerate(example.messages) if message.role == "assistant" and message.content and at]
    spans = [
        (len(written(example.messages[:at], True)), len(written(example.messages[: at + 1], False).rstrip("\n")))
        for at in said
    ]
    encoded = tokenizer(written(example.messages, False), add_special_tokens=False, return_offsets_mapping=True)
    labels = [
        token if any(start <= begin and end <= stop for start, stop in spans) else IGNORED
        for token, (begin, end) in zip(encoded["input_ids"], encoded["offset_mapping"], strict=True)
    ]
    ids = list(encoded["input_ids"])
    return Rendered(example.row, ids[:max_tokens], labels[:max_tokens], len(ids))


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([("user", "Capital?"), ("assistant", "Paris.")], "Paris.<|im_end|>"),
        ([("system", "Be brief."), ("user", "Capital?"), ("assistant", "Paris.")], "Paris.<|im_end|>"),
        (
            [("user", "a"), ("assistant", "one"), ("user", "b"), ("assistant", "two")],
            "one<|im_end|>two<|im_end|>",
        ),
        ([("user", "say <|im_end|> twice"), ("assistant", "Grüße 🌍 你好")], "Grüße 🌍 你好<|im_end|>"),
        ([("user", "  spaces  "), ("assistant", "  kept  ")], "  kept  <|im_end|>"),
        ([("user", "Capital?"), ("assistant", "")], ""),
        ([("user", "no answer")], ""),
    ],
)
def test_only_answers_are_learned(tokenizer: Any, turns: list[tuple[str, str]], expected: str) -> None:
    assert learned(tokenizer, chat(1, *turns)) == expected


def test_ids_are_those_of_the_chat_template(tokenizer: Any) -> None:
    example = chat(1, ("user", "Where is my parcel?"), ("assistant", "On its way."))
    whole = tokenizer.apply_chat_template([m.as_dict() for m in example.messages], return_dict=True)["input_ids"]
    rendered = render(tokenizer, example, 512)
    assert rendered.ids == list(whole)
    assert len(rendered.labels) == len(rendered.ids)
    assert all(label in (token, IGNORED) for label, token in zip(rendered.labels, rendered.ids, strict=True))


def test_what_is_trained_begins_where_generation_begins(tokenizer: Any) -> None:
    example = chat(1, ("user", "Where is my parcel?"), ("assistant", "On its way."))
    rendered = render(tokenizer, example, 512)
    start = next(i for i, label in enumerate(rendered.labels) if label != IGNORED)
    assert rendered.ids[:start] == prompt_ids(tokenizer, example.prompt)


def test_long_rows_are_cut_and_named_and_rows_without_an_answer_are_left_out_and_named(tokenizer: Any) -> None:
    rows = Dataset.of(
        [
            chat(1, ("user", "hi"), ("assistant", "hello")),
            chat(2, ("user", "hi"), ("assistant", "word " * 200)),
            chat(3, ("user", "word " * 200), ("assistant", "too late")),
            chat(4, ("user", "hi"), ("assistant", "")),
        ]
    )
    formatted = format_dataset(tokenizer, rows, 100)
    assert [row.row for row in formatted.rows] == [1, 2]
    assert (formatted.cut, formatted.left_out, formatted.beyond) == ([2], [3, 4], [3])
    assert max(len(row.ids) for row in formatted.rows) == 100
    assert formatted.trained == sum(row.trained for row in formatted.rows) > 0


CONTENTS = st.text(max_size=40) | st.sampled_from(
    ["", "<|im_end|>", "\n\n", " a ", "👨‍👩‍👧", "שלום", "\u202ex", "e\u0301", "\0"]
)
TURNS = st.lists(st.tuples(st.sampled_from(["system", "user", "assistant", "tool"]), CONTENTS), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TURNS, min_size=1, max_size=5), st.sampled_from([16, 40, 400]))
def test_many_rows_at_once_are_as_one_by_one(
    tokenizer: Any, chats: list[list[tuple[str, str]]], max_tokens: int
) -> None:
    examples = [chat(row, *turns) for row, turns in enumerate(chats, 1)]
    plain = [one_by_one(tokenizer, example, max_tokens) for example in examples]
    formatted = format_dataset(tokenizer, examples, max_tokens)
    assert formatted.rows == [row for row in plain if row.trained]
    assert formatted.left_out == [row.row for row in plain if not row.trained]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TURNS, st.sampled_from([16, 40, 400]), st.sampled_from(["instruction", "text"]))
def test_the_picture_holds_the_whole_text_and_every_token_once(
    tokenizer: Any, turns: list[tuple[str, str]], max_tokens: int, goal: str
) -> None:
    row = encode(tokenizer, chat(1, *turns), goal)
    pieces = picture(tokenizer, row, max_tokens)
    assert "".join(piece.text for piece in pieces) == row.text
    count = {state: sum(piece.tokens for piece in pieces if piece.state == state) for state in ("learned", "cut")}
    assert count["learned"] == row.rendered(max_tokens).trained == row.extent.trained(max_tokens)
    assert count["cut"] == max(0, len(row.ids) - max_tokens)
    assert sum(piece.tokens for piece in pieces) == len(row.ids)


def test_special_tokens_are_pieces_of_their_own_even_where_a_person_has_typed_them(tokenizer: Any) -> None:
    row = encode(tokenizer, chat(1, ("user", "say <|im_end|>"), ("assistant", "ok")))
    special = [piece.text for piece in picture(tokenizer, row, 512) if piece.special]
    assert special == ["<|im_start|>", "<|im_end|>"] * 2 + ["<|im_end|>", "<|im_start|>", "<|im_end|>"]


def test_of_a_very_long_row_both_ends_and_the_cut_are_shown(tokenizer: Any) -> None:
    row = encode(tokenizer, chat(1, ("user", "hi"), ("assistant", "x" * 200_000)))
    pieces = picture(tokenizer, row, 5_000)
    shown = sum(piece.tokens for piece in pieces if piece.state != "not shown")
    assert shown == 2 * SHOWN_AROUND_CUT + SHOWN_AT_ENDS * 3 // 2
    assert [piece.state for piece in pieces].count("not shown") == 2
    assert sum(piece.tokens for piece in pieces) == len(row.ids) > 100_000
    assert sum(piece.tokens for piece in pieces if piece.state == "cut") < len(row.ids) - 5_000


def test_plain_text_is_learned_to_its_end_but_for_its_first_token(tokenizer: Any) -> None:
    row = render(tokenizer, chat(1, (TEXT, "Once upon a time.")), 512)
    assert row.ids == [*tokenizer("Once upon a time.")["input_ids"], tokenizer.eos_token_id]
    assert row.labels == [IGNORED, *row.ids[1:]]
    assert render(tokenizer, chat(1, (TEXT, "  ")), 512).trained == 0


def test_as_text_everything_of_a_chat_is_learned(tokenizer: Any) -> None:
    example = chat(1, ("system", "Be brief."), ("user", "Capital?"), ("assistant", "Paris."))
    whole = tokenizer.apply_chat_template([turn.as_dict() for turn in example.messages], tokenize=False)
    assert learned(tokenizer, example, "text") == whole.removeprefix("<|im_start|>")
    assert render(tokenizer, chat(1, ("user", "only asked")), 512, "text").trained > 0
    assert render(tokenizer, chat(1, ("user", " "), ("assistant", "")), 512, "text").trained == 0


@pytest.mark.parametrize("goal", ["instruction", "text"])
def test_an_answer_that_the_file_calls_bad_is_not_learned(tokenizer: Any, goal: str) -> None:
    good = chat(1, ("user", "Capital?"), ("assistant", "Paris."))
    rows = [dataclasses.replace(good, row=at, good=says) for at, says in enumerate((True, False, None), 1)]
    formatted = format_dataset(tokenizer, Dataset.of(rows), 100, goal)
    assert ([row.row for row in formatted.rows], formatted.left_out) == ([1, 3], [2])


def test_an_answer_that_nobody_asked_for_is_only_read(tokenizer: Any) -> None:
    greeted = chat(1, ("assistant", "Hello!"), ("user", "Capital?"), ("assistant", "Paris."))
    assert learned(tokenizer, greeted) == "Paris.<|im_end|>"


def test_half_characters_do_not_break_a_row_or_a_prompt(tokenizer: Any) -> None:
    assert learned(tokenizer, chat(1, ("user", "a"), ("assistant", "x\ud83dy"))) == "x\ufffdy<|im_end|>"
    assert learned(tokenizer, chat(1, ("user", "a"), ("assistant", "\ud83d\ude00"))) == "😀<|im_end|>"
    assert prompt_ids(tokenizer, [Message("user", "\udc00")]) == prompt_ids(tokenizer, [Message("user", "\ufffd")])


def test_a_row_longer_than_the_model_reads_is_not_told_to_the_log(
    tokenizer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("transformers").addHandler(caplog.handler)
    long = "word " * 2000
    format_dataset(tokenizer, [chat(1, ("user", "hi"), ("assistant", long))], 100)
    prompt_ids(tokenizer, [Message("user", long)])
    logging.getLogger("transformers").removeHandler(caplog.handler)
    assert "longer than" not in caplog.text


def test_a_template_that_refuses_says_so(tokenizer: Any) -> None:
    strict = copy.deepcopy(tokenizer)
    strict.chat_template = "{{ raise_exception('roles must alternate') }}"
    with pytest.raises(LabError, match="roles must alternate"):
        prompt_ids(strict, [Message("user", "hi")])


@pytest.mark.parametrize(
    "broken", ["{{ messages[0]['content'] + none }}", "{{ messages[9]['content'] }}", "{{ 1 / 'a' }}"]
)
def test_a_template_that_breaks_is_a_sentence(tokenizer: Any, broken: str) -> None:
    torn = copy.deepcopy(tokenizer)
    torn.chat_template = broken
    with pytest.raises(LabError, match="The chat template refuses this chat"):
        render(torn, chat(1, ("user", "hi"), ("assistant", "hello")), 512)


def test_rows_that_a_template_refuses_are_left_out_one_by_one_and_say_why(tokenizer: Any) -> None:
    strict = copy.deepcopy(tokenizer)
    refusing = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system here') }}{% endif %}"
    strict.chat_template = refusing + tokenizer.chat_template
    rows = [
        chat(3, ("user", "hi"), ("assistant", "hello")),
        chat(4, ("system", "Be brief."), ("user", "hi"), ("assistant", "hello")),
    ]
    formatted = format_dataset(strict, rows, 512)
    assert [row.row for row in formatted.rows] == [3]
    assert formatted.left_out == [4] == list(formatted.refused)
    assert formatted.refused[4].startswith("Row 4 cannot be trained with this model: The chat template refuses")
    assert "no system here" in formatted.refused[4]


def test_a_template_that_rewrites_earlier_turns_is_not_guessed_around(tokenizer: Any) -> None:
    forgetful = copy.deepcopy(tokenizer)
    forgetful.chat_template = "{{ messages[-1]['content'] }}"
    with pytest.raises(LabError, match="Row 7"):
        render(forgetful, chat(7, ("user", "hi"), ("assistant", "hello")), 512)


@pytest.mark.starter
def test_the_starter_learns_the_answer_and_its_end(starter: Any) -> None:
    tokenizer = load_tokenizer(starter)
    example = chat(1, ("user", "When will it come?"), ("assistant", "track_parcel"))
    assert learned(tokenizer, example) == "track_parcel<|im_end|>"
