"""Pairs of sets that may be alike: a prefix filter, after which nothing that is alike is missing.

Two sets x and y with |x| <= |y| and a Jaccard >= t share at least 2t/(1+t)|x| and t|y| shingles. So in one order for
all, the first shingle that they share is among the first |x| - ceil(2t/(1+t)|x|) + 1 of x and among the first
|y| - ceil(t|y|) + 1 of y, and only these have to be compared. With rare shingles first there is little to compare.
(Bayardo, Ma, Srikant: Scaling Up All Pairs Similarity Search, 2007; Xiao et al.: Efficient Similarity Joins, 2008.)
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.curate.sets import TEXTS_AT_ONCE, Commonness, distinct, in_order, sets
from core.curate.shingles import AT_ONCE, Hashes, Ints, Words, cuts, mixed, offsets_of, ranges

PARTS = 8  # so many are made of all keys by their first 3 bits, to take less memory
# Thousands of texts that are all alike have millions of pairs. So many pairs are listed and so many shingles looked at
# to compare them, and so many more for each text (10 seconds, 500 MB). Where that is too little, a text is compared,
# for each shingle that many have, only with those that are nearest to it in size and position.
LISTED, LISTED_PER_TEXT = 50_000_000, 10
COUNTED, COUNTED_PER_TEXT = 600_000_000, 400
ROUNDING = 1e-9

PLACE = np.uint64(32)  # bits of a position
_PLACES = np.uint64(0xFFFFFFFF)
_ONE = np.uint64(1)


@dataclass(frozen=True)
class Candidates:
    """Pairs that may be alike, each `first << PLACE | second`, in order; for the rest see `near_pairs.Pairs`."""

    pairs: Hashes
    same: Ints
    complete: bool


@dataclass(frozen=True)
class _Lists:
    """For the shingles that several texts have, one after the other: the ranks of these texts by size of their sets.

    `partners` says with how many of those after it a text has to be compared.
    """

    ranks: Ints
    partners: Ints


def candidates(words: Words, common: Commonness, lowest: float) -> Candidates:
    """All pairs that may have a Jaccard of at least `lowest`, but of texts with equal sets only the first."""
    parts, sizes, sums = _prefixes(words, common, lowest)
    same = _same(sizes, sums)
    order = np.lexsort((np.arange(len(sizes)), sizes))
    sizes = sizes[order]
    too_large = np.searchsorted(sizes, np.floor(sizes / lowest + ROUNDING), side="right")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    lists = [_lists(np.concatenate(parts.pop()), rank, too_large, same) for _ in range(PARTS)]
    most = _most([part.partners for part in lists], LISTED + LISTED_PER_TEXT * len(sizes))
    budget = COUNTED + COUNTED_PER_TEXT * len(sizes)
    ranks, counted = _listed(lists, most, sizes, budget)
    while counted > budget and most > 1:
        most = max(1, int(0.9 * most * budget / counted))
        ranks, counted = _listed(lists, most, sizes, budget)
    one, two = (order[ends].astype(np.uint64) for ends in apart(ranks))
    pairs = in_order(np.minimum(one, two) << PLACE | np.maximum(one, two))
    return Candidates(pairs, same, all(int(part.partners.max(initial=0)) <= most for part in lists))


def apart(pairs: Hashes) -> tuple[Ints, Ints]:
    """The first and the second of each pair."""
    return (pairs >> PLACE).astype(np.int64), (pairs & _PLACES).astype(np.int64)


def _prefixes(words: Words, common: Commonness, lowest: float) -> tuple[list[list[Hashes]], Ints, Hashes]:
    """The first shingles of each set, as keys in parts by their first bits; the sizes of the sets; and their sums.

    A key is a shingle, the position of the text, and whether the shingle is among the first of the smaller set too.
    """
    bits = _bits(len(words))
    parts: list[list[Hashes]] = [[np.zeros(0, np.uint64)] for _ in range(PARTS)]
    sizes, sums = np.zeros(len(words), np.int64), np.zeros(len(words), np.uint64)
    for start, end in words.parts(TEXTS_AT_ONCE):
        tokens, counts = sets(words.slice(start, end), common)
        place = ranges(np.zeros(end - start, np.int64), counts)
        hashes = mixed(tokens + _ONE)
        summed = np.concatenate([np.zeros(1, np.uint64), np.cumsum(hashes)])
        sizes[start:end], sums[start:end] = counts, np.diff(summed[offsets_of(counts)])
        inside = place <= np.repeat(_spare(counts, lowest), counts)
        smaller = place <= np.repeat(_spare(counts, 2 * lowest / (1 + lowest)), counts)
        text = np.repeat(np.arange(start, end, dtype=np.uint64), counts)
        keys = (hashes >> bits << bits | text << _ONE | smaller)[inside]
        for part in range(PARTS):
            parts[part].append(keys[keys >> np.uint64(61) == part])
    return parts, sizes, sums


def _bits(texts: int) -> np.uint64:
    """How many bits of a key are not the shingle's."""
    return np.uint64(texts.bit_length() + 1)


