"""A first look at files: their first rows, what shape they seem to have, and whether they belong together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from core.errors import FileProblem
from core.ingest.contents import PACKED_SUFFIXES, TABLE_SUFFIXES, Content, contents_of
from core.ingest.formats import open_source, refuse_by_name
from core.ingest.guess import Guess, guess, questions
from core.ingest.shapes import ACCEPTED, SHAPES, Mapping
from core.ingest.source import Broken, File, whole
from core.words import counted

SAMPLE_ROWS = 200
PREVIEW_ROWS = 5
PREVIEW_CHARACTERS = 200
SURE = 0.8  # a confidence, of 0 to 1
PREFIX_LENGTH = 40
NAMED = 5


@dataclass(frozen=True)
class Preview:
    """What files seem to hold.

    `candidates` are the readings that were thought of, best first, and `mapping` is the one that was taken; `unsure`
    says that a person should look at it, `questions` where two columns could be the answer. `columns` are those of the
    file, `notes` sentences on how it was read, `preview` its first rows, shortened.
    """

    mapping: Mapping
    candidates: list[Guess]
    columns: list[str]
    notes: list[str]
    preview: list[dict[str, str]]
    unsure: bool
    questions: list[str]


@dataclass(frozen=True)
class Sample:
    """The first rows of a file."""

    values: list[dict[str, Any]]
    broken: list[Broken]
    notes: list[str]

    @property
    def columns(self) -> list[str]:
        """The columns of these rows, in the order in which they appear."""
        return list(dict.fromkeys(column for row in self.values for column in row))


@dataclass(frozen=True)
class Look:
    """Files that belong together; `prefixes` go before the ids of their rows, empty where there is one file."""

    name: str
    contents: list[Content]
    samples: list[Sample]
    mapping: Mapping
    candidates: list[Guess]
    notes: list[str]
    prefixes: list[str]
    is_guess: bool

    def share(self, place: int, read: float) -> float:
        """How much of all was read when that much of the file at `place` was, 0 to 1."""
        sizes = [content.packed_size for content in self.contents]
        return (sum(sizes[:place]) + sizes[place] * read) / max(1, sum(sizes))

    def preview(self, columns: Sequence[str] | None = None, notes: Sequence[str] | None = None) -> Preview:
        """What is known of the files, from their first rows or, where given, from all."""
        rows = [row for sample in self.samples for row in sample.values]
        asked = questions(self.candidates) if self.is_guess else []
        weak = self.is_guess and self.candidates[0].confidence < SURE
        first = [note for sample in self.samples for note in sample.notes]
        return Preview(
            mapping=self.mapping,
            candidates=self.candidates,
            columns=list(dict.fromkeys(column for row in rows for column in row) if columns is None else columns),
            notes=[*self.notes, *first] if notes is None else list(notes),
            preview=[{name: _short(cell) for name, cell in row.items()} for row in rows[:PREVIEW_ROWS]],
            unsure=weak or bool(asked),
            questions=asked,
        )


def look_at(files: Sequence[File], mapping: Mapping | None = None) -> Look:
    """Open files and guess from their first rows what they hold, unless a mapping says it.

    Raises:
        FileProblem: there is no file; one cannot be read; they hold no text, or have different columns.
    """
    contents, notes = _contents(files)
    name = name_of(files)
    contents, samples = _with_rows(contents, notes)
    candidates = guess([row for sample in samples for row in sample.values[: SAMPLE_ROWS // len(samples) + 1]])
    if not mapping and not candidates:
        columns = ", ".join(f"“{column}”" for column in samples[0].columns)
        raise FileProblem(f"No column of “{name}” holds text. Its columns: {columns}. {ACCEPTED}")
    chosen = mapping or candidates[0].mapping
    _check_alike(contents, samples, chosen)
    prefixes = _prefixes([content.name for content in contents])
    if len(contents) > 1:
        notes.append(_joined(contents, prefixes))
    return Look(name, contents, samples, chosen, candidates, notes, prefixes, is_guess=mapping is None)


def name_of(files: Sequence[File]) -> str:
    """What some files are called together: `a.csv`, or `a.csv and 2 more files`."""
    return files[0].name + (f" and {counted(len(files) - 1, 'more file')}" if len(files) > 1 else "")


def _contents(files: Sequence[File]) -> tuple[list[Content], list[str]]:
    if not files:
        raise FileProblem("No file was chosen. Drop a file, or choose a sample.")
    contents: list[Content] = []
    notes: list[str] = []
    for file in files:
        refuse_by_name(file.name)
        found, said = contents_of(file)
        contents += found
        notes += said
    return contents, notes


def _with_rows(contents: list[Content], notes: list[str]) -> tuple[list[Content], list[Sample]]:
    """The files that have rows, with their first ones; a note says which of several have none."""
    looked = [(content, _sample(content)) for content in contents]
    found = [(content, sample) for content, sample in looked if sample.values or sample.broken]
    if not found:
        raise FileProblem(f"The file “{contents[0].name}” holds no rows. {ACCEPTED}")
    if len(found) < len(looked):
        notes.append(f"No rows are in {_listed([content.name for content, sample in looked if not sample.values])}.")
    for content, sample in found:
        if not sample.values:
            first = sample.broken[0]
            raise FileProblem(
                f"None of the first {counted(len(sample.broken), 'row')} of “{content.name}” can be read. "
                f"Row {first.number}: {first.reason}. {ACCEPTED}"
            )
    return [content for content, _ in found], [sample for _, sample in found]


def _sample(content: Content) -> Sample:
    source = open_source(content)
    sample = Sample([], [], source.notes)
    for batch in source.batches:
        sample.values.extend(batch.values[: SAMPLE_ROWS - len(sample.values)])
        sample.broken.extend(batch.broken)
        if len(sample.values) + len(sample.broken) >= SAMPLE_ROWS:
            break
    return sample


def _check_alike(contents: list[Content], samples: list[Sample], mapping: Mapping) -> None:
    """Files are read as one dataset if each has the columns that the mapping cannot do without."""
    shape = SHAPES[mapping.shape]
    needed = [mapping.columns[field.name] for field in shape.fields if field.required and field.name in mapping.columns]
    for content, sample in zip(contents[1:], samples[1:], strict=True):
        if missing := [column for column in needed if column not in sample.columns]:
            raise FileProblem(
                f"“{content.name}” has no column “{missing[0]}”, which “{contents[0].name}” has; its columns are "
                f"{_listed(sample.columns)}. Load files of different columns one by one; datasets can be mixed later."
            )


def _prefixes(names: list[str]) -> list[str]:
    """For each file what goes before the ids of its rows: its name, so that the order of the files does not matter."""
    if len(names) == 1:
        return [""]
    prefixes: dict[str, None] = {}
    for name in names:
        wanted = re.sub(r"[^A-Za-z0-9_]+", "-", stem(name)).strip("-")[:PREFIX_LENGTH] or "file"
        free, count = wanted, 1
        while f"{free}-" in prefixes:
            count += 1
            free = f"{wanted}-{count}"
        prefixes[f"{free}-"] = None
    return list(prefixes)


def stem(name: str) -> str:
    """The name of a file without the endings that say how it is written and packed: `a.csv.gz` becomes `a`."""
    path = PurePosixPath(name)
    while path.suffix.lower() in (*PACKED_SUFFIXES, *TABLE_SUFFIXES):
        path = path.with_suffix("")
    return str(path)


def _joined(contents: list[Content], prefixes: list[str]) -> str:
    named = _listed([f"{prefix}r000001 in {content.name}" for prefix, content in zip(prefixes, contents, strict=True)])
    return f"{len(contents):,} files were read as one dataset; their rows have ids of their own: {named}."


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names[:NAMED]) + " …" * (len(names) > NAMED)


def _short(value: Any) -> str:
    text = "" if value is None else whole(str(value)[: PREVIEW_CHARACTERS + 1])
    return text if len(text) <= PREVIEW_CHARACTERS else text[:PREVIEW_CHARACTERS] + "…"
