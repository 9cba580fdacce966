"""The rows of the training benchmark: the same first rows of a file for every contender, and some held out."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.actions.curate import source
from core.format import Rendered, render
from core.models import ModelSource, load_tokenizer
from core.records import HELD_OUT, TRAIN, Dataset, Example, Message
from core.settings import HOME, TrainSettings
from core.workspace import Workspace


@dataclass(frozen=True)
class Job:
    """What every contender is given: a model's folder, chats to train on and held-out ones, and the same settings."""

    model: str
    train: list[list[dict[str, str]]]
    held_out: list[list[dict[str, str]]]
    settings: TrainSettings

    @property
    def source(self) -> ModelSource:
        """The model's folder as the loader wants it."""
        return ModelSource(self.model, "local folder", None, Path(self.model).name)

    def dataset(self) -> Dataset:
        """Both sides of the split as a dataset."""
        sides = [(TRAIN, chat) for chat in self.train] + [(HELD_OUT, chat) for chat in self.held_out]
        return Dataset.of(
            Example(f"r{row}", row, tuple(Message(**turn) for turn in chat), chat[-1]["content"], side)
            for row, (side, chat) in enumerate(sides, 1)
        )

    def rendered(self, side: str) -> list[Rendered]:
        """The ids and labels of one side, by the model's own chat template."""
        tokenizer = load_tokenizer(self.source)
        return [render(tokenizer, example, self.settings.max_tokens) for example in self.dataset().part(side)]

    def write(self, path: Path) -> None:
        """Keep it as JSON, which a contender in another environment can read too."""
        kept = {"model": self.model, "train": self.train, "held_out": self.held_out}
        path.write_text(json.dumps({**kept, "settings": self.settings.model_dump()}), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Job":
        """The job that was written there."""
        kept = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**kept, "settings": TrainSettings.parse(kept["settings"])})


def make_job(file: Path, model: str, count: int, held_out: int, settings: TrainSettings) -> Job:
    """The first `count` rows of the file for training and the next `held_out` beside them.

    Taken are rows with one answer, at the end, that fit uncut into the longest row: what all contenders learn alike.
    """
    tokenizer = load_tokenizer(ModelSource(model, "local folder", None, Path(model).name))
    chats: list[list[dict[str, str]]] = []
    for example in _read(file):
        if [message.role for message in example.messages].count("assistant") != 1 or not example.answer.strip():
            continue
        if render(tokenizer, example, settings.max_tokens).full_length <= settings.max_tokens:
            chats.append([message.as_dict() for message in example.messages])
        if len(chats) == count + held_out:
            return Job(model, chats[:count], chats[count:], settings)
    raise SystemExit(f"{file.name} has {len(chats)} rows that all can learn alike; {count + held_out} are asked for.")


def _read(file: Path) -> Any:
    with tempfile.TemporaryDirectory(prefix="tunebench-") as folder:
        workspace = Workspace(Path(folder))
        yield from workspace.versions.load(source.load_typed(workspace, HOME, str(file)).version_id)
