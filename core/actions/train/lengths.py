"""How long the rows of a version are in tokens, before Start, and what becomes of them at the chosen maximum."""

from dataclasses import dataclass
from statistics import median
from typing import Any

from core.actions.lab import Lab
from core.actions.train.choice import chosen
from core.actions.train.measured import Measured, beyond_context, measured, measuring
from core.format import Bar, bar_names, bars, maximum_that_cuts
from core.settings import TrainSettings
from core.train.order import PADDED, count_steps, order, padded_tokens
from core.train.plan import FEWEST_ROWS, too_few
from core.words import counted
from core.workspace import Workspace

__all__ = ["SeenLengths", "bar_names", "lengths", "measuring"]

FEWEST_TOKENS: int = TrainSettings.field("max_tokens")["minimum"]
FEW = 0.01  # share of rows whose end may be given up for a much shorter maximum
UNTRIED = "If this model cannot be packed, its run says so."


@dataclass(frozen=True)
class SeenLengths:
    """How long the rows to train on are, in tokens, and what becomes of them at the chosen maximum.

    Counts of rows and of tokens (of one epoch) are for all `rows`, estimated where only `measured` of them were read.
    `cuts_none` and `cuts_few` are maxima at which no row, or one in a hundred, is cut; 0 where that would be more than
    `context`, the tokens that the model reads at most. `padding` counts what fills up batches, also where
    packing is on and an estimate has found that the model cannot be packed; `padding_unpacked` what would if packing
    were off. `problem` says why a run would be refused.
    """

    rows: int
    measured: int
    max_tokens: int
    tokens: int
    trained: int
    median: int
    longest: int
    cut: int
    beyond: int
    empty: int
    refused: int
    cuts_none: int
    cuts_few: int
    context: int
    padding: int
    padding_unpacked: int
    bars: list[Bar]
    sentences: list[str]
    problem: str


def lengths(lab: Lab, workspace: Workspace, version_id: str, values: dict[str, Any]) -> SeenLengths:
    """How long the rows to train on are, and what becomes of them. Counted once; other maxima then cost nothing.

    Raises like `chosen`.
    """
    settings, source, _ = chosen(lab, workspace, version_id, values)
    found = measured(workspace, version_id, settings, source)
    return _told(found, settings, lab.estimator.packs(source, settings))


def _told(found: Measured, settings: TrainSettings, packs: bool | None) -> SeenLengths:
    """`packs` says whether the model can be packed, None where nobody has tried."""
    most = settings.max_tokens
    unpacked = settings.model_copy(update={"packing": False})
    fates = [extent.fate(most) for extent in found.extents]
    kept = [extent.kept(most) for extent, fate in zip(found.extents, fates, strict=True) if fate in ("whole", "cut")]
    written = [extent.length for extent in found.extents if not extent.refused]
    scale = found.rows / max(1, len(fates))
    count = {fate: round(fates.count(fate) * scale) for fate in ("cut", "beyond", "empty", "refused")}
    told = {
        "rows": found.rows,
        "measured": len(fates),
        "max_tokens": most,
        "tokens": round(sum(kept) * scale),
        "trained": round(sum(extent.trained(most) for extent in found.extents) * scale),
        "median": round(median(written)) if written else 0,
        "longest": max(written, default=0),
        **count,
        "cuts_none": _allowed(maximum_that_cuts(written, 0), found.context),
        "cuts_few": _allowed(maximum_that_cuts(written, FEW), found.context),
        "context": found.context,
        "padding": round(_padding(kept, unpacked if packs is False else settings) * scale),
        "padding_unpacked": round(_padding(kept, unpacked) * scale),
    }
    refused = {extent.row: extent.refused for extent in found.extents if extent.refused}
    few = len(kept) < FEWEST_ROWS
    problem = too_few(len(kept), count["beyond"], count["empty"], refused, settings) if few else ""
    said = [*_sentences(told, settings, next(iter(refused.values()), "")), _padding_sentence(told, settings, packs)]
    return SeenLengths(**told, bars=bars(written, most), sentences=said, problem=problem)


def _padding(kept: list[int], settings: TrainSettings) -> int:
    """Tokens that fill up the batches of one epoch."""
    once = settings.model_copy(update={"epochs": 1, "max_steps": 0})
    steps = order(kept, once, count_steps(len(kept), once, len(kept)))
    return sum(padded_tokens(rows, kept, once) for rows in steps) - sum(kept)


def _allowed(max_tokens: int, context: int) -> int:
    return max(FEWEST_TOKENS, max_tokens) if max_tokens <= context else 0


def _sentences(told: dict[str, int], settings: TrainSettings, refused: str) -> list[str]:
    most = f"{settings.max_tokens:,} tokens"
    said = []
    if told["measured"] < told["rows"]:
        said.append(f"Counted on {told['measured']:,} rows drawn from {told['rows']:,}; so counts are estimates.")
    said.append(
        f"{counted(told['cut'], 'row is', 'rows are')} longer than {most} and cut at the end."
        if told["cut"]
        else f"No row that is trained on is longer than {most}, so none is cut."
    )
    if told["beyond"]:
        said.append(f"{counted(told['beyond'], 'row is', 'rows are')} left out: the answer begins behind {most}.")
    if told["empty"]:
        said.append(f"{counted(told['empty'], 'row is', 'rows are')} left out: there is no good answer to learn.")
    if told["refused"]:
        said.append(f"{counted(told['refused'], 'row is', 'rows are')} left out, such as this one: {refused}")
    if settings.max_tokens > told["context"]:
        said.append(beyond_context(told["context"]))
    if told["cut"] or told["beyond"]:
        said.append(_maxima(told))
    return said


def _maxima(told: dict[str, int]) -> str:
    few = f"{told['cuts_few']:,} would cut at most 1 row in 100" if told["cuts_few"] else ""
    if told["cuts_none"]:
        same = told["cuts_few"] == told["cuts_none"]
        return f"A maximum of {told['cuts_none']:,} would cut none" + (f"; {few}." if few and not same else ".")
    longest = f"The longest row has {told['longest']:,} tokens, and the model reads {told['context']:,} at most"
    return longest + (f"; a maximum of {few}." if few else ".")


def _padding_sentence(told: dict[str, int], settings: TrainSettings, packs: bool | None) -> str:
    filled = told["padding_unpacked"]
    share = filled / max(1, filled + told["tokens"])
    if settings.packing and packs is not False:
        said = f"No padding: packing joins the rows of a step. Without it {share:.0%} of what is computed would be."
        return said if packs else f"{said} {UNTRIED}"
    said = f"{filled:,} tokens of padding an epoch, {share:.0%} of what is computed"
    return f"{PADDED} {said}." if settings.packing else f"{said}; packing needs none."
