"""What a run will take, before Start: memory counted on the model's shapes, time and lost memory by a short probe.

Whether a run fits is decided by counting alone, so a model that is too large is never loaded, and one that is only
named on the Hub is not fetched. What was counted or measured once is kept: other epochs, rows or learning rates cost
nothing, and another batch size, rank or length is counted again without a new measurement.
"""

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.errors import LabError
from core.format import Formatted, Rendered
from core.models import ModelSource, import_heavy
from core.settings import TrainSettings
from core.train.order import PADDED
from core.train.plan import FEWEST_ROWS, Prepared
from core.train.probe import Samples, alone, probe, samples
from core.train.room import FRESH_PROCESS, coming_back_bytes, free_bytes, margin_bytes, on_gpu, own_bytes
from core.train.speed import Size, Speed, write_speed
from core.train.workload import Footprint, Workload, evaluation_load, load_of

# What the C library keeps between blocks in use, unless measured: bytes, and a share of a step's memory (glibc 2.36).
USUAL_WASTE, USUAL_SHARE = 300 * 2**20, 0.4
# oneDNN makes code for every shape of a product in bfloat16. It keeps it for good, and more of its newest `KEPT` ones:
# bytes of each, measured with torch 2.13.
CODE, NEWEST_CODE, KEPT = 270_000, 310_000, "1024"
REMEMBERED = 200  # counts; each is a few numbers
MEASURED_BY = ("packing", "recompute", "isolated", "precision", "optimizer", "goal", "template")
COUNTED_BY = ("method", "packing", "optimizer", "lora_r", "recompute", "goal")
HUB_WEIGHTS = ("model.safetensors", "model.safetensors.index.json")
NOT_HERE = "The time is measured once the model's files are on this machine."
UNMEASURED = "The time is not measured yet."
TOO_LARGE = "The time is not measured, because the run would not fit."


@dataclass(frozen=True)
class Job:
    """A run as it would be started: on what, how, with which rows, and with how many steps at most.

    `folder` is where its files will lie; `prepare_seconds` is how long its rows took to be rendered. `beside` a run
    that goes on, it begins when that has given its memory back.
    """

    source: ModelSource
    settings: TrainSettings
    prepared: Prepared
    most_steps: int
    folder: Path
    prepare_seconds: float = 0.0
    beside: bool = False

    def changed(self, **changes: Any) -> "Job":
        """The same run with other settings; a shorter maximum cuts the rows that are there."""
        settings = self.settings.model_copy(update=changes)
        prepared = cut(self.prepared, settings.max_tokens) if "max_tokens" in changes else self.prepared
        return replace(self, settings=settings, prepared=prepared)


@dataclass(frozen=True)
class Estimate:
    """What a run would take. Bytes: `parts` by name, their sum `peak`, and `room`, all that the run may have.

    `seconds` is None where they were not measured, and `untimed` says why. `beside` another run, the room is what there
    will be when that has ended. `said` is a sentence where the run cannot be as its settings want it.
    """

    parts: dict[str, int]
    room: int
    margin: int
    steps: int
    seconds: float | None
    untimed: str = ""
    beside: bool = False
    said: str = ""

    @property
    def peak(self) -> int:
        """The most memory at any time, in bytes."""
        return sum(self.parts.values())

    @property
    def fits(self) -> bool:
        """Whether the run has room, with some to spare."""
        return self.peak <= self.room - self.margin


class _NotPacked(Exception):
    """The memory of a run cannot be counted with its rows packed."""


