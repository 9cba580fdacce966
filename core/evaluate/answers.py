"""Answers that were given in an examination, kept beside the run: one that was stopped goes on where it was."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from core.models.tuned import weights_in
from core.models.wheel import sha256_of
from core.settings import GenerateSettings
from core.workspace import Run, append_line, read_lines

FILE = "evaluation/answers.jsonl"


@dataclass(frozen=True)
class Given:
    """An answer, how many tokens it has, and whether the model ended it by itself."""

    text: str
    tokens: int
    finished: bool


class AnswerBook:
    """The answers of one run, by who was asked what and how; those of other weights do not count."""

    def __init__(self, run: Run) -> None:
        weights = weights_in(run.adapter)
        self.weights = sha256_of(weights) if weights else ""
        self._path = run.folder / FILE
        self._known = {line["key"]: Given(**line["given"]) for line in read_lines(self._path)}

    def __contains__(self, key: str) -> bool:
        return key in self._known

    def key(self, side: str, ids: Sequence[int], settings: GenerateSettings) -> str:
        """A name for what is asked: the side with the hash of its weights, the prompt's ids, how it is answered."""
        asked: list[Any] = [side, self.weights, list(ids), settings.model_dump()]
        return hashlib.sha256(orjson.dumps(asked)).hexdigest()[:32]

    def get(self, key: str) -> Given:
        """The answer, or an empty one where none was given."""
        return self._known.get(key, Given("", 0, False))

    def keep(self, key: str, given: Given) -> None:
        """Add an answer."""
        self._known[key] = given
        append_line(self._path, {"key": key, "given": asdict(given)})
