"""The result of verifying a masked version: counts and row numbers, never a value."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from core.mask.left import Left
from core.words import counted

MOST_ROWS_NAMED = 20
Leftover = tuple[str, bool, int]  # kind, whether it is a masked value, and the row in the source file
_ROWS = ("source_rows", "damaged_rows")


@dataclass(frozen=True)
class Verification:
    """What reading a written version showed. Dictionaries are keyed by kind; all else counts rows or places.

    `known_left` counts places where a masked value still stands in whatever way of writing; `found_left` those that
    the detector found besides; `accepted` those of both of which a person has said since that they are not personal.
    `namesakes` counts places that hold a word masked as a name elsewhere, which may mean something else ("Jordan",
    "will"), and `left_alone` those that a person chose to leave before: neither is a leftover. `source_rows` names up
    to 20 rows, counted from 1 in the source file, in which something is wrong, `damaged_rows` those of them in which it
    is no leftover. `left` are the leftovers one by one; they are not kept with the counts.
    """

    rows: int
    rows_removed: int = 0
    rows_missing: int = 0
    rows_unexpected: int = 0
    is_in_order: bool = True
    values: int = 0
    known_left: dict[str, int] = field(default_factory=dict)
    found_left: dict[str, int] = field(default_factory=dict)
    accepted: dict[str, int] = field(default_factory=dict)
    namesakes: int = 0
    left_alone: int = 0
    roles_changed: int = 0
    fences_changed: int = 0
    texts_changed: int = 0
    facts_changed: int = 0
    source_rows: tuple[int, ...] = ()
    damaged_rows: tuple[int, ...] = ()
    left: tuple[Left, ...] = field(default=(), repr=False, compare=False)

    def with_left(self, left: Iterable[Leftover], accepted: Iterable[str] = ()) -> "Verification":
        """The same with these leftovers; `accepted` are the kinds of the places that were called not personal."""
        left = list(left)
        rows = {row for _, _, row in left} | set(self.damaged_rows)
        return replace(
            self,
            known_left=_counts(kind for kind, is_known, _ in left if is_known),
            found_left=_counts(kind for kind, is_known, _ in left if not is_known),
            accepted=_counts(accepted),
            source_rows=tuple(sorted(rows)[:MOST_ROWS_NAMED]),
        )

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
        kept = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "left"}
        return {**kept, **{name: list(kept[name]) for name in _ROWS}, "sentence": self.sentence}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "Verification":
        """The verification that was kept; what another version of the program added is passed over."""
        known = {one.name: kept[one.name] for one in fields(cls) if one.name in kept}
        return cls(**{**known, **{name: tuple(kept.get(name, ())) for name in _ROWS}})

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
        if self.accepted:
            places = sum(self.accepted.values())
            was = "was" if places == 1 else "were"
            said.append(f"{counted(places, 'leftover')} {was} looked at and called not personal.")
        if self.namesakes:
            holds = "holds" if self.namesakes == 1 else "hold"
            said.append(
                f"{counted(self.namesakes, 'place')} {holds} a single word that was masked as a name elsewhere and may "
                "mean something else there."
            )
        if self.source_rows:
            rows = ", ".join(map(str, self.source_rows))
            said.append(f"Look at source {'row' if len(self.source_rows) == 1 else 'rows'} {rows}.")
        if self.leftovers:
            said.append(
                "Mark what was missed in the review of the version that was masked and write it again, or say what of "
                "it is not personal."
            )
        return " ".join(said)

    def _known(self) -> str:
        known, read = sum(self.known_left.values()), f"{counted(self.rows, 'written row')} read back"
        values = counted(self.values, "masked value")
        if known:
            holds = "holds" if known == 1 else "hold"
            return f"{read}: {counted(known, 'place')} still {holds} a masked value (of {values})."
        none = "the one masked value does not stand" if self.values == 1 else f"none of {values} stands"
        return f"{read}: {none} there any more, in whatever way of writing."

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


def _counts(kinds: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(kinds).items()))
