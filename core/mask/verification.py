"""The result of verifying a masked version: counts and row numbers, never a value."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from core.words import counted


@dataclass(frozen=True)
class Verification:
    """What reading a written version showed. Dictionaries are keyed by kind; all else counts rows or places.

    `known_left` counts places where a masked value still stands in whatever way of writing; `found_left` those that
    the detector found besides. `namesakes` counts places elsewhere that hold a word masked as a name in another row,
    which may mean something else ("Jordan"), and `left_alone` those that a person chose to leave: neither is a
    leftover. `source_rows` names up to 20 rows, counted from 1 in the source file, in which something is wrong.
    """

    rows: int
    rows_removed: int = 0
    rows_missing: int = 0
    rows_unexpected: int = 0
    is_in_order: bool = True
    values: int = 0
    known_left: dict[str, int] = field(default_factory=dict)
    found_left: dict[str, int] = field(default_factory=dict)
    namesakes: int = 0
    left_alone: int = 0
    roles_changed: int = 0
    fences_changed: int = 0
    texts_changed: int = 0
    facts_changed: int = 0
    source_rows: tuple[int, ...] = ()

    @property
    def leftovers(self) -> dict[str, int]:
        """Places where personal data is left, by kind."""
        kinds = sorted({*self.known_left, *self.found_left})
        return {kind: self.known_left.get(kind, 0) + self.found_left.get(kind, 0) for kind in kinds}

    @property
    def is_whole(self) -> bool:
        """Whether the same rows are there, and nothing but what was masked is different in them."""
        return self.is_in_order and not self._damage()

    @property
    def is_clean(self) -> bool:
        """Whether nothing is left over and nothing else was changed."""
        return not self.leftovers and self.is_whole

    def as_dict(self) -> dict[str, Any]:
        """The form kept as JSON, with the sentence."""
        return {**asdict(self), "source_rows": list(self.source_rows), "sentence": self.sentence}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "Verification":
        """The verification that was kept; what another version of the program added is passed over."""
        known = {one.name: kept[one.name] for one in fields(cls) if one.name in kept}
        return cls(**{**known, "source_rows": tuple(kept.get("source_rows", ()))})

    @property
    def sentence(self) -> str:
        """The result in words."""
        said = [self._known(), self._found()]
        if self.rows_removed:
            said.append(f"{counted(self.rows_removed, 'row')} taken out as chosen.")
        if self.is_whole:
            said.append("The rows, their roles and code fences and every character that was not masked are the same.")
        else:
            said.append(f"Something else is different: {', '.join(self._damage() or ['the order of the rows'])}.")
        if self.namesakes:
            what = "hold a single word" if self.namesakes > 1 else "holds a single word"
            said.append(
                f"{counted(self.namesakes, 'place')} elsewhere {what} that was masked in another row and may mean "
                "something else there."
            )
        if self.source_rows:
            rows = ", ".join(map(str, self.source_rows))
            said.append(f"Look at source {'row' if len(self.source_rows) == 1 else 'rows'} {rows}.")
        if self.leftovers:
            said.append("Mark what was missed in the review of the version that was masked, and write it again.")
        return " ".join(said)

    def _known(self) -> str:
        known, read = sum(self.known_left.values()), f"{counted(self.rows, 'written row')} read back"
        values = counted(self.values, "masked value")
        if not known:
            return f"{read}: none of {values} stands there any more, in whatever way of writing."
        return f"{read}: masked values still stand in {counted(known, 'place')} (of {values})."

    def _found(self) -> str:
        found = sum(self.found_left.values())
        if not found:
            return "A second search found nothing else of the kinds that were masked."
        return f"A second search found {counted(found, 'place')} more."

    def _damage(self) -> list[str]:
        """What is different though it was not to be masked."""
        counts = {
            "missing": self.rows_missing,
            "too many": self.rows_unexpected,
            "with other roles": self.roles_changed,
            "with other code fences": self.fences_changed,
            "with other text beside the masked places": self.texts_changed,
            "with another label, category, group, source, tags or split": self.facts_changed,
        }
        return [f"{counted(rows, 'row')} {what}" for what, rows in counts.items() if rows]
