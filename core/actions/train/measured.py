"""The lengths of a version's rows in tokens: counted once for a model and a template, and remembered."""

import random
from collections import OrderedDict
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from core import models
from core.actions.lab import Lab
from core.actions.train.choice import chosen
from core.format import Extent, encode_all, with_template
from core.records import TRAIN, Dataset
from core.settings import TrainSettings
from core.train.context import context_of
from core.words import counted
from core.workspace import Workspace

MOST_MEASURED = 20_000  # rows; more would take longer than a person waits, and say the same
MEASURED_AT_ONCE = 500
SETS_REMEMBERED = 4
MOST_TOKENS: int = TrainSettings.field("max_tokens")["maximum"]
TOKENIZER_SUFFIXES = {".json", ".jinja", ".model", ".gguf"}


@dataclass(frozen=True)
class Measured:
    """The extents of rows at these positions of a version, of `rows` that there are to train on.

    `context` is how many tokens the model reads at most, or the highest maximum there is.
    """

    positions: list[int]
    extents: list[Extent]
    rows: int
    context: int


_remembered: OrderedDict[tuple[Any, ...], Measured] = OrderedDict()


def measuring(lab: Lab, workspace: Workspace, version_id: str, values: dict[str, Any]) -> Iterator[str]:
    """Count what `measured` gives, saying how far it is; nothing is said where it is known.

    Raises like `chosen` and `tokenizer_of`.
    """
    settings, source, _ = chosen(lab, workspace, version_id, values)
    yield from _measuring(workspace, version_id, settings, source)


def measured(workspace: Workspace, version_id: str, settings: TrainSettings, source: models.ModelSource) -> Measured:
    """The extents of the rows to train on, counted now if they are not known. Raises `LabError` like `tokenizer_of`."""
    work = _measuring(workspace, version_id, settings, source)
    while True:
        try:
            next(work)
        except StopIteration as end:
            found: Measured = end.value
            return found


def tokenizer_of(source: models.ModelSource, settings: TrainSettings) -> Any:
    """The tokenizer of a model with the template of the settings, read once.

    Raises:
        LabError: it cannot be read, or it needs a chat template and has none.
    """
    return with_template(_loaded(source, _stamp(source)), settings)


def beyond_context(context: int) -> str:
    """The sentence that warns of a maximum above what the model reads."""
    return f"This model reads {context:,} tokens at most: a maximum above that spoils what it learns."


def _measuring(
    workspace: Workspace, version_id: str, settings: TrainSettings, source: models.ModelSource
) -> Generator[str, None, Measured]:
    content = workspace.versions.get(version_id).content_hash
    key = workspace.root, version_id, content, source, _stamp(source), settings.goal, settings.template
    if known := _remembered.get(key):
        return known
    yield "Loading the tokenizer …"
    tokenizer, dataset = tokenizer_of(source, settings), workspace.versions.load(version_id)
    places = [at for at, split in enumerate(dataset.table["split"].to_pylist()) if split in (TRAIN, None)]
    drawn = sorted(random.Random(0).sample(places, min(len(places), MOST_MEASURED)))
    extents: list[Extent] = []
    for start in range(0, len(drawn), MEASURED_AT_ONCE):
        yield f"Counting tokens: {start:,} of {counted(len(drawn), 'row')} …"
        part = Dataset(dataset.table.take(drawn[start : start + MEASURED_AT_ONCE]))
        extents += [found.extent for found in encode_all(tokenizer, part, settings.goal)]
    found = _remembered[key] = Measured(drawn, extents, len(places), min(context_of(source, tokenizer), MOST_TOKENS))
    while len(_remembered) > SETS_REMEMBERED:
        _remembered.popitem(last=False)
    return found


@lru_cache(maxsize=2)
def _loaded(source: models.ModelSource, stamp: int) -> Any:
    return models.load_tokenizer(source)


def _stamp(source: models.ModelSource) -> int:
    """When a model folder's tokenizer was last changed, in nanoseconds; what comes from the Hub has its commit."""
    files = Path(source.path_or_id).iterdir() if source.is_local else ()
    return max((file.stat().st_mtime_ns for file in files if file.suffix in TOKENIZER_SUFFIXES), default=0)
