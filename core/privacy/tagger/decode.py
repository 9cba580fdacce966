"""From the probabilities of tokens to labelled words: the pieces of a word speak for the word."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from core.privacy.spans import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Low, because who knows names by their lists or by what stands before them may believe a doubtful reading.
LEAST_SCORE = 0.02


def labelled(
    offsets: Sequence[tuple[int, int]],
    word_ids: Sequence[int | None],
    scores: "NDArray[np.float32]",
    labels: Sequence[str],
) -> Iterator[Span]:
    """A span for each word and each label that is likely enough, in order of place.

    `offsets` and `word_ids` of the tokens are those of the tokenizer; `scores` has the shape (tokens, 1 + labels): the
    probability of no label, then of each. A word has the mean of its pieces.
    """
    import numpy as np

    ids = np.array(word_ids)
    starts = np.flatnonzero(np.r_[True, ids[1:] != ids[:-1]])
    ends = np.r_[starts[1:], len(ids)]
    means = np.add.reduceat(scores[:, 1:], starts, axis=0) / (ends - starts)[:, None]
    for word, label in np.argwhere(means >= LEAST_SCORE):
        start, end = offsets[starts[word]][0], offsets[ends[word] - 1][1]
        yield Span(start, end, labels[label], float(means[word, label]), "")
