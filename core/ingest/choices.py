"""Multiple choice: a question, choices in a list or in columns, and an answer by letter, number or text."""

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from core.ingest.cells import Cleaner, Unreadable, is_blank, nested
from core.ingest.made import Made
from core.ingest.names import WRONG_CHOICES, plain, successor

LETTERS = string.ascii_uppercase
LETTERED = re.compile(r"\s*\(?([A-Za-z])\s*[).:]\s*")  # “A) ”, “(a) ”, “A. ” before a choice
LETTER = re.compile(r"\(?([A-Za-z])[).:]?")
IN_ONE_TEXT = re.compile(r"(?:^|[\s,;])\(?([a-eA-E])\s*[).]\s")  # “a ) 38 , b ) 27 , c ) 30”, as in MathQA

Reading = Literal["text", "letter", "from 0", "from 1"]
READINGS: tuple[Reading, ...] = ("letter", "text", "from 0", "from 1")


@dataclass(frozen=True)
class Choices:
    """The choices of a row, each with the name that the file gives it (a letter or number), if it does."""

    texts: tuple[str, ...]
    names: tuple[str, ...] = ()

    def shown(self) -> str:
        """The choices as the prompt lists them."""
        return "\n".join(f"{LETTERS[index]}. {text}" for index, text in enumerate(self.texts))


def choices_of(values: dict[str, Any], columns: dict[str, str], cleaner: Cleaner) -> Choices:
    """The choices of a row. Raises `Unreadable` where there are fewer than 2, or more than letters."""
    column = columns["choices"]
    cell = nested(values.get(column))
    if plain(column).startswith(WRONG_CHOICES):
        found = _wrong_and_right(values, columns, cleaner)
    elif isinstance(cell, dict):
        found = _of_object(cell, cleaner)
    elif isinstance(cell, list):
        found = _of_list(cell, cleaner)
    elif len(names := series(column, values)) > 1:
        found = Choices(tuple(cleaner.text(values[name]) for name in names))
    else:
        found = Choices(tuple(_split(cell)))
    if not 2 <= len(found.texts) <= len(LETTERS):
        few = len(found.texts) < 2
        raise Unreadable("no choices", f"there are {'fewer than 2' if few else f'more than {len(LETTERS)}'} choices")
    return _without_letters(found)


def series(first: str, columns: dict[str, Any] | Sequence[str]) -> list[str]:
    """The columns that go on from the first by number or letter, as `ans0`, `ans1`; of a row, those that are filled."""
    found: list[str] = []
    name: str | None = first
    while name is not None and name in columns:
        if isinstance(columns, dict) and is_blank(columns[name]):
            break
        found.append(name)
        name = successor(name)
    return found


def readings(value: Any, choices: Choices) -> dict[Reading, int]:
    """The ways to read an answer, each with the place (from 0) of the choice that it then names."""
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    word = str(value).strip()
    lower = word.lower()
    found: dict[Reading, int] = {}
    if lower in choices.names:
        return {"letter": choices.names.index(lower)}
    if isinstance(value, str) and (letter := LETTER.fullmatch(word)):
        found["letter"] = LETTERS.index(letter[1].upper())
    texts = [text.strip().lower() for text in choices.texts]
    bare = LETTERED.sub("", lower, count=1)
    if isinstance(value, str) and (lower in texts or bare in texts):
        found["text"] = texts.index(lower if lower in texts else bare)
    if re.fullmatch(r"[0-9]{1,2}(\.0)?", word) and not isinstance(value, bool):
        found |= {"from 0": int(float(word)), "from 1": int(float(word)) - 1}
    return {reading: place for reading, place in found.items() if 0 <= place < len(choices.texts)}


class Answers:
    """How the answers of a file name choices: 1 is the second of two where 0 occurs as well, the first where 2 does.

    The first rows that leave only one way decide; until then `known` is None.
    """

    def __init__(self) -> None:
        self.known: Reading | None = None
        self._possible: set[Reading] = set(READINGS)

    def see(self, found: dict[Reading, int]) -> None:
        """Take a row into account."""
        if self.known is None and found:
            self._possible = (self._possible & found.keys()) or self._possible
            if len(self._possible) == 1:
                (self.known,) = self._possible

    def settle(self) -> None:
        """There are no more rows: the likeliest way that is left."""
        self.known = self.known or next(reading for reading in READINGS if reading in self._possible)

    def place(self, found: dict[Reading, int]) -> int | None:
        """Which choice a row names; where it cannot be read as the others are, by its letter or text."""
        for reading in (self.known, "letter", "text"):
            if reading in found:
                return found[reading]
        return None


