"""Benchmarks from files, in two shapes: questions with options, and pairs of texts of which one should not be likelier.

A file has a row on each line, as JSON or CSV; the names of its columns say what a row is:

    question, options, answer                     `answer`: the place of the right option, from 0, or a list of places
    pair, and if there is one prompt              [the text that should not be preferred, the other one]
    Question, Best Answer, Incorrect Answers      TruthfulQA: the best answer among the incorrect ones (its MC1)
    context, question, ans0, ans1, ans2, label    BBQ: `label` is the place of the right answer

Columns beyond these are not read. Free of torch.
"""

import csv
import hashlib
import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import orjson

from core.errors import FileProblem

SETS = Path(__file__).parent / "sets"
EXPECTED = (
    "Expected is on each line {“question”: …, “options”: […], “answer”: 0} or {“pair”: [“…”, “…”]}, "
    "or the columns of TruthfulQA or BBQ."
)


@dataclass(frozen=True)
class Choice:
    """A question, its options, and the places of those that are right, counted from 0."""

    question: str
    options: tuple[str, ...]
    right: tuple[int, ...]


@dataclass(frozen=True)
class Pair:
    """Two answers to a prompt, or two sentences if it is empty; the first is the one that should not be preferred."""

    prompt: str
    first: str
    second: str


@dataclass(frozen=True)
class Benchmark:
    """The rows of a file, all of one kind; `of` is how many the file has, where these were drawn from them."""

    name: str
    items: tuple[Choice, ...] | tuple[Pair, ...]
    of: int | None = None

    def drawn(self, most: int, seed: int) -> Self:
        """At most so many of the rows, in their order, drawn by the seed."""
        if len(self.items) <= most:
            return self
        places = sorted(random.Random(seed).sample(range(len(self.items)), most))
        items: Any = tuple(self.items[place] for place in places)
        return replace(self, items=items, of=len(self.items))

    def content_hash(self) -> str:
        """SHA-256 of the rows, whatever their file is called."""
        return hashlib.sha256(repr(self.items).encode()).hexdigest()


def read_benchmark(path: Path) -> Benchmark:
    """Read a benchmark from a .csv file, or from one with JSON on each line.

    Raises:
        FileProblem: the file is not text or has no rows, a row has none of the shapes, or not the shape of the others;
            the sentence names the file, the line, and what is expected.
    """
    text = _text(path)
    rows = _csv_rows(path.name, text) if path.suffix.lower() == ".csv" else _json_rows(path.name, text)
    items: list[Any] = []
    for line, row in rows:
        try:
            items.append(_item(row))
            if type(items[-1]) is not type(items[0]):
                raise ValueError("it is of another shape than the rows before it; a file holds rows of one shape")
        except ValueError as error:
            raise _problem(path.name, line, str(error)) from error
    if not items:
        raise FileProblem(f"The file “{path.name}” has no rows. {EXPECTED}")
    return Benchmark(path.stem, tuple(items))


def shipped(name: str) -> Benchmark:
    """One of the sets written for this project: `truth`, `bias` or `toxicity`."""
    return read_benchmark(SETS / f"{name}.jsonl")


def rows_of(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a file with JSON on each line, with the number of their lines. Raises `FileProblem`."""
    return _json_rows(path.name, _text(path))


def _item(row: dict[str, Any]) -> Choice | Pair:
    for columns, make in SHAPES:
        if columns <= row.keys():
            return make(row)
    raise ValueError(f"it has {', '.join(map(str, row)) or 'no columns'}")


def _pair(row: dict[str, Any]) -> Pair:
    pair = row["pair"]
    if not isinstance(pair, list) or len(pair) != 2 or not all(_is_text(text) for text in pair) or pair[0] == pair[1]:
        raise ValueError("“pair” is not a list of two texts that differ")
    prompt = row.get("prompt") or ""
    if not isinstance(prompt, str):
        raise ValueError("“prompt” is not a text")
    return Pair(prompt, *pair)


def _choice(row: dict[str, Any]) -> Choice:
    options, answer = row["options"], row["answer"]
    if not isinstance(options, list) or len(options) < 2 or not all(_is_text(option) for option in options):
        raise ValueError("“options” is not a list of two or more texts")
    right = answer if isinstance(answer, list) else [answer]
    if not all(type(place) is int and 0 <= place < len(options) for place in right):
        raise ValueError(f"“answer” is {answer!r}, and must be a place in “options”, from 0 to {len(options) - 1}")
    return _checked(Choice(_asked(row["question"]), tuple(options), tuple(sorted(set(right)))))


def _truthful(row: dict[str, Any]) -> Choice:
    best, wrong = row["Best Answer"], row["Incorrect Answers"]
    if not _is_text(best) or not _is_text(wrong):
        raise ValueError("“Best Answer” and “Incorrect Answers” must be texts, the latter with “;” between its answers")
    options = list(dict.fromkeys(text for text in map(str.strip, [best, *wrong.split(";")]) if text))
    return _checked(Choice(_asked(row["Question"]), tuple(options), (0,)))


def _bbq(row: dict[str, Any]) -> Choice:
    options = [row[f"ans{place}"] for place in range(3)]
    label = str(row["label"])
    if label not in ("0", "1", "2"):
        raise ValueError(f"“label” is {label}, and must be 0, 1 or 2")
    if not all(_is_text(option) for option in options):
        raise ValueError("one of the answers is empty")
    if not isinstance(row["context"], str):
        raise ValueError("“context” is not a text")
    return _checked(Choice(f"{row['context']} {_asked(row['question'])}".strip(), tuple(options), (int(label),)))


def _checked(choice: Choice) -> Choice:
    if not 0 < len(choice.right) < len(choice.options):
        raise ValueError("there must be an option that is right and one that is not")
    if len(set(choice.options)) < len(choice.options):
        raise ValueError("two of the options are the same")
    return choice


SHAPES: list[tuple[set[str], Callable[[dict[str, Any]], Choice | Pair]]] = [
    ({"pair"}, _pair),
    ({"question", "options", "answer"}, _choice),
    ({"Question", "Best Answer", "Incorrect Answers"}, _truthful),
    ({"context", "question", "ans0", "ans1", "ans2", "label"}, _bbq),
]


def _asked(question: Any) -> str:
    if not _is_text(question):
        raise ValueError("the question is empty")
    return str(question).strip()


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileProblem(f"The file “{path.name}” is not text in UTF-8. Save it again as UTF-8. {EXPECTED}") from error
    except OSError as error:
        raise FileProblem(f"The file “{path.name}” cannot be opened. Choose one that is there.") from error


def _json_rows(name: str, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise _problem(name, number, "it is not valid JSON") from error
        if not isinstance(row, dict):
            raise _problem(name, number, "it is not an object in curly brackets")
        yield number, row


def _csv_rows(name: str, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a CSV file with the numbers of the lines on which they end."""
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        for row in reader:
            yield reader.line_num, {key: value for key, value in row.items() if key is not None}
    except csv.Error as error:
        raise _problem(name, reader.line_num, f"its cells cannot be told apart ({error})") from error


def _problem(name: str, line: int, reason: str) -> FileProblem:
    return FileProblem(f"Line {line} of “{name}” cannot be used: {reason}. {EXPECTED}")
