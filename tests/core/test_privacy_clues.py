"""The quick tests before slow patterns: they say what a search through the text would say."""

import random
import re

import pytest

from core.privacy import clues
from core.privacy.clues import Pieces, Starts, Words
from core.privacy.plain import caseless, for_caseless, longest_word
from core.privacy.recognisers.near import matches, starts_before

PIECES = ("pass", "pass ", "i am ", "a/c", "pw", "* ", "密", "'s", "log in", "né ", "(*")
WORDS = ("et", "al", "soussigné", "имя", "log_in")
TEXTS = [
    *(
        "",
        " ",
        "a pass",
        "a passage",
        "pass\tword",
        "i am\nhere",
        "i  am here",
        "my a/c.",
        "apwb",
        "* one",
        "2*3",
        "密码",
    ),
    *("ann's", "blog in", "log\u00a0in", "né à paris", "(*1980)", "et al.", "metal", "log_in(x)", "soussignée", "имя:"),
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_piece_stands_in_a_text_where_a_search_finds_it(text):
    for piece in PIECES:
        assert Pieces([piece]).stand_in(text) == (piece in text)
    assert Pieces(PIECES).stand_in(text) == any(piece in text for piece in PIECES)


@pytest.mark.parametrize("text", TEXTS)
def test_a_word_stands_in_a_text_as_a_whole(text):
    assert Words(WORDS).stand_in(text) == (not set(WORDS).isdisjoint(re.findall(r"\w+", text)))


def test_a_clue_made_later_is_seen_in_words_that_were_met_before():
    assert not Pieces(["zebra"]).stand_in("a quokka")
    assert Pieces(["quokka"]).stand_in("a quokka")


def test_the_places_of_starts_are_all_of_them_in_order():
    assert Starts("my ,mein,u / p,aa").places("mein my aaa, u / p, my x") == [0, 5, 8, 9, 13, 20]
    assert Starts("my ,mein").places("nothing") == []


def test_more_words_than_are_remembered_change_nothing(monkeypatch):
    monkeypatch.setattr(clues, "_MOST_WORDS", 3)
    passwords = Pieces(["pass"])
    assert [passwords.stand_in(f"one two three pass{i} four") for i in range(9)] == [True] * 9
    assert len(clues._REMEMBERED) <= 3


def test_a_list_is_read_over_several_lines_with_the_spaces_of_its_pieces():
    assert clues.listed("\n    a, b,c ,\n    d e\n") == ("a", " b", "c ", "d e")


def test_a_pattern_for_caseless_texts_finds_what_one_does_that_ignores_case():
    source = r"(?<!\w)(?:my name is|ich heiße|adım|kısım|señora?)(?= )"
    random.seed(3)
    for _ in range(400):
        written = random.choices(
            ["My Name IS", "ADIM", "adim", "ſeñora", "İch heiße", "ICH HEIẞE", "KISIM", "Kısım"], k=5
        )
        text = " ".join([*written, ""])
        assert len(caseless(text)) == len(text)
        found = [match.span() for match in for_caseless(source).finditer(caseless(text))]
        assert found == [match.span() for match in re.finditer(source, text, re.IGNORECASE)]


def test_a_pattern_tried_at_its_starts_finds_what_a_search_finds():
    text = "aaaa b aab ab"
    pattern = re.compile("a+b?")
    at = [place for place, char in enumerate(text) if char == "a"]
    assert [match.span() for match in matches(pattern, text, at)] == [match.span() for match in pattern.finditer(text)]


def test_only_starts_with_a_sign_soon_behind_them_are_tried():
    text = "name: x\nno sign here\n" + "far " * 40 + ":"
    assert list(starts_before(re.compile(":"), re.compile("\n"), text)) == [0]


def test_the_longest_word_is_what_stands_between_spaces():
    assert (longest_word("a bbb\nccccc\u00a0dd"), longest_word("")) == (5, 0)