class Estimator:
    """Estimates runs, one after the other, and remembers what it has counted and measured."""

    def __init__(self) -> None:
        self._speeds: dict[Any, Speed | str] = {}
        self._counted: dict[Any, Footprint] = {}
        self._configs: dict[ModelSource, Any] = {}
        self._packs: dict[tuple[ModelSource, str, str], bool] = {}
        self._one_at_a_time = threading.Lock()

    def estimate(self, job: Job, why_not: Callable[[], str] | None = None) -> Estimate:
        """What the run would take. `why_not` says why nothing may be measured now, or nothing; None never measures.

        It is asked again after the measurement: what was measured beside other work is not kept.

        Raises:
            LabError: the model's config cannot be had, or it is of a kind that cannot be counted.
        """
        with self._one_at_a_time:
            import_heavy()
            try:
                found = self._estimate(self._as_computed(job), why_not)
            except _NotPacked:
                found = self._estimate(job.changed(packing=False), why_not)
                self._packs[_kept_as(job.source, job.settings)] = False
            padded = job.settings.packing and self.packs(job.source, job.settings) is False
            return replace(found, said=PADDED if padded else "")

    def packs(self, source: ModelSource, settings: TrainSettings) -> bool | None:
        """Whether rows of this model, kept in memory as the settings say, can be packed; None until that is known."""
        return self._packs.get(_kept_as(source, settings))

    def wait(self, say: Callable[[], None]) -> None:
        """Return once nothing is being measured; `say` is called first if something is.

        A run calls it before it begins. `why_not` must find that run by then, so that nothing is measured after it.
        """
        if self._one_at_a_time.locked():
            say()
        with self._one_at_a_time:
            return

    def _as_computed(self, job: Job) -> Job:
        """The job as its run would go: without packing where its model cannot be packed."""
        padded = job.settings.packing and self.packs(job.source, job.settings) is False
        return job.changed(packing=False) if padded else job

    def _estimate(self, job: Job, why_not: Callable[[], str] | None) -> Estimate:
        work = Workload(job.prepared, job.settings, job.most_steps)
        speed = self._speeds.get(_measured_by(job))
        if isinstance(speed, Speed):
            return self._told(job, work, speed, "")
        found = self._told(job, work, None, TOO_LARGE)
        if not found.fits:
            return found
        if why_not is None:
            return replace(found, untimed=UNMEASURED)
        why = why_not() or speed or ("" if _is_here(job.source) else NOT_HERE)
        if why:
            return self._told(job, work, None, why)
        measured = self._measure(job, work)
        job = self._as_computed(job)
        if why := why_not():
            return self._estimate(job, lambda: why)
        self._speeds[_measured_by(job)] = measured
        return self._estimate(job, why_not)

    def _told(self, job: Job, work: Workload, speed: Speed | None, untimed: str) -> Estimate:
        settings, own = job.settings, 0 if on_gpu() else own_bytes()
        back, own = (coming_back_bytes(), min(own, FRESH_PROCESS)) if job.beside else (0, own)
        found = self._count(job, speed, work.largest(), work.largest_evaluation())
        parts = {
            "program": (speed.process if speed else FRESH_PROCESS) if settings.isolated and not on_gpu() else own,
            "weights": found.weights,
            "trained": found.trained,
            "optimizer": found.moments,
            **_passing(found, speed),
        }
        parts["waste"] += _code(found, work)
        seconds = speed.seconds(work, found, write_speed(job.folder)) + job.prepare_seconds if speed else None
        room = free_bytes() + back + (0 if settings.isolated else own)
        return Estimate(parts, room, margin_bytes(), work.steps, seconds, untimed, job.beside)

    def _measure(self, job: Job, work: Workload) -> Speed | str:
        """The speed, or why it cannot be measured."""
        chosen = samples(work)
        try:
            found = probe(job.source, job.settings, chosen)
            if job.settings.packing:
                self._packs[_kept_as(job.source, job.settings)] = found.packed
                job = self._as_computed(job)
            small, large = (self._size(job, found.precision, rows, chosen) for rows in (chosen.small, chosen.large))
            looked = evaluation_load(chosen.looked, job.settings.packing)
            return Speed.of(found, small, large, looked)
        except LabError as error:
            return str(error)

    def _size(self, job: Job, precision: str, rows: list[Rendered], chosen: Samples) -> Size:
        settings = alone(job.settings, len(rows))
        counted = self._count(job.changed(**settings.model_dump()), None, rows, chosen.looked, precision)
        return Size(counted, load_of(rows, settings.packing))

    def _count(
        self,
        job: Job,
        speed: Speed | None,
        part: Sequence[Rendered],
        measured: Sequence[Rendered],
        precision: str = "",
    ) -> Footprint:
        precision = precision or (speed.precision if speed else _precision(job.settings))
        key = (
            *(job.source, precision, bool(job.settings.lora_dropout), job.settings.accumulation > 1),
            *(getattr(job.settings, name) for name in COUNTED_BY),
            *(tuple((row.row, len(row.ids), row.trained) for row in rows) for rows in (part, measured)),
        )
        if key not in self._counted:
            from core.train.footprint import footprint

            while len(self._counted) >= REMEMBERED:
                self._counted.pop(next(iter(self._counted)))
            try:
                self._counted[key] = footprint(self._config(job.source), job.settings, precision, part, measured)
            except (RuntimeError, TypeError, ValueError, AttributeError, NotImplementedError) as error:
                if job.settings.packing:
                    raise _NotPacked from error
                said = f"The memory of {job.source.title} cannot be counted: models of its kind are not known here."
                raise LabError(said) from error
        return self._counted[key]

    def _config(self, source: ModelSource) -> Any:
        if source not in self._configs:
            from core.train.context import model_config

            self._configs[source] = model_config(source)
        return self._configs[source]


