"""Training rows that hold a prompt the tuned model will be measured with: a held-out row's, or a benchmark's.

Of a row that was trained on, the model knows the answer; a score on it says nothing. `overlap` says how it is found.
"""

import re

import numpy as np
import polars as pl
import pyarrow as pa

from core.curate.check import LEAVE_OUT, Check, Threshold
from core.curate.overlap import FEWEST_COVERED, LOWEST, overlaps
from core.curate.rows import FOUND, SAID_BY_THE_MODEL, Rows
from core.curate.shingles import Words, words_of
from core.records import HELD_OUT

DEFAULT = 0.8  # the share of a prompt's words from which 92 % of the hits that were read by hand were leaks
SHOWN = 60  # characters of a prompt in a reason
MOST_READ = 20_000  # short prompts within a text that are looked at letter by letter
# A line per prompt: its text and how many words that is, and the benchmark with the prompt's number in it, or the
# number and the position of the held-out row.
ASKED = pl.Schema(
    {"asked": pl.String(), "words": pl.Int64(), "benchmark": pl.String(), "number": pl.Int64(), "other": pl.UInt32()}
)


def find(rows: Rows) -> pl.DataFrame:
    """Training rows with the held-out or benchmark prompt they hold most of; prompt and answer are looked at apart."""
    held_out = rows.frame["split"].eq_missing(HELD_OUT).to_numpy()
    if held_out.all() or not (held_out.any() or rows.benchmarks):
        return FOUND.to_frame()
    trained = np.flatnonzero(~held_out)
    sides = np.stack([2 * trained, 2 * trained + 1], axis=1).ravel()
    texts, (prompts, asked) = _sides(rows), _asked(rows)
    hits = overlaps(texts.take(sides) if held_out.any() else texts, prompts)
    side = pl.Series(sides).gather(hits["text"])
    hits = hits.with_columns(position=side // 2, in_answer=side % 2 == 1).join(asked, "prompt")
    best = _raised(rows, hits).sort("score", "prompt", "in_answer", descending=[True, False, False])
    told = best.unique("position", keep="first", maintain_order=True).sort("position")
    return told.select("position", _reason(), "score", "other").cast(FOUND)


def _sides(rows: Rows) -> Words:
    """The words of the prompt and of the answer of each row: texts 2i and 2i + 1 are those of the row at position i."""
    said = (pl.col("turn") == pl.col("turns")) & pl.col("role").is_in(SAID_BY_THE_MODEL)
    answers = np.bincount(rows.turns.filter(said)["position"].to_numpy(), minlength=len(rows))
    turns = np.bincount(rows.turns["position"].to_numpy(), minlength=len(rows))
    return rows.turn_words.joined(np.stack([turns - answers, answers], axis=1).ravel())


def _asked(rows: Rows) -> tuple[Words, pl.DataFrame]:
    """The prompts of held-out rows (of plain text: the text) and of benchmarks, as words and as lines of `ASKED`."""
    asked = pl.when(pl.col("prompt") != "").then("prompt").otherwise("answer")
    held_out = rows.frame.filter(split=HELD_OUT).select(asked=asked, number="row", other="position")
    named = [
        pl.DataFrame({"asked": list(benchmark.prompts)}, {"asked": pl.String})
        .with_row_index("number", 1)
        .with_columns(benchmark=pl.lit(benchmark.name))
        for benchmark in rows.benchmarks
    ]
    every = pl.concat([ASKED.to_frame(), held_out, *named], how="diagonal_relaxed")
    words = words_of(pa.chunked_array([every["asked"].to_arrow()]))
    return words, every.with_columns(words=pl.Series(words.lengths)).with_row_index("prompt")


def _raised(rows: Rows, hits: pl.DataFrame) -> pl.DataFrame:
    """The hits, with a score of 1 where a short prompt is a sentence or line of its own in the text.

    Other prompts of 4 to 7 words within a text are mostly chance.
    """
    short = (pl.col("words") < FEWEST_COVERED) & (pl.col("score") < 1)
    within = hits.with_row_index("hit").filter(short).head(MOST_READ)
    texts = rows.frame.select("prompt", "answer")[within["position"]]
    text = pl.when(within["in_answer"]).then(texts["answer"]).otherwise(texts["prompt"])
    read = zip(texts.select(text.alias("text"))["text"], within["asked"], within["hit"], strict=True)
    alone = [hit for text, asked, hit in read if _alone(asked, text)]
    raised = pl.int_range(pl.len()).is_in(alone)
    return hits.with_columns(score=pl.when(raised).then(1.0).otherwise("score"))


def _alone(asked: str, text: str) -> bool:
    """Whether the words of a prompt stand in a text as a sentence or line of their own."""
    words = r"\W+".join(map(re.escape, re.findall(r"\w+", asked)))
    pattern = rf"""(?:^|[\n:.?!"“”>\])])\W*{words}\W*?(?:$|[\n.?!"“”<])"""
    return re.search(pattern, text, re.IGNORECASE) is not None


def _reason() -> pl.Expr:
    side = pl.when("in_answer").then(pl.lit("answer")).otherwise(pl.lit("prompt"))
    whole = pl.col("score") == 1
    share = (
        pl.when(whole).then(pl.lit("all")).otherwise(pl.format("{} %", (pl.col("score") * 100).floor().cast(pl.Int64)))
    )
    held_out = pl.format("the prompt of held-out row {}", "number")
    prompt = (
        pl.when(pl.col("benchmark").is_null())
        .then(held_out)
        .otherwise(pl.format("prompt {} of {}", "number", "benchmark"))
    )
    text = pl.col("asked").str.replace_all(r"\s+", " ").str.strip_chars()
    shown = pl.when(text.str.len_chars() > SHOWN).then(text.str.slice(0, SHOWN) + "…").otherwise(text)
    return pl.format("the {} holds {} of {}: “{}”", side, share, prompt, shown).alias("reason")


CHECK = Check(
    "leak",
    "A row holds a prompt that the tuned model will be measured with: of a held-out row or of a benchmark.",
    LEAVE_OUT,
    find,
    threshold=Threshold(DEFAULT, LOWEST, 1.0, "Share of the prompt's words that the row holds"),
)
