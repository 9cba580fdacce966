"""Example + tokenizer → ids and labels, by the tokenizer's chat template.

Only what the assistant says is learned: its text and the token that ends its turn. Everything else is masked with
`IGNORED`, the label that PyTorch's cross-entropy skips. Plain text is learned whole, and so is everything where the
goal is "text"; but never the first token of a row, which nothing stands before. Of a row whose answer the file calls a
bad one nothing is learned.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.errors import LabError
from core.format.extent import Extent, Ranges
from core.format.templates import beginning, encodable, written
from core.records import TEXT, Example, Message

IGNORED = -100
ROWS_AT_ONCE = 256
CHARACTERS_AT_ONCE = 500_000  # of rows with very long cells fewer are in memory at once


@dataclass(frozen=True)
class Rendered:
    """One row as the model sees it: `ids` and `labels` of equal length, and how many tokens it had before the cut."""

    row: int
    ids: list[int]
    labels: list[int]
    full_length: int

    @property
    def trained(self) -> int:
        """How many tokens carry loss."""
        return sum(label != IGNORED for label in self.labels)


@dataclass(frozen=True)
class Formatted:
    """A rendered dataset: the rows to train on, and the source rows that were cut or cannot be learned from.

    `left_out` has all of the latter; `beyond` those of them whose answers begin behind the cut, and `refused` those
    that cannot be written for this model, each with the sentence that says why. The rest of them have no answer.
    """

    rows: list[Rendered]
    cut: list[int]
    left_out: list[int]
    beyond: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)

    @property
    def tokens(self) -> int:
        """All tokens of all rows."""
        return sum(len(row.ids) for row in self.rows)

    @property
    def trained(self) -> int:
        """Tokens that carry loss."""
        return sum(row.trained for row in self.rows)


@dataclass(frozen=True)
class Encoded:
    """One whole row: its extent, its text, its ids, and the tokenizer's own `encoding` of it.

    A row that cannot be written has no text.
    """

    extent: Extent
    text: str
    ids: list[int]
    encoding: Any

    @property
    def places(self) -> Ranges:
        """The characters of the text at which each token stands."""
        return list(self.encoding.offsets)

    def rendered(self, max_tokens: int) -> Rendered:
        """Ids and labels, cut to `max_tokens` at the end."""
        ids = self.ids[:max_tokens]
        labels = [IGNORED] * len(ids)
        for start, end in self.extent.learned:
            labels[start:end] = ids[start:end]
        return Rendered(self.extent.row, ids, labels, len(self.ids))


def prompt_ids(tokenizer: Any, messages: Sequence[Message]) -> list[int]:
    """The ids of a chat up to the point where the assistant begins to speak.

    Raises:
        LabError: the tokenizer's template refuses this order of roles.
    """
    text = written(tokenizer, messages, True)
    return list(tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])


def render(tokenizer: Any, example: Example, max_tokens: int, goal: str = "instruction") -> Rendered:
    """Ids and labels of one row, cut to `max_tokens` at the end; `goal` is that of the settings.

    Raises:
        LabError: the tokenizer's template refuses the row, or it is not certain where its answers stand.
    """
    row = encode(tokenizer, example, goal)
    if row.extent.refused:
        raise LabError(row.extent.refused)
    return row.rendered(max_tokens)


def format_dataset(
    tokenizer: Any, examples: Iterable[Example], max_tokens: int, goal: str = "instruction"
) -> Formatted:
    """Render every row. Rows from which nothing can be learned are left out, and both they and cut rows are named."""
    found = Formatted([], [], [])
    for row in encode_all(tokenizer, examples, goal):
        number, fate = row.extent.row, row.extent.fate(max_tokens)
        if fate in ("whole", "cut"):
            found.rows.append(row.rendered(max_tokens))
        else:
            found.left_out.append(number)
        if fate == "cut":
            found.cut.append(number)
        elif fate == "beyond":
            found.beyond.append(number)
        elif fate == "refused":
            found.refused[number] = row.extent.refused
    return found


def encode(tokenizer: Any, example: Example, goal: str = "instruction") -> Encoded:
    """One row, whole."""
    return next(encode_all(tokenizer, [example], goal))


def encode_all(tokenizer: Any, examples: Iterable[Example], goal: str = "instruction") -> Iterator[Encoded]:
    """Every row, whole, in the order given; many are tokenised at once."""
    opening = beginning(tokenizer)
    waiting: list[_Written] = []
    size = 0
    for example in examples:
        waiting.append(_write(tokenizer, example, goal, opening))
        size += len(waiting[-1].text)
        if len(waiting) == ROWS_AT_ONCE or size > CHARACTERS_AT_ONCE:
            yield from _encoded(tokenizer, waiting)
            waiting, size = [], 0
    yield from _encoded(tokenizer, waiting)


@dataclass(frozen=True)
class _Written:
    """A row as text, with the ranges of its characters that are learned; or why it cannot be written."""

    row: int
    text: str = ""
    learned: Ranges = field(default_factory=list)
    refused: str = ""


def _write(tokenizer: Any, example: Example, goal: str, opening: str) -> _Written:
    try:
        if example.messages and example.messages[0].role == TEXT:
            text = opening + encodable(example.answer) + tokenizer.eos_token
        else:
            text = written(tokenizer, example.messages, False)
            if goal != "text" and example.good is not False:
                return _Written(example.row, text, list(_answers(tokenizer, example.messages, text)))
    except LabError as error:
        return _Written(example.row, refused=f"Row {example.row} cannot be trained with this model: {error}")
    says_something = example.good is not False and any(message.content.strip() for message in example.messages)
    return _Written(example.row, text, [(0, len(text))] if says_something else [])


def _answers(tokenizer: Any, messages: Sequence[Message], text: str) -> Iterator[tuple[int, int]]:
    """Characters of each answer in the text of the chat: from after the generation prompt to the end of its turn."""
    for index, message in enumerate(messages):
        if message.role != "assistant" or not message.content or not index:  # nobody has asked before the first
            continue
        before = written(tokenizer, messages[:index], True)
        through = text if index == len(messages) - 1 else written(tokenizer, messages[: index + 1], False)
        if not (text.startswith(through) and through.startswith(before)):
            raise LabError(
                "its chat template rewrites earlier turns, so the answer's place is not certain. "
                "Use single-turn rows or another model."
            )
        # The newline that many templates write after the end-of-turn token is never generated, so it is not learned.
        yield len(before), len(through.rstrip("\n"))


def _encoded(tokenizer: Any, rows: Sequence[_Written]) -> Iterator[Encoded]:
    texts = [row.text for row in rows]
    if not texts:
        return
    found = tokenizer(texts, add_special_tokens=False, return_attention_mask=False, verbose=False).encodings
    for row, encoding in zip(rows, found, strict=True):
        learned = [_tokens(encoding, start, end) for start, end in row.learned]
        extent = Extent(row.row, len(encoding), [(a, b) for a, b in learned if a < b], row.refused)
        yield Encoded(extent, row.text, encoding.ids, encoding)


def _tokens(encoding: Any, start: int, end: int) -> tuple[int, int]:
    """The range of tokens that stand wholly within these characters, but for the first of the row.

    A token of no width stands where the tokenizer has trimmed a space: at the start it belongs to what is before. The
    places of all tokens are not asked for: a list of them for each row would take a fifth of the time.
    """
    tokens, place = range(len(encoding)), encoding.token_to_chars
    first = bisect_right(tokens, (start, start), key=place)
    return max(first, 1), bisect_right(tokens, end, key=lambda token: place(token)[1])
