"""A run is a folder: run.yaml, status.json, metrics.jsonl, samples.jsonl, checkpoints/, adapter/, report.json."""

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Self

import orjson
import yaml
from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field

from core.errors import Busy, LabError, NotFound
from core.settings import TrainSettings
from core.workspace.files import append_line, read_lines, remove, write_atomically, write_json, writing

FORMAT = 1
RECIPES_IN_MEMORY = 4096
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # either makes plain values only
CLAIM_SECONDS = 10
State = Literal["queued", "running", "paused", "stopped", "interrupted", "failed", "done"]
FINISHED: tuple[State, ...] = ("paused", "stopped", "interrupted", "failed", "done")
UNKNOWN = "Where it stands is unknown: its status.json is missing or damaged, or cannot be read."
LEFT = "The program ended before the run did, or the disk took no more."
OWNER, WORKER = "owner.lock", "worker.lock"
Wish = Literal["STOP", "PAUSE"]
WISHES: tuple[Wish, ...] = ("STOP", "PAUSE")


class Recipe(BaseModel):
    """run.yaml: everything that is needed to train the same run again."""

    model_config = ConfigDict(frozen=True)  # one is handed to all who ask

    format: int = FORMAT
    model: str = Field(description="The model as it was chosen.")
    source: dict[str, str | None] = Field(description="What the choice stood for: a `ModelSource`, revision included.")
    dataset: str
    dataset_hash: str
    workspace: str = Field(description="Folder that holds the dataset version.")
    settings: TrainSettings
    most_steps: int = Field(description="The bound of the place where the run was set up.")
    versions: dict[str, str]
    created: str
    sweep: str = Field("", description="Names the small sweep that the run belongs to.")
    personal_data: str = Field("", description="What was known of the personal data in the version, in a sentence.")
    consent: dict[str, Any] | None = Field(
        None, description="Counts of the personal data that stood in the version and that a person chose to train on."
    )


class Status(BaseModel):
    """status.json: where a run stands. Times in seconds; `reason` is a sentence for the screen."""

    state: State
    step: int = 0
    steps: int = 0
    elapsed: float = 0.0
    remaining: float | None = None
    reason: str = ""
    best_step: int | None = Field(None, description="Where the held-out loss was lowest since training began.")
    best_loss: float | None = None
    memory_mb: float = Field(0.0, description="Most memory seen in use, of the process or of the GPU.")
    before: int = Field(0, description="How many runs were before it when it was last told its place in line.")
    updated: str = ""


