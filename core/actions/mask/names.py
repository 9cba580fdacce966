"""Which found names are parts of another, and which are longer than it: "Einstein" and "Albert Einstein"."""

import polars as pl

from core.actions.mask.reviewed import Reviewed
from core.privacy import PERSON, fold
from core.privacy.replace import name_words


def parts_of_name(found: Reviewed, value: str) -> tuple[str, ...]:
    """The hashes of names in the rows of a name (by its hash) that have no other words than it has.

    Left out are those that may be meant by another name there: "Albert" where Albert Schottin stands as well.
    """
    positions = found.places.filter(found=PERSON, value=value)["position"].unique()
    names = _names(found, positions)
    whole = names.pop(value, frozenset())
    others = [words for words in names.values() if not words <= whole]
    parts = {other: words for other, words in names.items() if words and words <= whole}
    return tuple(sorted(other for other, words in parts.items() if not any(words <= rival for rival in others)))


def longer_names(found: Reviewed, value: str) -> tuple[str, ...]:
    """The hashes of names that have all words of a name (by its hash) and more."""
    group = found.groups.filter(found=PERSON, value=value).head(1)
    words = name_words(fold(PERSON, found.texts(group)[0])) if len(group) else set()
    if not words:
        return ()
    longest = max(found.texts(group)[0].split(), key=len)
    names = _names(found, pl.Series(found.dataset.positions_containing(longest), dtype=pl.UInt32))
    return tuple(sorted(other for other, others in names.items() if words < others))


def _names(found: Reviewed, positions: pl.Series) -> dict[str, frozenset[str]]:
    """The names that stand in rows: their hashes and words."""
    near = found.places.filter(pl.col("found") == PERSON, pl.col("position").is_in(positions.implode()))
    some = found.groups.filter(pl.col("found") == PERSON, pl.col("value").is_in(near["value"].unique().implode()))
    texts = [fold(PERSON, text) for text in found.texts(some)]
    return dict(zip(some["value"], map(frozenset, map(name_words, texts)), strict=True))
