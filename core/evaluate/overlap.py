"""Held-out rows that the run was trained on: a score on them proves nothing."""

from collections.abc import Sequence

import pyarrow as pa

from core.curate.overlap import overlaps
from core.curate.shingles import Words, words_of
from core.records import Example

SAME = 0.8  # share of a prompt's words; the threshold of the check for leaks when rows are curated


def trained_on(held_out: Sequence[Example], train: Sequence[Example]) -> list[int]:
    """Positions of held-out rows whose prompt stands in a row to train on, to the letter or with some words changed.

    What frames many prompts of the data, as an instruction to classify does, is no part of any of them.
    """
    equal = {_key(row) for row in train}
    found = {at for at, row in enumerate(held_out) if _key(row) in equal}
    texts, asked = ([_asked(row) for row in rows] for rows in (train, held_out))
    if train and held_out:
        others = sorted(set(texts) - set(asked))  # a frame is one of all the data, however few rows are held out
        hits = overlaps(_words(texts), _words(asked), _words(others))
        prompts = {asked[at] for at in hits.filter(hits["score"] >= SAME)["prompt"].to_list()}
        found |= {at for at, prompt in enumerate(asked) if prompt in prompts}
    return sorted(found)


def _key(row: Example) -> tuple[str, str]:
    return " ".join(_asked(row).casefold().split()), " ".join(row.answer.casefold().split())


def _asked(row: Example) -> str:
    """What a person says in the row; of plain text the text itself."""
    said = [message.content for message in row.prompt if message.role == "user"]
    return "\n".join(said) if row.prompt else row.answer


def _words(texts: Sequence[str]) -> Words:
    return words_of(pa.chunked_array([pa.array(texts, pa.string())]))
