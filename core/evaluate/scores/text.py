"""Scores of free answers against the right ones: exact match, F1, ROUGE-L, chrF; and of answers in JSON."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from core.evaluate.scores.figure import Figure, figure
from core.few_shot import words

LONGEST_WORDS = 400  # of a text in ROUGE-L, whose time grows with the square of it
ARTICLES = {"a", "an", "the"}
EXACT = "Share of the answers that are the right one, but for case, punctuation and articles (as in SQuAD)."
F1 = "How far the words of an answer are those of the right one: 100% where they are the same words (F1, as in SQuAD)."
ROUGE = (
    "How far the answer has the right one's words in its order: F-measure of the longest common subsequence (ROUGE-L)."
)
CHRF = "How far an answer is the right one letter by letter: chrF, for every language, kind to other endings of a word."
SAME_VALUE = "Share of the answers that are JSON with just the value of the right one, however it is laid out."
VALID = "Share of the answers that are valid JSON from the first sign to the last."

Measure = Callable[[str, str], float]  # of an answer and the right one, 0 to 1


def text_figures(
    references: Sequence[str], answers: Mapping[str, Sequence[str]], others: Sequence[str], seed: int
) -> tuple[list[Figure], np.ndarray]:
    """F1 first, then exact match, ROUGE-L and chrF, each the mean over rows; and what each row gains in F1 (rows,).

    `others` are the right answers of other rows: a guess is the tuned model's answer held against those.
    """
    measures = {
        "F1": (F1, token_f1),
        "Exact match": (EXACT, exact),
        "ROUGE-L": (ROUGE, rouge_l()),
        "chrF": (CHRF, chrf()),
    }
    values = {name: _each(measure, references, answers, others) for name, (_, measure) in measures.items()}
    figures = [figure(name, meaning, values[name], seed=seed) for name, (meaning, _) in measures.items()]
    return figures, values["F1"]["tuned"] - values["F1"]["base"]


def json_figures(
    references: Sequence[str], answers: Mapping[str, Sequence[str]], others: Sequence[str], seed: int
) -> tuple[list[Figure], np.ndarray]:
    """The share of answers with the right value, then that of valid ones; and what each row gains in the first."""
    same = _each(_same_value, references, answers, others)
    valid = {who: np.array([json_value(text) is not None for text in found], float) for who, found in answers.items()}
    figures = [
        figure("Same JSON value", SAME_VALUE, same, seed=seed),
        figure("Valid JSON", VALID, valid, seed=seed),
    ]
    return figures, same["tuned"] - same["base"]


def all_json(references: Sequence[str]) -> bool:
    """Whether every right answer is an object or a list in JSON; a number or a quoted word alone is text."""
    return all(value is not None and value[0] in "{[" for value in map(json_value, references))


def json_value(text: str) -> str | None:
    """JSON in one way of writing it: keys sorted, no spaces, 1 as 1.0. None where it is not valid JSON."""
    try:
        value = json.loads(text, parse_int=float, parse_constant=_no_json)
        return json.dumps(value, sort_keys=True)
    except (ValueError, RecursionError):
        return None


def _same_value(answer: str, right: str) -> float:
    return float(json_value(answer) == json_value(right))


def exact(answer: str, right: str) -> float:
    """1 where both are the same after normalising as SQuAD does, or, without a word, sign by sign; else 0."""
    return float(_plain_words(answer) == _plain_words(right))


def token_f1(answer: str, right: str) -> float:
    """F1 of the two bags of words after normalising as SQuAD does; 1 where both are empty."""
    said, meant = _plain_words(answer), _plain_words(right)
    if not said or not meant:
        return float(said == meant)
    return 2 * (Counter(said) & Counter(meant)).total() / (len(said) + len(meant))


def rouge_l() -> Measure:
    """ROUGE-L's F-measure by rouge-score; its own tokenizer knows Latin letters alone, so it gets our words."""
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rougeL"], tokenizer=_Words())
    return lambda answer, right: float(scorer.score(right, answer)["rougeL"].fmeasure)


def chrf() -> Measure:
    """chrF by sacrebleu, of one answer."""
    from sacrebleu.metrics.chrf import CHRF as Scorer

    scorer = Scorer()
    return lambda answer, right: float(scorer.sentence_score(answer, [right]).score) / 100


class _Words:
    """What RougeScorer asks of a tokenizer."""

    def tokenize(self, text: str) -> list[str]:
        return words(text)[:LONGEST_WORDS]


def _each(
    measure: Measure, references: Sequence[str], answers: Mapping[str, Sequence[str]], others: Sequence[str]
) -> dict[str, np.ndarray]:
    held = {who: (found, references) for who, found in answers.items()}
    held["guess"] = (answers["tuned"], others)
    return {who: np.array([measure(*pair) for pair in zip(*sides, strict=True)]) for who, sides in held.items()}


def _plain_words(text: str) -> list[str]:
    """The words but for articles; all of them where there is nothing else, as in the answer A."""
    found = words(text)
    return [word for word in found if word not in ARTICLES] or found


def _no_json(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
