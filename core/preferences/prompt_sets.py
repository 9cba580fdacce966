"""A prompt set that several sides have answered is a file, comparisons/<id>.jsonl, to which lines are only added.

The first line says what is compared, then comes one for each prompt that all sides have answered, and the last one says
how it ended; where that is missing, the program ended before.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict

from core.errors import NotFound
from core.workspace import Workspace, append_line, read_lines, slug

FORMAT = 1
ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
ABOUT, ANSWERS, END = "about", "answers", "end"
SETS_IN_MEMORY = 16
State = Literal["running", "done", "stopped", "failed"]


class Contender(BaseModel):
    """A side: `label` is its name on the page, `about` all that makes its answers what they are.

    `about` holds the model, the run or checkpoint with the hash of its weights, few-shot examples, system prompt,
    wording, and how answers are drawn and where they end; not the seed, which is only the luck of a draw. Two sides
    with the same `about` are one, in whatever set they stand.
    """

    model_config = ConfigDict(frozen=True)

    label: str
    about: dict[str, Any]

    @property
    def key(self) -> str:
        """Tells sides apart: a hash of `about`."""
        return hashlib.sha256(orjson.dumps(self.about, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


class Given(BaseModel):
    """What a side answered: `tokens` of it, and `seconds` until the last one, in a batch with other prompts.

    Finished is an answer that the model ended, not one that was cut. `adapter` is what the model itself reported as
    active, None for none; `examples` are the ids of the rows that were shown to it as few-shot examples.
    `personal_data` says in counts what the answer holds of it that was not told.
    """

    model_config = ConfigDict(frozen=True)

    text: str
    tokens: int
    seconds: float
    finished: bool
    adapter: str | None = None
    examples: list[str] = []
    personal_data: str = ""


class AnsweredPrompt(BaseModel):
    """A prompt by its number from 1, as the whole chat that all sides have in common, and their answers in order."""

    model_config = ConfigDict(frozen=True)

    number: int
    chat: list[dict[str, str]]
    expected: str = ""
    given: list[Given]


class About(BaseModel):
    """What is compared: sides, settings of the answers, where the prompts came from and how many are asked.

    `held_out_of` names the dataset version whose held-out rows they are, if they are.
    """

    model_config = ConfigDict(frozen=True)

    format: int = FORMAT
    name: str
    created: str
    sides: list[Contender]
    settings: dict[str, Any]
    source: str
    prompts: int
    held_out_of: str = ""
    notes: list[str] = []


@dataclass(frozen=True)
class PromptSet:
    """A set as it was read; `state` is “running” as long as no end was written, `reason` a sentence on the end."""

    id: str
    about: About
    answered: list[AnsweredPrompt]
    state: State
    reason: str

    @property
    def label(self) -> str:
        """The set in a list to choose from; says nothing of the sides, so that a voter may read it."""
        whole = "" if len(self.answered) == self.about.prompts else f" of {self.about.prompts:,}"
        made = self.about.created[:16].replace("T", " ")
        return f"{self.about.name} · {len(self.answered):,}{whole} answered · {made} UTC"


class PromptSets:
    """The prompt sets of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.folder = workspace.root / "comparisons"

    def begin(self, about: About) -> str:
        """Write down what will be asked; returns the id of the set, which sorts by its time."""
        made = f"{datetime.now():%Y%m%d-%H%M%S-%f}-{slug(about.name)[:40]}-{secrets.token_hex(2)}"
        append_line(self.folder / f"{made}.jsonl", {"what": ABOUT, **about.model_dump()})
        return made

    def add(self, set_id: str, answered: AnsweredPrompt) -> None:
        """Add a prompt with its answers. Raises `NotFound` like `get`."""
        append_line(self._path(set_id), {"what": ANSWERS, **answered.model_dump()})

    def end(self, set_id: str, state: State, reason: str) -> None:
        """Write down how it ended, in a sentence. Raises `NotFound` like `get`."""
        append_line(self._path(set_id), {"what": END, "state": state, "reason": reason})

    def get(self, set_id: str) -> PromptSet:
        """A set by its id, the prompts in order. Raises `NotFound` if it is not there or does not say what it is."""
        path = self._path(set_id)
        return _read(path, path.stat().st_size)

    def all(self) -> list[PromptSet]:
        """Every set, newest first."""
        paths = sorted(self.folder.glob("*.jsonl"), reverse=True)
        return [_read(path, path.stat().st_size) for path in paths if _says_what(path)]

    def _path(self, set_id: str) -> Path:
        path = self.folder / f"{set_id}.jsonl"
        if not ID.fullmatch(str(set_id or "")) or not _says_what(path):
            known = ", ".join(found.id for found in self.all()[:3]) or "none yet"
            raise NotFound(f"There is no prompt set “{str(set_id)[:60]}”. Prompt sets: {known}.")
        return path


def now() -> str:
    """This moment as it is written down, in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _says_what(path: Path) -> bool:
    """Whether the first line is there; it is not where the program ended while it was written."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        first = file.readline()
    return first.startswith(b'{"what":"about"') and first.endswith(b"\n")


@lru_cache(maxsize=SETS_IN_MEMORY)
def _read(path: Path, _size: int) -> PromptSet:
    """Lines are only added, so a set of the same size is the same."""
    about, *lines = read_lines(path)
    answered = [AnsweredPrompt.model_validate(line) for line in lines if line["what"] == ANSWERS]
    in_order = sorted(answered, key=lambda prompt: prompt.number)
    end: dict[str, Any] = next((line for line in reversed(lines) if line["what"] == END), {})
    state: State = end.get("state", "running")
    return PromptSet(path.stem, About.model_validate(about), in_order, state, end.get("reason", ""))
