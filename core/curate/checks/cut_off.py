"""Rows whose answer ends in the middle: a generator reached its limit, or a copy was incomplete.

Sure signs are an open block of code, a list marker with nothing after it, and a last word or mark that cannot end a
sentence. Prose without a full stop is less sure, and the less the more short answers of the set end like that.
"""

import polars as pl

from core.curate.check import KEEP, Check, Threshold
from core.curate.rows import Rows, found

SHORTEST = 80  # characters; labels, titles and short answers need no full stop
FEWEST_WORDS = 5  # of a sentence
ENOUGH = 20  # answers to tell a habit from
SHOWN = 40
HABIT = 2.0  # the score of prose without a full stop is 1 less its share in the set times this
OPEN = r"[\p{Ll},:;(\[]$"  # what a finished sentence does not end with
ENDED = r"[.!?…]$"
DANGLING = (
    r"[,:;(\[]$|\s(?:the|an|and|or|of|because|which|their|its|your|our|my|his|into|such|than|whose|including|is|are|was"
    r"|were|if|to|for|with|from|by|as|at|that|be|been|has|have|had|will|would|can|could|should|may|this|these|those|we"
    r"|they|when|while|but)$"
)
ITEM = r"^\s*(?:[-*•]|\d{1,3}[.)])"
NO_SENTENCE = (
    r"[{}=<>\\|]|(?:^|\s)(?:def|return|import|print|SELECT|FROM)\s|(?:\d\.\s.*){3}"  # code, tables, lists on a line
    r"|(?:^|\s)\S*[#@_/\d]\S*$|#\S+ \S+$"  # ends with a hashtag, an address or a number
    r"|\p{Lu}\S*(?:\s\p{Ll}{1,4}){0,2}\s[^\p{L}\s]*\p{Lu}\S*$|(?:,\s*\S+){3}$|^\s*[#>]"  # ends with names, is a title
)
LINE_ENDED = r"[.!?:;…。！？\"”'’)*`]\s*$"


def find(rows: Rows) -> pl.DataFrame:
    """Rows with an unfinished answer; the score is how sure that is."""
    text, line = pl.col("text"), pl.col("line")
    answers = rows.frame.filter(pl.col("label").is_null()).select(
        "position", text=pl.col("answer").str.strip_chars_end()
    )
    fences = answers.filter(text.str.count_matches("```", literal=True) % 2 == 1)
    short, long = answers.filter(text.str.len_chars() < SHORTEST), answers.filter(text.str.len_chars() >= SHORTEST)
    lists = long.filter(text.str.tail(8).str.contains(r"\n[ \t]*(?:[-*•]|\d{1,3}[.)])$"))
    prose = _open_prose(long)
    sure = 1 - HABIT * _habit(short, long)
    last = pl.format("“…{}”", line.str.tail(SHOWN))
    signs = [
        _sign(fences, pl.lit("the answer ends inside a block of code"), 1.0),
        _sign(lists, pl.format("the answer ends with an empty list item: “{}”", text.str.extract(r"(\S+)$")), 1.0),
        _sign(prose.filter(line.str.contains(DANGLING)), pl.format("the answer stops in a sentence: {}", last), 1.0),
        _sign(prose.filter(sure >= THRESHOLD.lowest), pl.format("the answer ends without a full stop: {}", last), sure),
    ]
    return found(pl.concat(signs).sort("position", maintain_order=True), pl.col("reason"), score=pl.col("score"))


def _open_prose(answers: pl.DataFrame) -> pl.DataFrame:
    """Answers whose last `line` is a sentence, or an item of a list of sentences, without its end."""
    line, before = pl.col("line"), pl.col("before")
    ends = answers.filter(pl.col("text").str.tail(1).str.contains(OPEN))
    lines = pl.col("text").str.replace_all(r"\n\s*\n", "\n").str.split("\n")
    ends = ends.with_columns(line=lines.list.last(), before=lines.list.get(-2, null_on_oob=True))
    item = line.str.contains(rf"{ITEM}\s")
    after_item = before.str.contains(rf"{ITEM}\s.*[.!?]\s*$")
    after_sentence = before.is_null() | before.str.contains(LINE_ENDED)
    whole = pl.when(item).then(after_item).otherwise(after_sentence)
    return ends.filter(whole, line.str.count_matches(r"\S+") >= FEWEST_WORDS, ~line.str.contains(NO_SENTENCE))


def _habit(short: pl.DataFrame, long: pl.DataFrame) -> float:
    """The share of sentences without a full stop: of short answers, which nothing cuts off, else of long ones."""
    words = pl.col("text").str.count_matches(r"\S+") >= FEWEST_WORDS
    ended = pl.col("text").str.tail(1).str.contains(ENDED)
    for answers in (short, long):
        left_open, whole = _open_prose(answers).height, answers.filter(ended, words).height
        if left_open + whole >= ENOUGH:
            return left_open / (left_open + whole)
    return 0.0


def _sign(answers: pl.DataFrame, reason: pl.Expr, score: float) -> pl.DataFrame:
    return answers.select("position", reason=reason, score=pl.lit(score))


THRESHOLD = Threshold(0.7, 0.3, 1.0, "How sure")
CHECK = Check(
    "cut off", "An answer ends in the middle of a sentence, a list or a block of code.", KEEP, find, threshold=THRESHOLD
)
