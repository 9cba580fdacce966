"""Make the masked dataset. Whether everything is gone is for core/mask/verify.py to say, once it is written."""

from collections import Counter
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from typing import Any

import polars as pl
import pyarrow as pa

from core.mask.choices import choice_of
from core.mask.plan import MaskedRow, Plan
from core.mask.watch import Progress, Stop, Watch
from core.privacy.substitutes import Ledger
from core.records import SCHEMA, Dataset
from core.settings import MaskSettings

STOPPED = "Masking was stopped. No version was written; start it again at any time."
_CHUNK = 512
_READ = 0.4  # the share of the work that is done once all values are known


@dataclass(frozen=True)
class MaskReport:
    """What masking did, in counts. Dictionaries are keyed by kind, those found most often first.

    `found` counts the places given, `masked` the places replaced in rows that are still there, after overlapping ones
    became one.
    """

    rows: int
    rows_changed: int
    rows_removed: int
    choices: dict[str, str]
    found: dict[str, int]
    masked: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """The form kept in the manifest."""
        return asdict(self)


@dataclass(frozen=True)
class Masked:
    """The masked dataset, what was done to each row by its id, and the counts of it."""

    dataset: Dataset = field(repr=False)
    changes: dict[str, MaskedRow] = field(repr=False)
    report: MaskReport


def mask(
    dataset: Dataset,
    places: pl.DataFrame,
    settings: MaskSettings,
    key: bytes,
    ledger: Ledger | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
    left: pl.DataFrame | None = None,
) -> Masked:
    """`dataset` with what stands at `places` replaced as chosen. Everything else stays byte for byte.

    `places` has the columns of core/mask/findings.py. The same key, data, choices and ledger give the same result,
    whatever the order of the rows. Substitutes that are new are kept in `ledger`; none is what stands at the places
    `left`, which stay.

    Raises:
        LabError: the places are of another dataset, or masking was stopped.
        SettingProblem: a choice that there is not.
        Busy: the ledger is being written by another masking.
    """
    watch = Watch(progress, stop, STOPPED)
    with ledger.held() if ledger else nullcontext():
        plan = Plan(dataset, places, settings, key, ledger, lambda share: watch.tell(share * _READ), left)
    changes: dict[str, MaskedRow] = {}
    parts: list[pa.Table] = []
    for start in range(0, len(dataset), _CHUNK):
        watch.tell(_READ + (1 - _READ) * start / len(dataset))
        chunk, changed = _masked_chunk(dataset, plan, start)
        parts.append(chunk)
        changes |= changed
    table = pa.concat_tables(parts) if parts else dataset.table
    return Masked(Dataset(table), changes, _report(dataset, places, settings, changes))


def _masked_chunk(dataset: Dataset, plan: Plan, start: int) -> tuple[pa.Table, dict[str, MaskedRow]]:
    """The rows from a position on after masking, and what was done to them. Untouched rows are not made anew."""
    chunk = dataset.table.slice(start, _CHUNK)
    if not plan.has_places(start, start + _CHUNK):
        return chunk, {}
    changes: dict[str, MaskedRow] = {}
    order: list[int] = []
    new: list[dict[str, Any]] = []
    for at, example in enumerate(Dataset(chunk)):
        change = plan.row(start + at, example)
        if change:
            changes[example.id] = change
        if change and not change.removed:
            order.append(len(chunk) + len(new))
            new.append(change.example(example).as_row())
        elif not change:
            order.append(at)
    if not changes:
        return chunk, {}
    both = pa.concat_tables([chunk, pa.Table.from_pylist(new, schema=SCHEMA)])
    return both.take(pa.array(order, pa.int64())), changes


def _report(
    dataset: Dataset, places: pl.DataFrame, settings: MaskSettings, changes: dict[str, MaskedRow]
) -> MaskReport:
    written = [change for change in changes.values() if not change.removed]
    found = _counts(places["kind"].to_list())
    masked = _counts(
        span.kind for change in written for at, some in change.spans.items() for span in some if at != change.repeats
    )
    return MaskReport(
        rows=len(dataset),
        rows_changed=len(written),
        rows_removed=len(changes) - len(written),
        choices={kind: choice_of(settings, kind) for kind in found},
        found=found,
        masked=masked,
    )


def _counts(kinds: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(kinds).items(), key=lambda item: (-item[1], item[0])))
