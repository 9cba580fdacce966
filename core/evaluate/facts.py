"""Do the right answers ask for facts? Those that stand in no prompt have to be looked up: tuning teaches them badly.

Tuning on facts a model does not know teaches it to make them up (Gekhman et al. 2024, arXiv 2405.05904), and retrieval
serves them better (Ovadia et al. 2024, arXiv 2312.05934).
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.evaluate.report import Report

LEARNED = 0.3  # nats a token by which training rows became likelier; less is hardly anything learned
MOST_WORDS = 15  # of a short answer
MOST_ANSWERS = 0.5  # share of short answers that bring a fact of their own
DISTINCT = 0.5  # share of answers that are different from each other; labels are few
FEWEST = 5  # answers; fewer say nothing
_WORD = re.compile(r"\w+(?:[.,:'’-]\w+)*")
_SENTENCE_ENDS = ".!?:\n"


def wants_facts(report: "Report") -> bool:
    """Whether the task asks for facts that cannot be learned from other rows.

    That is: training rows became likelier by `LEARNED` nats a token more than held-out ones did, no gain on held-out
    rows is shown (or one of the form alone), and the right answers are facts that stand in no prompt.
    """
    gained = gained_by(report)
    if report.scores is None or not report.scores.figures or gained is None or gained[0] - gained[1] < LEARNED:
        return False
    if report.scores.figures[0].against_base.word == "better" and not report.scores.form_only:
        return False
    return asks_for_facts((row.prompt, row.reference) for row in report.scores.table)


def gained_by(report: "Report") -> tuple[float, float] | None:
    """By how much training rows and held-out rows became likelier, nats a token, if that can be told."""
    if report.leaks is None or report.leaks.membership.light == "grey":
        return None
    return report.leaks.membership.train_gain, report.leaks.membership.held_out_gain


def asks_for_facts(rows: Iterable[tuple[str, str]]) -> bool:
    """Whether most answers (prompt and right answer) are short, differ, and bring a number or a name of their own.

    A name is a word with a capital within a sentence, or an answer of at most three words that begins with one. Limits:
    a script or a language without capitals for names alone (German nouns) is taken wrong, a fact in plain small words
    ("blue") is not seen, and a long answer with a fact in it does not count.
    """
    rows = [(prompt, answer.strip()) for prompt, answer in rows if answer.strip()]
    if len(rows) < FEWEST or len({answer.casefold() for _, answer in rows}) < DISTINCT * len(rows):
        return False
    return sum(_brings_fact(*row) for row in rows) > MOST_ANSWERS * len(rows)


def _brings_fact(prompt: str, answer: str) -> bool:
    words = list(_WORD.finditer(answer))
    known = {word.group().casefold() for word in _WORD.finditer(prompt)}
    if len(words) > MOST_WORDS:
        return False
    new = [word for word in words if word.group().casefold() not in known]
    return any(_is_number(word.group()) or _is_name(answer, word, len(words)) for word in new)


def _is_number(word: str) -> bool:
    return any(char.isdigit() for char in word)


def _is_name(answer: str, word: re.Match[str], words: int) -> bool:
    before = answer[: word.start()].rstrip(" \"“'(")
    begins = not before or before[-1] in _SENTENCE_ENDS
    return word.group()[0].isupper() and len(word.group()) > 1 and (not begins or words <= 3)
