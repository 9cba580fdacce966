"""Rows whose answer refuses, or speaks of itself as a machine: mostly written by another model.

A refusal can be right; whether the tuned model should refuse too is for a person to say. Quotations do not count.
"""

import polars as pl

from core.curate.check import KEEP, Check
from core.curate.checks.places import place, quoted
from core.curate.rows import Rows, found

START = 200  # characters in which an answer says that it refuses
SORRY = (
    r"(?:i(?:['’]m| am)(?: \w+)? (?:sorry|afraid)|sorry|i (?:\w+ )?apologi[sz]e|my apologies|unfortunately|i regret)\b"
)
CANNOT = r"(?:can ?not|can['’]t|won['’]t|will not|(?:am|['’]m|are) (?:not able|unable)|do(?: not|n['’]t) have)"
DO = (
    r"(?:help|assist|answer|provide|comply|fulfill?|generate|create|complete|access|perform|engage|discuss|respond"
    r"|give you|set up|play|open|send|show|draw|see|view|browse|search)\b"
)
REFUSES = (
    rf"(?i)^\W*({SORRY}[^.!?\n]{{0,80}}?\b(?:i|we|model) ?{CANNOT}"
    rf"|{SORRY}, (?:but )?(?:the|this) (?:task|request)|(?:i|we) ?{CANNOT} (?:to )?{DO})"
)
MACHINE = r"(?:ai|a\.i\.|artificial intelligence|(?:large )?(?:ai )?language model|llm)"
ITSELF = (
    rf"(?:(?:just |only )?as an? {MACHINE}|i(?:['’]m| am)(?: \w+,| just| only| merely)? an? {MACHINE}"
    r"|my knowledge cut-?off|my training data|i was (?:trained|created|developed) by|the (?:gpt )?model cannot"
    r"|als (?:eine? )?ki(?:-sprachmodell)?|en tant qu['’]ia|como (?:una? )?(?:ia|modelo de lenguaje))\b"
)
MACHINE_SPEAKS = rf"(?i)(?:^|[^\"“„‘'’\w])({ITSELF})"
MENTIONS = [  # one of which stands in all of these; to look for them first is quick
    "an ai", "language model", "artificial intelligence", "an llm", "a.i.", "knowledge cut", "i was ", "training data",
    "model cannot", "als ki", "als eine ki", "als ein ki", "tant qu", "como ",
]  # fmt: skip
SOMEBODY = r"(?i)^ ?(?:engineer|researcher|developer|expert|enthusiast|scientist|startup|company|consultant|student)"


def find(rows: Rows) -> pl.DataFrame:
    """Rows with a turn of the assistant that begins with a refusal, or that says anywhere that a machine speaks."""
    text, said = pl.col("content"), pl.col("said")
    answers = rows.turns.filter(pl.col("role") == "assistant")
    refuses = answers.with_columns(said=text.str.head(START).str.extract(REFUSES), what=pl.lit("refuses"))
    mentions = answers.filter(text.str.contains_any(MENTIONS, ascii_case_insensitive=True))
    speaks = mentions.with_columns(said=text.str.extract(MACHINE_SPEAKS), what=pl.lit("speaks of itself as a machine"))
    speaks = speaks.filter(~text.str.split_exact(said, 1).struct.field("field_1").str.contains(SOMEBODY))
    both = pl.concat([refuses, speaks]).filter(said.is_not_null()).sort("position", "turn", maintain_order=True)
    return found(both, pl.format("{} {}: {}", place(), "what", quoted(said, 60)))


CHECK = Check("refusal", "An answer refuses, or says that it comes from an AI.", KEEP, find)
