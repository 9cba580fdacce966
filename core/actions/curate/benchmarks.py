"""Benchmark files: tests that the tuned model will be measured with, so that their prompts may not be trained on."""

from pathlib import Path

from core.actions.curate.source import uploaded
from core.errors import FileProblem, NotFound
from core.ingest import read
from core.records import Dataset, Example
from core.settings import Limits
from core.words import counted
from core.workspace import Workspace


def names(workspace: Workspace) -> list[str]:
    """The benchmarks that were added."""
    return list(workspace.benchmarks())


def add(workspace: Workspace, limits: Limits, path: str | None, uploads: Path) -> str:
    """Add the prompts of an uploaded file, of any accepted shape, as a benchmark; returns a sentence.

    Raises:
        FileProblem: there is no file, it cannot be read, or none of its rows has a prompt.
    """
    found = uploaded(limits, path, uploads)
    dataset, _ = read(found, found.name)
    prompts = prompts_of(dataset)
    if not prompts:
        raise FileProblem(f"No row of “{found.name}” has a prompt, so there is nothing to hold the rows against.")
    name = workspace.keep_benchmark(found.stem, prompts)
    return f"{counted(len(prompts), 'prompt')} of “{name}” will be looked for in the training rows."


def remove(workspace: Workspace, name: str) -> str:
    """Take a benchmark away; returns a sentence. Raises `NotFound`."""
    if name not in names(workspace):
        known = ", ".join(names(workspace)) or "none yet"
        raise NotFound(f"There is no benchmark “{str(name)[:60]}”. Benchmarks: {known}.")
    workspace.forget_benchmark(name)
    return f"“{name}” is not looked for any more."


def prompts_of(dataset: Dataset) -> list[str]:
    """The last thing that is asked in each row; of plain text the text itself."""
    return [prompt for example in dataset if (prompt := _prompt(example)).strip()]


def _prompt(example: Example) -> str:
    asked = [message.content for message in example.prompt if message.role == "user"]
    return asked[-1] if asked else example.answer
