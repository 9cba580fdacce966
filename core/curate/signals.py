"""Numbers about every row that a person may sort and filter by. None of them is a score of quality.

Most are about the *text* of a row: its answer, or its prompt where the answer is shorter than 20 characters (a label, a
number). A new signal is a line in `SIGNALS`, made of the columns of `_prepared`.
"""

from dataclasses import dataclass

import polars as pl
from polars import selectors

from core.curate.language import languages

SHORT_ANSWER = 20
PRIME = 0x9E3779B97F4A7C15  # odd and near 2**64 / the golden ratio: the rolling hash of five words is even over 64 bits
NGRAM = 5  # words; the shortest repeat that Gopher counts (Rae et al. 2021, table A1)
ROWS_AT_ONCE = 10_000  # what a chunk takes stays in the processor's caches, and the memory of a scan does not grow
SPACES = ["\t", "\n", "\v", "\f", "\r", "\u0085", "\u00a0", "\u2028", "\u2029", "\u202f", "\u3000"]
# Scripts that write no spaces between words: each character counts as a word.
UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
WORD = rf"{UNSPACED}|[^\s{UNSPACED[1:]}+"
LIST_LINE = r"(?m)^[ \t]*(?:[-*•]|\d{1,3}[.)])[ \t]"
DECIMALS = 4
TEXT = pl.col("text")
PLAIN = TEXT.str.len_bytes() == TEXT.str.len_chars()  # ASCII only


@dataclass(frozen=True)
class Signal:
    """A column for a person: its title, what it says in a sentence, and how it is made."""

    title: str
    help: str
    of: pl.Expr