def seen(answers: Answers, row: dict[str, Any], columns: dict[str, str]) -> bool:
    """Whether the file's way to name choices is known, once this row was looked at."""
    try:
        answers.see(readings(row.get(columns["answer"]), choices_of(row, columns, Cleaner())))
    except Unreadable:  # it is said when the row is made
        return False
    return answers.known is not None


def choice_question(row: dict[str, Any], columns: dict[str, str], answers: Answers, cleaner: Cleaner) -> list[Made]:
    """Question and choices as the prompt, the right one as the answer, its letter as the label. Raises `Unreadable`."""
    choices = choices_of(row, columns, cleaner)
    parts = [cleaner.text(row.get(columns[name])) for name in ("context", "question") if name in columns]
    prompt = "\n\n".join(part for part in [*parts, choices.shown()] if part.strip())
    answer = row.get(columns["answer"])
    if is_blank(answer):
        return [Made([("user", prompt), ("assistant", "")])]
    place = answers.place(readings(answer, choices))
    if place is None:
        raise Unreadable("no such choice", f"“{columns['answer']}” names none of the {len(choices.texts)} choices")
    said = f"{LETTERS[place]}. {choices.texts[place]}"
    return [Made([("user", prompt), ("assistant", said)], label=LETTERS[place])]


def _wrong_and_right(values: dict[str, Any], columns: dict[str, str], cleaner: Cleaner) -> Choices:
    """Wrong answers and the right one in the order of the alphabet, so that its place gives nothing away."""
    cell = nested(values.get(columns["choices"]))
    wrong = cell if isinstance(cell, list) else [values[name] for name in series(columns["choices"], values)]
    texts = {cleaner.text(text).strip() for text in [*wrong, values.get(columns["answer"])]} - {""}
    return Choices(tuple(sorted(texts)))


def _of_object(cell: dict[str, Any], cleaner: Cleaner) -> Choices:
    """`{"text": […], "label": […]}` as in ARC, or `{"A": …, "B": …}`."""
    texts = next((cell[key] for key in ("text", "choices", "texts") if isinstance(cell.get(key), list)), None)
    if texts is None:
        return Choices(tuple(cleaner.text(text) for text in cell.values()), tuple(str(key).lower() for key in cell))
    names: list[Any] = next((cell[key] for key in ("label", "labels") if isinstance(cell.get(key), list)), [])
    return Choices(tuple(map(cleaner.text, texts)), _names(names, len(texts)))


def _of_list(cell: list[Any], cleaner: Cleaner) -> Choices:
    """A list of texts, or of objects with a text and its letter."""
    if not all(isinstance(item, dict) for item in cell):
        return Choices(tuple(cleaner.text(item) for item in cell))
    texts = [next((item[key] for key in ("text", "content", "value", "answer") if key in item), "") for item in cell]
    names = [next((item[key] for key in ("label", "key", "id", "letter") if key in item), "") for item in cell]
    return Choices(tuple(map(cleaner.text, texts)), _names(names, len(texts)))


def _names(names: list[Any], texts: int) -> tuple[str, ...]:
    found = tuple(str(name).strip().lower() for name in names)
    return found if len(set(found)) == texts and all(found) else ()


def _split(cell: Any) -> list[str]:
    """Choices that stand in one text, each behind its letter, or in lines."""
    if not isinstance(cell, str):
        return []
    pieces = IN_ONE_TEXT.split(cell.strip())
    letters = "".join(pieces[1::2]).upper()
    if len(letters) > 1 and not pieces[0].strip() and LETTERS.startswith(letters):
        return [piece.strip(" ,;\n") for piece in pieces[2::2]]
    return [line.strip() for line in cell.splitlines() if line.strip()]


def _without_letters(choices: Choices) -> Choices:
    """The choices without the letters that they already begin with."""
    begins = [LETTERED.match(text) for text in choices.texts]
    found = [begin for begin in begins if begin]
    if len(found) < len(begins) or not LETTERS.startswith("".join(begin[1].upper() for begin in found)):
        return choices
    return Choices(tuple(begin.string[begin.end() :] for begin in found), choices.names)
