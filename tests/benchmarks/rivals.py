"""Others that find near duplicates, and the exact join that all are held against; each takes texts and gives pairs."""

import os
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any
from unicodedata import normalize

SHINGLE = 5  # words
PERMUTATIONS = 128
# As in `core.curate.shingles`, made another way: letters of scripts that are written without spaces are words.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3021-\u3029\u3038-\u303c\u3041-\u30ff\u31f0-\u31ff"
UNSPACED += "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
WORD = re.compile(rf"(?=\w)[{UNSPACED}]|[^\W{UNSPACED}]+")

Pairs = dict[tuple[int, int], float]  # positions of two texts, the earlier first, and their Jaccard
Sets = list[set[tuple[str, ...]]]


def shingle_sets(texts: Sequence[str]) -> Sets:
    """The 5-word shingles of each text; one of fewer words is one shingle, one without words has none."""
    words = [WORD.findall(normalize("NFKC", text).lower()) for text in texts]
    return [{tuple(w[at : at + SHINGLE]) for at in range(max(1, len(w) - SHINGLE + 1))} if w else set() for w in words]


def exact(texts: Sequence[str], lowest: float) -> Pairs:
    """All pairs with a Jaccard of at least `lowest`, by an inverted index over all shingles. For some 10,000 texts."""
    sets, having = shingle_sets(texts), defaultdict(list)
    found = {}
    for second, own in enumerate(sets):
        shared = Counter(first for shingle in own for first in having[shingle])
        for first, count in shared.items():
            jaccard = count / (len(own) + len(sets[first]) - count)
            if jaccard >= lowest:
                found[first, second] = jaccard
        for shingle in own:
            having[shingle].append(second)
    return found


def datasketch(texts: Sequence[str], lowest: float) -> Pairs:
    """Pairs that datasketch's MinHashLSH calls alike, as its documentation does it: query, then insert."""
    return datasketch_of(shingle_sets(texts), lowest)


def datasketch_of(sets: Sets, lowest: float) -> Pairs:
    """The same over ready-made shingles, so without the time these take."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=lowest, num_perm=PERMUTATIONS)
    full = [position for position, own in enumerate(sets) if own]
    joined = [[" ".join(shingle).encode() for shingle in sets[position]] for position in full]
    found = {}
    for position, sketch in zip(full, MinHash.bulk(joined, num_perm=PERMUTATIONS), strict=True):
        for other in index.query(sketch):
            found[other, position] = lowest
        index.insert(position, sketch, check_duplication=False)
    return found


def semhash(texts: Sequence[str], lowest: float) -> Pairs:
    """Pairs that semhash calls alike by the cosine of its default embeddings."""
    from semhash import SemHash

    numbered = [{"text": text, "number": str(number)} for number, text in enumerate(texts)]
    result = SemHash.from_records(numbered, columns=["text"]).self_deduplicate(threshold=lowest)
    pairs = (
        (int(one.record["number"]), int(other["number"])) for one in result.filtered for other, _ in one.duplicates
    )
    return {(min(pair), max(pair)): lowest for pair in pairs}


def alternated(calls: dict[str, Callable[[], Any]], repeats: int) -> tuple[dict[str, list[float]], dict[str, Any]]:
    """CPU seconds of each call, one after the other, so many times over; and what each gave.

    What cannot run here is left out of the seconds, and its result is the sentence why.
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    given: dict[str, Any] = {}
    for _ in range(repeats):
        for name in list(seconds):
            began = time.process_time()
            try:
                given[name] = calls[name]()
            except Exception as error:  # a rival that is not installed, or that wants a network
                given[name] = f"skipped: {type(error).__name__}: {str(error).splitlines()[0][:120]}"
                del seconds[name]
                continue
            seconds[name].append(time.process_time() - began)
    return seconds, given
