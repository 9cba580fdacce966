"""Signals are what they say, of any text, and do not depend on the order or the chunks of the rows."""

import random
import socket

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars import selectors

from core.curate import CHECKS, Rows, language
from core.curate.language import UNKNOWN, languages
from core.curate.signals import SIGNALS
from core.records import Dataset, Example, Message

FOX = "The quick brown fox jumps over the lazy dog."


def example(row, prompt, answer):
    return Example(f"r{row}", row, (Message("user", prompt), Message("assistant", answer)))


def signal(name, answer, prompt="Tell me."):
    return Rows(Dataset.of([example(1, prompt, answer)])).signals[name].item()


def test_every_signal_has_a_title_and_a_sentence():
    for item in SIGNALS.values():
        assert item.title[0].isupper()
        assert item.help.endswith(".")
    assert len({item.title for item in SIGNALS.values()}) == len(SIGNALS) >= 20


COUNTED = [
    ("prompt_characters", FOX, 8),
    ("prompt_words", FOX, 2),
    ("answer_characters", FOX, 44),
    ("answer_words", FOX, 9),
    ("answer_words", "", 0),
    ("answer_words", "Yes, of course", 3),
    ("answer_words", "  spaces \u00a0 and\tlines\n\nof all kinds ", 6),
    ("answer_words", "今天天气很好，我们去公园散步吧，然后回家吃饭看书", 24),
    ("answer_to_prompt", "x" * 32, 4.0),
    ("turns", FOX, 2),
    ("letters", FOX, round(35 / 44, 4)),
    ("letters", "1234567890 1234567890", 0.0),
    ("letters", "Ünïcödé wörds ärè lèttèrs", round(22 / 25, 4)),
    ("digits", "1234567890 1234567890", round(20 / 21, 4)),
    ("punctuation", "Hello, world! Is it you?", round(3 / 24, 4)),
    ("capitals", "WHY ARE YOU SHOUTING AT ME", 1.0),
    ("capitals", FOX, round(1 / 36, 4)),
    ("non_ascii", FOX, 0.0),
    ("non_ascii", "naïve café, déjà vu, über", round(5 / 25, 4)),
    ("longest_word", "a pneumonoultramicroscopic word", 24),
    ("word_length", "four five nine zero more", 4.0),
    ("distinct_words", "The cat and the dog and the end", round(5 / 8, 4)),
    ("repeated", FOX, 0.0),
    ("repeated", "one two three four five one two three four five", 0.5),
    ("repeated", "yes " * 20, 0.95),
    ("lines", "one\ntwo\n\nthree of them all", 4),
    ("list_lines", "Buy:\n- milk\n* bread\n 3. eggs\n12) tea\nnot - this", 4),
    ("code_fences", "Run:\n```python\nprint(1)\n```", 2),
    ("links", "See https://a.example and www.b.example.", 2),
    ("questions", "Is it? Or is it not? 是吗？", 3),
    ("language", FOX, "en"),
    ("language_confidence", FOX, 1.0),
]


@pytest.mark.parametrize(("name", "answer", "value"), COUNTED)
def test_a_signal_counts_what_its_title_says(name, answer, value):
    assert signal(name, answer) == pytest.approx(value, abs=1e-4)


def test_the_prompt_is_looked_at_where_the_answer_is_only_a_label():
    assert signal("longest_word", "spam", "Call now to win a holiday") == 7
    assert signal("prompt_words", "spam", "Call now to win a holiday") == 6
    assert signal("answer_words", "not spam", "Call now to win a holiday") == 2


@pytest.mark.parametrize(
    "answer", ["", " ", "\n", "🙂", "\u200b", "\ud7ff", "a" * 100_000, "词" * 3000, "\x00", "``` ```"]
)
def test_every_signal_of_every_text_is_a_number(answer):
    row = Rows(Dataset.of([example(1, "", answer)])).signals
    assert row.columns == ["position", *SIGNALS]
    assert not row.select(pl.any_horizontal(pl.all().is_null())).to_series().any()
    numbers = row.select(selectors.float()).row(0)
    assert all(0 <= number < float("inf") for number in numbers)


def test_there_are_signals_of_no_rows_and_of_a_row_without_messages():
    assert Rows(Dataset.of([])).signals.columns == ["position", *SIGNALS]
    assert Rows(Dataset.of([Example("a", 1, ())])).signals["turns"].to_list() == [0]


SPOKEN = [
    ("en", "Yesterday we walked along the river and bought some bread at the market."),
    ("de", "Gestern gingen wir am Fluss entlang und kauften auf dem Markt ein Brot."),
    ("fr", "Hier nous avons marché le long de la rivière et acheté du pain au marché."),
    ("es", "Ayer caminamos por la orilla del río y compramos pan en el mercado."),
    ("it", "Ieri abbiamo camminato lungo il fiume e comprato il pane al mercato della città."),
    ("pt", "Ontem caminhamos ao longo do rio e compramos pão no mercado, mas não havia queijo."),
    ("nl", "Gisteren liepen we langs de rivier en kochten we een brood op de markt."),
    ("pl", "Wczoraj szliśmy wzdłuż rzeki i kupiliśmy chleb na targu."),
    ("ru", "Вчера мы шли вдоль реки и купили хлеб на рынке."),
    ("zh", "昨天我们沿着河边走，在市场上买了一些面包和水果，然后回家。"),
    ("ja", "昨日は川沿いを歩いて、市場でパンと果物を買って家に帰りました。"),
    ("ar", "مشينا أمس على طول النهر واشترينا بعض الخبز من السوق."),
]
NOT_KNOWN = [
    "Paris",
    "Anna",
    "x = [1, 2, 3]; y = {4: 5}; z = (6, 7)",
    "4 * 8 = 32\n5 * 8 = 40\n6 * 8 = 48",
    "                         ",
    "SELECT id, name FROM t WHERE id = 7;",
    "",
]


@pytest.mark.parametrize(("code", "text"), SPOKEN)
def test_the_language_of_a_sentence_is_known(code, text):
    assert languages(pl.Series([text]))["language"].item() == code


@pytest.mark.parametrize("text", NOT_KNOWN)
def test_the_language_of_names_sums_and_code_is_not_known(text):
    assert languages(pl.Series([text])).row(0) == (UNKNOWN, 0.0)


def test_the_language_is_told_without_a_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    language._model.cache_clear()
    assert languages(pl.Series(["Wczoraj szliśmy wzdłuż rzeki i kupiliśmy chleb na targu."]))["language"].item() == "pl"


WORDS = [
    "the",
    "cat",
    "N/A",
    "sorry,",
    "&amp;",
    "Ã©",
    "\ufffd",
    "\n",
    "```",
    "as an AI",
    "Größe",
    "猫",
    "1.",
    "and",
    "</s>",
]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
ROWS = st.lists(st.tuples(TEXTS, TEXTS), max_size=40)


@settings(deadline=None, max_examples=12)
@given(ROWS, st.integers(1, 50), st.randoms(use_true_random=False))
def test_neither_the_order_of_the_rows_nor_the_chunks_change_what_is_found(texts, chunk, shuffle: random.Random):
    rows = [example(number, *pair) for number, pair in enumerate(texts, 1)]
    mixed = shuffle.sample(rows, len(rows))
    whole, other = Rows(Dataset.of(rows)), Rows(Dataset.of(mixed))
    in_one = whole.signals
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.curate.signals.ROWS_AT_ONCE", chunk)
        assert other.signals.equals(in_one)
    for check in CHECKS:
        assert check.find(other).equals(check.find(whole)), check.name
