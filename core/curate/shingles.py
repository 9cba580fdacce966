"""The words of texts as numbers, and their runs of words ("shingles") as hashes, by polars and numpy kernels.

A word is a run of letters, digits and underscores with the marks on them, in lower case and Unicode's form NFKC: what
Python's `\\w+` finds, but that takes Hindi words apart at vowels. Chinese, Japanese, Thai, Lao, Khmer and Burmese are
written without spaces, so there each letter counts as a word.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]

UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}ー\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
# What is no word; Rust's own \w has no ². Some marks only say how a sign looks, and one behind a space is what NFKC
# makes of an accent that stands alone, as in “don´t”.
NO_WORD = r"[^\p{L}\p{N}\p{Mn}\p{Mc}_ ]|[\x{FE00}-\x{FE0F}\x{E0100}-\x{E01EF}]|(?: |^)\p{M}+"
TEXTS_AT_ONCE = 8192
AT_ONCE = 1 << 20  # words: their arrays stay in the processor's caches
FACTOR = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio, odd: the base of the polynomial of a run
MIXER = np.uint64(
    0xD6E8FEB86659FD93
)  # of degski's 64-bit mixer, as in C. Wellons: Prospecting for Hash Functions, 2018
HALF = np.uint64(32)

# For the bytes of a text: letters to lower case, other ASCII that is not in a word to a space; the rest stays as it is.
_PLAIN = bytes(ord(chr(byte).lower()) if chr(byte).isalnum() or chr(byte) == "_" else 32 for byte in range(128))
_PLAIN += bytes(range(128, 256))


@dataclass(frozen=True)
class Words:
    """The words of texts one after the other, as 32-bit hashes: those of text i are at `offsets[i]:offsets[i + 1]`."""

    hashes: NDArray[np.uint32]
    offsets: Ints

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @cached_property
    def lengths(self) -> Ints:
        """How many words each text has."""
        return np.diff(self.offsets)

    def slice(self, first: int, last: int) -> "Words":
        """Texts `first` to `last` (exclusive)."""
        offsets = self.offsets[first : last + 1]
        return Words(self.hashes[offsets[0] : offsets[-1]], offsets - offsets[0])

    def take(self, texts: Ints) -> "Words":
        """The texts at these positions, in this order."""
        starts, lengths = self.offsets[texts], self.lengths[texts]
        offsets = offsets_of(lengths)
        hashes = np.empty(offsets[-1], np.uint32)
        for start, end in cuts(offsets, AT_ONCE, len(texts)):  # the places of all would take four times the memory
            hashes[offsets[start] : offsets[end]] = self.hashes[ranges(starts[start:end], lengths[start:end])]
        return Words(hashes, offsets)

    def joined(self, counts: Ints) -> "Words":
        """The first `counts[0]` texts as one, the next `counts[1]` as one, and so on."""
        return Words(self.hashes, self.offsets[offsets_of(counts)])

    def parts(self, texts: int) -> Iterator[tuple[int, int]]:
        """First and last (exclusive) text of parts that have at most so many texts and `AT_ONCE` words."""
        return cuts(self.offsets, AT_ONCE, texts)


def together(parts: Sequence[Words]) -> Words:
    """The texts of all parts, one part after the other."""
    hashes = np.concatenate([np.zeros(0, np.uint32), *(part.hashes for part in parts)])
    return Words(hashes, offsets_of(np.concatenate([np.zeros(0, np.int64), *(part.lengths for part in parts)])))


def offsets_of(lengths: Ints) -> Ints:
    """Where parts of these lengths begin, and where the last one ends."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])


def cuts(offsets: Ints, most: int, things: int) -> Iterator[tuple[int, int]]:
    """First and last (exclusive) of so many things in a row as have a length of at most `most` together, or of one."""
    first = 0
    while first < len(offsets) - 1:
        reached = int(np.searchsorted(offsets, offsets[first] + most, side="right")) - 1
        last = min(max(reached, first + 1), first + things, len(offsets) - 1)
        yield first, last
        first = last


def ranges(starts: Ints, lengths: Ints) -> Ints:
    """The numbers from each start on, as many as its length, one range after the other."""
    offsets = offsets_of(lengths)
    return np.arange(offsets[-1], dtype=np.int64) + np.repeat(starts - offsets[:-1], lengths)


