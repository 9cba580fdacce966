"""Near duplicates against an exact join of all pairs in plain Python."""

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.curate import candidates
from core.curate.near_pairs import near_pairs
from core.curate.shingles import sequence_hashes, words_of

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
SHINGLE = 5
Found = dict[tuple[int, int], float]


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1))} if words else set()


def all_pairs(texts: Sequence[str], lowest: float) -> Found:
    """Every pair with a Jaccard of at least `lowest`, by an inverted index over all shingles."""
    sets = [runs(text) for text in texts]
    having: dict[tuple[str, ...], list[int]] = defaultdict(list)
    found = {}
    for second, own in enumerate(sets):
        shared = Counter(first for run in own for first in having[run])
        for first, count in shared.items():
            jaccard = count / (len(own) + len(sets[first]) - count)
            if jaccard >= lowest:
                found[first, second] = jaccard
        for run in own:
            having[run].append(second)
    return found


def ours(texts: Sequence[str], lowest: float, rows_in_a_chunk: int = 10**6) -> Found:
    """All pairs by `near_pairs`, those among texts with equal sets written out."""
    chunks = [texts[start : start + rows_in_a_chunk] for start in range(0, len(texts), rows_in_a_chunk)]
    pairs = near_pairs(words_of(pa.chunked_array(chunks, pa.string())), lowest)
    assert pairs.complete
    same = defaultdict(list)
    for text, first in enumerate(pairs.same.tolist()):
        same[first].append(text)
    found = {pair: 1.0 for texts_in in same.values() for pair in combinations(texts_in, 2)}
    for first, second, score in zip(pairs.first.tolist(), pairs.second.tolist(), pairs.score.tolist(), strict=True):
        found |= {(min(a, b), max(a, b)): score for a in same[first] for b in same[second]}
    return found


def changed(words: list[str], generator: random.Random) -> str:
    """A text with up to four words replaced, some at the end taken away or added."""
    words = list(words)
    for _ in range(generator.randrange(5)):
        words[generator.randrange(len(words))] = f"new{generator.randrange(1000)}"
    end = generator.randrange(-3, 4)
    return " ".join(words[:end] if end < 0 and len(words) > 3 else words + ["tail"] * end)


def varied(generator: random.Random) -> list[str]:
    bases = [[f"w{generator.randrange(2000)}" for _ in range(generator.randrange(3, 90))] for _ in range(200)]
    return [changed(generator.choice(bases), generator) for _ in range(1500)]


def templated(_: random.Random) -> list[str]:
    said = (
        "Please write me a long and friendly e-mail to the department of {} and tell them in your own words what you "
        "think about {} and before you send it do not forget to thank them all for the {}"
    )
    return [said.format(f"who{a}", f"what{b}", f"why{c}") for a in range(9) for b in range(9) for c in range(9)]


def few_words(generator: random.Random) -> list[str]:
    return [" ".join(generator.choice("abc") for _ in range(generator.randrange(12))) for _ in range(1500)]


def long_frame(generator: random.Random) -> list[str]:
    frame = " ".join(f"f{number}" for number in range(60))
    return [f"{frame} {' '.join(f'w{generator.randrange(500)}' for _ in range(25))}" for _ in range(400)]


@pytest.mark.parametrize("lowest", [0.7, 0.8, 0.95])
@pytest.mark.parametrize("kind", [varied, templated, few_words, long_frame])
def test_the_pairs_are_those_of_an_exact_join(kind: Callable[[random.Random], list[str]], lowest: float):
    texts = kind(random.Random(1))
    expected = all_pairs(texts, lowest)
    found = ours(texts, lowest)
    assert found.keys() == expected.keys()
    assert all(abs(found[pair] - expected[pair]) < 1e-9 for pair in expected)
    assert expected or lowest > 0.9 or kind is long_frame


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text("ab .\n", max_size=40), max_size=20), st.sampled_from([0.7, 0.85]))
def test_any_texts_agree_with_the_exact_join(texts: list[str], lowest: float):
    assert ours(texts, lowest) == pytest.approx(all_pairs(texts, lowest))


@settings(deadline=None, max_examples=20)
@given(st.randoms(use_true_random=False), st.integers(1, 50))
def test_order_and_chunks_make_no_difference(generator: random.Random, rows_in_a_chunk: int):
    texts = few_words(random.Random(3))[:200]
    order = list(range(len(texts)))
    generator.shuffle(order)
    moved = ours([texts[at] for at in order], 0.7, rows_in_a_chunk)
    back = {(min(order[a], order[b]), max(order[a], order[b])): score for (a, b), score in moved.items()}
    assert back == ours(texts, 0.7)


