"""Write the masked dataset, and look through the result for what should be gone."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from core.errors import LabError
from core.mask.findings import Findings
from core.mask.plan import MaskedRow, Plan
from core.mask.scan import Progress, Stop, texts
from core.privacy import SHORTEST_IN_ROW, KnownValues, Span, find, resolve
from core.records import Dataset, Example
from core.settings import MaskSettings

_MOST_ROWS_NAMED = 20
_EVERY = 200


@dataclass(frozen=True)
class MaskReport:
    """What masking did, in counts. Dictionaries are keyed by kind.

    `known_left` counts places in the written texts where a value masked somewhere still stands, as written, in other
    case or by its digits; `found_left` those that the recognisers find there once more. `rows_left` names source rows.
    """

    rows: int
    rows_changed: int
    choices: dict[str, str]
    found: dict[str, int]
    masked: dict[str, int]
    known_left: dict[str, int]
    found_left: dict[str, int]
    rows_left: list[int]

    @property
    def is_clean(self) -> bool:
        """Whether the leak check found nothing."""
        return not self.known_left and not self.found_left

    def as_dict(self) -> dict[str, Any]:
        """The form kept in the manifest."""
        return asdict(self)


@dataclass(frozen=True)
class Masked:
    """The masked dataset and the report on it."""

    dataset: Dataset = field(repr=False)
    report: MaskReport


def mask(
    dataset: Dataset,
    findings: Findings,
    settings: MaskSettings,
    key: bytes,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Masked:
    """`dataset` with the findings replaced by tags or substitutes, or kept. Everything else stays byte for byte.

    The same key, data and choices give the same result, whatever the order of the rows.

    Raises:
        LabError: the findings are of another dataset, or masking was stopped.
        SettingProblem: a choice that there is not.
    """
    if findings.content_hash != dataset.content_hash():
        raise LabError("These findings belong to another dataset version. Search this version for personal data first.")
    plan = Plan(dataset, findings, settings, key)
    changes = {found.position: plan.row(found, example) for found, example in findings.examples(dataset)}
    check = LeakCheck(plan, changes)
    examples: list[Example] = []
    for position, example in enumerate(dataset):
        if position % _EVERY == 0:
            _tell(position / max(len(dataset), 1), progress, stop)
        change = changes.get(position)
        examples.append(change.example(example) if change else example)
        check.look(examples[-1], change)
    return Masked(Dataset.of(examples), _report(findings, plan, changes, check))


class LeakCheck:
    """Counts what is left in the written texts of the kinds that were to be masked."""

    def __init__(self, plan: Plan, changes: dict[int, MaskedRow]) -> None:
        self._masked_kinds = {kind for kind, choice in plan.choices.items() if choice != "keep"}
        self._everywhere = KnownValues(value for change in changes.values() for value in change.values)
        self.known: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.rows: list[int] = []

    def look(self, written: Example, change: MaskedRow | None) -> None:
        """Count what is left in a row; `change` is what was done to it."""
        here = KnownValues(change.values, SHORTEST_IN_ROW) if change else None
        before = self.known.total() + self.found.total()
        for index, text in self._written_texts(written):
            known = resolve([*self._everywhere.find(text), *(here.find(text) if here else ())])
            found = [span for span in find(text) if span.kind in self._masked_kinds]
            self.known.update(span.kind for span in known if not _is_ours(span, index, change))
            self.found.update(span.kind for span in found if not _is_ours(span, index, change))
        if self.known.total() + self.found.total() > before and len(self.rows) < _MOST_ROWS_NAMED:
            self.rows.append(written.row)

    def _written_texts(self, written: Example) -> Iterator[tuple[int, str]]:
        yield from enumerate(texts(written))
        label = written.label if written.label != written.answer else None
        facts = label, written.category, written.group, written.source, *written.tags
        yield from ((len(written.texts), fact) for fact in facts if fact)


def _is_ours(span: Span, index: int, change: MaskedRow | None) -> bool:
    """Whether what was found is a tag or a substitute that masking put there."""
    return change is not None and index < len(change.texts) and change.texts[index].covers(span)


def _report(findings: Findings, plan: Plan, changes: dict[int, MaskedRow], check: LeakCheck) -> MaskReport:
    spans = [span for change in changes.values() for some in change.spans.values() for span in some]
    return MaskReport(
        rows=findings.total_rows,
        rows_changed=sum(bool(change.values) for change in changes.values()),
        choices={kind: plan.choices[kind] for kind in findings.counts()},
        found={kind: places for kind, (places, _) in findings.counts().items()},
        masked=dict(Counter(span.kind for span in spans)),
        known_left=dict(check.known),
        found_left=dict(check.found),
        rows_left=check.rows,
    )


def _tell(share: float, progress: Progress | None, stop: Stop | None) -> None:
    if stop and stop():
        raise LabError("Masking was stopped. No version was written; start it again at any time.")
    if progress:
        progress(share)
