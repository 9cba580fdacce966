"""Texts as sets of shingles, all in one order that has rare shingles first."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.curate.shingles import AT_ONCE, Hashes, Ints, Words, shingles

SHINGLE = 5  # words
TEXTS_AT_ONCE = 1 << 16
SAMPLE = 2 * AT_ONCE  # words
TOKEN = np.uint64(48)  # bits of a token: 4 say how common a shingle is, 44 are of its hash; 16 are left for a text
COMMON = 15

Commonness = NDArray[np.uint8]


def commonness(words: Words) -> Commonness:
    """How common shingles are, by the last bits of their hash: 0 to `COMMON`, the bits of their count in a sample."""
    step = max(1, round(len(words.hashes) / SAMPLE))
    hashes, _ = shingles(words.take(np.arange(0, len(words), step)), SHINGLE)
    slots = 1 << max(12, (2 * len(hashes)).bit_length())
    counts = np.bincount((hashes & np.uint64(slots - 1)).astype(np.int64), minlength=slots)
    return np.minimum(np.ceil(np.log2(counts + 1)), COMMON).astype(np.uint8)


def sets(words: Words, common: Commonness) -> tuple[Hashes, Ints]:
    """The tokens of the shingles of at most `TEXTS_AT_ONCE` texts, text by text, in order; and how many each text has.

    By 44 bits of its hash and more a shingle is told from another: the chance that one of two texts of 100 words is
    taken for one of the other is below 1e-9.
    """
    hashes, counts = shingles(words, SHINGLE)
    level = common[(hashes & np.uint64(len(common) - 1)).astype(np.int64)].astype(np.uint64)
    keys = np.repeat(np.arange(len(words), dtype=np.uint64) << TOKEN, counts)
    keys |= level << np.uint64(44)
    keys |= hashes >> np.uint64(20)
    keys = distinct(keys)
    sizes = np.bincount((keys >> TOKEN).astype(np.int64), minlength=len(words))
    return keys & np.uint64((1 << 48) - 1), sizes


def distinct(keys: Hashes) -> Hashes:
    """The keys in order, each once."""
    keys = in_order(keys)
    fresh = np.ones(len(keys), bool)
    fresh[1:] = keys[1:] != keys[:-1]
    return keys[fresh]


def in_order(keys: Hashes) -> Hashes:
    """The keys in order; the sort of polars takes a third of the time of numpy's."""
    return pl.Series(keys).sort().to_numpy()
