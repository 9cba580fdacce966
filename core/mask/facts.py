"""What a row says beside its texts (label, category, group, source, tags), where it is itself a masked value."""

from collections.abc import Callable, Iterable
from typing import Any

import pyarrow.compute as pc

from core.privacy import SHORTEST_EVERYWHERE, SOFT, fold
from core.records import Dataset, Example

FACTS = ("label", "category", "group", "source")
Value = tuple[str, str]  # kind and value
Change = Callable[[str, str], str]


class Facts:
    """Which facts of a dataset are values that are masked.

    A value that is masked anywhere counts in every row, if it is long and no single word; else only in its own row:
    "Jordan" is a person there, and a country as a label elsewhere.
    """

    def __init__(self, dataset: Dataset, values: Iterable[Value]) -> None:
        known = {(kind, fold(kind, value)) for kind, value in values if _is_distinct(kind, value)}
        self._kinds = {fact: kind for fact in _all_facts(dataset) if (kind := _kind(fact, known))}

    def __bool__(self) -> bool:
        return bool(self._kinds)

    def changed(self, example: Example, values: Iterable[Value], change: Change) -> dict[str, Any]:
        """The columns of a row that change, as they will be: `change(kind, fact)` in the place of masked values.

        `values` are those of the row itself. A label that is the answer is left out, as it follows the answer.
        """
        facts = {name: getattr(example, name) for name in FACTS if getattr(example, name)}
        if example.label == example.answer:
            facts.pop("label", None)
        if not facts and not example.tags:
            return {}
        here = {(kind, fold(kind, value)) for kind, value in values}

        def new(fact: str) -> str:
            kind = _kind(fact, here) or self._kinds.get(fact)
            return change(kind, fact) if kind else fact

        after: dict[str, Any] = {name: new(fact) for name, fact in facts.items()}
        before: dict[str, Any] = {**facts, "tags": example.tags}
        return {
            name: fact
            for name, fact in {**after, "tags": tuple(map(new, example.tags))}.items()
            if fact != before[name]
        }


def _all_facts(dataset: Dataset) -> set[str]:
    columns = [dataset.table[name] for name in FACTS] + [pc.list_flatten(dataset.table["tags"])]
    return {fact for column in columns for fact in pc.unique(column).to_pylist() if fact}


def _kind(fact: str, known: set[Value]) -> str | None:
    return next((kind for kind in sorted({kind for kind, _ in known}) if (kind, fold(kind, fact)) in known), None)


def _is_distinct(kind: str, value: str) -> bool:
    return len(value) >= SHORTEST_EVERYWHERE and not (kind in SOFT and value.isalpha())
