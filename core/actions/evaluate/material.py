"""The rows that a run is examined with: its own held-out ones, or those of an uploaded file."""

from collections.abc import Sequence
from pathlib import Path

from core.actions.evaluate.masked_values import masked_values
from core.errors import FileProblem, NotFound
from core.evaluate.examine import Material
from core.ingest import read
from core.records import HELD_OUT, TRAIN, Dataset, Example
from core.words import counted
from core.workspace import Run, Workspace

WITHOUT_VERSION = (
    "The rows that {} was trained on are gone: its dataset version {} was deleted. Choose another run, or load the "
    "version again."
)


def material_of(run: Run, held_out: Path | None = None) -> Material:
    """What a run is examined with: the held-out rows of its version, or of a file of any accepted shape.

    Imports torch.

    Raises:
        NotFound: the dataset version of the run is gone.
        FileProblem: the file cannot be read, or no row of it has an answer.
    """
    recipe = run.recipe
    workspace = Workspace(Path(recipe.workspace))
    try:
        version = workspace.versions.load(recipe.dataset)
    except NotFound as error:
        raise NotFound(WITHOUT_VERSION.format(run.id, recipe.dataset)) from error
    secrets, unknown = masked_values(workspace, recipe.dataset)
    train = [row for row in version if row.split in (TRAIN, None)]
    if held_out is None:
        return Material(recipe.dataset, _answered(version.part(HELD_OUT)), train, secrets, unknown)
    dataset, ingested = read(held_out, held_out.name)
    rows = _answered(dataset)
    if not rows:
        raise FileProblem(f"No row of “{held_out.name}” has an answer to score against. Give it prompts and answers.")
    notes = _lost(len(ingested.problems), len(dataset) - len(rows))
    return Material(held_out.name, rows, train, secrets, unknown, notes=notes)


def _lost(unreadable: int, unanswered: int) -> list[str]:
    """What became of rows of a file that are not among the held-out ones."""
    found = [f"{counted(unreadable, 'row')} of the file could not be read."] if unreadable else []
    return found + ([f"{counted(unanswered, 'row')} of the file had no answer to score against."] if unanswered else [])


def _answered(rows: Dataset) -> Sequence[Example]:
    return [row for row in rows if row.answer.strip()]