def words_of(texts: pa.ChunkedArray) -> Words:
    """The words of an Arrow column of strings; a null has none."""
    most = int(pc.sum(pc.binary_length(texts)).as_py() or 0) // 2 + len(texts)
    hashes = np.empty(most, np.uint32)  # takes memory only as far as it is filled
    filled, lengths = 0, [np.zeros(0, np.int64)]
    for start in range(0, len(texts), TEXTS_AT_ONCE):
        for chunk in texts.slice(start, TEXTS_AT_ONCE).chunks:
            part, counts = _words(chunk)
            if filled + len(part) > len(hashes):  # one sign can stand for several words, as ㍿
                hashes = np.resize(hashes, 2 * (filled + len(part)))
            hashes[filled : filled + len(part)] = part
            filled += len(part)
            lengths.append(counts)
    return Words(hashes[:filled], offsets_of(np.concatenate(lengths)))


def shingles(words: Words, size: int) -> tuple[Hashes, Ints]:
    """64-bit hashes of all runs of `size` words in a text, text by text, and how many each text has.

    A text of 1 to `size` words is one run; one without words has none. Runs that come twice are there twice.
    """
    count, ends = len(words.hashes), words.offsets[1:]
    padded = np.concatenate([words.hashes, np.zeros(size, np.uint32)]).astype(np.uint64)
    hashes = padded[:count] * FACTOR
    for place in range(1, size):
        hashes += padded[place : count + place]
        hashes *= FACTOR
    short = np.flatnonzero((words.lengths > 0) & (words.lengths < size))
    hashes[words.offsets[short]] = _short(words, short, size)
    begins = np.ones(count, bool)
    for place in range(1, size):
        begins[(ends - place)[words.lengths > place]] = False
    return mixed(hashes[begins]), np.where(
        words.lengths >= size, words.lengths - size + 1, np.minimum(words.lengths, 1)
    )


def sequence_hashes(words: Words) -> Hashes:
    """A 64-bit hash of all words of each text in their order."""
    hashes = np.zeros(len(words), np.uint64)
    for start, end in words.parts(len(words)):
        part = words.slice(start, end)
        place = ranges(np.zeros(len(part), np.int64), part.lengths).astype(np.uint64)
        summed = np.cumsum(mixed(part.hashes * FACTOR + place * MIXER))
        hashes[start:end] = np.diff(np.concatenate([np.zeros(1, np.uint64), summed])[part.offsets])
    return hashes


def mixed(hashes: Hashes) -> Hashes:
    """The same hashes with all their bits well mixed, in place."""
    hashes ^= hashes >> HALF
    hashes *= MIXER
    hashes ^= hashes >> HALF
    hashes *= MIXER
    hashes ^= hashes >> HALF
    return hashes


def _short(words: Words, texts: Ints, size: int) -> Hashes:
    """What the run of a text that is shorter than `size` words comes to: as if it ended in words that are 0."""
    hashes = np.zeros(len(texts), np.uint64)
    for place in range(size):
        inside = words.lengths[texts] > place
        hashes[inside] += words.hashes[words.offsets[texts][inside] + place]
        hashes *= FACTOR
    return hashes


def _words(texts: pa.Array) -> tuple[NDArray[np.uint32], Ints]:
    """The words of all texts, and how many each has."""
    plain, foreign = _translated(texts)
    series = pl.Series(plain).cast(pl.String)
    if len(foreign):
        series = series.scatter(foreign, _spaced(series.gather(foreign)))
    split = series.str.split(" ")
    hashes = split.explode().hash().to_numpy()
    is_word = hashes != pl.Series([""]).hash()[0]
    words_before = offsets_of(is_word.astype(np.int64))
    counts = np.diff(words_before[offsets_of(split.list.len().to_numpy().astype(np.int64))])
    return hashes[is_word].astype(np.uint32), counts


def _translated(texts: pa.Array) -> tuple[pa.Array, Ints]:
    """The texts with ASCII in lower case and words apart, and the positions of those that have other characters."""
    texts = texts.fill_null("").cast(pa.large_string())
    offsets = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset : texts.offset + len(texts) + 1]
    data = texts.buffers()[2][offsets[0] : offsets[-1]].to_pybytes().translate(_PLAIN) if len(texts) else b""
    moved = offsets - offsets[0]
    plain = pa.Array.from_buffers(pa.large_string(), len(texts), [None, pa.py_buffer(moved), pa.py_buffer(data)])
    if data.isascii():
        return plain, np.zeros(0, np.int64)
    at = np.flatnonzero(np.frombuffer(data, np.uint8) > 127)
    return plain, np.unique(np.searchsorted(moved, at, side="right") - 1)


def _spaced(texts: pl.Series) -> pl.Series:
    """The texts in form NFKC and lower case, with spaces for what is no word and around letters that are words."""
    lower = texts.str.normalize("NFKC").str.to_lowercase().str.replace_all(rf"({UNSPACED}\p{{M}}*)", " $1 ")
    return lower.str.replace_all(NO_WORD, " ")
