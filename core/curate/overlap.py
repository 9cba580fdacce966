"""Which texts hold the prompts that a model will be measured with: to the letter, or with some words changed.

The score of a text and a prompt is the share of the prompt's words that stand in the text. Words count where both have
a run of `LONG_RUN` words ("coverage" of 8-grams, as studies of contamination take it). One changed word in twenty
breaks many such runs; so words count as well that stand where they should beside the best match of the two, if most of
the prompt is there and few words in a row are missing. Runs of words that `FRAME` prompts or more have are a frame
around them, as "Classify the following text": they do not count. Case and punctuation make no difference, straight
and curly apostrophes neither; "dont" for "don't" is a changed word.

Candidates are found by runs of `RUN` words, of each prompt the rarest ones in the texts: so many that `CHANGED` of its
words and one more cannot break them all.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.curate.shingles import AT_ONCE, Hashes, Ints, Words, cuts, offsets_of, ranges, sequence_hashes, shingles

RUN = 4  # words; a prompt of 8 words keeps one such run when a word is changed
FEWEST_EQUAL = 3  # words of a prompt that is looked for as a whole text
FEWEST_COVERED = 8  # words of a prompt that is looked for in parts
CONTAINED = 0.5  # the score of a shorter prompt of `RUN` words or more that a text holds
LOWEST = 0.5
LONG_RUN = 8  # words, wherever in the text they are
SHORT_RUN = 3  # words, beside the best match
BESIDE = 4  # words by which the rest of a prompt may be moved, where some were put in or taken out
MOSTLY, LONGEST_GAP = 0.7, 2  # share of the words that must be there in all, words in a row that may be missing
FRAME = 10  # prompts
CHANGED = 0.05
# So many pairs of a text and a prompt are looked at, and so many more for each text; common runs are left out first.
LOOKED_AT, LOOKED_AT_PER_TEXT = 10_000_000, 10
SAMPLE = 2 * AT_ONCE  # words of texts in which runs are counted
NO_PROMPTS = Words(np.zeros(0, np.uint32), np.zeros(1, np.int64))

OVERLAP = pl.Schema({"text": pl.UInt32(), "prompt": pl.UInt32(), "score": pl.Float64()})


def overlaps(texts: Words, prompts: Words, others: Words = NO_PROMPTS) -> pl.DataFrame:
    """Texts and prompts with a score of at least `LOWEST`, as `OVERLAP`; of equal prompts only the first is named.

    A prompt of 3 words is found where it is the whole text, one of 4 to 7 also within a text, with a low score.
    `others` are more prompts, no two alike, that are not looked for: they only tell what is a frame around many.
    """
    hashes = sequence_hashes(prompts)
    first = np.sort(np.unique(hashes, return_index=True)[1])
    whole = pl.DataFrame({"hash": hashes[first], "prompt": first}).filter(prompts.lengths[first] >= FEWEST_EQUAL)
    equal = pl.DataFrame({"hash": sequence_hashes(texts)}).with_row_index("text").join(whole, "hash")
    in_parts = first[prompts.lengths[first] >= RUN]
    partly = _overlaps(texts, prompts.take(in_parts), others)
    partly = partly.with_columns(prompt=pl.Series(in_parts, dtype=pl.Int64).gather(partly["prompt"]))
    found = [frame.select(pl.col(name).cast(kind) for name, kind in OVERLAP.items()) for frame in (
        equal.with_columns(score=pl.lit(1.0)), partly)]  # fmt: skip
    return pl.concat(found).group_by("text", "prompt").agg(pl.col("score").max()).sort("text", "prompt")


def _overlaps(texts: Words, prompts: Words, others: Words) -> pl.DataFrame:
    """Texts that hold a good part of a prompt; all prompts have at least `RUN` words."""
    anchors, counting = _anchors(texts, prompts, others)
    lines = _lines(texts, anchors)
    roughly = _scores(texts, prompts, counting, lines).filter(pl.col("share") >= LOWEST / 2)
    likely = lines.join(roughly, ["text", "prompt"], how="semi")
    beside = [likely.with_columns(pl.col("shift") + shift) for shift in range(-BESIDE, BESIDE + 1)]
    return _scores(texts, prompts, counting, pl.concat(beside).unique()).filter(pl.col("score") >= LOWEST)


def _anchors(texts: Words, prompts: Words, others: Words) -> tuple[pl.DataFrame, NDArray[np.bool_]]:
    """The runs by which prompts are looked for (`run`, a hash; `prompt`; `place` in it), and which words count."""
    hashes, counts = shingles(prompts, RUN)
    prompt = np.repeat(np.arange(len(prompts)), counts)
    place = ranges(np.zeros(len(prompts), np.int64), counts)
    runs, which, prompts_with = np.unique(hashes, return_inverse=True, return_counts=True)
    for _, _, found in _found(others, runs):
        prompts_with += np.bincount(found, minlength=len(runs))
    own = prompts_with[which] < FRAME
    own |= ~np.isin(prompt, prompt[own])  # a prompt that is nothing but frame is looked for all the same
    counting = np.zeros(len(prompts.hashes), bool)
    counting[ranges((prompts.offsets[prompt] + place)[own], np.full(own.sum(), RUN))] = True
    step = max(1, len(texts.hashes) // SAMPLE)
    seen = np.zeros(len(runs), np.int64)
    for _, _, found in _found(texts.take(np.arange(0, len(texts), step)), runs):
        seen += step * np.bincount(found, minlength=len(runs))
    lines = pl.DataFrame({"run": hashes, "prompt": prompt, "place": place, "seen": seen[which]}).filter(own)
    enough = RUN * (np.floor(CHANGED * prompts.lengths) + 1) + 1
    rarest = pl.struct("seen", "run", "place").rank("ordinal").over("prompt", pl.col("seen") > 0)
    lines = lines.filter((pl.col("seen") == 0) | (rarest <= pl.Series(enough).gather(lines["prompt"])))
    budget = LOOKED_AT + LOOKED_AT_PER_TEXT * len(texts)
    return lines.sort("seen", "run", "prompt", "place").filter(pl.col("seen").cum_sum() <= budget), counting


def _found(texts: Words, runs: Hashes) -> Iterator[tuple[Ints, Ints, Ints]]:
    """The runs of words in texts that are among `runs` (sorted): their text, their place in it and which they are."""
    slots = np.uint64((1 << min(26, max(12, (16 * len(runs)).bit_length()))) - 1)
    taken = np.zeros(int(slots) + 1, bool)
    taken[(runs & slots).astype(np.int64)] = True
    for start, end in texts.parts(len(texts)):
        part = texts.slice(start, end)
        hashes, counts = shingles(part, RUN)
        at = np.flatnonzero(taken[(hashes & slots).astype(np.int64)])
        which = np.searchsorted(runs, hashes[at])
        offsets = offsets_of(counts)
        text = np.searchsorted(offsets, at, side="right") - 1
        same = (which < len(runs)) & (part.lengths[text] >= RUN)
        same[same] = runs[which[same]] == hashes[at[same]]
        yield start + text[same], (at - offsets[text])[same], which[same]


def _lines(texts: Words, anchors: pl.DataFrame) -> pl.DataFrame:
    """Where prompts may lie in texts: `text`, `prompt`, and `shift`, the place of its first word in the text."""
    runs = np.unique(anchors["run"].to_numpy())
    numbered = anchors.select("prompt", "place", which=pl.Series(np.searchsorted(runs, anchors["run"].to_numpy())))
    parts = [pl.DataFrame(schema={"text": pl.Int64, "prompt": pl.Int64, "shift": pl.Int64})]
    for text, place, which in _found(texts, runs):
        hits = pl.DataFrame({"text": text, "at": place, "which": which}).join(numbered, "which")
        parts.append(hits.select("text", "prompt", shift=pl.col("at") - pl.col("place")).unique())
    return pl.concat(parts)


def _scores(texts: Words, prompts: Words, counting: NDArray[np.bool_], lines: pl.DataFrame) -> pl.DataFrame:
    """The score of each `text` and `prompt` by their lines, and the `share` of words that are there at all."""
    lines = lines.sort("text", "prompt", "shift")
    numbers = lines.select(pl.struct("text", "prompt").rle_id()).to_series().to_numpy()
    ends = offsets_of(np.bincount(numbers))
    words = np.bincount(numbers, weights=prompts.lengths[lines["prompt"].to_numpy()]).astype(np.int64)
    parts = [pl.DataFrame(schema={"text": pl.Int64, "prompt": pl.Int64, "score": pl.Float64, "share": pl.Float64})]
    for start, end in cuts(offsets_of(words), AT_ONCE, len(words)):
        parts.append(_scores_of(texts, prompts, counting, lines[ends[start] : ends[end]]))
    return pl.concat(parts)


def _scores_of(texts: Words, prompts: Words, counting: NDArray[np.bool_], lines: pl.DataFrame) -> pl.DataFrame:
    """The scores, all at once: a cell is a word of a prompt on a line, that is beside a word of the text or none."""
    text, prompt, shift = (lines[name].to_numpy() for name in ("text", "prompt", "shift"))
    words = prompts.lengths[prompt]
    starts = offsets_of(words)
    line, cell = np.repeat(np.arange(len(words)), words), ranges(np.zeros(len(words), np.int64), words)
    equal = _equal(texts, prompts, (text[line], prompt[line]), (cell + shift[line], cell))
    run = _runs(equal, starts[:-1])
    pair = lines.select(pl.struct("text", "prompt").rle_id()).to_series().to_numpy().astype(np.int64)
    matched = np.add.reduceat(equal, starts[:-1], dtype=np.int64)
    firsts = np.flatnonzero(np.diff(pair, prepend=-1))
    best = np.lexsort((shift, -matched, pair))[firsts]  # of each pair the line with the most words
    away = np.abs(shift - shift[best][pair])[line]
    long = equal & (run >= LONG_RUN)
    short = equal & ((away == 0) | (away <= BESIDE) & (run >= SHORT_RUN))
    size, places = words[firsts], offsets_of(words[firsts])
    counts = counting[ranges(prompts.offsets[prompt[firsts]], size)]
    cells = places[pair[line]] + cell
    long_share, _ = _share(counts, places[:-1], cells[long])
    share, gap = _share(counts, places[:-1], cells[long | short])
    contained = np.where(matched[best] == size, CONTAINED, 0)
    beside = (share >= MOSTLY) & (gap <= LONGEST_GAP + CHANGED * size)
    score = np.where(size < FEWEST_COVERED, contained, np.where(beside, share, long_share))
    return pl.DataFrame({"text": text[firsts], "prompt": prompt[firsts], "score": score, "share": share})


def _equal(texts: Words, prompts: Words, of: tuple[Ints, Ints], at: tuple[Ints, Ints]) -> NDArray[np.bool_]:
    """Whether a word of a text is that of a prompt: `of` which text and which prompt, `at` which place in each."""
    inside = (at[0] >= 0) & (at[0] < texts.lengths[of[0]])
    there = texts.hashes[texts.offsets[of[0]] + np.where(inside, at[0], 0)]
    equal: NDArray[np.bool_] = inside & (there == prompts.hashes[prompts.offsets[of[1]] + at[1]])
    return equal


def _share(counting: NDArray[np.bool_], starts: Ints, found: Ints) -> tuple[NDArray[np.float64], Ints]:
    """Of the counting words of each prompt the share that was found, and the most that are missing in a row."""
    missing = counting.copy()
    missing[found] = False
    gap = np.maximum.reduceat(np.where(missing, _runs(missing, starts), 0), starts)
    return 1 - np.add.reduceat(missing, starts, dtype=np.int64) / np.add.reduceat(counting, starts, dtype=np.int64), gap


def _runs(values: NDArray[np.bool_], starts: Ints) -> Ints:
    """For each value how many equal ones it stands among in a row, each part by itself."""
    begins = np.ones(len(values), bool)
    begins[1:] = values[1:] != values[:-1]
    begins[starts] = True
    lengths = np.diff(np.append(np.flatnonzero(begins), len(values)))
    return np.repeat(lengths, lengths)