@pytest.mark.parametrize(
    ("one", "other", "jaccard"),
    [
        ("a b c d e f g h i j", "A, b; c d e f g h i – J!", 1.0),  # case and punctuation are no words
        ("a b c d e f g h i j", "a b c d e f g h i k", 5 / 7),
        ("a b c", "a b c", 1.0),
        ("a b c", "a b c d", 0.0),  # fewer than five words are one shingle
        ("a b c d e", "a b c d e f", 0.5),
        ("x a b c d e x a b c d e", "x a b c d e", 2 / 6),  # what comes twice counts once
        ("我今天很高兴见到你们", "我今天很高兴见到他们", 4 / 8),
        ("ａ ｂ ｃ ｄ ｅ", "a b c d e", 1.0),  # full-width letters
        ("Cafe\u0301 is a word of mine", "café is a word of mine", 1.0),
        ("", "", None),
        ("?!", "?!", None),
        ("\U0001f600", "…", None),
    ],
)
def test_the_jaccard_of_two_texts(one: str, other: str, jaccard: float | None):
    found = ours([one, other], 0.01)
    assert found == ({} if not jaccard else pytest.approx({(0, 1): jaccard}))


def test_nothing_is_found_in_nothing():
    assert ours([], 0.7) == {}
    assert ours(["alone in the world"], 0.7) == {}


UGLY = [
    "",
    "  ",
    "don't",
    "snake_case x2",
    "Straße ÄÖÜ",
    "naïve — “quoted”",
    "E=mc² ½",
    "Ωmega ЖУК",
    "a\x00b\ud7ff",
    "١٢٣ שלום",
]


def test_words_are_those_of_pythons_pattern():
    for text, length in zip(UGLY, words_of(pa.chunked_array([UGLY])).lengths.tolist(), strict=True):
        if "½" not in text:  # is written 1⁄2 in NFKC
            assert length == len(re.findall(r"\w+", text.lower())), text


@pytest.mark.parametrize(
    ("text", "count"),
    [("我爱你", 3), ("สวัสดี", 4), ("カレーを食べる", 7), ("한국어 문장", 2), ("abc中文def", 4), ("½", 2)],
)
def test_scripts_without_spaces_are_told_apart_by_letters(text: str, count: int):
    assert words_of(pa.chunked_array([[text]])).lengths.tolist() == [count]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("葛\U000e0100", 1),
        ("हिन्दी में लिखा", 3),
        ("كِتَاب جَدِيد", 2),
        ("שָׁלוֹם", 1),
        ("e\u0301te\u0301 2", 2),
        ("I ❤️ you 👍🏽", 2),
        ("1️⃣ first", 2),
    ],
)
def test_a_mark_belongs_to_its_letter(text: str, count: int):
    assert words_of(pa.chunked_array([[text]])).lengths.tolist() == [count]


@pytest.mark.parametrize("one", ["I´m here", "I¨m here", "I' m here", "´I´m´ here´"])
def test_an_accent_that_stands_alone_is_no_part_of_a_word(one: str):
    first, second = words_of(pa.chunked_array([[one]])), words_of(pa.chunked_array([["I'm here"]]))
    assert first.hashes.tolist() == second.hashes.tolist()


def test_a_sign_that_stands_for_several_words_is_all_of_them():
    assert words_of(pa.chunked_array([["㍿", "㍿㍿"]])).lengths.tolist() == [4, 8]


def test_words_that_differ_in_a_vowel_mark_differ():
    one, other = words_of(pa.chunked_array([["का"]])), words_of(pa.chunked_array([["की"]]))
    assert one.hashes.tolist() != other.hashes.tolist()


def test_nulls_and_slices_of_arrow_columns_are_read_right():
    texts = pa.chunked_array([pa.array(["x y", None, "é d", "a"]).slice(1, 3), pa.array([], pa.string())])
    assert words_of(texts).lengths.tolist() == [0, 2, 1]


def test_equal_words_in_another_order_have_another_hash():
    one, other, same = sequence_hashes(words_of(pa.chunked_array([["red blue", "blue red", "Red, blue!"]]))).tolist()
    assert one == same != other


def test_ten_thousand_equal_texts_are_no_millions_of_pairs():
    pairs = near_pairs(words_of(pa.chunked_array([["the same words again and again"] * 10_000 + ["others"]])))
    assert len(pairs.first) == 0
    assert set(pairs.same[:-1].tolist()) == {0}


def test_where_too_much_is_alike_it_is_said_and_no_pair_is_wrong(monkeypatch: pytest.MonkeyPatch):
    for name in ("LISTED", "LISTED_PER_TEXT", "COUNTED", "COUNTED_PER_TEXT"):
        monkeypatch.setattr(candidates, name, 20_000 if name.endswith("ED") else 0)
    texts = templated(random.Random(1))
    pairs = near_pairs(words_of(pa.chunked_array([texts])), 0.7)
    expected = all_pairs(texts, 0.7)
    found = list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    assert not pairs.complete
    assert 0 < len(found) < len(expected)
    assert np.allclose([expected[pair] for pair in found], pairs.score)


def test_the_one_pair_of_alpaca_is_found():
    truth = SHARED / "truth_neardup_alpaca_random_9k.json"
    if not truth.exists():
        pytest.skip("../shared/data is not there")
    known = json.loads(truth.read_text())
    rows = json.loads((SHARED / known["file"]).read_text())
    found = ours(["\n".join(row.values()) for row in rows], known["min_jaccard"])
    assert [[a, b, round(score, 4)] for (a, b), score in found.items()] == known["pairs"]
