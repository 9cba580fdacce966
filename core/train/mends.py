"""What to change about a run that does not fit, each change with its own estimate. Without torch at import."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from core.models.here import available
from core.settings import TrainSettings
from core.train.estimate import Estimate, Estimator, Job, can_be_cut, cut
from core.words import counted

HELPS = 0.95  # of the peak before; what saves less is not worth a button
SHORTER = (0.75, 0.5, 0.25)  # of the longest row
FEWEST_TOKENS: int = TrainSettings.field("max_tokens")["minimum"]


@dataclass(frozen=True)
class Mend:
    """A change of settings that takes less memory: a `title` for a button, what it costs, and what it leads to."""

    title: str
    cost: str
    changes: dict[str, Any]
    estimate: Estimate


@dataclass(frozen=True)
class _Offer:
    """Changes to try in turn until one fits, with what a button and a sentence say of each."""

    changes: list[dict[str, Any]]
    title: Callable[[dict[str, Any]], str]
    cost: Callable[[dict[str, Any]], str]


def mends(estimator: Estimator, job: Job, found: Estimate) -> list[Mend]:
    """Single changes that help; if none of them is enough, and all together are, that too. Those that fit come first.

    Empty where the run fits.
    """
    if found.fits:
        return []
    helping = [mend for mend in (_first(estimator, job, offer) for offer in _offers(job)) if _helps(mend, found)]
    if len(helping) > 1 and not any(mend.estimate.fits for mend in helping):
        changes = {name: value for mend in helping for name, value in mend.changes.items()}
        both = _Offer([changes], lambda _: "All of these", lambda _: "Each on its own is not enough.")
        together = _first(estimator, job, both)
        helping = [together, *helping] if together.estimate.fits else helping
    return sorted(helping, key=lambda mend: not mend.estimate.fits)


def _helps(mend: Mend, found: Estimate) -> bool:
    return mend.estimate.peak < HELPS * found.peak


def _first(estimator: Estimator, job: Job, offer: _Offer) -> Mend:
    """The first change of the offer with which the run fits, or the last one."""
    for changes in offer.changes:
        mend = Mend(offer.title(changes), offer.cost(changes), changes, estimator.estimate(job.changed(**changes)))
        if mend.estimate.fits:
            break
    return mend


def _offers(job: Job) -> Iterator[_Offer]:
    settings = job.settings
    most = min(settings.batch_size, len(job.prepared.train.rows))
    counts = [count for count in _doubled(settings.accumulation, most) if count > settings.accumulation]
    if counts:
        yield _Offer(
            [{"accumulation": count} for count in counts],
            lambda changes: f"Compute a step in {changes['accumulation']} parts",
            lambda _: "Learns the same; a little slower.",
        )
    if not settings.recompute:
        yield _Offer(
            [{"recompute": True}],
            lambda _: "Switch gradient checkpointing on",
            lambda _: "Learns the same; about a third slower.",
        )
    yield from _methods(job)
    yield from _precisions(settings)
    yield from _lengths(job)


def _methods(job: Job) -> Iterator[_Offer]:
    usable = [method for method, why in available(job.source).items() if not why]
    if job.settings.method == "full" and "lora" in usable:
        cost = "Trains a small adapter beside the model instead of every weight."
        yield _Offer([{"method": "lora"}], lambda _: "LoRA instead of full tuning", lambda _: cost)
    if job.settings.method != "qlora" and "qlora" in usable:
        cost = "The base model is kept in 4 bits: slower, and a little less exact."
        yield _Offer([{"method": "qlora"}], lambda _: "QLoRA: the base model in 4 bits", lambda _: cost)


def _precisions(settings: TrainSettings) -> Iterator[_Offer]:
    if settings.precision == "float32" and settings.has_adapter:
        yield _Offer(
            [{"precision": "bfloat16"}],
            lambda _: "Compute in bfloat16",
            lambda _: "Half the size, a little less exact; slow on a processor without instructions for it.",
        )


def _lengths(job: Job) -> Iterator[_Offer]:
    longest = max(len(row.ids) for row in job.prepared.train.rows)
    wanted = [round(longest * share) for share in SHORTER]
    shorter = [most for most in wanted if most >= FEWEST_TOKENS and can_be_cut(job.prepared, most)]

    def cost(changes: dict[str, Any]) -> str:
        left = cut(job.prepared, changes["max_tokens"]).train
        lost = len(job.prepared.train.rows) - len(left.rows)
        said = f"Cuts {counted(len(left.cut), 'row')} at the end"
        return said + (f" and leaves {counted(lost, 'row')} out." if lost else ".")

    if shorter:
        yield _Offer(
            [{"max_tokens": most} for most in shorter],
            lambda changes: f"Cut rows at {changes['max_tokens']:,} tokens",
            cost,
        )


def _doubled(first: int, most: int) -> list[int]:
    found = []
    while first < most:
        first = min(2 * first, most)
        found.append(first)
    return found