def _spare(sizes: Ints, share: float) -> Ints:
    """How many shingles of a set may be missing from another one where at least a share has to be in both."""
    needed: Ints = np.ceil(share * sizes - ROUNDING).astype(np.int64)
    return sizes - needed


def _same(sizes: Ints, sums: Hashes) -> Ints:
    """For each text the position of the first one with an equal set; a text without words is like no other."""
    _, firsts, which = np.unique(mixed(sums + sizes.astype(np.uint64)), return_index=True, return_inverse=True)
    return np.where(sizes > 0, firsts[which], np.arange(len(sizes)))


def _lists(keys: Hashes, rank: Ints, too_large: Ints, same: Ints) -> _Lists:
    """The lists of some keys; for each rank `too_large` is the first one whose set is too large to be alike."""
    bits, texts = _bits(len(rank)), np.uint64((1 << len(rank).bit_length()) - 1)
    text = (keys >> _ONE & texts).astype(np.int64)
    keys = in_order(keys[same[text] == text])
    fresh = np.ones(len(keys) + 1, bool)
    fresh[1:-1] = keys[1:] >> bits != keys[:-1] >> bits
    shared = ~(fresh[:-1] & fresh[1:])
    shingle, keys = np.cumsum(fresh[:-1][shared], dtype=np.uint64), keys[shared]
    places = rank[(keys >> _ONE & texts).astype(np.int64)].astype(np.uint64)
    entries = in_order((shingle << PLACE | places) << _ONE | keys & _ONE)
    smaller, entries = (entries & _ONE).astype(bool), entries >> _ONE
    ranks = (entries & _PLACES).astype(np.int64)
    ends = np.searchsorted(entries, entries >> PLACE << PLACE | too_large[ranks].astype(np.uint64))
    return _Lists(ranks, np.where(smaller, ends - np.arange(len(entries)) - 1, 0))


def _most(counts: list[Ints], budget: int) -> int:
    """The largest number that counts can be cut down to so that their sum keeps to the budget."""
    enough, too_many = 0, max(int(part.max(initial=0)) for part in counts) + 1
    while too_many - enough > 1:
        middle = (enough + too_many) // 2
        fits = sum(int(np.minimum(part, middle).sum()) for part in counts) <= budget
        enough, too_many = (middle, too_many) if fits else (enough, middle)
    return enough


def _listed(lists: list[_Lists], most: int, sizes: Ints, budget: int) -> tuple[Hashes, int]:
    """The pairs of ranks, of each with at most so many others for a shingle; and how many shingles they have in all.

    Once these are more than the budget, their number is estimated and the pairs are not all.
    """
    pairs, counted = np.zeros(0, np.uint64), 0
    for number, part in enumerate(lists, 1):
        for more in _paired(part.ranks, np.minimum(part.partners, most)):
            pairs = distinct(np.concatenate([pairs, more]))
        counted = sum(int(sizes[ends].sum()) for ends in apart(pairs))
        if counted > budget:
            return pairs, int(counted * (len(lists) / number) ** 0.5)  # part of what is still to come is here already
    return pairs, counted


def _paired(ranks: Ints, partners: Ints) -> Iterator[Hashes]:
    """Pairs of ranks, each with so many of those after it as it has partners."""
    for start, end in cuts(offsets_of(partners), 4 * AT_ONCE, len(partners)):
        first = np.repeat(ranks[start:end], partners[start:end]).astype(np.uint64)
        second = ranks[ranges(np.arange(start + 1, end + 1), partners[start:end])].astype(np.uint64)
        yield distinct(first << PLACE | second)