def _share(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """A share from 0 to 1; of nothing it is 0."""
    return pl.when(whole > 0).then(part / whole).otherwise(0.0)


def _matches(pattern: str, literal: bool = False, where: pl.Expr | None = None) -> pl.Expr:
    """How often a pattern stands in the text; `where` says in which texts it can, so that others are passed over."""
    texts = TEXT if where is None else pl.when(where).then(TEXT)
    return texts.str.count_matches(pattern, literal=literal).fill_null(0)


SIGNALS = {
    "prompt_characters": Signal(
        "Prompt characters", "Length of all that stands before the answer.", pl.col("prompt").str.len_chars()
    ),
    "prompt_words": Signal(
        "Prompt words",
        "Words of the prompt. Chinese, Japanese and Thai characters count as a word each.",
        pl.when("answered").then(pl.col("prompt").str.count_matches(WORD)).otherwise("words"),
    ),
    "answer_characters": Signal("Answer characters", "Length of the answer.", pl.col("answer").str.len_chars()),
    "answer_words": Signal(
        "Answer words",
        "Words of the answer. Chinese, Japanese and Thai characters count as a word each.",
        pl.when("answered").then("words").otherwise(pl.col("answer").str.head(SHORT_ANSWER).str.count_matches(WORD)),
    ),
    "answer_to_prompt": Signal(
        "Answer / prompt",
        "How many times as long as its prompt the answer is, in characters.",
        pl.col("answer").str.len_chars() / pl.max_horizontal(pl.col("prompt").str.len_chars(), 1),
    ),
    "turns": Signal("Turns", "Messages of the row, a system message and tools among them.", pl.col("turns")),
    "letters": Signal(
        "Share of letters",
        "Of the text's characters. Low in tables, sums and code.",
        _share(pl.col("visible") - pl.col("signs") - pl.col("digits"), TEXT.str.len_chars()),
    ),
    "digits": Signal("Share of digits", "Of the text's characters.", _share(pl.col("digits"), TEXT.str.len_chars())),
    "punctuation": Signal(
        "Share of punctuation",
        "Signs that are no letter, digit or space, of the text's characters. High in code.",
        _share(pl.col("signs"), TEXT.str.len_chars()),
    ),
    "capitals": Signal(
        "Share of capitals",
        "Capital letters, of the text's visible characters. Near 1 where someone shouts.",
        _share(_matches(r"\p{Lu}"), pl.col("visible")),
    ),
    "non_ascii": Signal(
        "Share of non-ASCII",
        "Characters outside plain English ones: accents, other scripts, emoji, curly quotes.",
        _share(_matches(r"[^\x00-\x7f]", where=~PLAIN), TEXT.str.len_chars()),
    ),
    "longest_word": Signal(
        "Longest word",
        "Characters between two spaces. Long ones are links, keys or words run together.",
        pl.col("longest"),
    ),
    "word_length": Signal("Mean word length", "Characters a word.", _share(pl.col("visible"), pl.col("words"))),
    "distinct_words": Signal(
        "Distinct words",
        "Share of the words that are different. It falls with length.",
        _share(pl.col("distinct"), pl.col("words")),
    ),
    "repeated": Signal(
        "Repeated text",
        "Share of the text inside runs of five words that have stood in it before.",
        _share(pl.col("again"), pl.col("visible")),
    ),
    "lines": Signal("Lines", "Lines of the text.", _matches("\n", literal=True) + 1),
    "list_lines": Signal(
        "List lines",
        "Lines that begin with a bullet or a number, where there are several lines.",
        _matches(LIST_LINE, where=TEXT.str.contains("\n", literal=True)),
    ),
    "code_fences": Signal(
        "Code fences", "Marks of three backticks; an odd number means one is open.", _matches("```", literal=True)
    ),
    "links": Signal("Links", "Web addresses.", _matches(r"https?://|www\.")),
    "questions": Signal("Question marks", "Question marks in the text.", _matches(r"[?？؟]")),
    "language": Signal("Language", "Code of the text's language; unknown under 20 characters.", pl.col("language")),
    "language_confidence": Signal(
        "Language confidence", "How sure the language is, from 0 to 1.", pl.col("language_confidence")
    ),
}  # fmt: skip


def signals(frame: pl.DataFrame) -> pl.DataFrame:
    """A line a row of `Rows.frame`: `position` and the columns of `SIGNALS`."""
    chunks = [_signals(chunk) for chunk in frame.iter_slices(ROWS_AT_ONCE)]
    return pl.concat(chunks) if chunks else _signals(frame)


def _signals(chunk: pl.DataFrame) -> pl.DataFrame:
    columns = {name: signal.of for name, signal in SIGNALS.items()}
    return _prepared(chunk).select("position", **columns).with_columns(selectors.float().round(DECIMALS))


def _prepared(chunk: pl.DataFrame) -> pl.DataFrame:
    """`text`, whether it is the answer (`answered`), its language, and of its words: how many (`words`), how many
    `distinct` ones, the `longest`, and the characters of all (`visible`) and of those said `again`."""
    answered = pl.col("answer").str.len_chars() >= SHORT_ANSWER
    texts = chunk.select("position", "prompt", "answer", "turns", answered=answered)
    texts = texts.with_columns(text=pl.when("answered").then("answer").otherwise("prompt"))
    texts = texts.with_columns(signs=_matches(r"[^\w\s]"), digits=_matches(r"\d"))
    counted = texts.join(_word_counts(texts), "position", how="left", maintain_order="left")
    return counted.with_columns(pl.col("words", "distinct", "longest", "visible", "again").fill_null(0)).hstack(
        languages(texts["text"])
    )


def _word_counts(texts: pl.DataFrame) -> pl.DataFrame:
    grams = _ngrams(_words(texts))
    counts = grams.group_by("position").agg(
        words=pl.len(),
        distinct=pl.col("word").n_unique(),
        longest=pl.col("length").max(),
        visible=pl.col("length").sum(),
        grams=pl.col("ngram").count(),
        distinct_grams=pl.col("ngram").drop_nulls().n_unique(),
    )
    some = counts.filter(pl.col("grams") > pl.col("distinct_grams")).select("position")
    return counts.join(
        _said_again(grams.join(some, "position", how="semi", maintain_order="left")), "position", how="left"
    )


def _words(texts: pl.DataFrame) -> pl.DataFrame:
    """A line per word, in order: `position`, `word` (a hash of it in lower case) and `length` (characters)."""
    lower = TEXT.str.to_lowercase().str.replace_many(SPACES, [" "] * len(SPACES))
    parts = [texts.filter(PLAIN).select("position", word=lower)]
    parts.append(texts.filter(~PLAIN).select("position", word=lower.str.replace_all(UNSPACED, " $0 ")))
    words = pl.concat(parts).with_columns(pl.col("word").str.split(" ")).explode("word").filter(pl.col("word") != "")
    return words.select("position", word=pl.col("word").hash(), length=pl.col("word").str.len_chars())


def _ngrams(words: pl.DataFrame) -> pl.DataFrame:
    """The words with `ngram`, a hash of the last five of the text up to this one; null for the first four."""
    powers = [pl.lit(pow(PRIME, back, 2**64), pl.UInt64) for back in range(NGRAM)]
    rolling = sum((pl.col("word").shift(back) * power for back, power in enumerate(powers)), pl.lit(0, pl.UInt64))
    whole = pl.col("position").shift(NGRAM - 1) == pl.col("position")
    return words.with_columns(ngram=pl.when(whole).then(rolling))


def _said_again(grams: pl.DataFrame) -> pl.DataFrame:
    """`again`: the characters of words inside an n-gram that was there before in the same text."""
    key = pl.col("ngram") ^ pl.col("position").cast(pl.UInt64).hash()
    marked = grams.with_columns(repeat=pl.col("ngram").is_not_null() & ~key.is_first_distinct())
    inside = pl.any_horizontal([pl.col("repeat").shift(-ahead, fill_value=False) for ahead in range(NGRAM)])
    return marked.with_columns(inside=inside).group_by("position").agg(again=pl.col("length").filter("inside").sum())
