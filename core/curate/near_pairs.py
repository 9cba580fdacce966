"""All pairs of texts that are nearly the same: the exact Jaccard similarity of their sets of 5-word shingles.

An exact join (`candidates`), not an estimate: MinHash with LSH misses some pairs, is no quicker here since most of the
time goes into words and shingles, and its candidates have to be verified as well.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.curate.candidates import ROUNDING, apart, candidates
from core.curate.sets import TOKEN, Commonness, commonness, sets
from core.curate.shingles import Hashes, Ints, Words, offsets_of, ranges

LOWEST = 0.7
PAIRS_AT_ONCE = 1 << 15
SEVERAL = 16  # pairs with the same first text


@dataclass(frozen=True)
class Pairs:
    """Pairs of texts: `first` and `second` (positions, first < second) and `score`, their Jaccard similarity.

    Of texts with equal sets only the first one is in `first` and `second`; `same` has the position of that one for
    every text (for most their own). `complete` is False where too many texts were alike to compare all.
    """

    first: Ints
    second: Ints
    score: NDArray[np.float64]
    same: Ints
    complete: bool


def near_pairs(words: Words, lowest: float = LOWEST) -> Pairs:
    """All pairs of texts with a Jaccard of at least `lowest`, by first and second text."""
    common = commonness(words)
    likely = candidates(words, common, lowest)
    first, second, score = _verified(words, likely.pairs, common)
    alike = score >= lowest - ROUNDING
    return Pairs(first[alike], second[alike], score[alike], likely.same, likely.complete)


def _verified(words: Words, pairs: Hashes, common: Commonness) -> tuple[Ints, Ints, NDArray[np.float64]]:
    """The two positions of each pair and the Jaccard of their sets."""
    first, second = apart(pairs)
    parts = [slice(start, start + PAIRS_AT_ONCE) for start in range(0, len(pairs), PAIRS_AT_ONCE)]
    scores = [_jaccard(words, first[part], second[part], common) for part in parts]
    return first, second, np.concatenate([np.zeros(0), *scores])


def _jaccard(words: Words, first: Ints, second: Ints, common: Commonness) -> NDArray[np.float64]:
    """The Jaccard of each pair; `first` is in order."""
    texts, places = np.unique(np.concatenate([first, second]), return_inverse=True)
    first, second = places[: len(first)], places[len(first) :]
    tokens, sizes = sets(words.take(texts), common)
    starts = offsets_of(sizes)
    edges = np.flatnonzero(np.diff(first, prepend=-1, append=-1))
    often = np.repeat(np.diff(edges) >= SEVERAL, np.diff(edges))
    in_both = np.zeros(len(first), np.int64)
    in_both[~often] = _merged(tokens, sizes, first[~often], second[~often])
    for start, end in zip(edges[:-1][often[edges[:-1]]], edges[1:][often[edges[:-1]]], strict=True):
        one = tokens[starts[first[start]] : starts[first[start] + 1]]
        in_both[start:end] = _looked_up(one, tokens, starts[second[start:end]], sizes[second[start:end]])
    return in_both / (sizes[first] + sizes[second] - in_both)


def _merged(tokens: Hashes, sizes: Ints, first: Ints, second: Ints) -> Ints:
    """How many tokens the two sets of each pair share, all pairs at once."""
    starts = offsets_of(sizes)
    halves = []
    for place in (first, second):
        pair = np.repeat(np.arange(len(place), dtype=np.uint64) << TOKEN, sizes[place])
        halves.append(pair | tokens[ranges(starts[place], sizes[place])])
    keys = np.concatenate(halves)
    keys.sort(kind="stable")  # merges the two halves, which are sorted
    return np.bincount((keys[1:][keys[1:] == keys[:-1]] >> TOKEN).astype(np.int64), minlength=len(first))


def _looked_up(one: Hashes, tokens: Hashes, starts: Ints, sizes: Ints) -> Ints:
    """How many tokens one set shares with each of several others: quicker than `_merged` where there are many."""
    others = tokens[ranges(starts, sizes)]
    found = one[np.minimum(np.searchsorted(one, others), len(one) - 1)] == others
    return np.add.reduceat(found, offsets_of(sizes)[:-1], dtype=np.int64)