class Claim:
    """Ownership of a run: a lock that the operating system gives back when the owner dies, however it dies.

    A run that is trained in a process of its own has two: of the program that queued it (`OWNER`) and of that process
    (`WORKER`). It is alive as long as one of them is.
    """

    def __init__(self, folder: Path, name: str = OWNER) -> None:
        self._folder = folder
        self._lock = FileLock(folder / name, thread_local=False)

    def take(self, seconds: float = CLAIM_SECONDS) -> Self:
        """Hold the claim until `release`.

        Raises:
            Busy: another owner keeps it for `seconds`.
            LabError: the disk is full, or the run's folder cannot be written.
        """
        with writing(self._folder):
            try:
                self._lock.acquire(timeout=seconds)
            except Timeout as error:
                where = "Open it on the Train tab, or wait for its end."
                raise Busy(f"This run is being trained already. {where}") from error
        return self

    def release(self) -> None:
        """Give the claim back."""
        self._lock.release()

    def is_held(self) -> bool:
        """Whether some process, this one included, holds the claim."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return True
        except OSError:  # the lock cannot even be made: nobody trains where nothing can be written
            return False
        self._lock.release()
        return False


class Run:
    """One run folder. The page reads it, the trainer writes it; nothing else passes between them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.id = folder.name
        self.adapter = folder / "adapter"
        self.checkpoints = folder / "checkpoints"

    @classmethod
    def create(cls, folder: Path, recipe: Recipe) -> Self:
        """Make the folder with its recipe, queued."""
        folder.mkdir(parents=True)
        run = cls(folder)
        run.write_status(Status(state="queued"))
        text = yaml.safe_dump(recipe.model_dump(), sort_keys=False, allow_unicode=True)
        write_atomically(folder / "run.yaml", text.encode())
        return run

    @property
    def recipe(self) -> Recipe:
        """The recipe, read from run.yaml.

        Raises:
            NotFound: the folder has none.
            LabError: it is damaged, or was written by a newer Tunebench.
        """
        path = self.folder / "run.yaml"
        try:
            return _recipe(path, path.stat().st_mtime_ns)
        except FileNotFoundError as error:
            raise NotFound(f"The run “{self.id}” has no run.yaml, so it cannot be shown or trained.") from error
        except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
            raise LabError(
                f"The run “{self.id}” cannot be shown or trained: its run.yaml is damaged. Restore that file, or take "
                "the run's folder away."
            ) from error

    @property
    def is_readable(self) -> bool:
        """Whether there is a recipe that this Tunebench can read."""
        try:
            return bool(self.recipe)
        except LabError:
            return False

    def claim(self, name: str = OWNER) -> Claim:
        """A claim on this run, not yet taken."""
        return Claim(self.folder, name)

    @property
    def is_alive(self) -> bool:
        """Whether some process holds a claim on it."""
        return Claim(self.folder).is_held() or Claim(self.folder, WORKER).is_held()

    @property
    def is_left_in_line(self) -> bool:
        """Whether it waited to begin, or to go on, in a program that has ended since and noted its place in line."""
        if "before" not in self._told_status().model_fields_set:
            return False
        # The owner may have finished it between the two looks, so the file is read once more.
        return self._told_status().state == "queued" and not self.is_alive and self._told_status().state == "queued"

    def status(self) -> Status:
        """Where the run stands; one that says running without a living owner is interrupted."""
        status = self._told_status()
        if status.state in FINISHED or self.is_alive:
            return status
        # The owner may have finished between the two looks, so the file is read once more.
        status = self._told_status()
        if status.state in FINISHED:
            return status
        reason = f"{UNKNOWN if status.reason == UNKNOWN else LEFT} {self.kept_so_far}"
        return status.model_copy(update={"state": "interrupted", "remaining": None, "reason": reason})

    def _told_status(self) -> Status:
        """What status.json says; a run whose file tells nothing may be running."""
        try:
            return Status.model_validate_json((self.folder / "status.json").read_bytes())
        except (OSError, ValueError):
            return Status(state="running", reason=UNKNOWN)

    def write_status(self, status: Status) -> None:
        """Replace status.json atomically. Raises `LabError` where the disk takes no more, like all that writes here."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with writing(self.folder):
            write_json(self.folder / "status.json", status.model_copy(update={"updated": now}).model_dump())

    def update_status(self, **changed: Any) -> None:
        """Change these fields of the status; the rest still says where the run stands.

        Raises:
            LabError: the disk takes no more, or the status is there and cannot be read, so that it would be lost.
        """
        self._check_readable()
        self.write_status(self.status().model_copy(update=changed))

    def _check_readable(self) -> None:
        try:
            (self.folder / "status.json").read_bytes()
        except OSError as error:
            if isinstance(error, FileNotFoundError):
                return
            why = (error.strerror or type(error).__name__).lower()
            raise LabError(
                f"Where the run “{self.id}” stands cannot be read: {why}. Let Tunebench read the status.json in its "
                "folder, and try again."
            ) from error

    def metrics(self) -> list[dict[str, Any]]:
        """The lines of metrics.jsonl: `kind` train or held-out, `step`, `loss`, and for train rate and speed.

        Lines whose loss was no number are left out: JSON has none such, so they say null.
        """
        return [line for line in read_lines(self.folder / "metrics.jsonl") if line["loss"] is not None]

    def add_metric(self, line: dict[str, Any]) -> None:
        """Append a line to metrics.jsonl."""
        with writing(self.folder):
            append_line(self.folder / "metrics.jsonl", line)

    def samples(self) -> list[dict[str, Any]]:
        """The lines of samples.jsonl: `step`, `prompt`, `answer`, `expected`."""
        return read_lines(self.folder / "samples.jsonl")

    def add_sample(self, line: dict[str, Any]) -> None:
        """Append a line to samples.jsonl."""
        with writing(self.folder):
            append_line(self.folder / "samples.jsonl", line)

    def keep_lines_to(self, step: int) -> None:
        """Drop what metrics and samples tell of later steps: a resumed run tells it again."""
        for name in ("metrics.jsonl", "samples.jsonl"):
            path = self.folder / name
            lines = [orjson.dumps(line) + b"\n" for line in read_lines(path) if line["step"] <= step]
            if path.exists():
                with writing(self.folder):
                    write_atomically(path, b"".join(lines))

    def machine(self) -> str:
        """What the run is computed with, in words; empty until that is settled."""
        path = self.folder / "machine.json"
        return str(orjson.loads(path.read_bytes()).get("why", "")) if path.exists() else ""

    def ask(self, wish: Wish) -> None:
        """Leave the file that ends the run after its current step: STOP for good, PAUSE to go on later."""
        with writing(self.folder):
            (self.folder / wish).touch()

    def wish(self) -> Wish | None:
        """What someone has asked of the run; STOP outweighs PAUSE."""
        return next((wish for wish in WISHES if (self.folder / wish).exists()), None)

    def forget_wish(self) -> None:
        """Take the files away, so that the run can go on."""
        for wish in WISHES:
            (self.folder / wish).unlink(missing_ok=True)

    @property
    def has_checkpoint(self) -> bool:
        """Whether there is something to go on from."""
        return any(self.checkpoints.glob("step-*"))

    @property
    def kept_so_far(self) -> str:
        """What there is to go on from, in a sentence."""
        return (
            "What was saved at the last checkpoint is kept." if self.has_checkpoint else "No checkpoint was saved yet."
        )

    def keep_adapters_only(self) -> None:
        """Take away from the checkpoints what is only for going on: the optimizer's memory, and whole models.

        Adapters are small and stay: each can be a side of a comparison.
        """
        for kept in list(self.checkpoints.glob("step-*")):
            if (kept / "adapter_config.json").exists():
                (kept / "optimizer.pt").unlink(missing_ok=True)
            else:
                remove(kept)

    @property
    def has_result(self) -> bool:
        """Whether trained weights lie in the folder: an adapter, or a whole model after full tuning."""
        return any((self.adapter / name).exists() for name in ("adapter_config.json", "model.safetensors"))


def left_in_line(runs: Path) -> list[Run]:
    """The runs in this folder that waited in line in a program that has ended since, in the order of that line."""
    left = [run for path in runs.glob("*/status.json") if (run := Run(path.parent)).is_left_in_line]
    return sorted(left, key=lambda run: (run.status().before, run.id))


def going_on_apart(runs: Path) -> list[Run]:
    """The runs in this folder that go on in processes of their own, whichever program began them."""
    found = (Run(path.parent) for path in runs.glob(f"*/{WORKER}"))
    return [run for run in found if run._told_status().state not in FINISHED and run.claim(WORKER).is_held()]


@lru_cache(maxsize=RECIPES_IN_MEMORY)
def _recipe(path: Path, _written: int) -> Recipe:
    said = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    written = said.get("format") if isinstance(said, dict) else None
    if isinstance(written, int) and written > FORMAT:
        raise LabError(
            f"The run “{path.parent.name}” is of format {written}, and this Tunebench reads up to {FORMAT}. "
            "Update Tunebench to open it."
        )
    return Recipe.model_validate(said)
