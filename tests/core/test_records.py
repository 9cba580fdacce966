"""A dataset keeps its rows, and its hash is that of its content."""

from core.records import HELD_OUT, TRAIN, Dataset, Example, Message


def example(row: int, answer: str = "Paris", split: str | None = None) -> Example:
    return Example(f"r{row}", row, (Message("user", "Capital?"), Message("assistant", answer)), None, split)


def test_rows_survive_the_table_unchanged() -> None:
    rows = [example(1), example(2, "Lyon", HELD_OUT), Example("r3", 3, (), "label")]
    assert list(Dataset.of(rows)) == rows


def test_an_empty_dataset_is_a_dataset() -> None:
    assert len(Dataset.of([])) == 0
    assert list(Dataset.of([]).part(TRAIN)) == []


def test_the_hash_sees_every_text_and_where_it_ends() -> None:
    hashes = {
        Dataset.of([Example("r1", 1, (Message("user", text), Message("assistant", answer)))]).content_hash()
        for text, answer in [("ab", "c"), ("a", "bc"), ("", "abc")]
    }
    assert len(hashes) == 3
    assert Dataset.of([example(1)]).content_hash() == Dataset.of([example(1)]).content_hash()


def test_the_prompt_is_everything_before_the_last_answer() -> None:
    assert [message.content for message in example(1).prompt] == ["Capital?"]
    assert example(1).answer == "Paris"
    question = Example("r1", 1, (Message("user", "Capital?"),))
    assert (question.prompt, question.answer) == (question.messages, "")


def test_parts_are_the_sides_of_the_split() -> None:
    dataset = Dataset.of([example(1, split=TRAIN), example(2, split=HELD_OUT), example(3)])
    assert [row.row for row in dataset.part(HELD_OUT)] == [2]
    assert [row.row for row in dataset.slice(1, 5)] == [2, 3]
