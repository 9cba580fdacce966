"""What masking will do: the choice for each kind, and the text that each row becomes. Preview and writing share it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from core.errors import LabError
from core.mask.choices import HASH, KEEP, PARTIAL, REMOVE, SUBSTITUTE, TAG, check_choices, choice_of
from core.mask.texts import said_twice, texts
from core.mask.vocabulary import vocabulary
from core.mask.written import written
from core.privacy import Replaced, Span, Tags, replace, resolve
from core.privacy.replace import keyed_hash, partial
from core.privacy.substitutes import SUBSTITUTED, Ledger, Substitutes
from core.records import Dataset, Example
from core.settings import MaskSettings

_CHUNK = 512  # rows in memory at once: a cell may have 200,000 characters
_PLACE = ("position", "row_id", "message", "start", "end", "kind", "score", "reason")
_Line = tuple[Any, ...]  # the columns of _PLACE
Value = tuple[str, str]  # kind and value


@dataclass(frozen=True)
class MaskedRow:
    """A row after masking.

    `texts` are all that it says now (core/mask/texts.py), `spans` the places in the original that were replaced in
    each, `values` what stood there (kind and value). A row that is `removed` has no texts. `repeats` is the text that
    is a label and repeats the answer, so that its places are no others.
    """

    texts: tuple[Replaced, ...] = field(repr=False)
    spans: dict[int, list[Span]]
    values: frozenset[Value] = field(repr=False)
    removed: bool = False
    repeats: int | None = None

    def moved(self, message: int, start: int, end: int) -> int | None:
        """By how many characters a place of the original moves in the new text; None if it was replaced or is gone."""
        if self.removed:
            return None
        shift = 0
        for span, (_, new_end) in zip(self.spans.get(message, ()), self.texts[message].places, strict=True):
            if span.end <= start:
                shift = new_end - span.end
            elif span.start < end:
                return None
        return shift

    def example(self, original: Example) -> Example:
        """`original` as it is after masking."""
        return original.with_said([replaced.text for replaced in self.texts])


class Plan:
    """What becomes of each row, by the places in it and the choices for their kinds.

    `places` has the columns of core/mask/findings.py; those of kept kinds are left aside, and of those that overlap
    one becomes of all. What stands at the places `left` (of the same columns) stays, so that nobody is called so. New
    substitutes are noted in `ledger`, which is written by who holds it. `tell` is told the share done, 0 to 1, and may
    raise to stop.

    Raises:
        SettingProblem: a choice that there is not.
        LabError: the places belong to other rows than those of `dataset`.
    """

    def __init__(
        self,
        dataset: Dataset,
        places: pl.DataFrame,
        settings: MaskSettings,
        key: bytes,
        ledger: Ledger | None = None,
        tell: Callable[[float], None] | None = None,
        left: pl.DataFrame | None = None,
    ) -> None:
        check_choices(settings)
        self._settings, self._key = settings, key
        kept = [kind for kind, choice in settings.choices.items() if choice == KEEP]
        ordered = places.select(_PLACE).sort("position", "message", "start", "end", "kind")
        self._places = ordered.filter(~pl.col("kind").is_in(kept))
        self._positions = self._places["position"].to_numpy()
        masked = self._values(dataset, self._places, tell)
        wanted = {kind for kind, _ in masked if choice_of(settings, kind) == SUBSTITUTE} & set(SUBSTITUTED)
        once = [] if left is None else [left.unique(["kind", "value"]).select(_PLACE)]
        staying = [ordered.filter(pl.col("kind").is_in(kept)), *once]
        stays = _written_at(dataset, pl.concat(staying, how="vertical_relaxed")) if wanted else ()
        words = vocabulary(dataset) if wanted else frozenset()
        self._substitutes = Substitutes(key, masked if wanted else (), ledger, wanted, words, stays)

    def has_places(self, first: int, last: int) -> bool:
        """Whether there is a place in a row from position `first` to before `last`."""
        start, end = np.searchsorted(self._positions, (first, last))
        return bool(start < end)

    def row(self, position: int, example: Example) -> MaskedRow | None:
        """What becomes of the row at a position, None if nothing does."""
        contents, spans = texts(example), self._spans(position, example)
        if not spans:
            return None
        values = frozenset(_values_at(contents, spans))
        if any(choice_of(self._settings, kind) == REMOVE for kind, _ in values):
            return MaskedRow((), spans, values, removed=True)
        tags, label = Tags(contents), said_twice(example)

        def masked(at: int, text: str) -> Replaced:
            new = self._new if at < len(example.texts) or at == label else self._fact
            return replace(text, spans.get(at, ()), lambda span, value: new(span.kind, value, tags))

        return MaskedRow(tuple(masked(at, text) for at, text in enumerate(contents)), spans, values, repeats=label)

    def _new(self, kind: str, value: str, tags: Tags) -> str:
        choice = choice_of(self._settings, kind)
        if choice == TAG:
            return tags.tag(kind, value)
        return partial(kind, value) if choice == PARTIAL else self._lasting(choice, kind, value)

    def _fact(self, kind: str, value: str, tags: Tags) -> str:
        """A fact says what rows have in common, so it becomes the same in all of them: never a tag."""
        choice = choice_of(self._settings, kind)
        return self._lasting(SUBSTITUTE if choice == SUBSTITUTE else HASH, kind, value)

    def _lasting(self, choice: str, kind: str, value: str) -> str:
        if choice == SUBSTITUTE:
            return self._substitutes.substitute(kind, value)
        return keyed_hash(self._key, kind, value)

    def _spans(self, position: int, example: Example) -> dict[int, list[Span]]:
        start, end = np.searchsorted(self._positions, (position, position + 1))
        spans = _spans_in(self._places.slice(start, end - start).rows(), example) if start < end else {}
        label = said_twice(example)
        if label is not None:
            spans.pop(label, None)
            answer = len(example.messages) - 1
            spans |= {label: spans[answer]} if answer in spans else {}
        return spans

    def _values(self, dataset: Dataset, places: pl.DataFrame, tell: Callable[[float], None] | None) -> frozenset[Value]:
        """The values at places."""
        found: set[Value] = set()
        for done, (lines, example) in enumerate(_rows(dataset, places)):
            if tell and done % _CHUNK == 0:
                tell(lines[0][0] / len(dataset))
            found.update(_values_at(texts(example), _spans_in(lines, example)))
        return frozenset(found)


def _rows(dataset: Dataset, places: pl.DataFrame) -> Iterator[tuple[list[_Line], Example]]:
    """The rows that have places, with these, in order."""
    column = places["position"].to_numpy()
    positions = np.unique(column)
    if len(positions) and positions[-1] >= len(dataset):
        raise _of_others()
    for start in range(0, len(positions), _CHUNK):
        chunk = positions[start : start + _CHUNK]
        first, last = np.searchsorted(column, (chunk[0], chunk[-1] + 1))
        lines = groupby(places.slice(first, last - first).rows(), key=lambda line: line[0])
        examples = Dataset(dataset.table.take(pa.array(chunk, pa.int64())))
        yield from zip((list(some) for _, some in lines), examples, strict=True)


def _spans_in(lines: list[_Line], example: Example) -> dict[int, list[Span]]:
    """The non-overlapping spans of each text that has any."""
    contents = texts(example)
    if lines[0][1] != example.id:
        raise _of_others()
    by_message = groupby(lines, key=lambda line: int(line[2]))
    spans = {message: resolve(Span(*line[3:]) for line in some) for message, some in by_message}
    if any(message >= len(contents) or some[-1].end > len(contents[message]) for message, some in spans.items()):
        raise _of_others()
    return spans


def _values_at(contents: list[str], spans: dict[int, list[Span]]) -> Iterator[Value]:
    for at, some in spans.items():
        yield from ((span.kind, contents[at][span.start : span.end]) for span in some)


def _written_at(dataset: Dataset, places: pl.DataFrame) -> set[Value]:
    return {value for value in zip(places["kind"].to_list(), written(dataset, places), strict=True) if value[1]}


def _of_others() -> LabError:
    return LabError("These findings belong to another dataset version. Search this version for personal data first.")
