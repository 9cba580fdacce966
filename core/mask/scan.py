"""Find personal data in everything that each row says."""

from collections.abc import Callable, Iterable, Iterator

from core.errors import LabError
from core.mask.findings import Findings, RowFindings
from core.privacy import SHORTEST_IN_ROW, KnownValues, Span, find_all
from core.records import Dataset, Example

Progress = Callable[[float], None]
Stop = Callable[[], bool]

_EVERY = 200
Places = list[tuple[int, Span]]


def scan(dataset: Dataset, progress: Progress | None = None, stop: Stop | None = None) -> Findings:
    """Findings over all rows, in two passes.

    The first asks every recogniser. The second searches what the first found in all rows (and values of 4 to 6
    characters in their own row), so that a number known from "call 020 …" is also found where it stands alone.

    `progress` is told the share done, 0 to 1; `stop` is asked every 200 rows.

    Raises:
        LabError: the scan was stopped.
    """
    found: dict[int, Places] = {}
    values: set[tuple[str, str]] = set()
    for position, example in _watched(dataset, len(dataset), (0.0, 0.8), progress, stop):
        places = [(index, span) for index, text in enumerate(texts(example)) for span in find_all(text)]
        if places:
            found[position] = places
            values |= _values(example, places)
    everywhere = KnownValues(values)
    rows: list[RowFindings] = []
    for position, example in _watched(dataset, len(dataset), (0.8, 1.0), progress, stop):
        places = _with_known(example, found.get(position, []), everywhere)
        if places:
            rows.append(RowFindings(example.id, position, tuple(places)))
    return Findings(dataset.content_hash(), len(dataset), tuple(rows))


def texts(example: Example) -> list[str]:
    """What is searched: the contents of the messages in order, and of a rejected answer."""
    return [content for _, content in example.texts]


def _watched(
    rows: Iterable[Example], total: int, part: tuple[float, float], progress: Progress | None, stop: Stop | None
) -> Iterator[tuple[int, Example]]:
    for position, example in enumerate(rows):
        if position % _EVERY == 0:
            if stop and stop():
                raise LabError(
                    "The search for personal data was stopped. Nothing was kept; start it again at any time."
                )
            if progress:
                progress(part[0] + (part[1] - part[0]) * position / max(total, 1))
        yield position, example


def _values(example: Example, places: Places) -> set[tuple[str, str]]:
    contents = texts(example)
    return {(span.kind, contents[index][span.start : span.end]) for index, span in places}


def _with_known(example: Example, places: Places, everywhere: KnownValues) -> Places:
    """`places` and those of known values that they do not cover already, in order."""
    here = KnownValues(_values(example, places), SHORTEST_IN_ROW) if places else None
    more: Places = []
    for index, text in enumerate(texts(example)):
        own = [span for at, span in places if at == index]
        for span in {*everywhere.find(text), *(here.find(text) if here else ())}:
            if not any(_covers(other, span) for other in own):
                more.append((index, span))
    return sorted([*places, *more])


def _covers(span: Span, other: Span) -> bool:
    return span.kind == other.kind and span.start <= other.start and other.end <= span.end
