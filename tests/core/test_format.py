"""What is learned is exactly what the assistant says, with the end of its turn."""

from pathlib import Path
from typing import Any

import pytest

from core.errors import LabError
from core.format import IGNORED, format_dataset, picture, prompt_ids, render
from core.models import load_tokenizer, resolve
from core.records import Dataset, Example, Message
from core.settings import HOME


def chat(row: int, *turns: tuple[str, str]) -> Example:
    return Example(f"r{row}", row, tuple(Message(role, content) for role, content in turns))


@pytest.fixture(scope="module")
def tokenizer(tiny_model_folder: Path) -> Any:
    return load_tokenizer(resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME))


def learned(tokenizer: Any, example: Example) -> str:
    return "".join(text for text, is_learned in picture(tokenizer, render(tokenizer, example, 512)) if is_learned)


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
    assert (formatted.cut, formatted.left_out) == ([2], [3, 4])
    assert max(len(row.ids) for row in formatted.rows) == 100
    assert formatted.trained == sum(row.trained for row in formatted.rows) > 0


def test_a_template_that_refuses_says_so(tokenizer: Any) -> None:
    import copy

    strict = copy.deepcopy(tokenizer)
    strict.chat_template = "{{ raise_exception('roles must alternate') }}"
    with pytest.raises(LabError, match="roles must alternate"):
        prompt_ids(strict, [Message("user", "hi")])


def test_a_template_that_rewrites_earlier_turns_is_not_guessed_around(tokenizer: Any) -> None:
    import copy

    forgetful = copy.deepcopy(tokenizer)
    forgetful.chat_template = "{{ messages[-1]['content'] }}"
    with pytest.raises(LabError, match="Row 7"):
        render(forgetful, chat(7, ("user", "hi"), ("assistant", "hello")), 512)


@pytest.mark.starter
def test_the_starter_learns_the_answer_and_its_end(starter: Any) -> None:
    tokenizer = load_tokenizer(starter)
    example = chat(1, ("user", "When will it come?"), ("assistant", "track_parcel"))
    assert learned(tokenizer, example) == "track_parcel<|im_end|>"
