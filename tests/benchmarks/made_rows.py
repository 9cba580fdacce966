"""Rows like those of Alpaca for the benchmarks, made of invented words by a seed: frames of instructions, Zipf's law.

Some rows are made from another one: the same to the letter, the same in capitals, or with a share of the words changed.
Nothing is taken from a published dataset.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.curate.shingles import offsets_of, ranges
from core.records import SCHEMA, Dataset

# The commonest words of English, most frequent first.
GLUE = (
    "the of and to in is that it for was on are as with they be at this have from or by one had not but what all were "
    "when we there can an your which their if do will each how them then many some so these would other into has more"
)
# A star is filled in with three words.
FRAMES = (
    """
Write a short story about * / Explain how * and * differ / List five uses of * / Summarise the text below on *
What is the meaning of * in * / Give an example of * that is not * / Translate the sentence about * into *
Rewrite the following paragraph so that * sounds friendly / Describe the steps needed to * a * / Find * in the text
Generate a headline for an article on * / Classify the following items as * or * / Suggest three names for a *
Create a dialogue between a * and a * / Correct the mistake in the sentence about * / How many * fit in a *
Compare * with * in two sentences / Edit the text below to make * shorter / Name a famous * and say why
""".replace("*", "* * *")
    .replace("\n", "/")
    .strip("/")
    .split("/")
)
CONSONANTS = "b d f g k l m n p r s t v ch sh th br st tr"
VOCABULARY = 40_000
ROWS_AT_ONCE = 20_000
WITH_INPUT, MOST_INPUT = 0.35, 40  # share of rows with an input, and its most words
ANSWER, MOST_ANSWER = (3.9, 0.7), 400  # mean and deviation of the logarithm of an answer's words, and the most
SENTENCE = 13  # words
SAME, CAPITALS, CHANGED = 0.01, 0.015, 0.045  # shares of rows made from another one, each with those before it
MOST_CHANGED = 0.05  # share of the words of such a row

Texts = tuple[np.ndarray, np.ndarray]  # numbers of words, text by text; how many words each text has


def dataset(rows: int, seed: int = 0) -> Dataset:
    """So many rows; the rows of a smaller dataset with the same seed are the first of a larger one."""
    return Dataset(pa.concat_tables(list(tables(rows, seed))))


def tables(rows: int, seed: int = 0) -> Iterator[pa.Table]:
    """The rows of `dataset`, a table of `ROWS_AT_ONCE` at a time."""
    words, frames = _vocabulary(seed)
    for start in range(0, rows, ROWS_AT_ONCE):
        prompts, answers = _block(np.random.default_rng([seed, start]), words, frames)
        count = min(ROWS_AT_ONCE, rows - start)
        yield _table(prompts.slice(0, count), answers.slice(0, count), start)


def prompts(count: int, seed: int = 1) -> list[str]:
    """Prompts of the same kind that all have an input; so many at most as a table has rows."""
    words, frames = _vocabulary(0)
    return _strings(words, _prompts(np.random.default_rng(seed), frames, 1)).slice(0, count).to_pylist()


def _vocabulary(seed: int) -> tuple[pa.Array, np.ndarray]:
    """Words, frequent ones first: plain, with a full stop, with a capital; and the frames as their numbers.

    A frame ends in -1; -2 is a word to be filled in.
    """
    generator = np.random.default_rng(seed)
    syllables = [first + vowel for first in CONSONANTS.split() for vowel in "aeiou"]
    parts, sizes = generator.integers(0, len(syllables), (2 * VOCABULARY, 4)), generator.integers(2, 5, 2 * VOCABULARY)
    invented = ["".join(syllables[part] for part in row[:size]) for row, size in zip(parts, sizes, strict=True)]
    plain = list(dict.fromkeys(GLUE.split() + invented))[:VOCABULARY]
    framed = list(dict.fromkeys(word for frame in FRAMES for word in frame.split() if word != "*"))
    numbers = {"*": -2} | {word: 3 * VOCABULARY + place for place, word in enumerate(framed)}
    frames = np.full((len(FRAMES), max(len(frame.split()) for frame in FRAMES)), -1)
    for row, frame in zip(frames, FRAMES, strict=True):
        row[: len(frame.split())] = [numbers[word] for word in frame.split()]
    every = plain + [f"{word}." for word in plain] + [word.capitalize() for word in plain] + framed
    return pa.array(every, pa.large_string()), frames


def _block(generator: np.random.Generator, words: pa.Array, frames: np.ndarray) -> tuple[pa.Array, pa.Array]:
    """Prompts and answers of `ROWS_AT_ONCE` rows."""
    kind, source = generator.random(ROWS_AT_ONCE), generator.integers(0, ROWS_AT_ONCE, ROWS_AT_ONCE)
    source = np.where(kind < CHANGED, source, np.arange(ROWS_AT_ONCE))
    changed = np.where((kind >= CAPITALS) & (kind < CHANGED), generator.random(ROWS_AT_ONCE) * MOST_CHANGED, 0)
    capitals = pa.array((kind >= SAME) & (kind < CAPITALS))
    texts = []
    for drawn in (_prompts(generator, frames), _answers(generator)):
        strings = _strings(words, _copied(generator, drawn, source, changed))
        texts.append(pc.if_else(capitals, pc.utf8_upper(strings), strings))
    return texts[0], texts[1]


def _prompts(generator: np.random.Generator, frames: np.ndarray, with_input: float = WITH_INPUT) -> Texts:
    """A frame with its words filled in, and in some rows an input."""
    numbers = frames[generator.integers(0, len(frames), ROWS_AT_ONCE)]
    numbers = np.where(numbers == -2, _zipf(generator, numbers.size, len(GLUE.split())).reshape(numbers.shape), numbers)
    inputs = generator.integers(5, MOST_INPUT, ROWS_AT_ONCE) * (generator.random(ROWS_AT_ONCE) < with_input)
    wide = np.concatenate([numbers, _zipf(generator, ROWS_AT_ONCE * MOST_INPUT).reshape(-1, MOST_INPUT)], axis=1)
    there = np.concatenate([numbers >= 0, np.arange(MOST_INPUT) < inputs[:, None]], axis=1)
    return wide[there], there.sum(axis=1)


def _answers(generator: np.random.Generator) -> Texts:
    """Sentences: a capital at the start, a full stop at the end."""
    lengths = np.clip(generator.lognormal(*ANSWER, ROWS_AT_ONCE), 1, MOST_ANSWER).astype(np.int64)
    numbers = _zipf(generator, int(lengths.sum()))
    ends = generator.random(len(numbers)) < 1 / SENTENCE
    ends[np.cumsum(lengths) - 1] = True
    begins = np.concatenate([[True], ends[:-1]]) & ~ends
    return numbers + VOCABULARY * ends + 2 * VOCABULARY * begins, lengths


def _copied(generator: np.random.Generator, texts: Texts, source: np.ndarray, changed: np.ndarray) -> Texts:
    """The texts of the source of each row, with a share of the words drawn anew."""
    numbers, lengths = texts
    copied = numbers[ranges(offsets_of(lengths)[source], lengths[source])]
    anew = generator.random(len(copied)) < np.repeat(changed, lengths[source])
    copied[anew] = _zipf(generator, int(anew.sum()))
    return copied, lengths[source]


def _zipf(generator: np.random.Generator, count: int, first: int = 0) -> np.ndarray:
    """Numbers of words by Zipf's law, from `first` on."""
    weights = 1 / np.arange(1 + first, 1 + VOCABULARY)
    reached = np.cumsum(weights) / weights.sum()
    return first + np.minimum(np.searchsorted(reached, generator.random(count)), len(weights) - 1)


def _strings(words: pa.Array, texts: Texts) -> pa.Array:
    numbers, lengths = texts
    lists = pa.LargeListArray.from_arrays(offsets_of(lengths), words.take(pa.array(numbers)))
    return pc.binary_join(lists, pa.scalar(" ", pa.large_string())).cast(pa.string())


def _table(prompts: pa.Array, answers: pa.Array, start: int) -> pa.Table:
    count = len(prompts)
    roles = pa.array(["user", "assistant"] * count)
    content = pa.concat_arrays([prompts, answers]).take(pa.array(np.arange(2 * count).reshape(2, count).T.ravel()))
    turns = pa.StructArray.from_arrays([roles, content], ["role", "content"])
    numbers = pa.array(np.arange(start + 1, start + count + 1))
    columns = {
        "id": pc.binary_join_element_wise("made", numbers.cast(pa.string()), "-"),
        "row": numbers,
        "messages": pa.ListArray.from_arrays(pa.array(np.arange(0, 2 * count + 1, 2, np.int32)), turns),
    }
    return pa.table([columns.get(field.name, pa.nulls(count, field.type)) for field in SCHEMA], schema=SCHEMA)
