"""The report on a run, report.json: what was asked, what each part found, and the verdict. Free of torch."""

from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from core.errors import LabError
from core.evaluate.confidence import Confidence
from core.evaluate.following import Following
from core.evaluate.forgetting import Forgetting
from core.evaluate.leaks import Leaks
from core.evaluate.probes import Probes
from core.evaluate.result import Section
from core.evaluate.scores import Scores
from core.evaluate.verdict import Line, verdict
from core.settings import PARTS, EvaluateSettings, Part
from core.workspace import Run, write_json

FORMAT = 1
FILE = "report.json"


class About(BaseModel):
    """What a report is about."""

    model_config = ConfigDict(frozen=True)
    run: str
    weights: str  # SHA-256 of the trained weights
    model: str
    method: str
    dataset: str
    held_out: str  # where the held-out rows come from
    held_out_hash: str
    masked_hash: str | None = None  # keyed hash of the values that were masked, and of why some are not known
    rows: int
    rows_there: int
    train_rows: int
    device: str
    precision: str


RUN = ("run", "weights", "model", "dataset", "train_rows", "device", "precision")  # what every part goes by
INPUTS: dict[Part, tuple[tuple[str, ...], tuple[str, ...]]] = {  # besides it: fields of `About`, and settings
    "scores": (("held_out_hash",), ("most_tokens", "few_shot", "few_shot_choice", "seed")),
    "confidence": (("held_out_hash",), ("seed",)),
    "leaks": (("held_out_hash", "masked_hash"), ("most_tokens", "canaries", "seed")),
    "forgetting": ((), ()),
    "following": ((), ()),
    "probes": ((), ()),  # `Probes.sets` tells their rows
}


class Report(BaseModel):
    """One report. A part is None until it was looked at; `marks` are said loudly, for with them scores prove nothing,
    and so is `few_rows`, where scores are unsure for want of rows; `notes` say what else to know of the rows.

    `seconds` has what each part took; `problems` why a part could not be looked at. Canaries in `settings` are hashes.
    """

    model_config = ConfigDict(frozen=True)
    format: int = FORMAT
    about: About
    settings: EvaluateSettings
    created: str
    marks: list[str] = []
    few_rows: str = ""
    notes: list[str] = []
    scores: Scores | None = None
    confidence: Confidence | None = None
    forgetting: Forgetting | None = None
    following: Following | None = None
    probes: Probes | None = None
    leaks: Leaks | None = None
    seconds: dict[str, float] = {}
    problems: dict[str, str] = {}

    @property
    def verdict(self) -> list[Line]:
        """Five lines in plain words, from the parts that are there."""
        return verdict(self)

    @property
    def missing(self) -> list[Part]:
        """The parts that were asked for and not looked at yet."""
        return [part for part in self.settings.parts if getattr(self, part) is None]

    def with_part(self, part: Part, found: Section | str, seconds: float) -> Self:
        """The report with one more part, or with the reason why there is none."""
        new: dict[str, Any] = {"seconds": {**self.seconds, part: round(seconds, 1)}}
        if isinstance(found, str):
            return self.model_copy(update={**new, "problems": {**self.problems, part: found}})
        return self.model_copy(update={**new, part: found})

    def goes_on_from(self, other: "Report | None") -> Self:
        """This report, with every part of an earlier one that would come out the same, asked for or not."""
        same = [part for part in PARTS if other is not None and self._inputs(part) == other._inputs(part)]
        kept: dict[str, Any] = {part: found for part in same if (found := getattr(other, part)) is not None}
        if other is None:
            return self
        problems = {
            part: why for part, why in other.problems.items() if part in same and part not in self.settings.parts
        }
        seconds = {part: other.seconds.get(part, 0.0) for part in (*kept, *problems)}
        return self.model_copy(update={**kept, "seconds": seconds, "problems": problems})

    def _inputs(self, part: Part) -> list[Any]:
        """All that decides how a part comes out."""
        about, settings = INPUTS[part]
        return [getattr(self.about, name) for name in (*RUN, *about)] + [
            getattr(self.settings, name) for name in settings
        ]

    def write(self, run: Run) -> Path:
        """Keep the report, its verdict included, in the folder of the run."""
        path = run.folder / FILE
        write_json(path, {**self.model_dump(mode="json"), "verdict": [line.model_dump() for line in self.verdict]})
        return path


def report_of(run: Run) -> Report | None:
    """The report that lies in the folder of a run, if there is one.

    Raises:
        LabError: it is of a newer format, or damaged.
    """
    path = run.folder / FILE
    if not path.exists():
        return None
    try:
        return Report.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise LabError(
            f"The report of {run.id} cannot be read: it is damaged or of another version of Tunebench. Make it again."
        ) from error
