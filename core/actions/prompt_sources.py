"""The prompts of a set: held-out rows, lines that were typed, an uploaded file of any shape, or a benchmark."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pyarrow as pa

from core.actions.curate.benchmarks import names as benchmark_names
from core.errors import FileProblem, NotFound, SettingProblem
from core.ingest import File, ingest
from core.ingest.contents import Content
from core.ingest.json_rows import holds_records
from core.ingest.text import open_text
from core.records import HELD_OUT, TEXT, Dataset, Example, Message
from core.settings.prompt_set import PromptSetSettings
from core.words import counted
from core.workspace import Run, Workspace

LINES = (".txt",)
MOST_ROWS_READ = 100_000


@dataclass(frozen=True)
class Asked:
    """A prompt as a chat that ends with a question, and the answer that its row expects where it has one."""

    chat: tuple[Message, ...]
    expected: str = ""

    @classmethod
    def of(cls, question: str) -> Self:
        """A single question."""
        return cls((Message("user", question),))


@dataclass(frozen=True)
class Prompts:
    """The prompts that will be asked: where they come from, in a word, and what is not asked of it, in sentences.

    `held_out_of` names the dataset version whose held-out rows they are, if they are.
    """

    asked: list[Asked]
    source: str
    notes: list[str] = field(default_factory=list)
    held_out_of: str = ""


def prompts_for(
    workspace: Workspace, run: Run, settings: PromptSetSettings, seed: int, file: Path | None = None
) -> Prompts:
    """The prompts of a source, at most `settings.most` of them, drawn by the seed and in their own order.

    Raises:
        FileProblem: there is no file, it cannot be read, or holds no prompt.
        NotFound: the run's dataset version or the benchmark is not there.
        SettingProblem: nothing was typed, or the run has no held-out rows.
    """
    if settings.source == "held-out":
        found = _held_out(workspace, run)
    elif settings.source == "typed":
        found = _typed(settings.text)
    elif settings.source == "benchmark":
        found = _benchmark(workspace, settings.benchmark)
    else:
        found = _of_file(file)
    return _drawn(found, settings.most, seed)


def _held_out(workspace: Workspace, run: Run) -> Prompts:
    version = run.recipe.dataset
    rows = workspace.versions.load(version).part(HELD_OUT)
    asked, notes = _questions(rows)
    if not asked:
        raise SettingProblem(
            f"{version} has no held-out rows that ask something, so there is nothing to ask. Choose another source."
        )
    return Prompts(asked, f"held-out rows of {version}", notes, version)


def _typed(text: str) -> Prompts:
    asked = [Asked.of(line.strip()) for line in text.splitlines() if line.strip()]
    if not asked:
        raise SettingProblem("No prompt was typed. Type one a line.")
    return Prompts(asked, "typed prompts")


def _benchmark(workspace: Workspace, name: str) -> Prompts:
    if name not in benchmark_names(workspace):
        known = ", ".join(benchmark_names(workspace)) or "none yet: add one on the Curate tab"
        raise NotFound(f"There is no benchmark “{str(name)[:60]}”. Benchmarks: {known}.")
    return Prompts([Asked.of(prompt) for prompt in workspace.benchmarks()[name]], f"benchmark {name}")


def _of_file(file: Path | None) -> Prompts:
    if file is None:
        raise FileProblem("No file was chosen. Drop one with a prompt a line, or a table with a column of prompts.")
    if file.suffix.lower() in LINES and (lines := _lines(file)):
        return Prompts([Asked.of(line) for line in lines], file.name)
    tables: list[pa.Table] = []
    read = ingest([File(file, file.name)], add=tables.append, max_rows=MOST_ROWS_READ)
    asked, notes = _questions(Dataset(pa.concat_tables(tables, promote_options="default")))
    if not asked:
        raise FileProblem(f"No row of “{file.name}” asks something, so there is nothing to ask.")
    if read.problems:
        first = read.problems[0]
        notes.append(f"{counted(len(read.problems), 'row')} cannot be read; row {first.row}: {first.reason}.")
    return Prompts(asked, file.name, notes)


def _lines(file: Path) -> list[str]:
    """The lines of a text file that say something; none if it holds records in JSON, whatever its name says."""
    content = Content(File(file, file.name), file.name)
    if not (head := content.head()).strip():
        raise FileProblem(f"The file “{file.name}” is empty. Write a prompt on each line.")
    text = open_text(content, head)
    if holds_records(text):
        return []
    said = (line.strip() for block in text.blocks() for line in text.decode(block).splitlines())
    lines: list[str] = []
    for line in said:
        if len(lines) == MOST_ROWS_READ:
            raise FileProblem(f"The file “{file.name}” has more than {MOST_ROWS_READ:,} lines. Cut it shorter.")
        lines += [line] if line else []
    return lines


def _questions(rows: Dataset) -> tuple[list[Asked], list[str]]:
    """The rows that ask something, and a sentence on the others."""
    asked = [Asked(chat, row.answer if row.prompt else "") for row in rows if (chat := _chat(row))]
    left = len(rows) - len(asked)
    why = f"{counted(left, 'row')} {'is' if left == 1 else 'are'} not asked: empty, or not ending with a question."
    return asked, [why] if left else []


def _chat(row: Example) -> tuple[Message, ...]:
    """What a row asks, earlier turns before it, or a plain text as it is; empty if its last turn is no question."""
    turns = row.prompt or row.messages
    last = turns[-1] if turns else Message("", "")
    if last.role not in ("user", TEXT) or not last.content.strip():
        return ()
    return (*turns[:-1], Message("user", last.content))


def _drawn(found: Prompts, most: int, seed: int) -> Prompts:
    total = len(found.asked)
    if total <= most:
        return found
    places: Sequence[int] = sorted(random.Random(seed).sample(range(total), most))
    said = f"{most:,} of {total:,} prompts are asked, drawn by the seed."
    return Prompts([found.asked[place] for place in places], found.source, [said, *found.notes], found.held_out_of)