def cut(prepared: Prepared, most: int) -> Prepared:
    """The rows at a shorter maximum; those without a learned token are left out, as when they are rendered anew."""
    return Prepared(*(_cut(side, most) for side in (prepared.train, prepared.held_out)))


def can_be_cut(prepared: Prepared, most: int) -> bool:
    """Whether enough rows are left at a shorter maximum."""
    return len(_cut(prepared.train, most).rows) >= FEWEST_ROWS


def _cut(side: Formatted, most: int) -> Formatted:
    rows = [Rendered(row.row, row.ids[:most], row.labels[:most], row.full_length) for row in side.rows]
    kept = [row for row in rows if row.trained]
    return Formatted(kept, [row.row for row in kept if row.full_length > most], side.left_out)


def _passing(found: Footprint, speed: Speed | None) -> dict[str, int]:
    """What is needed for a while only: by a step, or by an evaluation with its answers, whichever is more."""
    if on_gpu() and not speed:
        waste = look_waste = 0
    elif not speed:
        waste, look_waste = round(USUAL_WASTE + USUAL_SHARE * found.step), USUAL_WASTE
    else:
        waste, look_waste = round(speed.waste + speed.waste_share * found.step), speed.look_waste
    if found.step + waste >= found.look + look_waste:
        return {"step": found.step, "waste": waste}
    return {"step": found.look, "waste": look_waste}


def _code(found: Footprint, work: Workload) -> int:
    """Bytes of the code for every number of tokens but those of the first two steps, which are measured."""
    made = 0 if on_gpu() else found.products * max(0, work.shapes - 2)
    kept = int(os.environ.get("ONEDNN_PRIMITIVE_CACHE_CAPACITY", KEPT))
    return CODE * made + NEWEST_CODE * min(made, kept)


def _kept_as(source: ModelSource, settings: TrainSettings) -> tuple[ModelSource, str, str]:
    """What decides whether a model can be packed: its build, and how exactly it computes."""
    return source, settings.quantization, settings.precision


def _measured_by(job: Job) -> tuple[Any, ...]:
    """What a measurement holds for: everything else is told by counting."""
    settings = job.settings
    method = "lora" if settings.method == "rslora" else settings.method
    values = (getattr(settings, name) for name in MEASURED_BY)
    return (job.source, method, bool(settings.lora_dropout), *values)


def _precision(settings: TrainSettings) -> str:
    """The precision of a run whose machine is not yet settled."""
    from core.models.loading import has_fast_bfloat16

    if settings.precision != "auto":
        return settings.precision
    return "bfloat16" if has_fast_bfloat16() else "float32"


def _is_here(source: ModelSource) -> bool:
    """Whether the model can be loaded without fetching it."""
    if source.is_local:
        return True
    from huggingface_hub import try_to_load_from_cache

    found = (try_to_load_from_cache(source.path_or_id, name, revision=source.revision) for name in HUB_WEIGHTS)
    return any(isinstance(path, str) for path in found)
