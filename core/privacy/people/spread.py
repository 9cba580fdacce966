"""Names found once are searched in all texts of the same row: the cheapest way to find those that were read over."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.privacy.kinds import PERSON
from core.privacy.people.words import LONGEST_WORD, Standing, folded, standing
from core.privacy.spans import Span

LEAST_SCORE = 0.6
SHORTEST_PART = 3
LESS_SURE = 0.9
NAMES = frozenset({Standing.GIVEN, Standing.SURNAME, Standing.UNKNOWN})
CAPITALISED_NAMES = NAMES | {Standing.RARE, Standing.ALSO_A_PLACE}

_PIECE = re.compile(r"(?<![^\W_])[^\W\d_]++(?!\d)")
_BETWEEN = re.compile(r"[\s.,'’‐-]{1,3}")


@dataclass(frozen=True)
class _Name:
    """The folded pieces of a name, its score, and whether it counts in lower case as well."""

    pieces: tuple[str, ...]
    score: float
    in_lower_case: bool


def spread(texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """The places of found persons in all `texts` of a row: whole names, and their parts of three letters or more.

    Only what `spans` does not hold yet is returned, in order of place. Case and accents may differ; but parts that are
    ordinary words are not searched for, and others only with a capital.
    """
    names = _by_first_piece(_names(texts, spans))
    if not names:
        return [[] for _ in texts]
    return [list(_missing(names, text, found)) for text, found in zip(texts, spans, strict=True)]


def _names(texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> Iterator[_Name]:
    for text, found in zip(texts, spans, strict=True):
        for span in found:
            if span.kind == PERSON and span.score >= LEAST_SCORE:
                yield from _forms(text[span.start : span.end], span.score)


def _forms(name: str, score: float) -> Iterator[_Name]:
    """The whole name, and those of its parts that can stand for it."""
    pieces = tuple(folded(piece) for piece in _PIECE.findall(name) if len(piece) <= LONGEST_WORD)
    if len(pieces) > 1:
        yield _Name(pieces, score, True)
    for piece in pieces:
        stands = standing(piece)
        if len(piece) >= SHORTEST_PART and (len(pieces) == 1 or stands in CAPITALISED_NAMES):
            yield _Name((piece,), score, stands in NAMES)
            if stands in NAMES and standing(f"{piece}s") in NAMES:
                yield _Name((f"{piece}s",), score, in_lower_case=False)  # “the Fenwicks”, “Schottins Konto”


def _by_first_piece(names: Iterator[_Name]) -> dict[str, list[_Name]]:
    """The names by their first piece, the longest first, each once with its best score."""
    best: dict[tuple[str, ...], _Name] = {}
    for name in names:
        if name.pieces not in best or best[name.pieces].score < name.score:
            best[name.pieces] = name
    by_first: dict[str, list[_Name]] = {}
    for name in sorted(best.values(), key=lambda name: -len(name.pieces)):
        by_first.setdefault(name.pieces[0], []).append(name)
    return by_first


def _missing(names: Mapping[str, list[_Name]], text: str, found: Sequence[Span]) -> Iterator[Span]:
    taken = sorted((span.start, span.end) for span in found if span.kind == PERSON)
    pieces = list(_PIECE.finditer(text))
    after = next_taken = 0
    for number in [number for number, piece in enumerate(pieces) if folded(piece.group()) in names]:
        name = _name_at(names, text, pieces, number) if number >= after else None
        if not name:
            continue
        start, after = pieces[number].start(), number + len(name.pieces)
        while next_taken < len(taken) and taken[next_taken][1] <= start:
            next_taken += 1
        end = pieces[after - 1].end()
        if next_taken == len(taken) or end <= taken[next_taken][0]:
            yield Span(start, end, PERSON, round(name.score * LESS_SURE, 3), "the same name as elsewhere in the row")


def _name_at(names: Mapping[str, list[_Name]], text: str, pieces: Sequence[re.Match[str]], number: int) -> _Name | None:
    first = pieces[number].group()
    if len(first) > LONGEST_WORD:
        return None
    for name in names.get(folded(first), ()):
        here = pieces[number : number + len(name.pieces)]
        same = tuple(folded(piece.group()) for piece in here) == name.pieces
        if same and (name.in_lower_case or first[0].isupper()) and _stand_together(text, here):
            return name
    return None


def _stand_together(text: str, pieces: Sequence[re.Match[str]]) -> bool:
    return all(_BETWEEN.fullmatch(text, left.end(), right.start()) for left, right in pairwise(pieces))
