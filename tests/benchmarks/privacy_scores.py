"""Scores found places against marked ones: a marked place is found if a place of the same kind shares a character.

A found place is right if it shares a character with a marked one of its kind; it does not count if it only shares one
with an UNSCORED label. Micro-F1 is of all kinds together.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from privacy_files import UNSCORED, Label, Row

from core.privacy.spans import Span

# What Presidio finds too, and its own synthetic set labels.
NINE = ("PERSON", "EMAIL", "PHONE", "CARD", "SSN", "IBAN", "IP", "URL", "ADDRESS")


@dataclass(frozen=True)
class Judged:
    """What became of one row: labels that were found and missed, findings that are right and wrong."""

    found: tuple[Label, ...]
    missed: tuple[Label, ...]
    right: tuple[Span, ...]
    wrong: tuple[Span, ...]
    clean: bool  # no letter or digit of a label is outside all findings, of whatever kind


def judged(row: Row, spans: Sequence[Span]) -> Judged:
    """The spans found in a labelled row, held against its labels."""
    labels = row.labels or ()
    scored = [label for label in labels if label.kind != UNSCORED]
    hit = [any(_same(label, span) for span in spans) for label in scored]
    right = [span for span in spans if any(_same(label, span) for label in scored)]
    unscored = [label for label in labels if label.kind == UNSCORED]
    wrong = [span for span in spans if span not in right and not any(_touch(label, span) for label in unscored)]
    return Judged(
        tuple(label for label, is_hit in zip(scored, hit, strict=True) if is_hit),
        tuple(label for label, is_hit in zip(scored, hit, strict=True) if not is_hit),
        tuple(right),
        tuple(wrong),
        all(_covered(row.texts[0], label, spans) for label in scored),
    )


def scores(rows: Sequence[Row], all_judged: Sequence[Judged]) -> dict[str, Any]:
    """Micro-F1, precision and recall, also by kind and slot, and the shares of clean documents and of false alarms."""
    found = Counter(label.kind for one in all_judged for label in one.found)
    missed = Counter(label.kind for one in all_judged for label in one.missed)
    right = Counter(span.kind for one in all_judged for span in one.right)
    wrong = Counter(span.kind for one in all_judged for span in one.wrong)
    kinds = sorted({*found, *missed, *wrong})
    planted = [bool(one.found or one.missed) for one in all_judged]
    empty = [one for row, one in zip(rows, all_judged, strict=True) if not row.labels]
    counts = (found, missed, right, wrong)
    return {
        **_figures(*(sum(of.values()) for of in counts)),
        "documents_clean": _share(
            sum(o.clean for o, has in zip(all_judged, planted, strict=True) if has), sum(planted)
        ),
        "documents_all_found": _share(
            sum(has and not o.missed for o, has in zip(all_judged, planted, strict=True)), sum(planted)
        ),
        "rows_without_labels_flagged": _share(sum(bool(one.wrong) for one in empty), len(empty)),
        "nine_kinds": _figures(*(sum(of[kind] for kind in NINE) for of in counts)),
        "kinds": {kind: _figures(*(of[kind] for of in counts)) for kind in kinds},
        "recall_by_slot": _slots(all_judged),
    }


def _slots(all_judged: Sequence[Judged]) -> dict[str, str]:
    found = Counter(label.slot for one in all_judged for label in one.found if label.slot)
    every = found + Counter(label.slot for one in all_judged for label in one.missed if label.slot)
    return {slot: f"{_share(found[slot], count)} of {count}" for slot, count in sorted(every.items())}


def _figures(found: int, missed: int, right: int, wrong: int) -> dict[str, Any]:
    recall, precision = _share(found, found + missed), _share(right, right + wrong)
    f1 = None if recall is None or precision is None else round(2 * recall * precision / ((recall + precision) or 1), 4)
    return {"f1": f1, "precision": precision, "recall": recall, "marked": found + missed, "wrong": wrong}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _touch(label: Label, span: Span) -> bool:
    return label.start < span.end and span.start < label.end


def _same(label: Label, span: Span) -> bool:
    return label.kind == span.kind and _touch(label, span)


def _covered(text: str, label: Label, spans: Sequence[Span]) -> bool:
    return all(
        any(span.start <= at < span.end for span in spans) for at in range(label.start, label.end) if text[at].isalnum()
    )
