"""The rows of a file become examples, by the mapping: a table for each batch of rows, a problem for each other row."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

import pyarrow as pa

from core.ingest.cells import Cleaner, Unreadable, is_blank
from core.ingest.choices import Answers, choice_question, seen, series
from core.ingest.made import Made, Parts, row_id, table_of
from core.ingest.makers import MAKERS, Row, with_system
from core.ingest.pairs import FLAT, holds_turns, no_text_in, one_by_one, pairs_of, with_history
from core.ingest.shapes import Mapping
from core.ingest.source import Batch
from core.ingest.trees import FlatTrees
from core.records import Problem


class Converter:
    """Makes examples of the rows of one file, and counts what had to be changed in their texts.

    `prefix` goes before the ids of the rows, so that those of several files differ; `source` is what their column of
    that name says. `problems` are the rows that are no example, `columns` all columns that the rows have had.
    """

    def __init__(self, mapping: Mapping, prefix: str = "", source: str | None = None) -> None:
        self.mapping = mapping
        self.prefix = prefix
        self.source = source
        self.problems: list[Problem] = []
        self.columns: dict[str, None] = {}
        self._named = mapping.columns
        self._cleaner = Cleaner()
        self._answers = Answers()
        self._waiting: list[tuple[int, Row]] = []
        self._trees = FlatTrees(self._named, self._cleaner)

    @property
    def changed(self) -> dict[str, int]:
        """How many cells, rows or turns were changed, by kind of change."""
        return dict(self._cleaner.changed)

    def table(self, batch: Batch) -> pa.Table:
        """The examples of some rows; columns of `SCHEMA` that nothing is known for are left out.

        Where rows can only be understood with those that follow, the table is empty and they come with a later one.
        """
        self.problems += [Problem(broken.number, "broken line", broken.reason) for broken in batch.broken]
        self.columns |= dict.fromkeys(chain.from_iterable(dict.fromkeys(map(tuple, batch.values))))
        return table_of(self._parts(batch.numbers, batch.values), self._cleaner, self.prefix, self.source)

    def finish(self) -> pa.Table:
        """The examples that could not be made before the last row was known; in most shapes there are none."""
        if self.mapping.shape == "flat_tree":
            return table_of(self._grown(), self._cleaner, self.prefix, self.source)
        self._answers.settle()
        return table_of(self._waited(), self._cleaner, self.prefix, self.source)

    def notes(self) -> list[str]:
        """Sentences on what was changed, with counts, and which columns were not used."""
        used = set(self._named.values())
        if self.mapping.shape == "choices":
            used |= set(series(self._named["choices"], list(self.columns)))
        left = [f"“{column}”" for column in self.columns if column not in used]
        unused = [f"Not used: the column{'s' if len(left) > 1 else ''} {', '.join(left)}."] if left else []
        return [*self._cleaner.notes(), *unused]

    def _parts(self, numbers: list[int], rows: list[Row]) -> Parts:
        if self.mapping.shape in FLAT:
            return self._flat(numbers, rows)
        if self.mapping.shape == "choices":
            return self._choices(numbers, rows)
        if self.mapping.shape == "flat_tree":
            return self._each(numbers, rows, zip(numbers, rows, strict=True), self._planted)
        maker = MAKERS[self.mapping.shape]
        return self._each(numbers, rows, rows, lambda row: maker(row, self._named, self._cleaner))

    def _each(
        self, numbers: list[int], rows: list[Row], items: Iterable[Any], make: Callable[[Any], list[Made]]
    ) -> Parts:
        """The examples that `make` makes of each item, where each item belongs to a row."""
        places: list[int] = []
        made: list[Made] = []
        for place, item in enumerate(items):
            try:
                found = make(item)
            except Unreadable as error:
                self.problems.append(Problem(numbers[place], error.check, str(error)))
                continue
            if len(found) > 1:
                for example in found:
                    example.group = row_id(numbers[place], self.prefix)
            places += [place] * len(found)
            made += found
        from_rows = [rows[place] for place in places]
        self._add_system(made, from_rows)
        return Parts.of([numbers[place] for place in places], made, self._about(from_rows))

    def _flat(self, numbers: list[int], rows: list[Row]) -> Parts:
        """Rows of a prompt and an answer: whole columns at once, unless there are turns before them."""
        shape = self.mapping.shape
        if holds_turns(shape, rows, self._named):
            return self._each(numbers, rows, rows, lambda row: one_by_one(shape, row, self._named, self._cleaner))
        pairs = pairs_of(shape, rows, self._named, self._cleaner)
        if pairs.empty:
            for place in pairs.empty:
                self.problems.append(Problem(numbers[place], "empty row", no_text_in(self._named)))
            numbers, rows, pairs = pairs.without(numbers), pairs.without(rows), pairs.without_empty()
        if {"system", "history"} & self._named.keys():
            items = zip(rows, pairs.prompts, pairs.answers, strict=True)
            return self._each(numbers, rows, items, lambda item: with_history(item, self._named, self._cleaner))
        more = self._about(rows)
        if shape == "text_label":
            more["label"] = [answer or None for answer in pairs.answers]
        contents = [text for pair in zip(pairs.prompts, pairs.answers, strict=True) for text in pair]
        return Parts(numbers, ["user", "assistant"] * len(rows), contents, [2] * len(rows), more)

    def _choices(self, numbers: list[int], rows: list[Row]) -> Parts:
        """Rows of multiple choice, once it is known whether the file counts its choices from 0 or from 1."""
        if not self._answers.known:
            self._waiting += zip(numbers, rows, strict=True)
            if not any(seen(self._answers, row, self._named) for row in rows):
                return Parts()
            return self._waited()
        return self._each(
            numbers, rows, rows, lambda row: choice_question(row, self._named, self._answers, self._cleaner)
        )

    def _waited(self) -> Parts:
        waiting, self._waiting = self._waiting, []
        return self._choices([number for number, _ in waiting], [row for _, row in waiting]) if waiting else Parts()

    def _planted(self, numbered: tuple[int, Row]) -> list[Made]:
        self._trees.add(*numbered)
        return []

    def _grown(self) -> Parts:
        """The chats of the trees that came a message at a time; the row of a chat is that of its last message."""
        found = self._trees.grown()
        self.problems += [Problem(number, "broken tree", reason) for number, reason in found.lost]
        self._cleaner.changed["unanswered"] += found.unanswered
        made = [Made(chat, group=group) for chat, _, group in found.chats]
        return Parts.of([last.number for _, last, _ in found.chats], made, {})

    def _add_system(self, made: list[Made], rows: list[Row]) -> None:
        if "system" in self._named:
            cells = [row.get(self._named["system"]) for row in rows]
            for example, cell in zip(made, cells, strict=True):
                if not is_blank(cell):
                    example.chat = with_system(example.chat, self._cleaner.text(cell))

    def _about(self, rows: list[Row]) -> dict[str, Sequence[Any]]:
        """What columns of their own say about the rows: category and group."""
        found: dict[str, Sequence[Any]] = {}
        for field in {"category", "group"} & self._named.keys():
            cells = [row.get(self._named[field]) for row in rows]
            found[field] = [None if is_blank(cell) else self._cleaner.text(cell) for cell in cells]
        return found
